// A tree without ranges, read strictly into a sim::Scenario.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "scenarios/reader.h"
#include "scenarios/value.h"
#include "sim/search/scenario.h"

namespace odradek::scenarios {

/// How a scenario is meant to end; what a run is judged by stays the same.
enum class Expectation : std::uint8_t { kPass, kViolation, kPermitted };

[[nodiscard]] constexpr std::string_view name_of(Expectation expectation) {
  switch (expectation) {
    case Expectation::kPass: return "pass";
    case Expectation::kViolation: return "violation";
    case Expectation::kPermitted: return "permitted";
  }
  return "pass";
}

/// A file's content apart from ranges: the scenario, and what only people read.
struct Parsed {
  sim::Scenario scenario;
  std::string description;
  Expectation expect = Expectation::kPass;
  std::vector<std::string> plant;    ///< overrides that plant an exhibit's flaw into any scenario
  std::vector<std::string> removal;  ///< overrides that take it out of this one
};

/// Reports all that is wrong; the result is meaningful when there are no problems.
[[nodiscard]] Parsed parse(const Table& root, Problems& problems);

/// What timelines and clients may refer to.
struct Roster {
  std::int32_t brokers = 0;
  std::int32_t controllers = 0;
  std::int32_t combined = 0;                   ///< of both
  std::int32_t clients = 0;                    ///< with counts expanded
  std::int32_t producers = 0;                  ///< of them
  std::map<std::string, std::int32_t> topics;  ///< number of partitions by name
  std::vector<std::string> racks;              ///< by name
  std::vector<std::string> regions;
};

/// The `[faults]`, `[budget]` and `[[at]]` parts. REQUIRES: [run] is read.
void parse_plan(Reader& root, const Roster& roster, sim::Scenario& scenario);

/// Reports entries that cannot happen as they are written, because another one of the script has its node
/// down then: what has fixed times and fixed nodes is decided here, the rest at run time. `places`: of the
/// entries in the file.
void check_contradictions(const std::vector<sim::PlanEntry>& script, const std::vector<Where>& places,
                          Problems& problems);

/// A list of tables `[[key]]`, each with its title for messages; reports what is none.
[[nodiscard]] std::vector<Reader> take_tables(Reader& root, std::string_view key);

/// The name of a known topic; reports any other.
[[nodiscard]] bool known_topic(const Value& value, std::string_view what, const Roster& roster,
                               Problems& problems);

}  // namespace odradek::scenarios
