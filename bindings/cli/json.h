// JSON for scripts, and for what a sweep stores. Field names are stable: add, never rename.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "bindings/cli/campaign.h"
#include "bindings/cli/outcome.h"

namespace odradek::cli {

struct Described;

/// One run, for people's scripts; several lines. `described` may be null.
[[nodiscard]] std::string run_json(const Outcome& outcome, const std::string& repro,
                                   const Described* described = nullptr);
/// The same on one line and without `repro`: results.jsonl, and what workers answer.
[[nodiscard]] std::string outcome_line(const Outcome& outcome);
[[nodiscard]] Result<Outcome> parse_outcome(std::string_view line);

struct SweepReport {
  std::vector<std::string> scenarios;
  const Campaign& campaign;
  scenarios::Overrides overrides;
  bool interrupted = false;
};
[[nodiscard]] std::string sweep_json(const SweepReport& report);

/// Rows of name-value pairs, in that order.
using Row = std::vector<std::pair<std::string, std::string>>;
[[nodiscard]] std::string rows_json(const std::vector<Row>& rows);
[[nodiscard]] std::string object_json(const Row& row);
/// What `object_json` wrote.
[[nodiscard]] Result<Row> parse_object(std::string_view text);

/// Numbers by profile and figure.
using Figures = std::map<std::string, std::map<std::string, double>>;
[[nodiscard]] std::string bench_json(const Figures& profiles);

}  // namespace odradek::cli
