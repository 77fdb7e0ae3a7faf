// The program's commands as values, and what each does. program.cc makes them from arguments.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/time.h"
#include "scenarios/scenario_file.h"

namespace odradek::cli {

/// What the program ends with. Scripts rely on these.
enum class Exit : int {
  kHeld = 0,
  kViolated = 1,
  kInterrupted = 2,
  kInternal = 3,  ///< a bug of ours, or non-determinism
  kUsage = 4,     ///< bad arguments, or a bad scenario
  kNothingRan = 5,
  kInconclusive = 6,  ///< wall limit or budget
};

enum class Format : std::uint8_t { kText, kJson };

struct SeedRange {  ///< both ends included
  std::uint64_t first = 1;
  std::uint64_t last = 1;

  [[nodiscard]] std::uint64_t count() const { return last - first + 1; }
};

/// What of the cluster to describe, and when.
struct DescribeArgument {
  std::vector<std::string> parts;  ///< of `readout_parts`, none twice
  std::optional<Duration> at;      ///< since the cluster's readiness; absent: at the end of the run

  friend bool operator==(const DescribeArgument&, const DescribeArgument&) = default;
};
[[nodiscard]] const std::vector<std::string>& readout_parts();

struct RunCommand {
  std::string scenario;
  std::optional<std::uint64_t> seed;  ///< absent: that of its [repro], or 1
  scenarios::Overrides overrides;
  std::optional<std::string> trace_file;
  std::optional<DescribeArgument> describe;
  bool verbose = false;
  Format format = Format::kText;
};
[[nodiscard]] Exit run(const RunCommand& command);

struct ReplayCommand {
  std::string scenario;  ///< or a capsule's folder
  std::optional<std::uint64_t> seed;
  std::optional<std::string> expect;  ///< a fingerprint, or its beginning
  std::optional<Duration> until;
  scenarios::Overrides overrides;
  std::optional<std::string> trace_file;
  std::optional<DescribeArgument> describe;
  bool verbose = false;
  Format format = Format::kText;
};
[[nodiscard]] Exit replay(const ReplayCommand& command);

struct SweepCommand {
  std::vector<std::string> scenarios;
  std::optional<SeedRange> seeds;
  std::optional<Duration> time;
  int workers = 1;
  std::optional<std::uint64_t> max_failures;
  Duration wall_limit = seconds(60);  ///< of one run
  scenarios::Overrides overrides;
  std::optional<std::string> out_folder;
  bool resume = false;  ///< go on with the sweep in out_folder, or begin it
  std::optional<std::string> junit_file;
  Format format = Format::kText;
};
[[nodiscard]] Exit sweep(const SweepCommand& command);

enum class StoryFormat : std::uint8_t { kText, kMarkdown, kMermaid, kJson };

struct ExplainCommand {
  std::string scenario;  ///< or a capsule's folder
  std::optional<std::uint64_t> seed;
  scenarios::Overrides overrides;
  StoryFormat format = StoryFormat::kText;
  std::optional<std::string> out_file;  ///< absent: standard output
};
[[nodiscard]] Exit explain(const ExplainCommand& command);

/// One run, as an argument: SCENARIO[@SEED][,key=value…].
struct RunArgument {
  std::string scenario;
  std::uint64_t seed = 1;
  scenarios::Overrides overrides;

  friend bool operator==(const RunArgument&, const RunArgument&) = default;
};

struct DiffCommand {
  RunArgument left;
  RunArgument right;
  Format format = Format::kText;
};
/// kHeld: the runs are equal; kViolated: they are not.
[[nodiscard]] Exit diff(const DiffCommand& command);

struct DoctorCommand {
  std::vector<std::string> scenarios = {"replication-chaos"};
  SeedRange seeds{.first = 0, .last = 99};
  scenarios::Overrides overrides;
  Format format = Format::kText;
};
[[nodiscard]] Exit doctor(const DoctorCommand& command);

/// What a doctor's two processes are told to do; nobody else gives this command.
struct SideCommand {};
[[nodiscard]] Exit side(const SideCommand& command);

struct ShrinkCommand {
  std::string scenario;  ///< or a capsule's folder
  std::optional<std::uint64_t> seed;
  scenarios::Overrides overrides;
  Duration time = seconds(60);
  std::optional<std::string> out_file;  ///< absent: named after the scenario and the seed
  Format format = Format::kText;
};
[[nodiscard]] Exit shrink(const ShrinkCommand& command);

struct ListCommand {
  std::string kind = "scenarios";
  Format format = Format::kText;
};
[[nodiscard]] const std::vector<std::string>& list_kinds();
[[nodiscard]] Exit list(const ListCommand& command);

struct ScenarioCheckCommand {
  std::vector<std::string> scenarios;
  scenarios::Overrides overrides;
};
[[nodiscard]] Exit check_scenarios(const ScenarioCheckCommand& command);

struct ScenarioShowCommand {
  std::string scenario;
  std::optional<std::uint64_t> seed;
  scenarios::Overrides overrides;
};
[[nodiscard]] Exit show_scenario(const ScenarioShowCommand& command);

struct MuseumCommand {
  std::vector<std::string> exhibits;  ///< all when empty
  Duration budget = seconds(60);      ///< CPU time of the search of one exhibit
  std::uint64_t first_seed = 1;
  int workers = 1;
  Format format = Format::kText;
};
/// kViolated: an exhibit is not as it must be; kInconclusive: the search has not found one yet.
[[nodiscard]] Exit museum(const MuseumCommand& command);

struct BenchCommand {
  std::vector<std::string> profiles;
  std::uint64_t seeds = 20;  ///< of each chaos scenario
  bool once = false;         ///< a little of each profile, in this very process: for a profiler
  Format format = Format::kText;
};
[[nodiscard]] const std::vector<std::string>& bench_profiles();
[[nodiscard]] Exit bench(const BenchCommand& command);

struct VersionCommand {
  Format format = Format::kText;
};
[[nodiscard]] Exit version(const VersionCommand& command);

}  // namespace odradek::cli
