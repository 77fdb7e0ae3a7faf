// Kafka's error codes, in one list: name, code, what a client does about it, and whether it is definite.
//
// *retriable*: the same request may succeed later. *refresh*: the client's metadata may be stale.
// *definite*: the request certainly had no effect. Whatever can be answered after an append is not definite;
// NOT_LEADER_OR_FOLLOWER and UNKNOWN_TOPIC_OR_PARTITION can, from purgatory, and NOT_CONTROLLER, by a
// controller that resigned before its records were committed, and a client cannot tell. Source:
// org.apache.kafka.common.protocol.Errors.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace odradek::api {

// X(constant, Kafka's name, code, retriable, refresh, definite)
#define ODRADEK_ERROR_CODES(X)                                                                 \
  X(kNone, "NONE", 0, false, false, false)                                                     \
  X(kUnknownServerError, "UNKNOWN_SERVER_ERROR", -1, false, false, false)                      \
  X(kOffsetOutOfRange, "OFFSET_OUT_OF_RANGE", 1, false, false, true)                           \
  X(kCorruptMessage, "CORRUPT_MESSAGE", 2, true, false, true)                                  \
  X(kUnknownTopicOrPartition, "UNKNOWN_TOPIC_OR_PARTITION", 3, true, true, false)              \
  X(kLeaderNotAvailable, "LEADER_NOT_AVAILABLE", 5, true, true, true)                          \
  X(kNotLeaderOrFollower, "NOT_LEADER_OR_FOLLOWER", 6, true, true, false)                      \
  X(kRequestTimedOut, "REQUEST_TIMED_OUT", 7, true, false, false)                              \
  X(kBrokerNotAvailable, "BROKER_NOT_AVAILABLE", 8, false, false, true)                        \
  X(kMessageTooLarge, "MESSAGE_TOO_LARGE", 10, false, false, true)                             \
  X(kNetworkException, "NETWORK_EXCEPTION", 13, true, true, false)                             \
  X(kInvalidTopicException, "INVALID_TOPIC_EXCEPTION", 17, false, false, true)                 \
  X(kNotEnoughReplicas, "NOT_ENOUGH_REPLICAS", 19, true, false, true)                          \
  X(kNotEnoughReplicasAfterAppend, "NOT_ENOUGH_REPLICAS_AFTER_APPEND", 20, true, false, false) \
  X(kInvalidRequiredAcks, "INVALID_REQUIRED_ACKS", 21, false, false, true)                     \
  X(kInvalidTimestamp, "INVALID_TIMESTAMP", 32, false, false, true)                            \
  X(kUnsupportedVersion, "UNSUPPORTED_VERSION", 35, false, false, true)                        \
  X(kTopicAlreadyExists, "TOPIC_ALREADY_EXISTS", 36, false, false, true)                       \
  X(kInvalidPartitions, "INVALID_PARTITIONS", 37, false, false, true)                          \
  X(kInvalidReplicationFactor, "INVALID_REPLICATION_FACTOR", 38, false, false, true)           \
  X(kInvalidReplicaAssignment, "INVALID_REPLICA_ASSIGNMENT", 39, false, false, true)           \
  X(kInvalidConfig, "INVALID_CONFIG", 40, false, false, true)                                  \
  X(kNotController, "NOT_CONTROLLER", 41, true, true, false)                                   \
  X(kInvalidRequest, "INVALID_REQUEST", 42, false, false, true)                                \
  X(kOperationNotAttempted, "OPERATION_NOT_ATTEMPTED", 55, false, false, true)                 \
  X(kKafkaStorageError, "KAFKA_STORAGE_ERROR", 56, true, true, false)                          \
  X(kFetchSessionIdNotFound, "FETCH_SESSION_ID_NOT_FOUND", 70, true, false, true)              \
  X(kInvalidFetchSessionEpoch, "INVALID_FETCH_SESSION_EPOCH", 71, true, false, true)           \
  X(kFencedLeaderEpoch, "FENCED_LEADER_EPOCH", 74, true, true, true)                           \
  X(kUnknownLeaderEpoch, "UNKNOWN_LEADER_EPOCH", 75, true, false, true)                        \
  X(kStaleBrokerEpoch, "STALE_BROKER_EPOCH", 77, false, false, true)                           \
  X(kOffsetNotAvailable, "OFFSET_NOT_AVAILABLE", 78, true, false, true)                        \
  X(kPreferredLeaderNotAvailable, "PREFERRED_LEADER_NOT_AVAILABLE", 80, true, true, true)      \
  X(kEligibleLeadersNotAvailable, "ELIGIBLE_LEADERS_NOT_AVAILABLE", 83, true, true, true)      \
  X(kElectionNotNeeded, "ELECTION_NOT_NEEDED", 84, true, true, true)                           \
  X(kNoReassignmentInProgress, "NO_REASSIGNMENT_IN_PROGRESS", 85, false, false, true)          \
  X(kInvalidRecord, "INVALID_RECORD", 87, false, false, true)                                  \
  X(kInvalidUpdateVersion, "INVALID_UPDATE_VERSION", 95, false, false, true)                   \
  X(kSnapshotNotFound, "SNAPSHOT_NOT_FOUND", 98, false, false, true)                           \
  X(kPositionOutOfRange, "POSITION_OUT_OF_RANGE", 99, false, false, true)                      \
  X(kUnknownTopicId, "UNKNOWN_TOPIC_ID", 100, true, true, true)                                \
  X(kDuplicateBrokerRegistration, "DUPLICATE_BROKER_REGISTRATION", 101, false, false, true)    \
  X(kBrokerIdNotRegistered, "BROKER_ID_NOT_REGISTERED", 102, false, false, true)               \
  X(kInconsistentTopicId, "INCONSISTENT_TOPIC_ID", 103, true, true, true)                      \
  X(kInconsistentClusterId, "INCONSISTENT_CLUSTER_ID", 104, false, false, true)                \
  X(kIneligibleReplica, "INELIGIBLE_REPLICA", 107, false, false, true)                         \
  X(kNewLeaderElected, "NEW_LEADER_ELECTED", 108, false, false, true)                          \
  X(kInvalidRegistration, "INVALID_REGISTRATION", 119, false, false, true)                     \
  X(kInvalidVoterKey, "INVALID_VOTER_KEY", 125, false, false, true)                            \
  X(kDuplicateVoter, "DUPLICATE_VOTER", 126, false, false, true)                               \
  X(kVoterNotFound, "VOTER_NOT_FOUND", 127, false, false, true)

enum class ErrorCode : std::int16_t {
#define X(constant, name, code, retriable, refresh, definite) constant = code,
  ODRADEK_ERROR_CODES(X)
#undef X
};

struct ErrorInfo {
  ErrorCode code;
  std::string_view name;
  bool retriable;
  bool refresh;
  bool definite;
};

inline constexpr std::array kErrorCodes = {
#define X(constant, name, code, retriable, refresh, definite) \
  ErrorInfo{ErrorCode::constant, name, retriable, refresh, definite},
    ODRADEK_ERROR_CODES(X)
#undef X
};

[[nodiscard]] constexpr const ErrorInfo& info_of(ErrorCode code) {
  for (const ErrorInfo& info : kErrorCodes) {
    if (info.code == code) return info;
  }
  return kErrorCodes[1];
}

[[nodiscard]] constexpr std::string_view name_of(ErrorCode code) { return info_of(code).name; }

}  // namespace odradek::api
