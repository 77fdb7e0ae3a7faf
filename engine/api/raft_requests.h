// The requests by which the members of a metadata quorum elect a leader: Vote (key 52), BeginQuorumEpoch (53)
// and EndQuorumEpoch (54), as of KIP-853 (directory ids) and KIP-996 (pre-vote).
//
// Kafka's schemas have arrays of topics and partitions around them, in which there is exactly one element,
// `__cluster_metadata-0`; here it stands in their place. An error of the request as a whole and one of the
// partition share `error_code`; whether an answer tells an epoch at all shows `current_leader`.
//
// Source: VoteRequest.json, BeginQuorumEpochRequest.json, EndQuorumEpochRequest.json.
#pragma once

#include <optional>
#include <vector>

#include "engine/api/api_key.h"
#include "engine/api/error_code.h"
#include "engine/api/fetch.h"
#include "engine/base/ids.h"

namespace odradek::api {

/// A replica of the metadata log: its node and the directory that it keeps it in. A node whose disk was
/// replaced comes back as another replica (KIP-853). The directory is unknown at kraft.version 0.
struct ReplicaKey {
  NodeId id;
  std::optional<Uuid> directory_id;

  FIELDS(id, directory_id)
  friend auto operator<=>(const ReplicaKey&, const ReplicaKey&) = default;
};

struct VoteRequest {
  static constexpr ApiKey kApiKey = ApiKey::kVote;

  Uuid cluster_id;
  ReplicaKey voter;            ///< whom it is meant for
  LeaderEpoch replica_epoch;   ///< the epoch to lead; in a pre-vote the epoch that the sender is in
  ReplicaKey replica;          ///< who wants to lead
  OffsetAndEpoch last_offset;  ///< end of the sender's log, and the epoch of its last record
  bool pre_vote = false;       ///< since v2: would you vote for me? Changes nothing (KIP-996)

  FIELDS(cluster_id, voter, replica_epoch, replica, last_offset, pre_vote)
  friend bool operator==(const VoteRequest&, const VoteRequest&) = default;
};

struct VoteResponse {
  static constexpr ApiKey kApiKey = ApiKey::kVote;

  ErrorCode error_code = ErrorCode::kNone;
  std::optional<LeaderIdAndEpoch> current_leader;
  bool vote_granted = false;

  FIELDS(error_code, current_leader, vote_granted)
  friend bool operator==(const VoteResponse&, const VoteResponse&) = default;
};

/// The sender leads.
struct BeginQuorumEpochRequest {
  static constexpr ApiKey kApiKey = ApiKey::kBeginQuorumEpoch;

  Uuid cluster_id;
  ReplicaKey voter;
  NodeId leader_id;
  LeaderEpoch leader_epoch;

  FIELDS(cluster_id, voter, leader_id, leader_epoch)
  friend bool operator==(const BeginQuorumEpochRequest&, const BeginQuorumEpochRequest&) = default;
};

struct BeginQuorumEpochResponse {
  static constexpr ApiKey kApiKey = ApiKey::kBeginQuorumEpoch;

  ErrorCode error_code = ErrorCode::kNone;
  std::optional<LeaderIdAndEpoch> current_leader;

  FIELDS(error_code, current_leader)
  friend bool operator==(const BeginQuorumEpochResponse&, const BeginQuorumEpochResponse&) = default;
};

/// The sender leads no longer.
struct EndQuorumEpochRequest {
  static constexpr ApiKey kApiKey = ApiKey::kEndQuorumEpoch;

  Uuid cluster_id;
  NodeId leader_id;
  LeaderEpoch leader_epoch;
  std::vector<ReplicaKey> preferred_candidates;  ///< who has most of the log first

  FIELDS(cluster_id, leader_id, leader_epoch, preferred_candidates)
  friend bool operator==(const EndQuorumEpochRequest&, const EndQuorumEpochRequest&) = default;
};

struct EndQuorumEpochResponse {
  static constexpr ApiKey kApiKey = ApiKey::kEndQuorumEpoch;

  ErrorCode error_code = ErrorCode::kNone;
  std::optional<LeaderIdAndEpoch> current_leader;

  FIELDS(error_code, current_leader)
  friend bool operator==(const EndQuorumEpochResponse&, const EndQuorumEpochResponse&) = default;
};

}  // namespace odradek::api
