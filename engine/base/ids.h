// The identities and positions that Kafka speaks of, one strong type each.
//
// A broker's or controller's `node.id` is also its address in a cluster: what Kafka resolves through
// host and port, the simulated network resolves by `NodeId`.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>

#include "engine/base/fields.h"
#include "engine/base/strong.h"

namespace odradek {

using NodeId = Id<struct NodeIdTag, std::int32_t>;
using BrokerId = NodeId;                                         ///< the node.id of a broker
using PartitionId = Id<struct PartitionIdTag, std::int32_t>;     ///< index of a partition in its topic
using Offset = Point<struct OffsetTag, std::int64_t>;            ///< place of a record in a log
using LeaderEpoch = Point<struct LeaderEpochTag, std::int32_t>;  ///< +1 at each change of leader
using PartitionEpoch =
    Point<struct PartitionEpochTag, std::int32_t>;  ///< +1 at each change of the partition's record
using BrokerEpoch = Point<struct BrokerEpochTag, std::int64_t>;  ///< offset of a broker's registration record
using ProducerId = Id<struct ProducerIdTag, std::int64_t>;
using ProducerEpoch = Point<struct ProducerEpochTag, std::int16_t>;
using CorrelationId = Point<struct CorrelationIdTag, std::int32_t>;  ///< matches a response to its request
using ConnectionId = Id<struct ConnectionIdTag, std::uint64_t>;
using FsyncTicket = Point<struct FsyncTicketTag, std::uint64_t>;
using CallId = Id<struct CallIdTag, std::uint64_t>;  ///< one call of an application into its client

/// 128 random bits: topic ids, incarnation ids, directory ids. Zero is "none".
struct Uuid {
  std::uint64_t high = 0;
  std::uint64_t low = 0;

  FIELDS(high, low)
  friend constexpr auto operator<=>(const Uuid&, const Uuid&) = default;
  [[nodiscard]] constexpr bool is_zero() const { return high == 0 && low == 0; }
};

using TopicId = Uuid;

/// A partition of one incarnation of a topic: a recreated topic has another id (KIP-516).
struct TopicPartition {
  TopicId topic_id;
  PartitionId partition;

  FIELDS(topic_id, partition)
  friend constexpr auto operator<=>(const TopicPartition&, const TopicPartition&) = default;
};

/// A position together with the epoch of the leader that wrote there.
struct OffsetAndEpoch {
  Offset offset;
  LeaderEpoch epoch;

  FIELDS(offset, epoch)
  friend constexpr auto operator<=>(const OffsetAndEpoch&, const OffsetAndEpoch&) = default;
};

}  // namespace odradek
