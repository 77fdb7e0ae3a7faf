// QuorumPicture: the metadata quorum as a chronicle shows it up to some point: who leads which epoch, who has
// voted for whom, what lies in each replica's metadata log, and how much of it on disk.
//
//   QuorumPicture picture;
//   for (const Happening& happening : chronicle.happenings) picture.apply(happening);
//   picture.holders(entry)
//
// A dead process keeps its log: until it is started again nobody knows better.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "sim/explain/chronicle.h"

namespace odradek::sim {

struct MemberPicture {
  bool up = true;
  MetadataSeen seen;       ///< last; `appended` and `kept_end` say nothing here
  std::vector<Entry> log;  ///< ascending

  [[nodiscard]] bool leads() const { return up && seen.role == raft::RoleKind::kLeader; }
  /// What its log has at the offset; absent: nothing, or a snapshot stands for it.
  [[nodiscard]] const Entry* at(Offset offset) const;
  /// In its log; what a snapshot stands for is in none.
  [[nodiscard]] bool has(const Entry& entry) const;
  [[nodiscard]] bool has_on_disk(const Entry& entry) const;
  /// The epoch of its last record; absent when the log is empty.
  [[nodiscard]] std::optional<LeaderEpoch> last_epoch() const;

  FIELDS(up, seen, log)
  friend bool operator==(const MemberPicture&, const MemberPicture&) = default;
};

class QuorumPicture {
 public:
  void apply(const Happening& happening);

  /// All nodes with a replica of the metadata log: voters and observers.
  [[nodiscard]] const std::map<NodeId, MemberPicture>& members() const { return members_; }
  [[nodiscard]] const MemberPicture& member(NodeId node) const;
  /// Who has it in its log, up or down, ascending.
  [[nodiscard]] std::vector<NodeId> holders(const Entry& entry) const;

 private:
  std::map<NodeId, MemberPicture> members_;
};

}  // namespace odradek::sim
