// A failure on disk: a folder with repro.toml, which is the scenario with its overrides and a [repro] table,
// result.json and explain.md. `odradek replay FOLDER` runs it again.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "bindings/cli/outcome.h"

namespace odradek::cli {

/// The text and nothing else; an error says that it could not be written.
[[nodiscard]] Result<void> write_file(const std::filesystem::path& path, std::string_view text);

/// REQUIRES: the file holds the overrides already.
[[nodiscard]] Result<void> write_capsule(const std::string& folder, const scenarios::ScenarioFile& file,
                                         const Outcome& outcome);

/// The file to load for an argument that may name a capsule's folder.
[[nodiscard]] std::string capsule_file(const std::string& argument);

}  // namespace odradek::cli
