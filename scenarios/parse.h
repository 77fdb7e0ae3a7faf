// A tree without ranges, read strictly into a sim::Scenario.
#pragma once

#include <cstdint>
#include <map>
#include <string>

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
};

/// Reports all that is wrong; the result is meaningful when there are no problems.
[[nodiscard]] Parsed parse(const Table& root, Problems& problems);

/// What timelines and clients may refer to.
struct Roster {
  std::int32_t brokers = 0;
  std::int32_t controllers = 0;
  std::int32_t clients = 0;                    ///< with counts expanded
  std::map<std::string, std::int32_t> topics;  ///< number of partitions by name
};

/// The `[faults]`, `[budget]` and `[[at]]` parts.
void parse_plan(Reader& root, const Roster& roster, sim::Scenario& scenario);

/// A list of tables `[[key]]`, each with its title for messages; reports what is none.
[[nodiscard]] std::vector<Reader> take_tables(Reader& root, std::string_view key);

/// The name of a known topic; reports any other.
[[nodiscard]] bool known_topic(const Value& value, std::string_view what, const Roster& roster,
                               Problems& problems);

}  // namespace odradek::scenarios
