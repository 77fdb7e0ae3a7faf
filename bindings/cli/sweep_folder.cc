#include "bindings/cli/sweep_folder.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>

#include "bindings/cli/arguments.h"
#include "bindings/cli/process.h"

namespace odradek::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kManifest = "sweep.json";
constexpr std::string_view kResults = "results.jsonl";
constexpr std::string_view kRunning = "running.txt";
/// A power loss takes at most this much, and names the runs of that time.
constexpr Duration kSyncEvery = seconds(1);

std::unexpected<FileError> refuse(std::string message) {
  return std::unexpected(FileError{.message = std::move(message)});
}

std::string text_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// The lines of running.txt, without the blanks behind them.
std::string runs_in(const std::string& text) {
  std::istringstream in(text);
  std::string runs;
  for (std::string line; std::getline(in, line);) {
    if (!line.empty() && line.front() != ' ') runs += (runs.empty() ? "" : ", ") + line;
  }
  return runs;
}

/// Whether no sweep has got further here than to its first file.
bool is_fresh(const fs::path& root) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(root, error)) {
    const std::string name = entry.path().filename().string();
    if (name != kRunning && name != fmt::format(".{}.partial", kManifest)) return false;
  }
  return true;
}

/// Names what makes this another sweep than the stored one.
Stored compare(const fs::path& path, const Row& manifest) {
  const auto stored = parse_object(text_of(path));
  if (!stored) return refuse(fmt::format("{}: {}", path.string(), stored.error().message));
  const auto value = [](const Row& row, const std::string& name) -> std::string {
    const auto at = std::ranges::find(row, name, &Row::value_type::first);
    return at == row.end() ? "none" : at->second;
  };
  std::set<std::string> names;
  for (const Row& row : {manifest, *stored}) {
    for (const auto& [name, text] : row) names.insert(name);
  }
  std::string differences;
  for (const std::string& name : names) {
    const std::string here = value(manifest, name);
    const std::string there = value(*stored, name);
    if (here != there) differences += fmt::format("\n  {}: {} here, {} there", name, here, there);
  }
  if (differences.empty()) return {};
  return refuse(fmt::format("--resume: {} is of another sweep, expected the same arguments and build{}",
                            path.string(), differences));
}

Stored prepare(const fs::path& root, const Row& manifest, bool resume) {
  std::error_code error;
  if (resume && fs::exists(root / kManifest, error)) return compare(root / kManifest, manifest);
  if (!fs::exists(root, error) || fs::is_empty(root, error) || (resume && is_fresh(root))) return {};
  if (!resume && fs::exists(root / kManifest, error)) {
    return refuse(
        fmt::format("--out {}: not empty, expected a new folder, or --resume to go on with the "
                    "sweep that it holds",
                    root.string()));
  }
  return refuse(fmt::format("--out {}: not empty, expected a new folder", root.string()));
}

}  // namespace

Row sweep_manifest(const SweepCommand& command, const std::vector<scenarios::ScenarioFile>& files) {
  Row row = {{"version", "1"}, {"build", build_id()}};
  std::string names;
  for (std::size_t i = 0; i < files.size(); ++i) {
    names += (i == 0 ? "" : " ") + shell_quote(command.scenarios[i]);
    row.emplace_back("hash of " + command.scenarios[i], print_fingerprint(files[i].hash()));
  }
  std::string overrides;
  for (const std::string& override : command.overrides) {
    overrides += (overrides.empty() ? "-p " : " -p ") + shell_quote(override);
  }
  const auto number = [](const auto& n) { return n ? std::to_string(*n) : std::string("none"); };
  row.emplace_back("scenarios", names);
  row.emplace_back("overrides", overrides.empty() ? "none" : overrides);
  row.emplace_back("--seeds", command.seeds ? fmt::format("{}..{}", command.seeds->first, command.seeds->last)
                                            : std::string("none"));
  row.emplace_back("--max-failures", number(command.max_failures));
  row.emplace_back("--wall-limit", fmt::format("{}ms", command.wall_limit.ms()));
  return row;
}

std::expected<SweepFolder, FileError> SweepFolder::open(const std::string& folder, const Row& manifest,
                                                        bool resume) {
  const fs::path root(folder);
  TRY_DO(prepare(root, manifest, resume));
  std::error_code error;
  fs::create_directories(root, error);
  if (error) return refuse(fmt::format("--out {}: {}", folder, error.message()));
  std::string was_running = runs_in(text_of(root / kRunning));  // closing a file gives up its lock
  TRY(running, GrowingFile::open(root / kRunning));
  if (!running.lock()) return refuse(fmt::format("--out {}: another sweep is writing there", folder));
  if (!fs::exists(root / kManifest, error)) TRY_DO(write_whole(root / kManifest, object_json(manifest)));
  TRY(results, GrowingFile::open(root / kResults));
  return SweepFolder(root, std::move(results), std::move(running), std::move(was_running));
}

Stored SweepFolder::read(const std::function<Result<void>(const Outcome&)>& take) {
  const fs::path path = root_ / kResults;
  std::ifstream in(path, std::ios::binary);
  std::string line;
  std::uint64_t whole = 0;
  // A last line without its end was torn.
  for (std::uint64_t number = 1; std::getline(in, line) && !in.eof(); ++number) {
    const auto outcome = parse_outcome(line);
    const Result<void> taken = outcome ? take(*outcome) : std::unexpected(outcome.error());
    if (!taken) return refuse(fmt::format("{}:{}: {}", path.string(), number, taken.error().message));
    whole += line.size() + 1;
  }
  TRY_DO(results_.cut(whole));
  return {};
}

Stored SweepFolder::add(const Outcome& outcome) { return results_.append(outcome_line(outcome) + "\n"); }

Stored SweepFolder::note_running(const std::vector<std::string>& runs) {
  TRY_DO(running_.overwrite(fmt::format("{}\n", fmt::join(runs, "\n"))));
  if (const Duration now = wall_time(); now - synced_ > kSyncEvery) {
    results_.sync();
    running_.sync();
    synced_ = now;
  }
  return {};
}

}  // namespace odradek::cli
