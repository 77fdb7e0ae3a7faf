// The quorum-state file: what a member of the quorum must never forget: its epoch, whom it voted for, who
// leads.
//
// It is written before any message that reveals it may leave, and durably (see DurableFile).
//
// Source: org.apache.kafka.raft.FileQuorumStateStore, ElectionState; QuorumStateData.json version 1
// (KIP-853).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/api/raft_requests.h"
#include "engine/base/ids.h"
#include "engine/base/result.h"
#include "engine/io/disk.h"
#include "engine/log/durable_file.h"

namespace odradek::raft {

struct ElectionState {
  LeaderEpoch epoch;
  std::optional<NodeId> leader_id;
  std::optional<api::ReplicaKey> voted_key;

  FIELDS(epoch, leader_id, voted_key)
  friend bool operator==(const ElectionState&, const ElectionState&) = default;
};

[[nodiscard]] std::string format_election_state(const ElectionState& state);
[[nodiscard]] Result<ElectionState> parse_election_state(std::string_view text);

/// What was saved, or nothing when nothing ever was.
[[nodiscard]] Result<std::optional<ElectionState>> load_election_state(const log::DurableFile& file,
                                                                       const io::Disk& disk);

}  // namespace odradek::raft
