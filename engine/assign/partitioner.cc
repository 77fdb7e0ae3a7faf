#include "engine/assign/partitioner.h"

#include "engine/assign/murmur2.h"
#include "engine/base/ensure.h"
#include "engine/base/hash.h"

namespace odradek::assign {
namespace {

enum class Purpose : std::uint16_t { kStickyPartition = 0x0A01 };

/// The n-th of the partitions that can take a record now, counted round.
PartitionId nth(const TopicPartitions& partitions, std::uint64_t n) {
  if (!partitions.available.empty()) return partitions.available[n % partitions.available.size()];
  return PartitionId(static_cast<std::int32_t>(n % static_cast<std::uint64_t>(partitions.count)));
}

std::uint64_t size_of(const TopicPartitions& partitions) {
  return partitions.available.empty() ? static_cast<std::uint64_t>(partitions.count)
                                      : partitions.available.size();
}

}  // namespace

PartitionId partition_for_key(ByteSpan key, std::int32_t count) {
  ENSURE(count > 0, "a topic of {} partitions", count);
  return PartitionId((murmur2(key) & 0x7fffffff) % count);
}

PartitionId Partitioner::choose(std::string_view topic, const std::optional<Bytes>& key,
                                const TopicPartitions& partitions) const {
  ENSURE(partitions.count > 0, "a topic of {} partitions", partitions.count);
  const auto found = topics_.find(topic);
  const TopicState state = found == topics_.end() ? TopicState{} : found->second;
  if (config_.kind == io::Partitioner::kRoundRobin) return nth(partitions, state.turns);
  if (key) return partition_for_key(key->span(), partitions.count);
  if (state.sticky) return *state.sticky;
  const Draw turn = draw(config_.key, Purpose::kStickyPartition, {digest_of(topic).high, state.turns});
  return nth(partitions, turn.below(size_of(partitions)));
}

void Partitioner::on_appended(std::string_view topic, const std::optional<Bytes>& key, PartitionId partition,
                              std::int32_t bytes) {
  const bool round_robin = config_.kind == io::Partitioner::kRoundRobin;
  if (key && !round_robin) return;
  TopicState& state = topics_.try_emplace(std::string(topic)).first->second;
  state.sticky_bytes += bytes;
  if (round_robin || state.sticky_bytes >= config_.sticky_bytes) {
    state = {.sticky = std::nullopt, .sticky_bytes = 0, .turns = state.turns + 1};
  } else {
    state.sticky = partition;
  }
}

}  // namespace odradek::assign
