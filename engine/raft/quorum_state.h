// QuorumStateFile: what a member of the quorum must never forget: its epoch, whom it voted for, who leads.
//
// It is written before any message that reveals it may leave. Writing takes two fsyncs: of a temporary file,
// so that the new name never stands for half a text, then, after the rename, of the new name. Each is asked
// for by an effect and answered by an input; `is_durable` tells when both are done.
//
// Source: org.apache.kafka.raft.FileQuorumStateStore, ElectionState; KIP-595.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/base/ids.h"
#include "engine/base/result.h"
#include "engine/io/disk.h"
#include "engine/io/effects.h"

namespace odradek::raft {

struct ElectionState {
  LeaderEpoch epoch;
  std::optional<NodeId> leader_id;
  std::optional<NodeId> voted_id;

  FIELDS(epoch, leader_id, voted_id)
  friend bool operator==(const ElectionState&, const ElectionState&) = default;
};

[[nodiscard]] std::string format_election_state(const ElectionState& state);
[[nodiscard]] Result<ElectionState> parse_election_state(std::string_view text);

class QuorumStateFile {
 public:
  QuorumStateFile() = default;
  explicit QuorumStateFile(std::string_view directory);

  /// What was saved, or nothing when nothing ever was.
  [[nodiscard]] Result<std::optional<ElectionState>> load(const io::Disk& disk) const;
  /// Begins to write; a write that is under way is superseded.
  [[nodiscard]] io::DiskResult<void> save(const ElectionState& state, io::Disk& disk, io::Effects& out);
  /// REQUIRES: finished.ok.
  [[nodiscard]] io::DiskResult<void> on_fsync(const io::FsyncFinished& finished, io::Disk& disk,
                                              io::Effects& out);

  [[nodiscard]] bool awaits(FsyncTicket ticket) const { return ticket_ == ticket; }
  /// The last state saved survives a power loss.
  [[nodiscard]] bool is_durable() const { return stage_ == Stage::kDurable; }

  enum class Stage : std::uint8_t { kNothing, kTemporary, kRenamed, kDurable };

  FIELDS(path_, stage_, ticket_)
  friend bool operator==(const QuorumStateFile&, const QuorumStateFile&) = default;

 private:
  [[nodiscard]] std::string temporary_path() const { return path_ + ".tmp"; }

  std::string path_;
  Stage stage_ = Stage::kNothing;
  std::optional<FsyncTicket> ticket_;
};

}  // namespace odradek::raft
