#include "bindings/cli/capsule.h"

#include <fmt/format.h>

#include <fstream>

#include "bindings/cli/arguments.h"
#include "bindings/cli/capsule_json.h"
#include "bindings/cli/explanation.h"
#include "bindings/cli/json.h"
#include "bindings/cli/process.h"

namespace odradek::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kRepro = "repro.toml";
constexpr std::string_view kResult = "result.json";
constexpr std::string_view kSeal = "capsule.json";
constexpr std::string_view kStory = "explain.md";

Result<std::string> read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(in), {}};
  if (in.is_open() && !in.bad()) return text;
  return fail("{}: cannot be read; a capsule has {}, {} and {}", path.string(), kRepro, kResult, kSeal);
}

std::string digest_text(std::string_view text) { return print_fingerprint(digest_of(text)); }

/// A run that killed its process has no fingerprint.
std::string fingerprint_of(const sim::RunResult& result) {
  return result.fingerprint == Digest{} ? "" : print_fingerprint(result.fingerprint);
}

Result<void> check_version(const fs::path& path, std::uint64_t version) {
  if (version == kCapsuleVersion) return {};
  return fail("{}: a capsule of version {}, expected version {}: replay it with the build that stored it",
              path.string(), version, kCapsuleVersion);
}

}  // namespace

Stored write_capsule(const std::string& folder, const scenarios::ScenarioFile& file, const Outcome& outcome,
                     const Trail& trail) {
  const sim::RunResult& result = outcome.result;
  const std::string repro = fmt::format("{}\n[repro]\nseed = \"{}\"\nfingerprint = \"{}\"\nbuild = \"{}\"\n",
                                        file.canonical(), result.seed, fingerprint_of(result), build_id());
  std::vector<NamedText> files = {
      {.name = std::string(kRepro), .text = repro},
      {.name = std::string(kResult), .text = run_json(outcome, "odradek replay " + shell_quote(folder))}};
  Seal seal{.version = kCapsuleVersion, .digests = {}, .trail = trail};
  for (const NamedText& named : files) seal.digests.emplace_back(named.name, digest_text(named.text));
  files.push_back({.name = std::string(kSeal), .text = seal_json(seal)});
  files.push_back({.name = std::string(kStory), .text = capsule_explanation(file, result, folder)});
  return write_folder(folder, files);
}

bool is_capsule(const std::string& argument) {
  std::error_code error;
  return fs::is_directory(argument, error);
}

Result<Capsule> load_capsule(const std::string& folder) {
  const fs::path root(folder);
  TRY(sealed, read_file(root / kSeal));
  const auto seal = parse_seal(sealed, kCapsuleVersion);
  if (!seal) return fail("{}: {}", (root / kSeal).string(), seal.error().message);
  TRY_DO(check_version(root / kSeal, seal->version));
  for (const auto& [name, digest] : seal->digests) {
    TRY(text, read_file(root / name));
    if (digest_text(text) == digest) continue;
    return fail(
        "{}: not what was stored: cut short or edited since; to run what it says now: odradek run {} --seed "
        "N",
        (root / name).string(), shell_quote((root / kRepro).string()));
  }
  TRY(file, scenarios::ScenarioFile::load((root / kRepro).string()));
  TRY(result, read_file(root / kResult));
  TRY(outcome, parse_outcome(result));
  if (!file.repro()) return fail("{}: no [repro] table, expected one", (root / kRepro).string());
  return Capsule{.file = std::move(file), .outcome = std::move(outcome), .trail = seal->trail};
}

std::string capsule_file(const std::string& argument) {
  return is_capsule(argument) ? (fs::path(argument) / kRepro).string() : argument;
}

}  // namespace odradek::cli
