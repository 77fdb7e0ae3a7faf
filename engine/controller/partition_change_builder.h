// PartitionChangeBuilder: the one place that computes how a partition changes.
//
// Callers say what they want — another ISR, other replicas, an election — and get the record that does it, or
// nothing when nothing would change. The epochs follow from the record (metadata::merge): a `leader` in it
// starts a new leader epoch, and it is there only when the leader changes; an ISR that shrinks does not need
// one (KAFKA-15021).
//
// 1. The leader, if there is one, is in the ISR.
// 2. The ISR never becomes empty: its last member stays, though the partition may be without a leader.
// (KIP-966
//    replaces this rule by eligible leader replicas; they belong here.)
// 3. Only an unclean election chooses a leader outside the ISR; it leaves that leader alone in the ISR,
// RECOVERING.
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
    return broker != removed && (broker == added || image.is_active(broker));
  }
};

enum class Election : std::uint8_t {
  kPreferred,  ///< the first replica if it can lead, otherwise as kOnline
  kOnline,     ///< keep the leader if it can lead, otherwise the first replica that is in the ISR and can
  kUnclean,    ///< as kOnline, and at last any replica that is alive: committed records may be lost
};

class PartitionChangeBuilder {
 public:
  PartitionChangeBuilder(TopicPartition tp, const metadata::PartitionRegistration& partition,
                         LeaderAcceptor acceptor);

  PartitionChangeBuilder& set_election(Election election);
  PartitionChangeBuilder& set_target_isr(std::vector<BrokerId> isr);
  PartitionChangeBuilder& set_target_replicas(std::vector<BrokerId> replicas);
  PartitionChangeBuilder& set_target_recovery_state(api::LeaderRecoveryState state);

  [[nodiscard]] std::optional<metadata::PartitionChangeRecord> build() const;

 private:
  struct ElectionResult {
    std::optional<BrokerId> leader;
    bool unclean = false;
  };

  [[nodiscard]] ElectionResult elect_leader() const;
  [[nodiscard]] bool is_valid_leader(BrokerId replica) const;

  TopicPartition tp_;
  const metadata::PartitionRegistration& partition_;
  LeaderAcceptor acceptor_;
  Election election_ = Election::kOnline;
  std::vector<BrokerId> target_isr_;
  std::vector<BrokerId> target_replicas_;
  api::LeaderRecoveryState target_recovery_state_;
};

[[nodiscard]] bool contains(const std::vector<BrokerId>& brokers, BrokerId broker);

}  // namespace odradek::controller
