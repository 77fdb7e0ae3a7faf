// The scenarios that come with the program, embedded at build time, and how a SCENARIO argument is
// understood.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/scenario_file.h"

namespace odradek::scenarios {

/// What `odradek run` shows when nothing is named.
inline constexpr std::string_view kDefaultScenario = "first-light";

struct CatalogEntry {
  std::string name;       ///< "steady-state", "museum/R01"
  std::string area;       ///< "basics", "chaos", "museum"
  std::string_view path;  ///< below scenarios/
  std::string_view text;
};

/// In the order of their paths.
[[nodiscard]] std::vector<CatalogEntry> catalog();

/// A name of the catalogue, or the path of a TOML file.
[[nodiscard]] Result<ScenarioFile> find_scenario(const std::string& name_or_path);

}  // namespace odradek::scenarios
