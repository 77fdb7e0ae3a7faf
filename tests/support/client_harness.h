// ClientHarness: drives one client by hand. The test plays the brokers, the network and the clock.
//
// Connections open at once unless the peer is in `refusing`, metadata requests are answered from `metadata`,
// and every other request waits in `requests` until the test answers it or loses its connection.
#pragma once

#include <gtest/gtest.h>

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "engine/io/effects.h"

namespace odradek::testing {

struct PendingRequest {
  io::Link link;
  CorrelationId correlation;
  api::Request request;

  template <class Request>
  [[nodiscard]] const Request& as() const {
    return std::get<Request>(request);
  }
};

template <class Client>
class ClientHarness {
 public:
  explicit ClientHarness(Client made) : client(std::move(made)) {
    step(io::Booted{.key = {.high = 1, .low = 2}});
  }

  /// Makes a call; its id counts from 1.
  CallId call(io::Call what) {
    const CallId id(++calls_);
    step(io::ClientCall{.id = id, .call = std::move(what)});
    return id;
  }

  /// Lets time pass; timers ring in order.
  void advance(Duration duration) {
    const MonotonicTime end = now.monotonic + duration;
    while (const auto next = next_timer(end)) {
      move_to(timers_.at(*next));
      timers_.erase(*next);
      step(io::TimerFired{.timer = *next});
    }
    move_to(end);
  }

  /// Takes the oldest unanswered request, which must be of this type.
  template <class Request>
  PendingRequest take() {
    if (requests.empty() || !std::holds_alternative<Request>(requests.front().request)) {
      ADD_FAILURE() << "no such request; pending: " << requests.size();
      return {.link = {}, .correlation = {}, .request = Request{}};
    }
    PendingRequest request = std::move(requests.front());
    requests.pop_front();
    return request;
  }

  void answer(const PendingRequest& request, api::Response response) {
    step(io::ResponseReceived{
        .link = request.link, .correlation = request.correlation, .response = std::move(response)});
  }

  /// The peer resets its connection; what was asked of it stays unanswered.
  void lose(NodeId peer) {
    for (const auto& [id, link] : std::map(open_)) {
      if (link.peer == peer) drop(link, io::CloseReason::kReset);
    }
  }

  void step(io::Input input) {
    inputs_.push_back(std::move(input));
    while (!inputs_.empty()) {
      io::Effects out(names_);
      const io::Input next = std::move(inputs_.front());
      inputs_.pop_front();
      client.step(now, next, out);
      names_ = out.next();
      for (const io::Effect& effect : out.list()) apply(effect);
    }
  }

  [[nodiscard]] bool returned(CallId id) const { return results.contains(id); }
  [[nodiscard]] const io::CallResult& result(CallId id) const { return results.at(id); }

  Client client;
  Now now{.monotonic = MonotonicTime(1'000'000'000), .wall = Timestamp(1'000'000)};
  api::MetadataResponse metadata;
  bool answers_metadata = true;
  std::set<NodeId> refusing;
  std::deque<PendingRequest> requests;
  std::map<CallId, io::CallResult> results;
  std::vector<CallId> returns;  ///< in order
  std::vector<Probe> probes;
  std::vector<io::Event> events;
  std::int32_t metadata_requests = 0;

 private:
  void move_to(MonotonicTime at) {
    const Duration passed = at - now.monotonic;
    now.monotonic = at;
    wall_ns_ += passed.ns();
    now.wall = Timestamp(1'000'000 + Duration(wall_ns_).ms());
  }

  [[nodiscard]] std::optional<io::Timer> next_timer(MonotonicTime end) const {
    std::optional<io::Timer> next;
    for (const auto& [timer, at] : timers_) {
      if (at <= end && (!next || at < timers_.at(*next))) next = timer;
    }
    return next;
  }

  void drop(const io::Link& link, io::CloseReason reason) {
    open_.erase(link.connection);
    std::erase_if(requests,
                  [&](const PendingRequest& request) { return request.link.connection == link.connection; });
    step(io::ConnectionLost{.link = link, .reason = reason});
  }

  void apply(const io::Effect& effect) {
    if (const auto* connect = std::get_if<io::Connect>(&effect)) {
      if (refusing.contains(connect->link.peer)) {
        inputs_.push_back(io::ConnectionLost{.link = connect->link, .reason = io::CloseReason::kRefused});
      } else {
        open_[connect->link.connection] = connect->link;
        inputs_.push_back(io::ConnectionOpened{connect->link});
      }
    } else if (const auto* send = std::get_if<io::Send>(&effect)) {
      receive(*send);
    } else if (const auto* close = std::get_if<io::Close>(&effect)) {
      open_.erase(close->connection);
    } else if (const auto* set = std::get_if<io::SetTimer>(&effect)) {
      timers_[set->timer] = now.monotonic + set->after;
    } else if (const auto* cancel = std::get_if<io::CancelTimer>(&effect)) {
      timers_.erase(cancel->timer);
    } else if (const auto* done = std::get_if<io::CallReturned>(&effect)) {
      EXPECT_TRUE(results.emplace(done->id, done->result).second) << "a call returned twice";
      returns.push_back(done->id);
    } else if (const auto* emit = std::get_if<io::Emit>(&effect)) {
      events.push_back(emit->event);
    } else if (const auto* reach = std::get_if<io::Reach>(&effect)) {
      probes.push_back(reach->probe);
    }
  }

  void receive(const io::Send& send) {
    const io::Link link = open_.at(send.connection);
    if (std::holds_alternative<api::MetadataRequest>(send.request) && answers_metadata) {
      ++metadata_requests;
      inputs_.push_back(
          io::ResponseReceived{.link = link, .correlation = send.correlation, .response = metadata});
    } else {
      requests.push_back({.link = link, .correlation = send.correlation, .request = send.request});
    }
  }

  std::deque<io::Input> inputs_;
  io::Names names_{.connection = ConnectionId(1), .ticket = {}};
  std::map<ConnectionId, io::Link> open_;
  std::map<io::Timer, MonotonicTime> timers_;
  std::uint64_t calls_ = 0;
  std::int64_t wall_ns_ = 0;
};

inline constexpr TopicId kOrders{.high = 7, .low = 7};

/// Topic "orders" with a partition per leader given; broker n leads with epoch `epoch`.
inline api::MetadataResponse orders_led_by(const std::vector<std::optional<BrokerId>>& leaders,
                                           LeaderEpoch epoch = LeaderEpoch(5)) {
  api::MetadataResponseTopic topic{.name = "orders", .topic_id = kOrders};
  std::set<BrokerId> brokers;
  for (const auto& leader : leaders) {
    const PartitionId index(static_cast<std::int32_t>(topic.partitions.size()));
    const auto error = leader ? api::ErrorCode::kNone : api::ErrorCode::kLeaderNotAvailable;
    topic.partitions.push_back(
        {.error_code = error, .partition_index = index, .leader_id = leader, .leader_epoch = epoch});
    if (leader) brokers.insert(*leader);
  }
  return {.brokers = std::vector<BrokerId>(brokers.begin(), brokers.end()), .topics = {topic}};
}

}  // namespace odradek::testing
