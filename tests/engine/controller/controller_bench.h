// A controller without a quorum: what it appends is committed at once, or when the test says so.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/controller/quorum_controller.h"

namespace odradek::controller {

inline std::vector<BrokerId> brokers(std::initializer_list<std::int32_t> ids) {
  std::vector<BrokerId> result;
  for (const std::int32_t id : ids) result.emplace_back(id);
  return result;
}

inline constexpr Uuid kCluster{.high = 1, .low = 1};

class ControllerBench {
 public:
  explicit ControllerBench(io::ControllerConfig config = {}, io::TopicConfig defaults = {})
      : config_{.controller = config, .defaults = defaults, .cluster_id = kCluster}, controller_(config_) {
    controller_.claim(now_, LeaderEpoch(1), Key{.high = 5, .low = 6}, out_);
  }

  /// Another controller, which has the log and no soft state.
  void fail_over() {
    const std::vector<metadata::RecordBatch> log = log_;
    controller_ = QuorumController(config_);
    for (const metadata::RecordBatch& batch : log) controller_.commit(batch, out_);
    controller_.claim(now_, LeaderEpoch(1), Key{.high = 5, .low = 6}, out_);
  }

  KRaftVersionState kraft{.level = 1,
                          .within_reach = 1};  ///< the quorum, as far as it concerns the controller

  void advance(Duration by) { now_.monotonic = now_.monotonic + by; }

  /// Handles a request; its records are appended, and committed unless commits are held.
  template <class Response, class Request>
  Response call(const Request& request) {
    Outcome outcome = controller_.handle(now_, request, kraft, out_);
    if (outcome.kraft_version) kraft.level = *outcome.kraft_version;
    append(outcome.records);
    return std::get<Response>(outcome.response);
  }
  std::size_t fire(io::TimerKind kind) {
    const Records records = controller_.on_timer(now_, {.kind = kind, .entity = 0}, out_);
    append(records);
    return records.size();
  }
  void append(const Records& records) {
    if (records.empty()) return;
    const Offset base = image().end_offset();
    const metadata::RecordBatch batch{.base = base,
                                      .end = base + static_cast<std::int64_t>(records.size()),
                                      .epoch = LeaderEpoch(1),
                                      .records = records};
    log_.push_back(batch);
    controller_.replay(now_, batch, out_);
    controller_.commit(batch, out_);
  }

  api::BrokerRegistrationResponse register_broker(std::int32_t id, std::uint64_t incarnation = 1,
                                                  std::optional<BrokerEpoch> previous = {}) {
    return call<api::BrokerRegistrationResponse>(
        api::BrokerRegistrationRequest{.broker_id = BrokerId(id),
                                       .cluster_id = kCluster,
                                       .incarnation_id = {.high = incarnation, .low = 7},
                                       .previous_broker_epoch = previous});
  }
  /// A heartbeat by the current incarnation, caught up.
  api::BrokerHeartbeatResponse heartbeat(std::int32_t id) {
    return call<api::BrokerHeartbeatResponse>(heartbeat_of(id));
  }
  api::BrokerHeartbeatRequest heartbeat_of(std::int32_t id) {
    return {.broker_id = BrokerId(id),
            .broker_epoch = epoch_of(id),
            .current_metadata_offset = image().end_offset()};
  }
  void start_broker(std::int32_t id, std::uint64_t incarnation = 1) {
    (void)register_broker(id, incarnation);
    (void)heartbeat(id);
  }
  void fence_broker(std::int32_t id) {
    api::BrokerHeartbeatRequest request = heartbeat_of(id);
    request.want_fence = true;
    (void)call<api::BrokerHeartbeatResponse>(request);
  }

  api::CreatableTopicResult create(api::CreatableTopic topic) {
    return call<api::CreateTopicsResponse>(api::CreateTopicsRequest{.topics = {std::move(topic)}})
        .topics.front();
  }
  /// A topic of one partition with these replicas.
  TopicPartition create(std::string name, std::vector<BrokerId> replicas,
                        std::vector<api::CreatableTopicConfig> configs = {}) {
    const api::CreatableTopicResult result =
        create({.name = std::move(name),
                .assignments = {{.partition_index = PartitionId(0), .broker_ids = std::move(replicas)}},
                .configs = std::move(configs)});
    return {.topic_id = result.topic_id, .partition = PartitionId(0)};
  }

  BrokerEpoch epoch_of(std::int32_t id) { return image().broker(BrokerId(id))->epoch; }
  const metadata::MetadataImage& image() { return controller_.active_image(); }
  const metadata::PartitionRegistration& partition(const TopicPartition& tp) {
    return *image().partition(tp);
  }
  Now& now() { return now_; }
  QuorumController& controller() { return controller_; }
  io::Effects& out() { return out_; }

  /// The events of one kind, since the start.
  template <class Event>
  std::vector<Event> events() {
    std::vector<Event> found;
    for (const io::Effect& effect : out_.list()) {
      const auto* emit = std::get_if<io::Emit>(&effect);
      if (emit == nullptr) continue;
      if (const auto* event = std::get_if<Event>(&emit->event)) found.push_back(*event);
    }
    return found;
  }
  bool reached(Probe probe) {
    for (const io::Effect& effect : out_.list()) {
      if (effect == io::Effect(io::Reach{probe})) return true;
    }
    return false;
  }

 private:
  Now now_;
  io::Effects out_{io::Names{}};
  QuorumControllerConfig config_;
  std::vector<metadata::RecordBatch> log_;
  QuorumController controller_;
};

}  // namespace odradek::controller
