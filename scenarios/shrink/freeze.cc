#include "scenarios/shrink/freeze.h"

#include "scenarios/parse.h"
#include "scenarios/write_plan.h"
#include "sim/faults/fault.h"
#include "sim/search/cluster.h"

namespace odradek::scenarios {
namespace {

/// With this entry as the whole plan.
bool is_sayable(const Table& rest, const Table& entry) {
  Table root = rest;
  root.set("at", {.data = List{{.data = entry, .where = {}}}, .where = {}});
  Problems problems;
  (void)parse(root, problems);
  return problems.empty();
}

/// As a file may write it: what outlasts the faults ends with them in any case.
sim::PlanEntry within(sim::PlanEntry entry, Duration phase) {
  if (entry.duration && *entry.duration >= phase) entry.duration.reset();
  return entry;
}

}  // namespace

Result<Frozen> freeze(const ScenarioFile& file, std::uint64_t seed) {
  TRY(scenario, file.for_seed(seed));
  Problems problems;
  Frozen frozen{.root = resolve(file.root(), pick_of_seed(seed), problems).root};
  frozen.root.erase("faults");
  frozen.root.erase("at");
  List at;
  for (const sim::PlanEntry& entry :
       sim::plan_of(scenario, sim::topology_of(scenario), sim::make_key(seed))) {
    Table written = write_entry(within(entry, scenario.faults_until));
    if (is_sayable(frozen.root, written)) {
      at.push_back({.data = std::move(written), .where = {}});
    } else {
      frozen.left_out.push_back(text(entry.fault));
    }
  }
  if (!at.empty()) frozen.root.set("at", {.data = std::move(at), .where = {}});
  return frozen;
}

}  // namespace odradek::scenarios
