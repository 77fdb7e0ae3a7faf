#include "scenarios/catalog.h"

#include <fmt/format.h>

#include <array>
#include <filesystem>

#include "scenarios/suggest.h"

namespace odradek::scenarios {
namespace {

struct BundledFile {
  std::string_view path;
  std::string_view text;
};

// The build writes one row {path, text} for each scenarios/**/*.toml.
constexpr BundledFile kBundled[] = {
#include "scenarios/bundled_files.inc"
};

CatalogEntry entry_of(const BundledFile& file) {
  const std::filesystem::path path(file.path);
  const std::string stem = path.stem().string();
  const std::string folder = path.parent_path().string();
  constexpr std::string_view kStories = "catalog/";
  if (folder.starts_with(kStories)) {
    return {.name = stem, .area = folder.substr(kStories.size()), .path = file.path, .text = file.text};
  }
  return {.name = folder + "/" + stem, .area = folder, .path = file.path, .text = file.text};
}

}  // namespace

std::vector<CatalogEntry> catalog() {
  std::vector<CatalogEntry> entries;
  for (const BundledFile& file : kBundled) entries.push_back(entry_of(file));
  return entries;
}

Result<ScenarioFile> find_scenario(const std::string& name_or_path) {
  std::vector<std::string> names;
  for (const CatalogEntry& entry : catalog()) {
    if (entry.name == name_or_path) {
      return ScenarioFile::parse(entry.text, entry.name, fmt::format("scenarios/{}", entry.path));
    }
    names.push_back(entry.name);
  }
  std::error_code error;
  const bool names_file = name_or_path.ends_with(".toml") || std::filesystem::exists(name_or_path, error);
  if (names_file) return ScenarioFile::load(name_or_path);
  return fail("no scenario \"{}\", expected a name of the catalogue (odradek list) or a .toml file{}",
              name_or_path, did_you_mean(name_or_path, names));
}

}  // namespace odradek::scenarios
