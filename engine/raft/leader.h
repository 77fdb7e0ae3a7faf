// Leader: what a voter keeps while it leads an epoch: how far the log is durable and committed, and the
// fetches that wait for more.
//
// With one voter a record is committed once it is durable here. The end offset counts as of the last
// *finished* fsync, never before: a leader that counted what it had only written would lose committed records
// with its power. One flush is under way at a time; what is appended meanwhile is covered by the next.
//
// A parked fetch is answered when new records are flushed, with all that the log holds and the high
// watermark. As in Kafka before KIP-1166, a high watermark that moves without new records does not wake it:
// the fetcher learns of it with its next fetch, for which the NoOpRecord of an idle controller sees to
// (KIP-835).
//
// 1. The high watermark never decreases and lies beyond the epoch's start: a LeaderChange of this epoch is
// committed.
// 2. No fetch is parked that could be answered with flushed records.
//
// Source: org.apache.kafka.raft.LeaderState, KafkaRaftClient.tryCompleteFetchRequest.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/io/effects.h"
#include "engine/log/log.h"

namespace odradek::raft {

/// Where an answer goes.
struct Requester {
  ConnectionId connection;
  CorrelationId correlation;

  FIELDS(connection, correlation)
  friend bool operator==(const Requester&, const Requester&) = default;
};

class Leader {
 public:
  Leader(api::LeaderIdAndEpoch self, Offset epoch_start_offset)
      : self_(self), epoch_start_offset_(epoch_start_offset) {}

  [[nodiscard]] Offset epoch_start_offset() const { return epoch_start_offset_; }
  [[nodiscard]] std::optional<Offset> high_watermark() const { return high_watermark_; }

  /// Something was appended; a completed segment needs a flush of its own.
  void on_append(const log::AppendInfo& appended, const log::Log& log, io::Effects& out);
  /// The end of a flush moves the high watermark. REQUIRES: finished.ok.
  void on_fsync(const io::FsyncFinished& finished, const log::Log& log, io::Effects& out);

  /// Answers a fetch of this epoch, or parks it.
  void handle_fetch(const Requester& from, const api::FetchRequest& request, const log::Log& log,
                    const io::Disk& disk, io::Effects& out);
  /// Answers parked fetches that lack flushed records.
  void complete_fetches(const log::Log& log, const io::Disk& disk, io::Effects& out);
  /// max.wait.ms of a parked fetch is over.
  void on_fetch_timeout(std::uint64_t ordinal, const log::Log& log, const io::Disk& disk, io::Effects& out);
  void on_peer_gone(ConnectionId connection, io::Effects& out);

  struct Flush {
    std::set<FsyncTicket> awaited;
    Offset end_offset;  ///< durable when all of them are back

    FIELDS(awaited, end_offset)
    friend bool operator==(const Flush&, const Flush&) = default;
  };

  struct ParkedFetch {
    Requester from;
    api::FetchPartition wanted;

    FIELDS(from, wanted)
    friend bool operator==(const ParkedFetch&, const ParkedFetch&) = default;
  };

  FIELDS(self_, epoch_start_offset_, high_watermark_, flush_, rolled_, new_segment_, parked_, next_ordinal_)
  friend bool operator==(const Leader&, const Leader&) = default;

 private:
  void maybe_flush(const log::Log& log, io::Effects& out);
  [[nodiscard]] api::FetchPartitionData read(const api::FetchPartition& wanted, const log::Log& log,
                                             const io::Disk& disk) const;

  api::LeaderIdAndEpoch self_;
  Offset epoch_start_offset_;
  std::optional<Offset> high_watermark_;
  std::optional<Flush> flush_;
  std::vector<std::string> rolled_;  ///< completed segments that no flush covers yet
  bool new_segment_ = true;          ///< its name is not durable yet; so for the one found at the election
  std::map<std::uint64_t, ParkedFetch> parked_;
  std::uint64_t next_ordinal_ = 0;
};

/// The answer to a fetch of the metadata log.
[[nodiscard]] api::FetchResponse metadata_fetch_response(api::FetchPartitionData partition);

}  // namespace odradek::raft
