// Who is in the metadata quorum: AddRaftVoter (key 80), RemoveRaftVoter (81) and UpdateRaftVoter (82),
// KIP-853.
//
// A node's id is its address here, so that there are no listeners. Source: AddRaftVoterRequest.json and its
// kin.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "engine/api/raft_requests.h"

namespace odradek::api {

struct AddRaftVoterRequest {
  static constexpr ApiKey kApiKey = ApiKey::kAddRaftVoter;

  Uuid cluster_id;
  std::int32_t timeout_ms = 30'000;
  ReplicaKey voter;

  FIELDS(cluster_id, timeout_ms, voter)
  friend bool operator==(const AddRaftVoterRequest&, const AddRaftVoterRequest&) = default;
};

struct AddRaftVoterResponse {
  static constexpr ApiKey kApiKey = ApiKey::kAddRaftVoter;

  ErrorCode error_code = ErrorCode::kNone;
  std::string error_message;

  FIELDS(error_code, error_message)
  friend bool operator==(const AddRaftVoterResponse&, const AddRaftVoterResponse&) = default;
};

struct RemoveRaftVoterRequest {
  static constexpr ApiKey kApiKey = ApiKey::kRemoveRaftVoter;

  Uuid cluster_id;
  ReplicaKey voter;

  FIELDS(cluster_id, voter)
  friend bool operator==(const RemoveRaftVoterRequest&, const RemoveRaftVoterRequest&) = default;
};

struct RemoveRaftVoterResponse {
  static constexpr ApiKey kApiKey = ApiKey::kRemoveRaftVoter;

  ErrorCode error_code = ErrorCode::kNone;
  std::string error_message;

  FIELDS(error_code, error_message)
  friend bool operator==(const RemoveRaftVoterResponse&, const RemoveRaftVoterResponse&) = default;
};

/// Which levels of kraft.version a replica can speak.
struct KRaftVersionRange {
  std::int16_t min = 0;
  std::int16_t max = 1;

  FIELDS(min, max)
  friend auto operator<=>(const KRaftVersionRange&, const KRaftVersionRange&) = default;
};

struct UpdateRaftVoterRequest {
  static constexpr ApiKey kApiKey = ApiKey::kUpdateRaftVoter;

  Uuid cluster_id;
  LeaderEpoch current_leader_epoch;
  ReplicaKey voter;
  KRaftVersionRange kraft_version_feature;

  FIELDS(cluster_id, current_leader_epoch, voter, kraft_version_feature)
  friend bool operator==(const UpdateRaftVoterRequest&, const UpdateRaftVoterRequest&) = default;
};

struct UpdateRaftVoterResponse {
  static constexpr ApiKey kApiKey = ApiKey::kUpdateRaftVoter;

  ErrorCode error_code = ErrorCode::kNone;
  std::optional<LeaderIdAndEpoch> current_leader;

  FIELDS(error_code, current_leader)
  friend bool operator==(const UpdateRaftVoterResponse&, const UpdateRaftVoterResponse&) = default;
};

}  // namespace odradek::api
