#include "sim/checkers/partition_state.h"

#include <fmt/format.h>

#include <algorithm>

namespace odradek::sim {

std::string PartitionState::name(const TopicPartition& tp) const {
  return fmt::format("{}-{}", truth ? truth->topic : "unnamed", tp.partition.value());
}

bool PartitionState::is_granted(LeaderEpoch epoch, BrokerId broker) const {
  const auto grant = granted.find(epoch);
  return grant != granted.end() && grant->second == broker;
}

const ReplicaShadow* PartitionState::replica(BrokerId broker) const {
  const auto found = replicas.find(broker);
  return found == replicas.end() ? nullptr : &found->second;
}

const ReplicaShadow* PartitionState::current_leader() const {
  if (!truth || !truth->leader) return nullptr;
  const ReplicaShadow* leader = replica(*truth->leader);
  const bool knows =
      leader != nullptr && leader->seen.is_leader && leader->seen.leader_epoch == truth->leader_epoch;
  return knows ? leader : nullptr;
}

void PartitionState::learn_from(const ReplicaShadow& replica) {
  for (auto& [epoch, lineage] : lineages) {
    RecordLog& records = lineage.records;
    if (!lineage.cut_off || !replica.log.holds(records.end())) continue;
    if (replica.log.prefix(records.end()) != records.prefix(records.end())) continue;
    while (replica.log.holds(records.end()) && replica.log.at(records.end()).epoch == epoch)
      records.append(replica.log.at(records.end()));
  }
}

std::optional<LoggedRecord> PartitionState::written(Offset offset, std::uint64_t content) const {
  for (const auto& [epoch, lineage] : lineages) {
    if (lineage.records.has(offset, content)) return lineage.records.at(offset);
  }
  return std::nullopt;
}

bool PartitionState::written_again(Offset offset, std::uint64_t content) const {
  const auto wrote = [&](const auto& entry) {
    const RecordLog& records = entry.second.records;
    return records.has(offset, content) && records.at(offset).epoch == entry.first;
  };
  return std::ranges::count_if(lineages, wrote) > 1;
}

}  // namespace odradek::sim
