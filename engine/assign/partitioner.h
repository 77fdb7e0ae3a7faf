// Partitioner: which partition a record goes to when the application did not say.
//
// By default a key decides (equal keys, equal partition, as long as the number of partitions stays), and
// records without a key stick to one partition until a batch's worth of bytes went there, then move to a
// drawn one (KIP-480, KIP-794): that fills batches. Round robin ignores keys and takes the partitions in
// turn.
//
// Not built: KIP-794's adaptive weights, which need queue lengths.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/bytes.h"
#include "engine/base/ids.h"
#include "engine/base/random.h"
#include "engine/io/config.h"

namespace odradek::assign {

/// What a client knows of a topic's partitions.
struct TopicPartitions {
  std::int32_t count = 0;              ///< partitions are 0 … count - 1
  std::vector<PartitionId> available;  ///< those with a leader, ascending; when empty, any will do
};

/// (murmur2(key) & 0x7fffffff) % count. REQUIRES: count > 0.
/// Source: BuiltInPartitioner.partitionForKey.
[[nodiscard]] PartitionId partition_for_key(ByteSpan key, std::int32_t count);

struct PartitionerConfig {
  io::Partitioner kind = io::Partitioner::kDefault;
  std::int32_t sticky_bytes =
      16'384;  ///< batch.size: how much goes to one partition before the next is drawn
  Key key;     ///< of the client's incarnation

  FIELDS(kind, sticky_bytes, key)
  friend bool operator==(const PartitionerConfig&, const PartitionerConfig&) = default;
};

class Partitioner {
 public:
  Partitioner() = default;
  explicit Partitioner(PartitionerConfig config) : config_(config) {}

  /// Where the next record goes. Asking again without `on_appended` gives the same answer.
  /// REQUIRES: partitions.count > 0.
  [[nodiscard]] PartitionId choose(std::string_view topic, const std::optional<Bytes>& key,
                                   const TopicPartitions& partitions) const;

  /// A record of `bytes` went to the partition that `choose` had named.
  void on_appended(std::string_view topic, const std::optional<Bytes>& key, PartitionId partition,
                   std::int32_t bytes);

  struct TopicState {
    std::optional<PartitionId> sticky;  ///< absent: the next one is to be drawn
    std::int64_t sticky_bytes = 0;      ///< produced to it so far
    std::uint64_t turns = 0;            ///< changes of partition so far

    FIELDS(sticky, sticky_bytes, turns)
    friend bool operator==(const TopicState&, const TopicState&) = default;
  };

  FIELDS(config_, topics_)
  friend bool operator==(const Partitioner&, const Partitioner&) = default;

 private:
  PartitionerConfig config_;
  std::map<std::string, TopicState, std::less<>> topics_;
};

}  // namespace odradek::assign
