// Runs on workers, handed out in the order in which they were started: what is made of them depends neither
// on the number of workers nor on who was faster.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "bindings/cli/outcome.h"
#include "bindings/cli/workers.h"

namespace odradek::cli {

/// One scenario, by its place in a list, under one seed.
struct Job {
  std::size_t scenario = 0;
  std::uint64_t seed = 0;
};

struct FinishedRun {
  Job job;
  Outcome outcome;
};

struct RunLimits {
  int workers = 1;
  Duration wall = seconds(60);  ///< of one run, which is inconclusive beyond it
};

class OrderedRuns {
 public:
  /// `files` outlives it. Workers are forked here, with all that the process holds.
  OrderedRuns(const std::vector<scenarios::ScenarioFile>& files, const RunLimits& limits);

  /// False when all workers have enough to do, or too much waits for one that is slow.
  [[nodiscard]] bool has_room() const;
  /// REQUIRES: has_room().
  void start(const Job& job);
  /// Whether something is to come.
  [[nodiscard]] bool has_running() const { return next_ < started_; }
  /// What came, as far as nothing earlier is missing. Waits for at most as long when nothing does.
  [[nodiscard]] std::vector<FinishedRun> collect(Duration at_most);
  /// Started and not come back, the oldest first.
  [[nodiscard]] std::vector<Job> running() const;

 private:
  const std::vector<scenarios::ScenarioFile>& files_;
  WorkerPool pool_;
  std::uint64_t started_ = 0;
  std::uint64_t next_ = 0;                   ///< to be handed out
  std::map<std::uint64_t, Job> jobs_;        ///< started and not handed out
  std::map<std::uint64_t, Answer> answers_;  ///< of these
};

}  // namespace odradek::cli
