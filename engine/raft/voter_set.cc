#include "engine/raft/voter_set.h"

#include <algorithm>
#include <utility>

#include "engine/base/ensure.h"

namespace odradek::raft {

VoterSet VoterSet::of_ids(const std::vector<NodeId>& ids) {
  Nodes nodes;
  for (const NodeId id : ids)
    nodes.emplace(id, VoterNode{.directory_id = {}, .supported = {.min = 0, .max = 0}});
  return VoterSet(std::move(nodes));
}

VoterSet VoterSet::of(const wire::KRaftVoters& record) {
  Nodes nodes;
  for (const wire::KRaftVoters::Voter& voter : record.voters) {
    nodes.emplace(voter.voter_id,
                  VoterNode{.directory_id = voter.voter_directory_id,
                            .supported = {.min = voter.min_kraft_version, .max = voter.max_kraft_version}});
  }
  return VoterSet(std::move(nodes));
}

std::vector<NodeId> VoterSet::ids() const {
  std::vector<NodeId> ids;
  for (const auto& [id, node] : nodes()) ids.push_back(id);
  return ids;
}

std::vector<ReplicaKey> VoterSet::keys() const {
  std::vector<ReplicaKey> keys;
  for (const auto& [id, node] : nodes()) keys.push_back({.id = id, .directory_id = node.directory_id});
  return keys;
}

bool VoterSet::is_voter(const ReplicaKey& replica) const {
  const auto found = nodes().find(replica.id);
  if (found == nodes().end()) return false;
  return !found->second.directory_id || found->second.directory_id == replica.directory_id;
}

std::optional<VoterSet> VoterSet::with(const ReplicaKey& voter, api::KRaftVersionRange supported) const {
  if (contains(voter.id)) return std::nullopt;
  VoterSet set = *this;
  set.nodes_.write().emplace(voter.id, VoterNode{.directory_id = voter.directory_id, .supported = supported});
  return set;
}

std::optional<VoterSet> VoterSet::without(const ReplicaKey& voter) const {
  if (!is_voter(voter)) return std::nullopt;
  VoterSet set = *this;
  set.nodes_.write().erase(voter.id);
  return set;
}

std::optional<VoterSet> VoterSet::updated(const ReplicaKey& voter, api::KRaftVersionRange supported) const {
  if (!is_voter(voter)) return std::nullopt;
  VoterSet set = *this;
  set.nodes_.write()[voter.id] = {.directory_id = voter.directory_id, .supported = supported};
  return set;
}

std::optional<VoterSet> VoterSet::updated_by_id(const ReplicaKey& voter,
                                                api::KRaftVersionRange supported) const {
  if (!contains(voter.id)) return std::nullopt;
  VoterSet set = *this;
  set.nodes_.write()[voter.id] = {.directory_id = voter.directory_id, .supported = supported};
  return set;
}

bool VoterSet::all_support(std::int16_t kraft_version) const {
  return std::ranges::all_of(nodes(), [kraft_version](const auto& entry) {
    const api::KRaftVersionRange& range = entry.second.supported;
    return range.min <= kraft_version && kraft_version <= range.max;
  });
}

bool VoterSet::knows_directories() const {
  return std::ranges::all_of(nodes(),
                             [](const auto& entry) { return entry.second.directory_id.has_value(); });
}

wire::KRaftVoters VoterSet::to_record() const {
  wire::KRaftVoters record;
  for (const auto& [id, node] : nodes()) {
    ENSURE(node.directory_id.has_value(), "the directory of voter {} is not known", id.value());
    record.voters.push_back({.voter_id = id,
                             .voter_directory_id = *node.directory_id,
                             .min_kraft_version = node.supported.min,
                             .max_kraft_version = node.supported.max});
  }
  return record;
}

}  // namespace odradek::raft
