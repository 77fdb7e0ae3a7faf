#include "bindings/cli/outcome.h"

#include <fmt/format.h>

#include "bindings/cli/process.h"
#include "scenarios/catalog.h"
#include "sim/checkers/registry.h"

namespace odradek::cli {

std::string signature(const sim::RunResult& result) {
  if (result.violations.empty()) return "";
  const sim::Violation& earliest = result.violations.front();
  return fmt::format("{}-{:06x}", earliest.invariant, digest_of(earliest.witness).low & 0xFFFFFFu);
}

std::string invariant_name(const std::string& id) {
  for (const sim::InvariantInfo& info : sim::invariants()) {
    if (info.id == id) return fmt::format("{} {}", id, info.name);
  }
  return id;
}

Outcome measure(const sim::Scenario& scenario, std::uint64_t seed, const sim::RunOptions& options) {
  const Duration before = cpu_time();
  sim::RunResult result = sim::run(scenario, seed, options);
  return {.result = std::move(result), .cpu = cpu_time() - before};
}

Result<scenarios::ScenarioFile> load_scenario(const std::string& name_or_path,
                                              const scenarios::Overrides& overrides) {
  TRY(file, scenarios::find_scenario(name_or_path));
  return file.with(overrides);
}

}  // namespace odradek::cli
