// ClientMetadata: what a client knows of topics and their leaders, and when it asks for more.
//
// The cache is refreshed when somebody requests an update (an error said that it may be stale, a topic is
// unknown, a connection was lost) and when it is older than metadata.max.age.ms, but at most once per
// retry.backoff.ms. It asks the least loaded broker that it knows; when all of those are lost it starts again
// from the bootstrap list (KIP-899).
//
// 1. A partition's leader epoch never goes back, except with a new topic id: a broker that lags behind cannot
// send
//    the client back to an old leader (KAFKA-7440, Metadata.updateLatestMetadata).
// 2. At most one metadata request is in flight.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/random.h"
#include "engine/client/alarm.h"
#include "engine/client/channel_pool.h"

namespace odradek::client {

struct PartitionInfo {
  std::optional<NodeId> leader;
  std::optional<LeaderEpoch> leader_epoch;  ///< absent: never heard of

  FIELDS(leader, leader_epoch)
  friend bool operator==(const PartitionInfo&, const PartitionInfo&) = default;
};

struct TopicInfo {
  api::ErrorCode error = api::ErrorCode::kUnknownTopicOrPartition;  ///< as of the latest answer
  TopicId id;
  std::vector<PartitionInfo> partitions;  ///< by index

  [[nodiscard]] bool exists() const { return error == api::ErrorCode::kNone; }

  FIELDS(error, id, partitions)
  friend bool operator==(const TopicInfo&, const TopicInfo&) = default;
};

/// A partition's leader, its epoch and the topic's id: all that it takes to send a request about the
/// partition.
struct KnownLeader {
  TopicId topic_id;
  NodeId leader;
  LeaderEpoch epoch;

  FIELDS(topic_id, leader, epoch)
  friend bool operator==(const KnownLeader&, const KnownLeader&) = default;
};

struct MetadataConfig {
  std::vector<NodeId> bootstrap;
  Duration backoff;  ///< retry.backoff.ms
  Duration max_age;  ///< metadata.max.age.ms
  Key key;           ///< of the client's incarnation

  FIELDS(bootstrap, backoff, max_age, key)
  friend bool operator==(const MetadataConfig&, const MetadataConfig&) = default;
};

class ClientMetadata {
 public:
  ClientMetadata() = default;
  explicit ClientMetadata(MetadataConfig config) : config_(std::move(config)) {}

  /// The client is interested in this topic from now on; an unknown one is asked for without backoff.
  void want(const std::string& topic);
  void request_update() { update_requested_ = true; }

  /// Absent: not wanted so far.
  [[nodiscard]] const TopicInfo* topic(const std::string& name) const;
  /// Absent when the topic, the partition or its leader is unknown.
  [[nodiscard]] std::optional<KnownLeader> leader(const io::NamedPartition& partition) const;

  /// True when this was the end of a metadata request.
  [[nodiscard]] bool take(const Now& now, const Completion& completion);
  /// Asks for an update if one is due and a broker is ready; otherwise sets its alarm, or waits for a
  /// connection.
  void maybe_update(const Now& now, ChannelPool& pool, io::Effects& out);
  /// To be given every input, for the alarm.
  void on(const io::Input& input) { static_cast<void>(alarm_.on(input)); }

  FIELDS(config_, topics_, brokers_, update_requested_, last_attempt_, last_success_, in_flight_, attempts_,
         alarm_)
  friend bool operator==(const ClientMetadata&, const ClientMetadata&) = default;

 private:
  void update(const api::MetadataResponse& response);
  void update_topic(const api::MetadataResponseTopic& response);
  [[nodiscard]] std::optional<MonotonicTime> due() const;
  [[nodiscard]] api::MetadataRequest request() const;

  MetadataConfig config_;
  std::map<std::string, TopicInfo> topics_;
  std::vector<NodeId> brokers_;  ///< of the latest answer
  bool update_requested_ = false;
  std::optional<MonotonicTime> last_attempt_;
  std::optional<MonotonicTime> last_success_;
  std::optional<RequestKey> in_flight_;
  std::uint64_t attempts_ = 0;
  Alarm alarm_{io::TimerKind::kMetadataRefresh};
};

}  // namespace odradek::client
