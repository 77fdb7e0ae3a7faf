// The museum at work: every planted flaw is found, by its script and by search that knows nothing of it, and
// nothing is found without it.
//
// An exhibit is run in three ways: its script, which must end as it says; the same script and seed without
// the flaw, which must hold; and the generic chaos scenarios with the flaw planted, seed by seed, until one
// ends as the exhibit says, which then must hold without the flaw on the same seed.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bindings/cli/outcome.h"

namespace odradek::cli {

/// Tuned to no exhibit; the search takes them in turn, seed by seed.
inline constexpr std::array<std::string_view, 2> kGenericChaos = {"replication-chaos",
                                                                  "storage-basics-chaos"};
/// The same, for what goes wrong between controllers: exhibits whose script has several.
inline constexpr std::array<std::string_view, 1> kQuorumChaos = {"quorum-chaos"};

struct Exhibition {
  std::string exhibit;    ///< "R01"
  bool directed = false;  ///< the script ends as it says
  bool found = false;     ///< by the search
  std::string invariant;  ///< that broke first in what the search found, or the setting that permitted
  std::uint64_t seeds_tried = 0;  ///< runs of the search, the finding one included
  Duration cpu;                   ///< of these
  std::optional<std::uint64_t> seed;
  std::string scenario;  ///< where that seed is
  bool clean_with_flaw_off = false;
  std::string repro;                  ///< one line to paste; empty when nothing was found
  std::vector<std::string> problems;  ///< what is not as it must be

  friend bool operator==(const Exhibition&, const Exhibition&) = default;
};

struct MuseumOptions {
  int workers = 1;
  Duration budget = seconds(60);  ///< CPU time of the search of one exhibit
  std::uint64_t first_seed = 1;   ///< where the search begins
};

/// Whether a run ended as an exhibit says: in a violation, or in a loss by all settings that it names.
[[nodiscard]] bool ends_as_expected(const sim::Scenario& exhibit, const sim::RunResult& result);

/// All exhibits of the catalogue, by name.
[[nodiscard]] std::vector<std::string> exhibit_names();

/// REQUIRES: one of exhibit_names().
[[nodiscard]] Result<Exhibition> exhibit(const std::string& name, const MuseumOptions& options);

}  // namespace odradek::cli
