// A failure on disk: a folder that is whole or not there.
//
//   repro.toml     the scenario with its overrides, and a [repro] table: seed, fingerprint, build
//   result.json    what `odradek run --format json` prints of it
//   capsule.json   the version of this layout, the digests of these two, and the run's trail
//   explain.md     the story of the failure, which another build may tell better
//
// `odradek replay FOLDER` runs it again. Files that `capsule.json` does not name may lie beside.
#pragma once

#include <string>
#include <string_view>

#include "bindings/cli/files.h"
#include "bindings/cli/outcome.h"
#include "bindings/cli/trail.h"

namespace odradek::cli {

/// Another layout, or another meaning of a file, is another version.
inline constexpr std::uint64_t kCapsuleVersion = 1;

/// REQUIRES: the file holds the overrides already.
[[nodiscard]] Stored write_capsule(const std::string& folder, const scenarios::ScenarioFile& file,
                                   const Outcome& outcome, const Trail& trail);

struct Capsule {
  scenarios::ScenarioFile file;
  Outcome outcome;
  Trail trail;  ///< empty when the run had killed its process
};

[[nodiscard]] bool is_capsule(const std::string& argument);
/// Refuses a folder that is not whole, was edited, or is of another version.
[[nodiscard]] Result<Capsule> load_capsule(const std::string& folder);

/// The file to load for an argument that may name a capsule's folder.
[[nodiscard]] std::string capsule_file(const std::string& argument);

}  // namespace odradek::cli
