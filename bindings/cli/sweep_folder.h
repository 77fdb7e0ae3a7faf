// What a sweep stores while it runs, so that it can be killed at any moment and go on later:
//
//   sweep.json      what decides its result; written first, and held against the arguments of who goes on
//   results.jsonl   one outcome per line, in the order of the jobs
//   running.txt     the runs that workers have just now: what was running when the machine died
//   SCENARIO-SIGNATURE/   a capsule per signature, written at the end
//
// A line is whole or, as the last one, cut off when the sweep goes on. What stands in results.jsonl is not
// run again.
#pragma once

#include <functional>
#include <string>

#include "bindings/cli/files.h"
#include "bindings/cli/json.h"
#include "bindings/cli/ordered_runs.h"

namespace odradek::cli {

/// What decides a sweep's result, by name: another build, scenario, seed or limit is another sweep.
[[nodiscard]] Row sweep_manifest(const SweepCommand& command,
                                 const std::vector<scenarios::ScenarioFile>& files);

class SweepFolder {
 public:
  /// Begins a sweep in a new or empty folder, or with `resume` goes on with one of the same manifest.
  [[nodiscard]] static std::expected<SweepFolder, FileError> open(const std::string& folder,
                                                                  const Row& manifest, bool resume);

  /// Hands `take` what earlier processes stored, line by line; it refuses what does not belong there.
  [[nodiscard]] Stored read(const std::function<Result<void>(const Outcome&)>& take);
  [[nodiscard]] Stored add(const Outcome& outcome);
  /// What is about to run, besides what runs already; empty at the end.
  [[nodiscard]] Stored note_running(const std::vector<std::string>& runs);
  /// What ran when an earlier process was killed; empty when none was.
  [[nodiscard]] const std::string& was_running() const { return was_running_; }

 private:
  SweepFolder(std::filesystem::path root, GrowingFile results, GrowingFile running, std::string was_running)
      : root_(std::move(root)),
        results_(std::move(results)),
        running_(std::move(running)),
        was_running_(std::move(was_running)) {}

  std::filesystem::path root_;
  GrowingFile results_;
  GrowingFile running_;
  std::string was_running_;
  Duration synced_;  ///< when both files were
};

}  // namespace odradek::cli
