#include "tests/sim/faults/toy_cluster.h"

namespace odradek::sim {
namespace {

constexpr io::Timer kRound{.kind = io::TimerKind::kFetcherBackoff, .entity = 0};
constexpr io::ChannelConfig kImpatient{.purpose = io::Purpose::kFollowerFetch,
                                       .max_in_flight = 1,
                                       .request_timeout = seconds(60),
                                       .connect_timeout = seconds(60),
                                       .reconnect_backoff = milliseconds(10),
                                       .reconnect_backoff_max = milliseconds(10)};

}  // namespace

Talker::Talker(const std::vector<NodeId>& peers) {
  for (const NodeId peer : peers) {
    channels_.emplace(peer, io::Channel(static_cast<std::uint64_t>(peer.value()), peer, kImpatient));
  }
}

void Talker::talk(const Now& now, io::Effects& out) {
  for (auto& [peer, channel] : channels_) {
    if (channel.can_send()) {
      channel.send(now, api::FetchRequest{}, out);
    } else {
      channel.connect(now, out);
    }
  }
}

void Talker::step(const Now& now, const io::Input& input, io::Disk&, io::Effects& out) {
  if (std::holds_alternative<io::Booted>(input)) {
    out.set_timer(kRound, milliseconds(20));
  } else if (const auto* fired = std::get_if<io::TimerFired>(&input)) {
    if (fired->timer.kind == io::TimerKind::kChannelBackoff) {
      channels_.at(NodeId(static_cast<std::int32_t>(fired->timer.entity))).on_backoff_over();
    } else if (fired->timer == kRound) {
      out.set_timer(kRound, milliseconds(20));
      out.emit(io::AdvanceHighWatermark{.tp = {.topic_id = kToyTopic, .partition = PartitionId(0)},
                                        .from = Offset(rounds_),
                                        .to = Offset(rounds_ + 1)});
      ++rounds_;
      talk(now, out);
    }
  } else if (const auto* opened = std::get_if<io::ConnectionOpened>(&input)) {
    channels_.at(opened->link.peer).on_opened(opened->link, now, out);
  } else if (const auto* lost = std::get_if<io::ConnectionLost>(&input)) {
    ++losses_;
    (void)channels_.at(lost->link.peer).on_lost(lost->link, out);
  } else if (const auto* asked = std::get_if<io::RequestReceived>(&input)) {
    out.respond(asked->connection, asked->correlation, api::FetchResponse{});
  } else if (const auto* answer = std::get_if<io::ResponseReceived>(&input)) {
    if (channels_.at(answer->link.peer).on_response(answer->link, answer->correlation, now, out)) {
      ++answers_[answer->link.peer];
    }
  }
}

ToyCluster::ToyCluster(std::vector<PlanEntry> plan, FaultBudget budget, std::uint64_t seed)
    : ToyWorld{World<Talker>(Key{.high = 0, .low = seed})},
      WorldSite<Talker>(toy),
      topology_{.brokers = {NodeId(1), NodeId(2), NodeId(3)},
                .controllers = {NodeId(101)},
                .clients = {NodeId(1001)},
                .partitions = {{.topic = "orders", .partition = PartitionId(0)}},
                .session_timeout = seconds(1)},
      faults_(std::move(plan), budget) {
  for (const NodeId node : topology_.everybody()) {
    std::vector<NodeId> peers = topology_.everybody();
    std::erase(peers, node);
    world().add_node(node, Talker(peers));
    world().boot(node);
  }
}

void ToyCluster::open() {
  run_for(milliseconds(500));
  faults_.open(*this);
}

void ToyCluster::run_for(Duration time) {
  const Instant end = now() + time;
  while (true) {
    const StepReport report = world().step(end);
    if (report.kind == StepKind::kToken) {
      const auto entry = static_cast<std::uint32_t>(report.token.value() / 2);
      if (report.token.value() % 2 == 0) {
        faults_.strike(entry, *this);
      } else {
        faults_.end(entry, *this);
      }
    } else if (report.kind == StepKind::kNode) {
      std::vector<io::Event> events;
      for (const io::Effect& effect : report.effects) {
        if (const auto* emitted = std::get_if<io::Emit>(&effect)) events.push_back(emitted->event);
      }
      const NodeId node = report.node;
      for (const io::Event& event : events) {
        if (faults_.is_open()) faults_.on_event(node, event, *this);
      }
    } else {
      return;
    }
  }
}

std::int64_t ToyCluster::answers_within(Duration time, std::int32_t from, std::int32_t to) {
  const std::int64_t before = talker(from).answers(NodeId(to));
  run_for(time);
  return talker(from).answers(NodeId(to)) - before;
}

std::optional<PartitionTruth> ToyCluster::partition(const io::NamedPartition& name) const {
  if (name != topology_.partitions.front()) return std::nullopt;
  return PartitionTruth{
      .topic = name.topic, .replicas = topology_.brokers, .isr = topology_.brokers, .leader = leader_};
}

std::optional<std::string> ToyCluster::topic_name(TopicId id) const {
  if (id != kToyTopic) return std::nullopt;
  return "orders";
}

}  // namespace odradek::sim
