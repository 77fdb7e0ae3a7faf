#include "engine/replica/leader.h"

#include <algorithm>

namespace odradek::replica {

void FollowerState::on_fetch(Offset fetch_offset, Offset follower_log_start, Offset leader_log_end,
                             Timestamp now, std::optional<BrokerEpoch> epoch) {
  if (fetch_offset >= leader_log_end) {
    last_caught_up = std::max(last_caught_up, now);
  } else if (fetch_offset >= leader_log_end_at_last_fetch) {
    last_caught_up = std::max(last_caught_up, last_fetch);
  }
  log_end = fetch_offset;
  log_start = follower_log_start;
  leader_log_end_at_last_fetch = std::max(leader_log_end, leader_log_end_at_last_fetch);
  last_fetch = now;
  broker_epoch = epoch;
}

void FollowerState::on_idle_fetches(Timestamp time) {
  last_caught_up = std::max(last_caught_up, time);
  last_fetch = time;
}

bool FollowerState::is_caught_up(Offset leader_log_end, Timestamp now, std::int64_t lag_max_ms) const {
  return log_end == leader_log_end || now - last_caught_up <= lag_max_ms;
}

std::vector<BrokerId> IsrProposal::brokers() const {
  std::vector<BrokerId> ids;
  for (const api::IsrMember& member : members) ids.push_back(member.broker_id);
  return ids;
}

std::vector<BrokerId> Leader::maximal_isr() const {
  return proposal && proposal->expands ? proposal->brokers() : isr;
}

bool Leader::in_isr(BrokerId broker) const { return std::ranges::find(isr, broker) != isr.end(); }

bool Leader::in_maximal_isr(BrokerId broker) const {
  if (in_isr(broker)) return true;
  if (!proposal || !proposal->expands) return false;
  return std::ranges::find(proposal->members, broker, &api::IsrMember::broker_id) != proposal->members.end();
}

}  // namespace odradek::replica
