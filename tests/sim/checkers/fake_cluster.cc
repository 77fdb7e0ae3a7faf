#include "tests/sim/checkers/fake_cluster.h"

#include <algorithm>

namespace odradek::sim {

namespace {

std::vector<BrokerId> ids_of(const std::vector<int>& numbers) {
  std::vector<BrokerId> brokers;
  for (const int number : numbers) brokers.emplace_back(number);
  return brokers;
}

}  // namespace

FakeCluster::FakeCluster(FakeOptions options) {
  for (const int broker : {1, 2, 3}) nodes[BrokerId(broker)].replicas[kTp] = {};
  committed = {.topic = "orders",
               .replicas = ids_of({1, 2, 3}),
               .isr = ids_of({1, 2, 3}),
               .leader = BrokerId(1),
               .leader_epoch = LeaderEpoch(1),
               .partition_epoch = PartitionEpoch(0),
               .effective_min_isr = options.min_isr,
               .unclean_leader_election_enable = options.unclean,
               .eligible_leader_replicas = options.elr};
  commit(true, false);
  for (const int broker : {1, 2, 3}) open(broker);
  lead(1, 1);
  follow(2, 1, 1);
  follow(3, 1, 1);
}

void FakeCluster::emit(int node, std::vector<io::Event> events) {
  ++event;
  checkers.observe({.at = Instant(static_cast<std::int64_t>(event)),
                    .event = event,
                    .node = NodeId(node),
                    .events = events,
                    .view = *this});
}

void FakeCluster::open(int broker) {
  const ReplicaView& view = at(broker).view;
  emit(broker, {io::OpenLog{.tp = kTp, .log_start = view.log_start, .log_end = view.log_end}});
}

void FakeCluster::lead(int broker, int epoch) {
  FakeReplica& r = at(broker);
  const Offset end = r.view.log_end;
  r.view.is_leader = true;
  r.fetched_from.clear();
  r.view.leader_epoch = LeaderEpoch(epoch);
  r.view.leader_epoch_start = end;
  r.view.isr = committed.isr;
  r.view.maximal_isr = committed.isr;
  r.view.proposal.reset();
  r.view.effective_min_isr = committed.effective_min_isr;
  std::erase_if(r.epochs, [end](const OffsetAndEpoch& e) { return e.offset >= end; });
  r.epochs.push_back({.offset = end, .epoch = LeaderEpoch(epoch)});
  emit(broker, {io::BecomeLeader{.tp = kTp,
                                 .leader_epoch = LeaderEpoch(epoch),
                                 .partition_epoch = committed.partition_epoch,
                                 .high_watermark = r.view.high_watermark,
                                 .log_end = end}});
}

void FakeCluster::follow(int broker, int epoch, int leader) {
  ReplicaView& view = at(broker).view;
  view.is_leader = false;
  at(broker).fetched_from = {BrokerId(leader)};
  view.leader_epoch = LeaderEpoch(epoch);
  view.isr.clear();
  view.maximal_isr.clear();
  view.proposal.reset();
  emit(broker, {io::BecomeFollower{.tp = kTp,
                                   .leader_epoch = LeaderEpoch(epoch),
                                   .leader = BrokerId(leader),
                                   .high_watermark = view.high_watermark,
                                   .log_end = view.log_end}});
}

void FakeCluster::append(int broker, std::initializer_list<std::uint32_t> numbers) {
  FakeReplica& r = at(broker);
  const Offset base = r.view.log_end;
  for (const std::uint32_t number : numbers) {
    r.log.push_back(
        {.offset = r.view.log_end, .epoch = r.view.leader_epoch, .content = content_of_record(number)});
    ++r.view.log_end;
  }
  emit(broker, {io::AppendLog{.tp = kTp,
                              .base = base,
                              .end = r.view.log_end,
                              .leader_epoch = r.view.leader_epoch,
                              .as_leader = true}});
}

void FakeCluster::fetch(int follower, int leader) {
  FakeReplica& r = at(follower);
  const Offset base = r.view.log_end;
  for (const LogRecord& record : at(leader).log) {
    if (record.offset < base) continue;
    if (r.log.empty() || r.log.back().epoch != record.epoch) {
      std::erase_if(r.epochs, [&](const OffsetAndEpoch& e) { return e.offset >= record.offset; });
      r.epochs.push_back({.offset = record.offset, .epoch = record.epoch});
    }
    r.log.push_back(record);
    ++r.view.log_end;
  }
  emit(follower, {io::AppendLog{.tp = kTp,
                                .base = base,
                                .end = r.view.log_end,
                                .leader_epoch = r.view.leader_epoch,
                                .as_leader = false}});
}

void FakeCluster::truncate(int broker, int end) {
  FakeReplica& r = at(broker);
  const Offset from = r.view.log_end;
  r.view.log_end = Offset(end);
  r.view.high_watermark = std::min(r.view.high_watermark, r.view.log_end);
  std::erase_if(r.log, [end](const LogRecord& record) { return record.offset >= Offset(end); });
  std::erase_if(r.epochs, [end](const OffsetAndEpoch& e) { return e.offset >= Offset(end); });
  emit(broker,
       {io::TruncateLog{.tp = kTp, .from = from, .end = Offset(end), .leader_epoch = r.view.leader_epoch}});
}

void FakeCluster::advance(int broker, int high_watermark) {
  ReplicaView& view = at(broker).view;
  const Offset from = view.high_watermark;
  view.high_watermark = Offset(high_watermark);
  emit(broker, {io::AdvanceHighWatermark{.tp = kTp,
                                         .from = from,
                                         .to = view.high_watermark,
                                         .leader_epoch = view.leader_epoch,
                                         .as_leader = view.is_leader}});
}

void FakeCluster::learn_isr(int broker, std::vector<int> isr, std::vector<int> maximal) {
  ReplicaView& view = at(broker).view;
  const bool shrinks = isr.size() < view.isr.size();
  view.isr = ids_of(isr);
  view.maximal_isr = ids_of(maximal.empty() ? isr : maximal);
  view.proposal.reset();
  if (shrinks) {
    emit(broker, {io::ShrinkIsr{.tp = kTp, .partition_epoch = committed.partition_epoch, .isr = view.isr}});
  } else {
    emit(broker, {io::ExpandIsr{.tp = kTp, .partition_epoch = committed.partition_epoch, .isr = view.isr}});
  }
}

void FakeCluster::propose(int broker, std::vector<int> isr) {
  ReplicaView& view = at(broker).view;
  view.proposal = ids_of(isr);
  emit(broker, {io::ProposeIsr{.tp = kTp,
                               .leader_epoch = view.leader_epoch,
                               .partition_epoch = committed.partition_epoch,
                               .isr = ids_of(isr)}});
}

void FakeCluster::ack(int broker, int base, int end, int acks, int isr_size) {
  emit(broker, {io::AckProduce{.tp = kTp,
                               .base = Offset(base),
                               .end = Offset(end),
                               .acks = static_cast<std::int16_t>(acks),
                               .isr_size = isr_size}});
}

void FakeCluster::serve(int broker, int from, int end) {
  const Offset high_watermark = at(broker).view.high_watermark;
  emit(broker, {io::ServeFetch{.tp = kTp,
                               .replica = {},
                               .from = Offset(from),
                               .end = Offset(end),
                               .high_watermark = high_watermark,
                               .upper_bound = high_watermark}});
}

void FakeCluster::publish(int broker, int offset) {
  nodes[BrokerId(broker)].image = Offset(offset);
  emit(broker, {io::PublishMetadata{.offset = Offset(offset)}});
}

void FakeCluster::commit(bool leader_changed, bool unclean) {
  emit(kController.value(), {io::ChangePartition{.tp = kTp,
                                                 .metadata_offset = metadata_end,
                                                 .topic = committed.topic,
                                                 .replicas = committed.replicas,
                                                 .isr = committed.isr,
                                                 .elr = committed.elr,
                                                 .last_known_elr = committed.last_known_elr,
                                                 .adding_replicas = committed.adding_replicas,
                                                 .removing_replicas = committed.removing_replicas,
                                                 .leader = committed.leader,
                                                 .leader_epoch = committed.leader_epoch,
                                                 .partition_epoch = committed.partition_epoch,
                                                 .leader_changed = leader_changed,
                                                 .unclean = unclean}});
  ++metadata_end;
}

void FakeCluster::elect(int leader, int epoch, std::vector<int> isr, bool unclean) {
  committed.leader = BrokerId(leader);
  committed.leader_epoch = LeaderEpoch(epoch);
  committed.isr = ids_of(isr);
  ++committed.partition_epoch;
  commit(true, unclean);
}

void FakeCluster::set_isr(std::vector<int> isr, std::vector<int> elr) {
  committed.elr = ids_of(elr);
  committed.isr = ids_of(isr);
  ++committed.partition_epoch;
  commit(false, false);
}

void FakeCluster::set_fenced(int broker, bool fenced) {
  nodes[BrokerId(broker)].unfenced = !fenced;
  if (fenced) {
    emit(kController.value(), {io::FenceBroker{.broker = BrokerId(broker), .metadata_offset = metadata_end}});
  } else {
    emit(kController.value(),
         {io::UnfenceBroker{.broker = BrokerId(broker), .metadata_offset = metadata_end}});
  }
  ++metadata_end;
}

void FakeCluster::lose_leader(int last, std::vector<int> elr) {
  committed.leader.reset();
  ++committed.leader_epoch;
  ++committed.partition_epoch;
  committed.isr.clear();
  committed.elr = ids_of(elr);
  committed.last_known_elr = {BrokerId(last)};
  commit(true, false);
}

void FakeCluster::reassign(const Move& move) {
  committed.replicas = ids_of(move.replicas);
  committed.adding_replicas = ids_of(move.adding);
  committed.removing_replicas = ids_of(move.removing);
  set_isr(move.isr);
}

void FakeCluster::remove_topic() {
  exists = false;
  emit(kController.value(),
       {io::RemoveTopic{.topic_id = kTp.topic_id, .name = committed.topic, .metadata_offset = metadata_end}});
  ++metadata_end;
}

void FakeCluster::drop(int broker) {
  const Offset log_end = at(broker).view.log_end;
  nodes[BrokerId(broker)].replicas.erase(kTp);
  emit(broker, {io::DeleteLog{.tp = kTp, .log_end = log_end}});
}

void FakeCluster::crash(int broker) { nodes[BrokerId(broker)].up = false; }

void FakeCluster::boot(int broker) {
  FakeBroker& node = nodes[BrokerId(broker)];
  node.up = true;
  ++node.incarnation;
  ReplicaView& view = at(broker).view;
  view = {.log_start = view.log_start, .log_end = view.log_end, .high_watermark = view.high_watermark};
  view.leader_epoch = LeaderEpoch(-1);
  at(broker).fetched_from.clear();
  open(broker);
}

void FakeCluster::replicate(int leader, std::initializer_list<std::uint32_t> numbers,
                            std::vector<int> followers) {
  append(leader, numbers);
  for (const int follower : followers) fetch(follower, leader);
  const auto end = static_cast<int>(at(leader).view.log_end.value());
  advance(leader, end);
  for (const int follower : followers) advance(follower, end);
}

void FakeCluster::settle(std::vector<std::string> pending, const History& history) {
  checkers.at_settled({.at = Instant(seconds(100).ns()),
                       .event = event,
                       .view = *this,
                       .history = history,
                       .send_timeout = seconds(1),
                       .pending = pending});
}

void FakeCluster::scan() {
  event += 2'000;
  emit(1, {});
}

std::set<std::string> FakeCluster::ids() const {
  std::set<std::string> found;
  for (const Violation& violation : checkers.violations()) found.insert(violation.invariant);
  return found;
}

std::vector<BrokerId> FakeCluster::brokers() const { return ids_of({1, 2, 3}); }

bool FakeCluster::is_up(NodeId node) const {
  const auto broker = nodes.find(node);
  return broker == nodes.end() || broker->second.up;
}

std::uint32_t FakeCluster::incarnation(NodeId node) const {
  const auto broker = nodes.find(node);
  return broker == nodes.end() ? 2 : broker->second.incarnation;
}

std::optional<ReplicaView> FakeCluster::replica(BrokerId broker, const TopicPartition& tp) const {
  const auto node = nodes.find(broker);
  if (node == nodes.end() || !node->second.up) return std::nullopt;
  const auto found = node->second.replicas.find(tp);
  return found == node->second.replicas.end() ? std::nullopt : std::optional(found->second.view);
}

std::vector<LogRecord> FakeCluster::read_log(BrokerId broker, const TopicPartition& tp, Offset from,
                                             Offset to) const {
  std::vector<LogRecord> records;
  for (const LogRecord& record : nodes.at(broker).replicas.at(tp).log) {
    if (from <= record.offset && record.offset < to) records.push_back(record);
  }
  return records;
}

std::vector<OffsetAndEpoch> FakeCluster::epoch_cache(BrokerId broker, const TopicPartition& tp) const {
  return nodes.at(broker).replicas.at(tp).epochs;
}

std::optional<PartitionTruth> FakeCluster::truth(const TopicPartition& tp) const {
  return tp == kTp && exists ? std::optional(committed) : std::nullopt;
}

HistoryBuilder& HistoryBuilder::send(const Send& send) {
  Op op{.process = NodeId(send.client), .incarnation = 1, .invoked = later()};
  op.returned = later();
  op.status = send.status;
  op.what = SendOp{.id = id_of(send.number),
                   .partition = kOrders,
                   .topic_id = kTp.topic_id,
                   .offset = send.offset ? std::optional(Offset(*send.offset)) : std::nullopt,
                   .content = content_of_record(send.number),
                   .acks = send.acks};
  history_.invoke(op);
  return *this;
}

HistoryBuilder& HistoryBuilder::poll(std::vector<std::pair<int, std::uint32_t>> records, std::int32_t client,
                                     std::uint32_t incarnation) {
  Op op{.process = NodeId(client), .incarnation = incarnation, .invoked = later()};
  op.returned = later();
  op.status = io::CallStatus::kOk;
  PartitionReads reads{.partition = kOrders, .topic_id = kTp.topic_id, .records = {}};
  for (const auto& [offset, number] : records) {
    reads.records.push_back(
        {.offset = Offset(offset), .id = id_of(number), .content = content_of_record(number)});
  }
  op.what = PollOp{.reads = {reads}};
  history_.invoke(op);
  return *this;
}

HistoryBuilder& HistoryBuilder::move(std::int32_t client) {
  Op op{.process = NodeId(client), .incarnation = 1, .invoked = later()};
  op.returned = later();
  op.status = io::CallStatus::kOk;
  op.what = MoveOp{.partitions = {kOrders}};
  history_.invoke(op);
  return *this;
}

HistoryBuilder& HistoryBuilder::open_send(std::uint32_t number, std::uint32_t incarnation) {
  history_.invoke(
      {.process = NodeId(1001),
       .incarnation = incarnation,
       .invoked = later(),
       .returned = {},
       .what = SendOp{
           .id = id_of(number), .partition = kOrders, .offset = {}, .content = content_of_record(number)}});
  return *this;
}

}  // namespace odradek::sim
