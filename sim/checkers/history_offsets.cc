// J1 and J2: one record at one offset, and the other way round.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "sim/checkers/history_checks.h"
#include "sim/checkers/paged.h"

namespace odradek::sim {

namespace {

/// One client's knowledge: this content stands at this offset.
struct Sight {
  Offset offset;
  Digest content;
  std::optional<std::uint32_t> send;  ///< that carried it
  Witness witness{};
};

/// Calls `f` for all that clients saw of a partition. Reads come first: they excuse less than
/// acknowledgements do.
template <class F>
void for_each_sight(const HistoryScope& scope, const PartitionHistory& p, F&& f) {
  for (const Read& read : p.reads) {
    f(Sight{.offset = read.record->offset,
            .content = read.record->content,
            .send = read.send,
            .witness = Witness::kRead});
  }
  for (const std::uint32_t place : p.acked) {
    const SendOp& send = scope.index.send(place);
    f(Sight{.offset = *send.offset, .content = send.content, .send = place, .witness = Witness::kAck});
  }
}

void check_contents(const HistoryScope& scope, const PartitionHistory& p) {
  struct Seen {
    std::optional<Digest> content;  ///< the first one
    std::uint32_t different = 0;    ///< contents, without those that may be lost there
  };
  Paged<Seen> at;
  std::set<std::pair<Offset, Digest>> others;  ///< that were not the first at their offset
  for_each_sight(scope, p, [&](const Sight& sight) {
    Seen& seen = at[sight.offset.value()];
    const bool fresh = !seen.content ||
                       (seen.content != sight.content && others.insert({sight.offset, sight.content}).second);
    if (!seen.content) seen.content = sight.content;
    if (fresh && !scope.is_excused(p, sight.offset, sight.content, sight.witness)) ++seen.different;
  });
  at.for_each([&](std::int64_t offset, const Seen& seen) {
    if (seen.different == 0) return;
    scope.findings.count(Invariant::kJ1);
    if (seen.different == 1) return;
    scope.violate(
        Invariant::kJ1, p,
        fmt::format("clients saw {} different records at offset {} of {}", seen.different, offset, p.name()),
        "two records were seen at one offset", Offset(offset));
  });
}

void check_duplicate(const HistoryScope& scope, const PartitionHistory& p, Offset first, Offset last) {
  if (scope.end.idempotence) {
    scope.violate(
        Invariant::kJ2, p,
        fmt::format("one record stands at offsets {} and {} of {}", first.value(), last.value(), p.name()),
        "a record was duplicated under idempotence", last);
    return;
  }
  scope.permissions.report({.setting = kNoIdempotence,
                            .tp = p.tp,
                            .begin = first,
                            .end = last + 1,
                            .at = scope.now.at,
                            .message = fmt::format("duplicates on {}", p.name())});
}

void check_places(const HistoryScope& scope, const PartitionHistory& p) {
  struct Places {
    std::optional<Offset> first;
    Offset last;
  };
  Paged<Places> of_send;
  std::map<Digest, Places> of_unsent;
  for_each_sight(scope, p, [&](const Sight& sight) {
    Places& places = sight.send ? of_send[*sight.send] : of_unsent[sight.content];
    if (!places.first) places.last = sight.offset;
    places.first = std::min(places.first.value_or(sight.offset), sight.offset);
    places.last = std::max(places.last, sight.offset);
  });
  const auto check = [&](const Places& places) {
    if (!places.first) return;
    scope.findings.count(Invariant::kJ2);
    if (*places.first != places.last) check_duplicate(scope, p, *places.first, places.last);
  };
  of_send.for_each([&](std::int64_t, const Places& places) { check(places); });
  for (const auto& [content, places] : of_unsent) check(places);
}

}  // namespace

void check_offsets(const HistoryScope& scope, const PartitionHistory& p) {
  check_contents(scope, p);
  check_places(scope, p);
}

}  // namespace odradek::sim
