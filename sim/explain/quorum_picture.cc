#include "sim/explain/quorum_picture.h"

#include <algorithm>

namespace odradek::sim {

const Entry* MemberPicture::at(Offset offset) const {
  const auto behind =
      std::ranges::upper_bound(log, offset, {}, [](const Entry& entry) { return entry.base; });
  if (behind == log.begin()) return nullptr;
  const Entry& entry = *std::prev(behind);
  return offset < entry.end ? &entry : nullptr;
}

bool MemberPicture::has(const Entry& entry) const {
  const Entry* own = at(entry.base);
  return own != nullptr && *own == entry;
}

bool MemberPicture::has_on_disk(const Entry& entry) const {
  return has(entry) && entry.end <= seen.durable_end;
}

std::optional<LeaderEpoch> MemberPicture::last_epoch() const {
  return log.empty() ? std::nullopt : std::optional(log.back().epoch);
}

const MemberPicture& QuorumPicture::member(NodeId node) const {
  static const MemberPicture kUnseen{};
  const auto found = members_.find(node);
  return found == members_.end() ? kUnseen : found->second;
}

std::vector<NodeId> QuorumPicture::holders(const Entry& entry) const {
  std::vector<NodeId> nodes;
  for (const auto& [node, member] : members_) {
    if (member.has(entry)) nodes.push_back(node);
  }
  return nodes;
}

void QuorumPicture::apply(const Happening& happening) {
  if (const auto* seen = std::get_if<MetadataSeen>(&happening.what)) {
    MemberPicture& member = members_[happening.node];
    member.up = true;
    std::erase_if(member.log, [seen](const Entry& entry) {
      return entry.end > seen->kept_end || entry.end <= seen->log_start;
    });
    member.log.insert(member.log.end(), seen->appended.begin(), seen->appended.end());
    const Offset durable = std::max(member.seen.durable_end, seen->durable_end);
    member.seen = *seen;
    member.seen.durable_end =
        std::min(durable, seen->log_end);  // it stays so, though a new process does not know
    return;
  }
  const auto member = members_.find(happening.node);
  if (member == members_.end()) return;
  if (std::holds_alternative<NodeDied>(happening.what)) member->second.up = false;
  if (std::holds_alternative<NodeStarted>(happening.what)) member->second.up = true;
}

}  // namespace odradek::sim
