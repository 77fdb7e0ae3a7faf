#include "sim/checkers/history_checks.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace odradek::sim {

namespace {

constexpr std::uint32_t kNoPlace = std::numeric_limits<std::uint32_t>::max();

}  // namespace

std::string name_of(RecordId id) { return fmt::format("record {}/{}", id.client.value(), id.number); }

std::string PartitionHistory::name() const {
  return fmt::format("{}-{}", partition.topic, partition.partition.value());
}

// A record says by itself which send it comes from (RecordId), so nothing has to be looked up by content.
HistoryIndex::HistoryIndex(const CheckersState& state, const History& history)
    : state_(state), history_(history), was_read_(history.size()) {
  std::vector<std::uint32_t> polls;  // may return what was sent after they were invoked
  for (std::uint32_t place = 0; place < history.size(); ++place) {
    const Op& op = history.at(place);
    if (const auto* send = std::get_if<SendOp>(&op.what)) add_send(place, op, *send);
    if (std::holds_alternative<MoveOp>(op.what)) moves_.push_back(place);
    const bool ok = op.returned && op.status == io::CallStatus::kOk;
    if (std::holds_alternative<PollOp>(op.what) && ok) polls.push_back(place);
  }
  for (const std::uint32_t place : polls) add_poll(place, std::get<PollOp>(history.at(place).what));
}

void HistoryIndex::add_send(std::uint32_t place, const Op& op, const SendOp& send) {
  std::vector<std::uint32_t>& own = sends_[send.id.client];
  if (own.size() <= send.id.number) own.resize(send.id.number + std::size_t{1}, kNoPlace);
  own[send.id.number] = place;
  if (!op.returned || op.status != io::CallStatus::kOk) return;
  PartitionHistory& p = at(send.partition, send.topic_id);
  (send.offset ? p.acked : p.unconfirmed).push_back(place);
}

void HistoryIndex::add_poll(std::uint32_t place, const PollOp& poll) {
  for (const auto& [partition, topic_id, records] : poll.reads) {
    std::vector<Read>& reads = at(partition, topic_id).reads;
    for (const ReadRecord& record : records) {
      const std::optional<std::uint32_t> send = find_send(partition, record);
      if (send) was_read_[*send] = true;
      reads.push_back({.record = &record, .place = place, .send = send});
    }
  }
}

std::optional<std::uint32_t> HistoryIndex::find_send(const io::NamedPartition& partition,
                                                     const ReadRecord& record) const {
  const auto own = record.id ? sends_.find(record.id->client) : sends_.end();
  if (own == sends_.end() || record.id->number >= own->second.size()) return std::nullopt;
  const std::uint32_t place = own->second[record.id->number];
  if (place == kNoPlace) return std::nullopt;
  const SendOp& sent = send(place);
  // A send whose outcome never came back does not know where its partitioner had put it.
  const bool is_here =
      sent.partition.topic == partition.topic &&
      (sent.partition.partition == partition.partition || sent.partition.partition == PartitionId(-1));
  return is_here && sent.content == record.content ? std::optional(place) : std::nullopt;
}

PartitionHistory& HistoryIndex::at(const io::NamedPartition& partition, TopicId topic_id) {
  const TopicPartition tp{.topic_id = topic_id, .partition = partition.partition};
  if (latest_ != nullptr && latest_->tp == tp && latest_->partition == partition) return *latest_;
  const auto [place, is_new] = partitions_.try_emplace({partition, topic_id});
  PartitionHistory& p = place->second;
  latest_ = &p;
  if (!is_new) return p;
  p.partition = partition;
  p.tp = tp;
  if (const auto known = state_.partitions.find(tp); known != state_.partitions.end())
    p.state = &*known->second;
  p.is_successor = std::ranges::any_of(state_.partitions, [&](const auto& other) {
    return other.second->deleted && other.first != tp && other.second->truth &&
           other.second->truth->topic == partition.topic;
  });
  return p;
}

bool HistoryScope::is_excused(const PartitionHistory& p, Offset offset, const Digest& content,
                              Witness witness) const {
  if (p.state == nullptr || !permissions.knows(p.tp)) return false;
  const std::uint64_t short_form = short_content(content);
  const auto record = p.state->written(offset, short_form);
  if (record && permissions.covers(p.tp, offset, *record)) return true;
  return witness == Witness::kAck && permissions.covers_lost_ack(p.tp, offset, short_form);
}

void HistoryScope::violate(Invariant invariant, const PartitionHistory& p, const std::string& message,
                           std::string_view witness, Offset offset) const {
  findings.violate(invariant, now, p.tp, message, witness, record_at(offset));
}

void check_history(CheckersState& state, const EndObservation& end) {
  const HistoryIndex index(state, end.history);
  const HistoryScope scope{.now = {.at = end.at, .event = end.event},
                           .end = end,
                           .index = index,
                           .findings = state.findings,
                           .permissions = state.permissions};
  for (const auto& [name, p] : index.partitions()) {
    check_acks_at_end(scope, p);
    check_reads_at_end(scope, p);
    check_offsets(scope, p);
    check_polls_and_losses(scope, p);
    check_send_order(scope, p);
    check_families_agree(scope, p);
  }
}

}  // namespace odradek::sim
