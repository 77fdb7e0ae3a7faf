#include "sim/checkers/history_checks.h"

#include <fmt/format.h>

#include <algorithm>

namespace odradek::sim {

std::string name_of(RecordId id) { return fmt::format("record {}/{}", id.client.value(), id.number); }

std::string PartitionHistory::name() const {
  return fmt::format("{}-{}", partition.topic, partition.partition.value());
}

HistoryIndex::HistoryIndex(const CheckersState& state, const History& history)
    : state_(state), history_(history) {
  for (std::uint32_t place = 0; place < history.size(); ++place) {
    const Op& op = history.at(place);
    if (const auto* send = std::get_if<SendOp>(&op.what)) add_send(place, op, *send);
    const bool ok = op.returned && op.status == io::CallStatus::kOk;
    if (const auto* poll = std::get_if<PollOp>(&op.what); poll != nullptr && ok) add_poll(place, *poll);
  }
}

void HistoryIndex::add_send(std::uint32_t place, const Op& op, const SendOp& send) {
  sent_[send.content].push_back(send.partition);
  if (!op.returned || op.status != io::CallStatus::kOk) return;
  PartitionHistory& p = at(send.partition);
  (send.offset ? p.acked : p.unconfirmed).push_back(place);
}

void HistoryIndex::add_poll(std::uint32_t place, const PollOp& poll) {
  for (const ReadRecord& record : poll.records) {
    PartitionHistory& p = at(record.partition);
    p.reads.push_back({.place = place, .offset = record.offset, .content = record.content, .id = record.id});
    p.contents_read.insert(record.content);
  }
}

PartitionHistory& HistoryIndex::at(const io::NamedPartition& partition) {
  const auto [place, is_new] = partitions_.try_emplace(partition);
  PartitionHistory& p = place->second;
  if (!is_new) return p;
  p.partition = partition;
  for (const auto& [tp, state] : state_.partitions) {
    const bool same =
        state->truth && state->truth->topic == partition.topic && tp.partition == partition.partition;
    if (!same) continue;
    p.tp = tp;
    p.state = &*state;
  }
  return p;
}

bool HistoryIndex::was_sent(const io::NamedPartition& partition, const Digest& content) const {
  const auto sends = sent_.find(content);
  if (sends == sent_.end()) return false;
  return std::ranges::any_of(sends->second, [&partition](const io::NamedPartition& to) {
    // A send whose outcome never came back does not know where its partitioner had put it.
    return to == partition || (to.topic == partition.topic && to.partition == PartitionId(-1));
  });
}

bool HistoryScope::is_excused(const PartitionHistory& p, Offset offset, const Digest& content,
                              Witness witness) const {
  if (p.state == nullptr) return false;
  const std::uint64_t short_form = short_content(content);
  const auto record = p.state->written(offset, short_form);
  if (record && permissions.covers(p.tp, offset, *record)) return true;
  return witness == Witness::kAck && permissions.covers_lost_ack(p.tp, offset, short_form);
}

void HistoryScope::violate(Invariant invariant, const PartitionHistory& p, const std::string& message,
                           std::string_view witness) const {
  findings.violate(invariant, now, p.tp, message, witness);
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
  }
}

}  // namespace odradek::sim
