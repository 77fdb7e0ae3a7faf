// DeletedLogs: logs that nobody serves any more, on their way off the disk.
//
// A log is deleted by giving its files another directory, "orders-0.<32 digits>-delete", so that a new log
// may take the name at once; the files are removed once file.delete.delay.ms has passed. partition.metadata
// goes first: wherever the process dies, the directory is a replica's or nobody's, never half of one. What
// was not finished is found at the next start (`take_over`).
//
// Source: kafka.log.LogManager.asyncDelete and deleteLogs, LocalLog.logDeleteDirName.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/replica/context.h"

namespace odradek::replica {

class DeletedLogs {
 public:
  DeletedLogs() = default;
  /// `incarnation` makes the names of this process unlike those of any other.
  explicit DeletedLogs(Uuid incarnation) : incarnation_(incarnation) {}

  /// Renames the directory; its files are removed after `delay`. If the disk fails, the process ends.
  void add(const std::string& directory, Duration delay, const Context& ctx);
  /// The same for a directory that is nobody's, which may have been renamed already.
  void take_over(const std::string& directory, Duration delay, const Context& ctx);
  /// Removes the files of one log whose time has come.
  void on_timer(const Context& ctx);

  [[nodiscard]] bool is_empty() const { return waiting_.empty(); }

  struct Waiting {
    MonotonicTime due;
    std::string directory;

    FIELDS(due, directory)
    friend auto operator<=>(const Waiting&, const Waiting&) = default;
  };

  FIELDS(incarnation_, renamed_, waiting_)
  friend bool operator==(const DeletedLogs&, const DeletedLogs&) = default;

 private:
  [[nodiscard]] std::string next_name(const std::string& directory);
  void set_alarm(const Context& ctx) const;

  Uuid incarnation_;
  std::uint64_t renamed_ = 0;
  std::vector<Waiting> waiting_;
};

}  // namespace odradek::replica
