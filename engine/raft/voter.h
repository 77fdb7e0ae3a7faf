// Voter: a member of the metadata quorum. Start here.
//
// It owns the log `__cluster_metadata-0` and the file `quorum-state` beside it. After a start it never leads
// an epoch in which it may have led or voted before: it goes through Resigned or Unattached to Candidate of
// the next epoch, and leads once that is durable. Its epoch begins with a LeaderChange; once that is
// committed, records may be appended. Disk errors end the process, as in Kafka a fatal fault of the metadata
// log does.
//
// 1. The epoch never decreases, not even across a power loss; no message reveals one that is not durable.
// 2. Committed records are durable and never change.
//
// Source: org.apache.kafka.raft.KafkaRaftClient, QuorumState.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/io/effects.h"
#include "engine/log/log.h"
#include "engine/metadata/records.h"
#include "engine/raft/quorum_state.h"
#include "engine/raft/roles.h"

namespace odradek::raft {

inline constexpr std::string_view kMetadataDirectory = "__cluster_metadata-0";

class Voter {
 public:
  Voter() = default;
  Voter(NodeId self, std::vector<NodeId> voters);

  void on_boot(const Now& now, io::Disk& disk, io::Effects& out);
  void on_fsync(const Now& now, const io::FsyncFinished& finished, io::Disk& disk, io::Effects& out);
  /// Answers parked fetches that lack flushed records; after the state machine has taken what is committed.
  void complete_fetches(const io::Disk& disk, io::Effects& out);
  /// kMetadataParkedFetch.
  void on_timer(const io::Timer& timer, const io::Disk& disk, io::Effects& out);
  void on_peer_gone(ConnectionId connection, io::Effects& out);
  void handle_fetch(const Requester& from, const api::FetchRequest& request, const io::Disk& disk,
                    io::Effects& out);

  /// Leads, and a record of its epoch is committed: it may append.
  [[nodiscard]] bool is_active() const { return high_watermark().has_value(); }
  [[nodiscard]] LeaderEpoch epoch() const { return election_.epoch; }
  [[nodiscard]] const Role& role() const { return role_; }
  /// Unknown until this epoch is established.
  [[nodiscard]] std::optional<Offset> high_watermark() const;
  [[nodiscard]] const log::Log& log() const { return log_; }

  /// Appends one batch, to be committed as a whole; nothing when the disk failed and the process ends.
  /// REQUIRES: is_active(), records not empty.
  std::optional<metadata::RecordBatch> append(const Now& now, std::vector<metadata::MetadataRecord> records,
                                              io::Disk& disk, io::Effects& out);

  /// Batches that were committed since the last call, in order; control batches included, without records.
  [[nodiscard]] std::vector<metadata::RecordBatch> take_committed(const io::Disk& disk, io::Effects& out);

  FIELDS(self_, voters_, log_, file_, election_, role_, taken_)
  friend bool operator==(const Voter&, const Voter&) = default;

 private:
  void become(Role role);
  void become_candidate(io::Disk& disk, io::Effects& out);
  void become_leader(const Now& now, io::Disk& disk, io::Effects& out);
  [[nodiscard]] bool save_election(io::Disk& disk, io::Effects& out);
  [[nodiscard]] api::ErrorCode validate_fetch(const api::FetchRequest& request) const;

  NodeId self_;
  std::vector<NodeId> voters_;
  log::Log log_;
  log::DurableFile file_;  ///< quorum-state
  ElectionState election_;
  Role role_;
  Offset taken_;  ///< committed batches before it have been taken
};

/// Batches of the log in [from, to), decoded. Errors are of the disk, or of bytes that went bad on it.
[[nodiscard]] Result<std::vector<metadata::RecordBatch>> read_batches(const log::Log& log,
                                                                      const io::Disk& disk, Offset from,
                                                                      Offset to);

}  // namespace odradek::raft
