// I3. An epoch without records may stand in the cache: a leader writes its epoch down before it appends. What
// the cache must never lack is an epoch that the log has, and both must agree where that epoch starts.
#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "sim/checkers/checks.h"

namespace odradek::sim {

void check_epoch_order(const Scope& scope, const Target& target, BrokerId broker) {
  scope.findings.count(Invariant::kI3);
  const auto& epochs = target.state.replicas.at(broker).log.epochs();
  const auto back = std::ranges::adjacent_find(epochs, std::greater_equal<>(), &OffsetAndEpoch::epoch);
  if (back == epochs.end() || scope.findings.knows(Invariant::kI3, target.tp)) return;
  const auto after = std::next(back);
  scope.findings.violate(
      Invariant::kI3, scope.now, target.tp,
      fmt::format("in the log of {} on broker {} leader epoch {} follows {} at offset {}", target.name(),
                  broker.value(), after->epoch.value(), back->epoch.value(), after->offset.value()),
      "leader epochs decrease along a log");
}

void check_epoch_cache(const Scope& scope, const Target& target, BrokerId broker) {
  if (!scope.view.is_up(broker) || scope.findings.knows(Invariant::kI3, target.tp)) return;
  scope.findings.count(Invariant::kI3);
  const auto cache = scope.view.epoch_cache(broker, target.tp);
  const auto wrong = [&](const std::string& what, std::string_view witness) {
    scope.findings.violate(
        Invariant::kI3, scope.now, target.tp,
        fmt::format("the epoch cache of {} on broker {} {}", target.name(), broker.value(), what), witness);
  };
  const auto falls = [](const OffsetAndEpoch& a, const OffsetAndEpoch& b) {
    return a.epoch >= b.epoch || a.offset >= b.offset;
  };
  if (std::ranges::adjacent_find(cache, falls) != cache.end())
    return wrong("is not ascending", "an epoch cache is not ascending");
  const ReplicaShadow& replica = target.state.replicas.at(broker);
  for (const OffsetAndEpoch& begins : replica.log.epochs()) {
    if (begins.offset < replica.seen.log_start) continue;  // its beginning is no longer retained
    if (std::ranges::find(cache, begins) != cache.end()) continue;
    return wrong(fmt::format("does not say that leader epoch {} starts at offset {}, as the log does",
                             begins.epoch.value(), begins.offset.value()),
                 "an epoch cache disagrees with its log");
  }
}

}  // namespace odradek::sim
