// Fetch (key 1): records from a leader, for followers, consumers and observers of the metadata log.
//
// Baseline version 17: sessions (KIP-227), topics by id (KIP-516), truncation on fetch through
// last_fetched_epoch and diverging_epoch (KIP-595), the fetching replica with its broker epoch (KIP-903).
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "engine/api/api_key.h"
#include "engine/api/error_code.h"
#include "engine/base/bytes.h"
#include "engine/base/ids.h"

namespace odradek::api {

enum class IsolationLevel : std::int8_t { kReadUncommitted = 0, kReadCommitted = 1 };

/// The topic id under which the metadata log is fetched (Uuid.METADATA_TOPIC_ID).
inline constexpr TopicId kMetadataTopicId{.high = 0, .low = 1};

struct ReplicaState {
  BrokerId replica_id;
  std::optional<BrokerEpoch> replica_epoch;  ///< absent until the broker is registered (-1 on the wire)

  FIELDS(replica_id, replica_epoch)
  friend bool operator==(const ReplicaState&, const ReplicaState&) = default;
};

struct FetchPartition {
  PartitionId partition;
  std::optional<LeaderEpoch> current_leader_epoch;  ///< what the fetcher believes; absent skips the check
  Offset fetch_offset;
  std::optional<LeaderEpoch> last_fetched_epoch;  ///< epoch of the record before fetch_offset, from followers
  Offset log_start_offset;                        ///< the follower's own log start
  std::int32_t partition_max_bytes = 1 << 20;
  std::optional<Uuid> replica_directory_id;  ///< since v17, from replicas of the metadata log (KIP-853)
  std::optional<Offset> high_watermark;      ///< since v18, the fetcher's own, likewise (KIP-1166)

  FIELDS(partition, current_leader_epoch, fetch_offset, last_fetched_epoch, log_start_offset,
         partition_max_bytes, replica_directory_id, high_watermark)
  friend bool operator==(const FetchPartition&, const FetchPartition&) = default;
};

struct FetchTopic {
  TopicId topic_id;
  std::vector<FetchPartition> partitions;

  FIELDS(topic_id, partitions)
  friend bool operator==(const FetchTopic&, const FetchTopic&) = default;
};

/// Partitions that a fetcher wants nothing of any more.
struct ForgottenTopic {
  TopicId topic_id;
  std::vector<PartitionId> partitions;

  FIELDS(topic_id, partitions)
  friend bool operator==(const ForgottenTopic&, const ForgottenTopic&) = default;
};

/// Which request of which session this is. Source: org.apache.kafka.common.requests.FetchMetadata.
struct FetchSessionPlace {
  static constexpr std::int32_t kNoSession = 0;
  static constexpr std::int32_t kOpens = 0;    ///< asks for a session, and names all of its partitions
  static constexpr std::int32_t kCloses = -1;  ///< names all partitions, and wants no session

  std::int32_t id = kNoSession;
  std::int32_t epoch = kCloses;

  FIELDS(id, epoch)
  friend bool operator==(const FetchSessionPlace&, const FetchSessionPlace&) = default;

  /// It names all of its partitions.
  [[nodiscard]] bool is_full() const { return epoch == kOpens || epoch == kCloses; }
  /// Of the request that follows, which names only what changed.
  [[nodiscard]] FetchSessionPlace next() const {
    return {.id = id, .epoch = epoch == std::numeric_limits<std::int32_t>::max() ? 1 : epoch + 1};
  }
  /// Begins another session in the place of this one.
  [[nodiscard]] FetchSessionPlace anew() const { return {.id = id, .epoch = kOpens}; }
};

struct FetchRequest {
  static constexpr ApiKey kApiKey = ApiKey::kFetch;

  std::optional<ReplicaState> replica_state;  ///< absent: a consumer
  std::int32_t max_wait_ms = 500;
  std::int32_t min_bytes = 1;
  std::int32_t max_bytes = 50 << 20;
  IsolationLevel isolation_level = IsolationLevel::kReadUncommitted;
  FetchSessionPlace session;
  std::vector<FetchTopic> topics;
  std::vector<ForgottenTopic> forgotten_topics;
  std::optional<Uuid> cluster_id;  ///< from replicas of the metadata log

  FIELDS(replica_state, max_wait_ms, min_bytes, max_bytes, isolation_level, session, topics, forgotten_topics,
         cluster_id)
  friend bool operator==(const FetchRequest&, const FetchRequest&) = default;
};

struct EpochEndOffset {
  LeaderEpoch epoch;
  Offset end_offset;

  FIELDS(epoch, end_offset)
  friend bool operator==(const EpochEndOffset&, const EpochEndOffset&) = default;
};

struct LeaderIdAndEpoch {
  std::optional<NodeId> leader_id;
  LeaderEpoch leader_epoch;

  FIELDS(leader_id, leader_epoch)
  friend bool operator==(const LeaderIdAndEpoch&, const LeaderIdAndEpoch&) = default;
};

struct FetchPartitionData {
  PartitionId partition_index;
  ErrorCode error_code = ErrorCode::kNone;
  Offset high_watermark;
  Offset last_stable_offset;
  Offset log_start_offset;
  std::optional<EpochEndOffset> diverging_epoch;   ///< the fetcher must truncate; no records come with it
  std::optional<LeaderIdAndEpoch> current_leader;  ///< with leader errors and on the metadata log
  std::optional<OffsetAndEpoch> snapshot_id;       ///< the fetcher must load this snapshot (KIP-630)
  std::vector<Bytes> records;                      ///< whole record batches, in order

  FIELDS(partition_index, error_code, high_watermark, last_stable_offset, log_start_offset, diverging_epoch,
         current_leader, snapshot_id, records)
  friend bool operator==(const FetchPartitionData&, const FetchPartitionData&) = default;
};

struct FetchableTopicResponse {
  TopicId topic_id;
  std::vector<FetchPartitionData> partitions;

  FIELDS(topic_id, partitions)
  friend bool operator==(const FetchableTopicResponse&, const FetchableTopicResponse&) = default;
};

struct FetchResponse {
  static constexpr ApiKey kApiKey = ApiKey::kFetch;

  ErrorCode error_code = ErrorCode::kNone;
  std::int32_t session_id =
      FetchSessionPlace::kNoSession;              ///< of the session that the next request belongs to
  std::vector<FetchableTopicResponse> responses;  ///< in a session, only what has news

  FIELDS(error_code, session_id, responses)
  friend bool operator==(const FetchResponse&, const FetchResponse&) = default;
};

}  // namespace odradek::api
