#include "engine/controller/partition_change_builder.h"

#include <algorithm>
#include <set>
#include <utility>

namespace odradek::controller {

bool contains(const std::vector<BrokerId>& brokers, BrokerId broker) {
  return std::ranges::find(brokers, broker) != brokers.end();
}

PartitionChangeBuilder::PartitionChangeBuilder(TopicPartition tp,
                                               const metadata::PartitionRegistration& partition,
                                               LeaderAcceptor acceptor, ElrRule elr)
    : tp_(tp),
      partition_(partition),
      acceptor_(acceptor),
      elr_(elr),
      target_isr_(partition.isr),
      target_replicas_(partition.replicas),
      target_adding_(partition.adding_replicas),
      target_removing_(partition.removing_replicas),
      target_recovery_state_(partition.leader_recovery_state) {}

PartitionChangeBuilder& PartitionChangeBuilder::set_election(Election election) {
  election_ = election;
  return *this;
}

PartitionChangeBuilder& PartitionChangeBuilder::set_target_isr(std::vector<BrokerId> isr) {
  target_isr_ = std::move(isr);
  return *this;
}

PartitionChangeBuilder& PartitionChangeBuilder::set_target_replicas(std::vector<BrokerId> replicas) {
  target_replicas_ = std::move(replicas);
  return *this;
}

PartitionChangeBuilder& PartitionChangeBuilder::set_target_move(std::vector<BrokerId> adding,
                                                                std::vector<BrokerId> removing) {
  target_adding_ = std::move(adding);
  target_removing_ = std::move(removing);
  return *this;
}

PartitionChangeBuilder& PartitionChangeBuilder::set_target_recovery_state(api::LeaderRecoveryState state) {
  target_recovery_state_ = state;
  return *this;
}

PartitionChangeBuilder& PartitionChangeBuilder::set_unclean_shutdown(BrokerId broker) {
  unclean_shutdown_ = broker;
  return *this;
}

std::optional<metadata::PartitionChangeRecord> PartitionChangeBuilder::build() {
  complete_move();
  const metadata::PartitionRegistration next = changed();
  metadata::PartitionChangeRecord record{.partition_id = tp_.partition, .topic_id = tp_.topic_id};
  const metadata::PartitionChangeRecord no_change = record;
  const auto set = [](auto& member, const auto& before, const auto& after) {
    if (before != after) member.emplace(after);
  };
  set(record.isr, partition_.isr, next.isr);
  set(record.leader, partition_.leader, next.leader);
  set(record.replicas, partition_.replicas, next.replicas);
  set(record.removing_replicas, partition_.removing_replicas, next.removing_replicas);
  set(record.adding_replicas, partition_.adding_replicas, next.adding_replicas);
  set(record.leader_recovery_state, partition_.leader_recovery_state, next.leader_recovery_state);
  set(record.eligible_leader_replicas, partition_.elr, next.elr);
  set(record.last_known_elr, partition_.last_known_elr, next.last_known_elr);
  if (record == no_change) return std::nullopt;
  const bool somebody_goes = !std::ranges::all_of(
      partition_.replicas, [&next](BrokerId replica) { return contains(next.replicas, replica); });
  if (somebody_goes) record.leader.emplace(next.leader);  // whoever goes must hear of an epoch without it
  return record;
}

void PartitionChangeBuilder::complete_move() {
  if (target_adding_.empty() && target_removing_.empty()) return;
  const auto goes = [this](BrokerId replica) { return contains(target_removing_, replica); };
  Brokers isr = target_isr_;
  Brokers replicas = target_replicas_;
  std::erase_if(isr, goes);
  std::erase_if(replicas, goes);
  const bool all_are_in_sync = !replicas.empty() && std::ranges::all_of(replicas, [&isr](BrokerId replica) {
    return contains(isr, replica);
  });
  if (!all_are_in_sync) return;
  target_isr_ = std::move(isr);
  target_replicas_ = std::move(replicas);
  target_adding_.clear();
  target_removing_.clear();
}

metadata::PartitionRegistration PartitionChangeBuilder::changed() const {
  metadata::PartitionRegistration next = partition_;
  next.replicas = target_replicas_;
  next.adding_replicas = target_adding_;
  next.removing_replicas = target_removing_;
  next.leader_recovery_state = target_recovery_state_;
  next.elr = eligible_replicas();
  next.leader = elect_leader(next.elr);
  if (elr_.enabled || !target_isr_.empty()) next.isr = target_isr_;
  if (next.leader && !contains(target_isr_, *next.leader)) {
    next.isr = {*next.leader};
    if (std::erase(next.elr, *next.leader) == 0) {  // neither in the ISR nor eligible: unclean
      next.elr.clear();
      next.leader_recovery_state = api::LeaderRecoveryState::kRecovering;
    }
    // min.insync.replicas may have become less while nobody was in sync. Kafka keeps the others eligible
    // until the next change, though the new leader alone may move the high watermark past what they have.
    if (std::cmp_greater_equal(next.isr.size(), elr_.min_isr)) next.elr.clear();
  }
  if (!elr_.enabled) return next;
  if (next.leader) {
    next.last_known_elr.clear();
  } else if (next.isr.empty() && partition_.leader) {
    next.last_known_elr = {*partition_.leader};
  }
  return next;
}

PartitionChangeBuilder::Brokers PartitionChangeBuilder::eligible_replicas() const {
  if (!elr_.enabled || std::cmp_greater_equal(target_isr_.size(), elr_.min_isr)) return {};
  std::set<BrokerId> eligible(partition_.elr.begin(), partition_.elr.end());
  eligible.insert(partition_.isr.begin(), partition_.isr.end());
  for (const BrokerId member : target_isr_) eligible.erase(member);
  if (unclean_shutdown_) eligible.erase(*unclean_shutdown_);
  std::erase_if(eligible, [this](BrokerId replica) { return !contains(target_replicas_, replica); });
  return {eligible.begin(), eligible.end()};
}

std::optional<BrokerId> PartitionChangeBuilder::elect_leader(const Brokers& elr) const {
  if (election_ == Election::kPreferred && is_valid_leader(target_replicas_.front(), elr)) {
    return target_replicas_.front();
  }
  if (partition_.leader && is_valid_leader(*partition_.leader, elr)) return partition_.leader;
  for (const BrokerId replica : target_replicas_) {
    if (is_valid_leader(replica, elr)) return replica;
  }
  if (const std::optional<BrokerId> last = elect_last_known_leader(elr)) return last;
  if (election_ != Election::kUnclean) return std::nullopt;
  for (const BrokerId replica : target_replicas_) {
    if (acceptor_.accepts(replica)) return replica;
  }
  return std::nullopt;
}

/// "Balanced recovery": when nobody is left who surely has everything, whoever led last has most. Kafka asks
/// whether that broker is alive and only logs the answer; a leader that is fenced would help nobody.
std::optional<BrokerId> PartitionChangeBuilder::elect_last_known_leader(const Brokers& elr) const {
  const bool nobody_is_left = elr_.enabled && target_isr_.empty() && elr.empty();
  if (!nobody_is_left || partition_.last_known_elr.size() != 1) return std::nullopt;
  const BrokerId last = partition_.last_known_elr.front();
  return acceptor_.accepts(last) ? std::optional(last) : std::nullopt;
}

bool PartitionChangeBuilder::is_valid_leader(BrokerId replica, const Brokers& elr) const {
  const bool is_candidate = target_isr_.empty() ? contains(elr, replica) : contains(target_isr_, replica);
  return is_candidate && acceptor_.accepts(replica);
}

}  // namespace odradek::controller
