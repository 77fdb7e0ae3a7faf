// J3, J9 and J11: what readers pass over.
//
// A *stretch* is what one client process reads of a partition one record after the other, until it moves
// (assign, seek) or until an unclean election takes away what it read last. Within a stretch offsets only
// grow (J9), and no visible record lies between two neighbours (J9).
//
// An acknowledged record that nobody ever read is lost (J3) if some stretch begins before it and ends behind
// it, or if it lies below the last offset read in a partition that was fully read. If it lies behind all
// reads of a fully read partition it is unseen (J11). A record read anywhere in its partition counts as read:
// retries may have duplicated it.
//
// Consumers ask for positions by the topic's name. When a topic is created again, brokers that know of it
// answer for the new one, and those that do not for the old one; so a reader of either may be sent to where
// the other one ends. Of a topic that was deleted nothing of this is promised then, and order to readers of
// its successor once the cluster has settled.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "sim/checkers/history_checks.h"

namespace odradek::sim {

namespace {

using Process = std::pair<NodeId, std::uint32_t>;  // client and incarnation

/// Moves of one process on one partition: when each began and ended.
using Moves = std::map<Process, std::vector<std::pair<Instant, Instant>>>;

Moves moves_on(const HistoryScope& scope, const io::NamedPartition& partition) {
  Moves moves;
  for (const std::uint32_t place : scope.index.moves()) {
    const Op& op = scope.index.op(place);
    const auto& moved = std::get<MoveOp>(op.what).partitions;
    if (std::ranges::find(moved, partition) == moved.end()) continue;
    moves[{op.process, op.incarnation}].emplace_back(op.invoked, op.returned.value_or(Instant::never()));
  }
  return moves;
}

/// A read after which the same process read another one.
struct Successor {
  std::uint32_t before = 0;  // both as places in PartitionHistory::reads
  std::uint32_t after = 0;
};

struct Stretch {
  std::int64_t moves_before = 0;  // of the process, when the poll was invoked
  bool is_ambiguous = false;      // a move overlaps the poll: nobody knows which reads came first
  std::uint32_t first = 0;        // place in PartitionHistory::reads
  std::uint32_t last = 0;
};

/// The reads of a partition cut into stretches.
struct Stretches {
  std::vector<Stretch> all;
  std::vector<Successor> neighbours;  ///< within a stretch, in the order of the later ones
};

bool is_excused_read(const HistoryScope& scope, const PartitionHistory& p, const Read& read) {
  return scope.is_excused(p, read.record->offset, read.record->content, Witness::kRead);
}

Stretches cut(const HistoryScope& scope, const PartitionHistory& p) {
  const Moves moves = moves_on(scope, p.partition);
  static const std::vector<std::pair<Instant, Instant>> kNone{};
  Stretches result;
  std::map<Process, Stretch> open;
  for (std::uint32_t i = 0; i < p.reads.size(); ++i) {
    const Op& poll = scope.index.op(p.reads[i].place);
    const Process process{poll.process, poll.incarnation};
    const auto found = moves.find(process);
    const auto& own = found == moves.end() ? kNone : found->second;
    const auto before =
        std::ranges::count_if(own, [&](const auto& move) { return move.first < poll.invoked; });
    const bool overlaps = std::ranges::any_of(
        own, [&](const auto& move) { return move.first <= *poll.returned && poll.invoked <= move.second; });
    const auto [place, is_first] = open.try_emplace(process);
    Stretch& stretch = place->second;
    const bool goes_on = !is_first && !overlaps && !stretch.is_ambiguous && stretch.moves_before == before &&
                         !is_excused_read(scope, p, p.reads[stretch.last]);
    if (goes_on) {
      result.neighbours.push_back({.before = std::exchange(stretch.last, i), .after = i});
      continue;
    }
    if (!is_first) result.all.push_back(stretch);
    stretch = {.moves_before = before, .is_ambiguous = overlaps, .first = i, .last = i};
  }
  for (const auto& [process, stretch] : open) result.all.push_back(stretch);
  return result;
}

/// Offsets whose records are visible, ascending.
std::vector<Offset> visible_offsets(const HistoryScope& scope, const PartitionHistory& p) {
  std::vector<Offset> visible;
  for (const Read& read : p.reads) {
    if (!is_excused_read(scope, p, read)) visible.push_back(read.record->offset);
  }
  for (const std::uint32_t place : p.acked) {
    const SendOp& send = scope.index.send(place);
    const bool committed = send.acks == -1 && !scope.is_excused(p, *send.offset, send.content, Witness::kAck);
    if (committed) visible.push_back(*send.offset);
  }
  std::ranges::sort(visible);  // total order: equal offsets are the same
  return visible;
}

void check_neighbours(const HistoryScope& scope, const PartitionHistory& p, const Stretches& stretches) {
  std::optional<std::vector<Offset>> visible;  // needed where offsets are missing between two reads only
  for (const auto& [before, after] : stretches.neighbours) {
    scope.findings.count(Invariant::kJ9);
    const Offset from = p.reads[before].record->offset;
    const Offset to = p.reads[after].record->offset;
    if (to == from + 1) continue;
    const Op& poll = scope.index.op(p.reads[after].place);
    if (p.is_successor && !(scope.end.settled && poll.invoked >= *scope.end.settled)) continue;
    const std::int32_t reader = poll.process.value();
    if (to <= from) {
      if (scope.permissions.sends_back(p.tp, to)) continue;
      scope.violate(Invariant::kJ9, p,
                    fmt::format("client {} read offset {} of {} after offset {}", reader, to.value(),
                                p.name(), from.value()),
                    "a reader went back", to);
      continue;
    }
    if (!visible) visible = visible_offsets(scope, p);
    const auto skipped = std::ranges::upper_bound(*visible, from);
    if (skipped == visible->end() || *skipped >= to) continue;
    scope.violate(Invariant::kJ9, p,
                  fmt::format("client {} went from offset {} of {} to {} and skipped {}, which is visible",
                              reader, from.value(), p.name(), to.value(), skipped->value()),
                  "a reader skipped a visible record", *skipped);
  }
}

void check_losses(const HistoryScope& scope, const PartitionHistory& p, const Stretches& stretches) {
  const bool fully_read = scope.end.fully_read.contains(p.partition);
  std::optional<Offset> last_read;
  for (const Read& read : p.reads)
    last_read = std::max(last_read.value_or(read.record->offset), read.record->offset);
  for (const std::uint32_t place : p.acked) {
    const SendOp& send = scope.index.send(place);
    const Offset offset = *send.offset;
    const bool passed_over = std::ranges::any_of(stretches.all, [&p, offset](const Stretch& stretch) {
      return p.reads[stretch.first].record->offset < offset && offset < p.reads[stretch.last].record->offset;
    });
    const bool below_reads = passed_over || (fully_read && last_read && offset <= *last_read);
    if (!below_reads && !fully_read) continue;
    const Invariant invariant = below_reads ? Invariant::kJ3 : Invariant::kJ11;
    if (below_reads) scope.findings.count(Invariant::kJ3);
    if (fully_read) scope.findings.count(Invariant::kJ11);
    const bool fine = scope.index.was_read(place) || scope.is_excused(p, offset, send.content, Witness::kAck);
    if (fine) continue;
    scope.violate(
        invariant, p,
        fmt::format("{} was acknowledged at offset {} of {}, {}, and nobody ever read it", name_of(send.id),
                    offset.value(), p.name(),
                    below_reads ? "which readers have passed" : "which the final polls should have reached"),
        below_reads ? "an acknowledged record is lost" : "an acknowledged record was never seen", offset);
  }
}

/// acks=0 promises nothing: what was not seen is counted as permitted.
void permit_unconfirmed(const HistoryScope& scope, const PartitionHistory& p) {
  if (!scope.end.fully_read.contains(p.partition)) return;
  const auto unseen = std::ranges::count_if(
      p.unconfirmed, [&scope](std::uint32_t place) { return !scope.index.was_read(place); });
  if (unseen == 0) return;
  scope.permissions.report(
      {.setting = "acks=0",
       .tp = p.tp,
       .begin = Offset(0),
       .end = Offset(0),
       .at = scope.now.at,
       .message = fmt::format("{} records sent to {} with acks=0 were never seen", unseen, p.name())});
}

}  // namespace

void check_polls_and_losses(const HistoryScope& scope, const PartitionHistory& p) {
  if (p.is_deleted()) return;
  const Stretches stretches = cut(scope, p);
  check_neighbours(scope, p, stretches);
  check_losses(scope, p, stretches);
  permit_unconfirmed(scope, p);
}

}  // namespace odradek::sim
