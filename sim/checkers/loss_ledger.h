// LossLedger: which replicas' brokers ended uncleanly, or lost what they had not flushed, and are not back.
//
// A power loss takes unflushed records from every replica on the host. Until its next incarnation is
// registered the controller cannot know, and counts it as in sync; until the controller has taken it into the
// ISR again the leader may. A replica is back once it joins a committed ISR, or leads, after that
// registration.
//
// The loss budget: a partition promises to survive a loss of data while at most min.insync.replicas - 1 of
// its replicas are in this ledger. Those count that have lost nothing: to the controller a killed process is
// like a power loss, since neither shut down cleanly, and it takes both out of the ISR and the ELR (KIP-966).
// Three replicas, min.insync.replicas=2: broker 3 is killed and comes back, unclean, out of the ELR though
// its page cache holds everything; when now broker 2, the last of the ISR, loses power, no eligible replica
// is left, and broker 2 is elected as the last known leader, without its tail. So the budget follows from
// assignment, settings and how processes ended, never from where copies happen to be.
#pragma once

#include <algorithm>
#include <map>
#include <vector>

#include "engine/base/fields.h"
#include "engine/base/ids.h"

namespace odradek::sim {

class LossLedger {
 public:
  struct Entry {
    bool data = false;        ///< data is lost, too
    bool registered = false;  ///< the next incarnation is: the controller knows

    FIELDS(data, registered)
    friend bool operator==(const Entry&, const Entry&) = default;
  };
  using Entries = std::map<BrokerId, Entry>;

  void end(BrokerId broker, const TopicPartition& tp, bool data) {
    Entry& entry = unclean_[tp][broker];
    entry = {.data = data || entry.data, .registered = false};
  }
  /// Committed: a new incarnation is registered.
  void on_registered(BrokerId broker) {
    for (auto& [tp, entries] : unclean_) {
      if (const auto found = entries.find(broker); found != entries.end()) found->second.registered = true;
    }
  }
  /// Committed: this broker leads the partition, or has joined its ISR. One that never left the ISR, as
  /// happens without eligible leader replicas, is in it by nobody's judgement.
  void on_back(const TopicPartition& tp, BrokerId broker) {
    const auto found = unclean_.find(tp);
    if (found == unclean_.end()) return;
    const auto entry = found->second.find(broker);
    if (entry != found->second.end() && entry->second.registered) found->second.erase(entry);
  }

  /// Committed: these are the replicas. Whoever is none any more, and is made one again, starts from nothing.
  void keep(const TopicPartition& tp, const std::vector<BrokerId>& replicas) {
    const auto found = unclean_.find(tp);
    if (found == unclean_.end()) return;
    std::erase_if(found->second, [&replicas](const auto& entry) {
      return std::ranges::find(replicas, entry.first) == replicas.end();
    });
  }

  /// Who ended uncleanly and is not back.
  [[nodiscard]] const Entries& unclean(const TopicPartition& tp) const {
    static const Entries kNone;
    const auto found = unclean_.find(tp);
    return found == unclean_.end() ? kNone : found->second;
  }
  /// It has lost data, and is not back.
  [[nodiscard]] bool has_lost(BrokerId broker, const TopicPartition& tp) const {
    const auto found = unclean(tp).find(broker);
    return found != unclean(tp).end() && found->second.data;
  }
  /// It has lost data, and the controller cannot know yet.
  [[nodiscard]] bool is_unknown(BrokerId broker, const TopicPartition& tp) const {
    const auto found = unclean(tp).find(broker);
    return found != unclean(tp).end() && found->second.data && !found->second.registered;
  }

  FIELDS(unclean_)
  friend bool operator==(const LossLedger&, const LossLedger&) = default;

 private:
  std::map<TopicPartition, Entries> unclean_;
};

}  // namespace odradek::sim
