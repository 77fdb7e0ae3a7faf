// LossLedger: which replicas have lost what they had not flushed, and have not come back.
//
// A power loss takes unflushed records from every replica on the host. Until its next incarnation is
// registered the controller cannot know, and counts it as in sync; until the controller has taken it into the
// ISR again the leader may. A replica is back once it is in a committed ISR after that registration.
//
// A partition promises to survive while at most min.insync.replicas - 1 of its replicas are in this ledger:
// its loss budget. It follows from assignment and settings, never from where copies happen to be.
// Source: KIP-966.
#pragma once

#include <map>
#include <set>
#include <vector>

#include "engine/base/fields.h"
#include "engine/base/ids.h"

namespace odradek::sim {

class LossLedger {
 public:
  void lose(BrokerId broker, const TopicPartition& tp) { lost_[tp][broker] = false; }
  /// Committed: a new incarnation is registered.
  void on_registered(BrokerId broker) {
    for (auto& [tp, brokers] : lost_) {
      if (const auto found = brokers.find(broker); found != brokers.end()) found->second = true;
    }
  }
  /// Committed: the partition's ISR.
  void on_isr(const TopicPartition& tp, const std::vector<BrokerId>& isr) {
    const auto found = lost_.find(tp);
    if (found == lost_.end()) return;
    for (const BrokerId broker : isr) {
      const auto entry = found->second.find(broker);
      if (entry != found->second.end() && entry->second) found->second.erase(entry);
    }
  }

  /// It has lost data, and is not back.
  [[nodiscard]] bool has_lost(BrokerId broker, const TopicPartition& tp) const {
    const auto found = lost_.find(tp);
    return found != lost_.end() && found->second.contains(broker);
  }
  /// It has lost data, and the controller cannot know yet.
  [[nodiscard]] bool is_unknown(BrokerId broker, const TopicPartition& tp) const {
    const auto found = lost_.find(tp);
    if (found == lost_.end()) return false;
    const auto entry = found->second.find(broker);
    return entry != found->second.end() && !entry->second;
  }
  [[nodiscard]] std::set<BrokerId> lost(const TopicPartition& tp) const {
    std::set<BrokerId> brokers;
    if (const auto found = lost_.find(tp); found != lost_.end()) {
      for (const auto& [broker, registered] : found->second) brokers.insert(broker);
    }
    return brokers;
  }

  FIELDS(lost_)
  friend bool operator==(const LossLedger&, const LossLedger&) = default;

 private:
  std::map<TopicPartition, std::map<BrokerId, bool>> lost_;  ///< true: registered since
};

}  // namespace odradek::sim
