#include "engine/replica/deleted_logs.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "engine/base/result.h"
#include "engine/replica/partition_metadata_file.h"

namespace odradek::replica {
namespace {

constexpr std::string_view kDeleteSuffix = "-delete";

io::DiskResult<void> move_files(const std::string& from, const std::string& to, io::Disk& disk) {
  const std::string first = partition_metadata_path(from);
  if (disk.size(first)) TRY_DO(disk.rename(first, partition_metadata_path(to)));
  for (const std::string& path : disk.list(from)) TRY_DO(disk.rename(path, to + path.substr(from.size())));
  return {};
}

}  // namespace

std::string DeletedLogs::next_name(const std::string& directory) {
  return fmt::format("{}.{:016x}{:016x}{}", directory, incarnation_.high, incarnation_.low + renamed_++,
                     kDeleteSuffix);
}

void DeletedLogs::add(const std::string& directory, Duration delay, const Context& ctx) {
  const std::string renamed = next_name(directory);
  if (!move_files(directory, renamed, ctx.disk)) return;
  (void)ctx.out.fsync(directory);  // nobody waits: what a power loss brings back is deleted again
  waiting_.push_back({.due = ctx.now.monotonic + delay, .directory = renamed});
  set_alarm(ctx);
}

void DeletedLogs::take_over(const std::string& directory, Duration delay, const Context& ctx) {
  if (!directory.ends_with(kDeleteSuffix)) return add(directory, delay, ctx);
  waiting_.push_back({.due = ctx.now.monotonic + delay, .directory = directory});
  set_alarm(ctx);
}

void DeletedLogs::on_timer(const Context& ctx) {
  if (waiting_.empty()) return;
  const auto first = std::ranges::min_element(waiting_);  // total order: no two of one name
  if (first->due <= ctx.now.monotonic) {
    for (const std::string& path : ctx.disk.list(first->directory)) {
      if (!ctx.disk.remove(path)) return;  // the process ends
    }
    waiting_.erase(first);
  }
  set_alarm(ctx);
}

void DeletedLogs::set_alarm(const Context& ctx) const {
  if (waiting_.empty()) return;
  const Duration left = std::ranges::min_element(waiting_)->due - ctx.now.monotonic;
  ctx.out.set_timer({.kind = io::TimerKind::kLogDeletion, .entity = 0}, std::max(left, Duration()));
}

}  // namespace odradek::replica
