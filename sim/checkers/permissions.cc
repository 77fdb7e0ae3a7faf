#include "sim/checkers/permissions.h"

#include <algorithm>

namespace odradek::sim {

bool Permissions::covers(const TopicPartition& tp, Offset offset, const LoggedRecord& record) const {
  const auto forks = forks_.find(tp);
  if (forks == forks_.end()) return false;
  return std::ranges::any_of(forks->second, [&](const Fork& fork) { return fork.dropped(offset, record); });
}

bool Permissions::covers_lost_ack(const TopicPartition& tp, Offset offset, std::uint64_t content) const {
  const auto lost = lost_acks_.find(tp);
  return lost != lost_acks_.end() && lost->second.contains({offset, content});
}

bool Permissions::has_forked(const TopicPartition& tp) const {
  const auto forks = forks_.find(tp);
  return forks != forks_.end() && !forks->second.empty();
}

bool Permissions::sends_back(const TopicPartition& tp, Offset to) const {
  // Where an election has dropped records, they and their readers are excused one by one. Only a leader that
  // was late denies records that the others go on to have.
  const auto denies = [to](const Fork& fork) { return fork.since > LeaderEpoch(-1) && fork.begin <= to; };
  return has_forked(tp) && std::ranges::any_of(forks_.at(tp), denies);
}

bool Permissions::is_abandoned(const TopicPartition& tp, LeaderEpoch epoch) const {
  return has_forked(tp) && epoch < forks_.at(tp).back().epoch;
}

void Permissions::report(Permission permission) {
  const auto joins = [&permission](const Permission& p) {
    return p.setting == permission.setting && p.tp == permission.tp && p.message == permission.message &&
           p.begin <= permission.end && permission.begin <= p.end;
  };
  const auto same = std::ranges::find_if(reported_, joins);
  if (same == reported_.end()) {
    reported_.push_back(std::move(permission));
    return;
  }
  same->begin = std::min(same->begin, permission.begin);
  same->end = std::max(same->end, permission.end);
}

}  // namespace odradek::sim
