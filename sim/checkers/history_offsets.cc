// J1 and J2: one record at one offset, and the other way round.
#include <fmt/format.h>

#include <map>
#include <set>

#include "sim/checkers/history_checks.h"

namespace odradek::sim {

namespace {

struct Sightings {
  std::map<Offset, std::set<Digest>>
      contents;  ///< what clients saw at an offset, without what may be lost there
  std::map<Digest, std::set<Offset>> offsets;  ///< where clients saw a record
};

Sightings gather(const HistoryScope& scope, const PartitionHistory& p) {
  Sightings seen;
  const auto add = [&](Offset offset, const Digest& content, Witness witness) {
    const bool fresh = seen.offsets[content].insert(offset).second;
    if (fresh && !scope.is_excused(p, offset, content, witness)) seen.contents[offset].insert(content);
  };
  for (const Read& read : p.reads) add(read.offset, read.content, Witness::kRead);  // first: they excuse less
  for (const std::uint32_t place : p.acked) {
    const SendOp& send = scope.index.send(place);
    add(*send.offset, send.content, Witness::kAck);
  }
  return seen;
}

void check_duplicate(const HistoryScope& scope, const PartitionHistory& p, const std::set<Offset>& offsets) {
  const Offset first = *offsets.begin();
  const Offset last = *offsets.rbegin();
  if (scope.end.idempotence) {
    scope.violate(
        Invariant::kJ2, p,
        fmt::format("one record stands at offsets {} and {} of {}", first.value(), last.value(), p.name()),
        "a record was duplicated under idempotence");
    return;
  }
  scope.permissions.report({.setting = kNoIdempotence,
                            .tp = p.tp,
                            .begin = first,
                            .end = last + 1,
                            .at = scope.now.at,
                            .message = fmt::format("duplicates on {}", p.name())});
}

}  // namespace

void check_offsets(const HistoryScope& scope, const PartitionHistory& p) {
  const Sightings seen = gather(scope, p);
  for (const auto& [offset, contents] : seen.contents) {
    scope.findings.count(Invariant::kJ1);
    if (contents.size() < 2) continue;
    scope.violate(Invariant::kJ1, p,
                  fmt::format("clients saw {} different records at offset {} of {}", contents.size(),
                              offset.value(), p.name()),
                  "two records were seen at one offset");
  }
  for (const auto& [content, offsets] : seen.offsets) {
    scope.findings.count(Invariant::kJ2);
    if (offsets.size() > 1) check_duplicate(scope, p, offsets);
  }
}

}  // namespace odradek::sim
