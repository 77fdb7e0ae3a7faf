// PartitionChangeBuilder: the one place that computes how a partition changes.
//
// Callers say what they want — another ISR, other replicas, an election — and get the record that does it, or
// nothing when nothing would change. The epochs follow from the record (metadata::merge): a `leader` in it
// starts a new leader epoch, and it is there only when the leader changes or a replica goes; an ISR that
// shrinks does not need one (KAFKA-15021).
//
// 1. The leader, if there is one, is in the ISR.
// 2. Whoever leaves an ISR that is then smaller than the minimum stands in the ELR from then on: the high
//    watermark rests meanwhile, so they hold all that is committed. The ELR is emptied when the ISR is large
//    enough again. ISR and ELR are disjoint (KIP-966).
// 3. The ISR may be empty with eligible leader replicas; without them its last member stays, though the
//    partition is without a leader.
// 4. Candidates are the ISR; once it is empty the ELR; once that is empty too, the last leader; and in an
//    unclean election anybody alive. Whoever is elected outside the ISR is alone in it. Only the latter two
//    may lose committed records: they leave the leader RECOVERING.
// 5. While a partition moves its replicas are those wanted and then those that will go. The move ends with
// the
//    first change after which everybody who stays is in the ISR; whoever goes leaves ISR and ELR with it, the
//    leader too (KIP-455).
//
// Source: org.apache.kafka.controller.PartitionChangeBuilder.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "engine/metadata/image.h"

namespace odradek::controller {

/// Who may lead: active brokers, seen as of a change of one broker that is in the same batch of records.
struct LeaderAcceptor {
  const metadata::MetadataImage& image;
  std::optional<BrokerId> removed = {};  ///< is about to be fenced or to shut down
  std::optional<BrokerId> added = {};    ///< is about to be unfenced

  [[nodiscard]] bool accepts(BrokerId broker) const {
    const metadata::BrokerRegistration* registration = image.broker(broker);
    if (broker == removed || registration == nullptr || !registration->has_online_dir()) return false;
    return broker == added || registration->is_active();
  }
};

enum class Election : std::uint8_t {
  kPreferred,  ///< the first replica if it can lead, otherwise as kOnline
  kOnline,     ///< keep the leader if it can lead, otherwise the first replica that can
  kUnclean,    ///< as kOnline, and at last any replica that is alive: committed records may be lost
};

/// Eligible leader replicas: whether the cluster keeps them, and below which size of the ISR.
struct ElrRule {
  bool enabled = false;      ///< eligible.leader.replicas.version
  std::int32_t min_isr = 1;  ///< the smaller of min.insync.replicas and the number of replicas
};

class PartitionChangeBuilder {
 public:
  PartitionChangeBuilder(TopicPartition tp, const metadata::PartitionRegistration& partition,
                         LeaderAcceptor acceptor, ElrRule elr);

  PartitionChangeBuilder& set_election(Election election);
  PartitionChangeBuilder& set_target_isr(std::vector<BrokerId> isr);
  PartitionChangeBuilder& set_target_replicas(std::vector<BrokerId> replicas);
  /// The move that is under way from now on: those that come and those that go, both among the target
  /// replicas.
  PartitionChangeBuilder& set_target_move(std::vector<BrokerId> adding, std::vector<BrokerId> removing);
  PartitionChangeBuilder& set_target_recovery_state(api::LeaderRecoveryState state);
  /// The broker may have lost what it had not flushed: it is not eligible.
  PartitionChangeBuilder& set_unclean_shutdown(BrokerId broker);

  [[nodiscard]] std::optional<metadata::PartitionChangeRecord> build();

 private:
  using Brokers = std::vector<BrokerId>;

  void complete_move();
  [[nodiscard]] Brokers eligible_replicas() const;
  [[nodiscard]] std::optional<BrokerId> elect_leader(const Brokers& elr) const;
  [[nodiscard]] std::optional<BrokerId> elect_last_known_leader(const Brokers& elr) const;
  [[nodiscard]] bool is_valid_leader(BrokerId replica, const Brokers& elr) const;
  /// The partition with what was asked for, in its present epochs.
  [[nodiscard]] metadata::PartitionRegistration changed() const;

  TopicPartition tp_;
  const metadata::PartitionRegistration& partition_;
  LeaderAcceptor acceptor_;
  ElrRule elr_;
  Election election_ = Election::kOnline;
  Brokers target_isr_;
  Brokers target_replicas_;
  Brokers target_adding_;
  Brokers target_removing_;
  api::LeaderRecoveryState target_recovery_state_;
  std::optional<BrokerId> unclean_shutdown_;
};

[[nodiscard]] bool contains(const std::vector<BrokerId>& brokers, BrokerId broker);

}  // namespace odradek::controller
