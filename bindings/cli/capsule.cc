#include "bindings/cli/capsule.h"

#include <fmt/format.h>

#include <fstream>

#include "bindings/cli/arguments.h"
#include "bindings/cli/explanation.h"
#include "bindings/cli/json.h"
#include "bindings/cli/process.h"

namespace odradek::cli {

Result<void> write_file(const std::filesystem::path& path, std::string_view text) {
  std::ofstream out(path, std::ios::binary);
  out << text;
  if (!out.flush()) return fail("{}: cannot be written", path.string());
  return {};
}

Result<void> write_capsule(const std::string& folder, const scenarios::ScenarioFile& file,
                           const Outcome& outcome) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return fail("{}: {}", folder, error.message());
  const sim::RunResult& result = outcome.result;
  const std::string repro = fmt::format("\n[repro]\nseed = \"{}\"\nfingerprint = \"{}\"\nbuild = \"{}\"\n",
                                        result.seed, print_fingerprint(result.fingerprint), build_id());
  const std::filesystem::path root(folder);
  TRY_DO(write_file(root / "repro.toml", file.canonical() + repro));
  const std::string replay = "odradek replay " + shell_quote(folder);
  TRY_DO(write_file(root / "explain.md", capsule_explanation(file, result, folder)));
  return write_file(root / "result.json", run_json(outcome, replay));
}

std::string capsule_file(const std::string& argument) {
  std::error_code error;
  const std::filesystem::path inside = std::filesystem::path(argument) / "repro.toml";
  return std::filesystem::exists(inside, error) ? inside.string() : argument;
}

}  // namespace odradek::cli
