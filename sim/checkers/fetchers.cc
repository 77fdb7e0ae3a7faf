// A follower may have no fetcher for a while: its leader has answered with a newer epoch, of which the
// metadata has not told yet. That it has one in the end is part of I26.
#include <fmt/format.h>

#include "engine/base/describe.h"
#include "sim/checkers/checks.h"

namespace odradek::sim {

void check_fetchers(const Scope& scope, const Target& target, BrokerId broker) {
  if (!scope.view.is_up(broker)) return;
  scope.findings.count(Invariant::kI21);
  const std::vector<BrokerId> leaders = scope.view.fetched_from(broker, target.tp);
  const bool leads = target.state.replicas.at(broker).seen.is_leader;
  if (leaders.size() <= (leads ? 0u : 1u)) return;
  scope.findings.violate(Invariant::kI21, scope.now, target.tp,
                         fmt::format("broker {} {} {} and fetches it from {}", broker.value(),
                                     leads ? "leads" : "follows", target.name(), describe(leaders)),
                         leads ? "a leader fetches its own partition" : "a follower has two fetchers");
}

}  // namespace odradek::sim
