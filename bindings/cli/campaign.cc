#include "bindings/cli/campaign.h"

#include <algorithm>
#include <set>

namespace odradek::cli {

void Campaign::add(const std::string& scenario, const Outcome& outcome) {
  const sim::RunResult& result = outcome.result;
  ++seeds_run;
  if (result.verdict == sim::Verdict::kPass) ++passed;
  if (result.verdict == sim::Verdict::kInconclusive) ++inconclusive;
  events += result.events;
  simulated = simulated + result.simulated;
  cpu = cpu + outcome.cpu;
  fingerprint.low += result.fingerprint.low;
  fingerprint.high += result.fingerprint.high;
  for (const auto& [name, n] : result.exercised) exercised[name] += n;
  for (const auto& [name, n] : result.sometimes) sometimes[name] += n;
  std::set<std::string> settings;
  for (const sim::Permission& permission : result.permitted) settings.insert(permission.setting);
  for (const std::string& setting : settings) ++permitted[setting];
  if (result.verdict != sim::Verdict::kViolation) return;

  const std::string of_result = signature(result);
  auto group = std::ranges::find_if(failures_, [&](const FailureGroup& known) {
    return known.scenario == scenario && known.signature == of_result;
  });
  if (group == failures_.end()) {
    if (failures_.size() == kGroupsKept) {
      ++ungrouped;
      return;
    }
    const std::string invariant = result.violations.empty() ? "" : result.violations.front().invariant;
    failures_.push_back(
        {.scenario = scenario, .signature = of_result, .invariant = invariant, .shortest = outcome});
    group = failures_.end() - 1;
  }
  ++group->count;
  if (group->seeds.size() < kSeedsKept) group->seeds.push_back(result.seed);
  if (result.events < group->shortest.result.events) group->shortest = outcome;
}

}  // namespace odradek::cli
