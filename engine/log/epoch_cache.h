// EpochCache: where each leader epoch begins in a replica's log. It settles where two logs diverge.
//
// An epoch ends where the next one begins. An epoch may hold no records: a leader writes its epoch when it is
// elected, before its first record.
//
// 1. Epochs and start offsets both strictly increase.
//
// On disk it is `<directory>/leader-epoch-checkpoint`, one line "epoch startOffset" each. Truncations of the
// file need not be durable at once; after a power loss it may hold stale extra entries. Recovery therefore
// derives the cache from the batches and rewrites a file that disagrees. Nothing is lost by that: an epoch
// without records begins at the log's end, and Kafka forgets it on loading, too.
//
// Source: KIP-101, KIP-279, org.apache.kafka.storage.internals.epoch.LeaderEpochFileCache.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/api/fetch.h"
#include "engine/base/ids.h"
#include "engine/base/result.h"
#include "engine/io/disk.h"

namespace odradek::log {

struct EpochEntry {
  LeaderEpoch epoch;
  Offset start_offset;

  FIELDS(epoch, start_offset)
  friend bool operator==(const EpochEntry&, const EpochEntry&) = default;
};

class EpochCache {
 public:
  [[nodiscard]] const std::vector<EpochEntry>& entries() const { return entries_; }
  [[nodiscard]] std::optional<EpochEntry> latest() const;

  /// The epoch begins at `start_offset`; what contradicts that is forgotten. True when something changed.
  bool assign(LeaderEpoch epoch, Offset start_offset);

  /// The largest epoch at or below `epoch`, and where it ends; absent when `epoch` is above all that is
  /// known. Below all that is known the answer is `epoch` itself with the start of the first one.
  [[nodiscard]] std::optional<api::EpochEndOffset> end_offset_for(LeaderEpoch epoch, Offset log_end) const;

  /// Drops entries that begin at or after `end`. True when something changed.
  bool truncate_from_end(Offset end);
  /// Drops entries that end at or before `start`; the one that holds `start` begins there now.
  bool truncate_from_start(Offset start);

  [[nodiscard]] std::string to_text() const;
  [[nodiscard]] static Result<EpochCache> parse(std::string_view text);

  [[nodiscard]] static std::string path_in(std::string_view directory);
  [[nodiscard]] io::DiskResult<void> save(io::Disk& disk, std::string_view directory) const;
  /// What was saved; empty when there is no file, or one that makes no sense.
  [[nodiscard]] static EpochCache load(const io::Disk& disk, std::string_view directory);

  FIELDS(entries_)
  friend bool operator==(const EpochCache&, const EpochCache&) = default;

 private:
  std::vector<EpochEntry> entries_;
};

}  // namespace odradek::log
