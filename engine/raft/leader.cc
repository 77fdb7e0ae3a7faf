#include "engine/raft/leader.h"

#include <algorithm>
#include <functional>
#include <tuple>
#include <utility>

#include "engine/base/ensure.h"

namespace odradek::raft {
namespace {

/// LeaderState.OBSERVER_SESSION_TIMEOUT_MS, and how old the last fetch of a voter to be may be.
constexpr std::int64_t kObserverSessionMs = 300'000;
constexpr std::int64_t kCaughtUpWithinMs = 3'600'000;

}  // namespace

Leader::Leader(const ReplicaKey& self, Offset epoch_start, const VoterSet& voters,
               std::vector<NodeId> granting, const io::QuorumConfig& config, const io::Flaws& flaws,
               Timestamp time)
    : self_(self),
      epoch_start_(epoch_start),
      since_(time),
      granting_(std::move(granting)),
      fetch_timeout_ms_(config.controller_quorum_fetch_timeout_ms),
      flaws_(flaws),
      check_quorum_deadline_(time + check_quorum_ms()),
      begin_epoch_deadline_(time) {
  set_voters(voters);
}

void Leader::set_voters(const VoterSet& voters) {
  std::map<NodeId, Progress> next;
  for (const ReplicaKey& key : voters.keys()) {
    // A node of another directory starts anew, and so does whoever was no voter before.
    const auto known = progress_.find(key.id);
    const bool stays = known != progress_.end() && set_.is_voter(key);
    const auto observer = observers_.find(key);
    if (stays) {
      next[key.id] = known->second;
    } else if (observer != observers_.end()) {
      next[key.id] = observer->second;
      observers_.erase(observer);
    } else {
      next[key.id];
    }
  }
  for (const ReplicaKey& key : set_.keys()) {
    const bool became_known = !key.directory_id && voters.contains(key.id);
    if (!voters.is_voter(key) && !became_known) observers_.try_emplace(key, progress_[key.id]);
  }
  progress_ = std::move(next);
  set_ = voters;
  std::erase_if(fetched_, [this](NodeId id) { return !set_.contains(id); });
}

Progress& Leader::progress_of(const ReplicaKey& replica) {
  return set_.is_voter(replica) ? progress_[replica.id] : observers_[replica];
}

bool Leader::update_local(Offset durable_end, const VoterSet& voters, Timestamp time) {
  if (voters != set_) {
    set_voters(voters);
    since_ = time;
  }
  if (set_.is_voter(self_)) progress_[self_.id].end_offset = durable_end;
  return maybe_advance();
}

bool Leader::on_fetch(const ReplicaKey& replica, Offset offset, Offset log_end, Timestamp time) {
  ENSURE(replica.id != self_.id, "node {} fetches from itself", self_.id.value());
  std::erase_if(observers_, [time](const auto& entry) { return !is_alive(entry.second, time); });
  Progress& progress = progress_of(replica);
  if (offset >= log_end) {
    progress.last_caught_up = time;
  } else if (progress.last_fetch && progress.leader_end_at_last_fetch > Offset(0) &&
             offset >= progress.leader_end_at_last_fetch) {
    progress.last_caught_up = std::max(progress.last_caught_up.value_or(Timestamp(0)), *progress.last_fetch);
  }
  progress.leader_end_at_last_fetch = log_end;
  progress.last_fetch = time;
  progress.end_offset = offset;
  count_as_fetched(replica, time);
  return set_.is_voter(replica) && maybe_advance();
}

void Leader::on_fetch_snapshot(const ReplicaKey& replica, Timestamp time) {
  progress_of(replica).last_fetch = time;
  count_as_fetched(replica, time);
}

void Leader::count_as_fetched(const ReplicaKey& replica, Timestamp time) {
  if (set_.is_voter(replica)) fetched_.insert(replica.id);
  const std::uint32_t needed = set_.majority() - (set_.is_voter(self_) ? 1 : 0);
  if (fetched_.size() < needed) return;
  fetched_.clear();
  check_quorum_deadline_ = time + check_quorum_ms();
}

std::optional<Timestamp> Leader::check_quorum_deadline() const {
  if (set_.is_only_voter(self_) || flaws_.lead_without_quorum) return std::nullopt;
  return check_quorum_deadline_;
}

bool Leader::maybe_advance() {
  std::vector<Offset> ends;
  for (const auto& [id, progress] : progress_) ends.push_back(progress.end_offset.value_or(Offset(0)));
  if (ends.empty()) return false;
  std::ranges::sort(ends, std::greater<>());  // total order: offsets that are equal are alike
  const Offset held_by_majority = ends[ends.size() / 2];
  // Of an epoch of the past nothing is committed by being held: another leader may yet overwrite it.
  if (held_by_majority <= epoch_start_ && !flaws_.commit_older_epochs) return false;
  if (held_by_majority <= high_watermark_.value_or(Offset(0))) return false;
  high_watermark_ = held_by_majority;
  return true;
}

bool Leader::is_alive(const Progress& observer, Timestamp time) {
  return observer.last_fetch && time - *observer.last_fetch < kObserverSessionMs;
}

bool Leader::is_caught_up(const ReplicaKey& observer, Timestamp time) const {
  const auto found = observers_.find(observer);
  if (found == observers_.end()) return false;
  const Progress& progress = found->second;
  return progress.last_caught_up && progress.last_fetch && time - *progress.last_fetch < kCaughtUpWithinMs;
}

std::vector<ReplicaKey> Leader::successors() const {
  std::vector<ReplicaKey> others;
  for (const ReplicaKey& key : set_.keys()) {
    if (key.id != self_.id) others.push_back(key);
  }
  const auto rank = [this](const ReplicaKey& key) {
    return std::tuple(progress_.at(key.id).end_offset.value_or(Offset(-1)), key);
  };
  // total order: the keys differ
  std::ranges::sort(others, [&](const ReplicaKey& a, const ReplicaKey& b) {
    const auto [end_a, key_a] = rank(a);
    const auto [end_b, key_b] = rank(b);
    return end_a != end_b ? end_a > end_b : key_a < key_b;
  });
  return others;
}

}  // namespace odradek::raft
