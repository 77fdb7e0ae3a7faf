// VoterSet: the members of the metadata quorum.
//
// A member is a node and, from kraft.version 1 on, the directory that it keeps the log in: a node whose disk
// was replaced is another replica, and no member. Before, directories are unknown and the id alone counts.
//
// Source: org.apache.kafka.raft.VoterSet; KIP-853.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "engine/api/raft_voters.h"
#include "engine/base/cow.h"
#include "engine/metadata/features.h"
#include "engine/wire/control_record.h"

namespace odradek::raft {

using api::ReplicaKey;

/// The levels of kraft.version that this code speaks.
inline constexpr api::KRaftVersionRange kSupportedKRaftVersions{
    .min = metadata::supported_feature(metadata::kKRaftVersionFeature).min,
    .max = metadata::supported_feature(metadata::kKRaftVersionFeature).max};

struct VoterNode {
  std::optional<Uuid> directory_id;
  api::KRaftVersionRange supported = kSupportedKRaftVersions;

  FIELDS(directory_id, supported)
  friend bool operator==(const VoterNode&, const VoterNode&) = default;
};

class VoterSet {
 public:
  using Nodes = std::map<NodeId, VoterNode>;

  VoterSet() = default;
  explicit VoterSet(Nodes nodes) : nodes_(std::move(nodes)) {}
  /// As controller.quorum.voters lists them: directories unknown, nor is it known that they speak more than
  /// level 0.
  [[nodiscard]] static VoterSet of_ids(const std::vector<NodeId>& ids);
  [[nodiscard]] static VoterSet of(const wire::KRaftVoters& record);

  [[nodiscard]] const Nodes& nodes() const { return *nodes_; }
  [[nodiscard]] std::vector<NodeId> ids() const;
  [[nodiscard]] std::vector<ReplicaKey> keys() const;
  [[nodiscard]] bool contains(NodeId id) const { return nodes_->contains(id); }
  /// Same node, and same directory where the member's is known.
  [[nodiscard]] bool is_voter(const ReplicaKey& replica) const;
  [[nodiscard]] bool is_only_voter(const ReplicaKey& replica) const {
    return nodes_->size() == 1 && is_voter(replica);
  }
  [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(nodes_->size()); }
  [[nodiscard]] std::uint32_t majority() const { return size() / 2 + 1; }

  /// With one member more; absent when the node is a member already.
  [[nodiscard]] std::optional<VoterSet> with(const ReplicaKey& voter, api::KRaftVersionRange supported) const;
  /// With one member less; absent when it is none.
  [[nodiscard]] std::optional<VoterSet> without(const ReplicaKey& voter) const;
  /// With what is known of a member replaced; absent when it is none.
  [[nodiscard]] std::optional<VoterSet> updated(const ReplicaKey& voter,
                                                api::KRaftVersionRange supported) const;
  /// The same by the id alone, as while kraft.version is 0.
  [[nodiscard]] std::optional<VoterSet> updated_by_id(const ReplicaKey& voter,
                                                      api::KRaftVersionRange supported) const;
  /// Every member speaks this level of kraft.version.
  [[nodiscard]] bool all_support(std::int16_t kraft_version) const;

  /// False while kraft.version is 0: who is a member is fixed, by the id alone.
  [[nodiscard]] bool knows_directories() const;
  /// REQUIRES: knows_directories().
  [[nodiscard]] wire::KRaftVoters to_record() const;

  FIELDS(nodes_)
  friend bool operator==(const VoterSet&, const VoterSet&) = default;

 private:
  Cow<Nodes> nodes_;
};

}  // namespace odradek::raft
