// Long-lived worker processes that answer jobs. A worker that dies is the answer to its job, and is replaced.
//
// A worker does one job at a time, so what it did when it died is known. The next one waits at its door
// already, so that no worker waits for the pool. Jobs and answers are texts; the work itself is a function
// that the workers inherit by fork.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/time.h"

namespace odradek::cli {

struct Answer {
  std::uint64_t job = 0;
  std::string text;
  std::optional<std::string>
      death;  ///< "signal 11 (Segmentation fault)", "no answer within 70 s": no text then
};

class WorkerPool {
 public:
  using Work = std::function<std::string(const std::string&)>;

  /// A worker that is silent for longer than `patience` is killed.
  WorkerPool(int workers, Work work, Duration patience);
  ~WorkerPool();  ///< kills what still runs
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  [[nodiscard]] bool has_room() const;
  [[nodiscard]] bool has_busy() const;
  /// REQUIRES: has_room().
  void submit(std::uint64_t job, const std::string& text);
  /// What arrived meanwhile; waits for at most as long when nothing has.
  [[nodiscard]] std::vector<Answer> collect(Duration at_most);

 private:
  struct Task {
    std::uint64_t job = 0;
    std::string text;
  };
  struct Worker {
    pid_t pid = -1;
    int socket = -1;
    std::deque<Task> tasks;  ///< the first is what it does
    Duration since;          ///< when it began with that
    std::string received;
  };

  void start(Worker& worker);
  void stop(Worker& worker);
  void hear(Worker& worker, std::vector<Answer>& answers);
  void bury(Worker& worker, std::optional<std::string> why, std::vector<Answer>& answers);

  Work work_;
  Duration patience_;
  std::vector<Worker> workers_;
};

}  // namespace odradek::cli
