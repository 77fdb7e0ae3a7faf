// Purgatory: requests that wait for something to happen to a partition, or for their timeout.
//
// A parked operation is watched under each of its partitions; whoever changes a partition asks for the
// operations that watch it. Ordinals are given in order of arrival and are never reused; they are the entity
// of the operation's timer.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "engine/base/ids.h"
#include "engine/io/effects.h"

namespace odradek::replica {

template <class Operation>
class Purgatory {
 public:
  Purgatory() = default;
  explicit Purgatory(io::TimerKind timer) : timer_(timer) {}

  /// Parks until `take` or the timeout; returns its ordinal.
  std::uint64_t park(Operation operation, const std::vector<TopicPartition>& partitions, Duration timeout,
                     io::Effects& out) {
    const std::uint64_t ordinal = next_++;
    for (const TopicPartition& tp : partitions) watchers_[tp].insert(ordinal);
    operations_.emplace(ordinal, std::pair(std::move(operation), partitions));
    out.set_timer({.kind = timer_, .entity = ordinal}, timeout);
    return ordinal;
  }

  /// Operations that watch the partition, oldest first.
  [[nodiscard]] std::vector<std::uint64_t> watching(const TopicPartition& tp) const {
    const auto found = watchers_.find(tp);
    if (found == watchers_.end()) return {};
    return {found->second.begin(), found->second.end()};
  }

  [[nodiscard]] Operation* find(std::uint64_t ordinal) {
    const auto found = operations_.find(ordinal);
    return found == operations_.end() ? nullptr : &found->second.first;
  }

  /// Removes the operation and its timer. REQUIRES: it is parked.
  Operation take(std::uint64_t ordinal, io::Effects& out) {
    auto node = operations_.extract(ordinal);
    auto& [operation, partitions] = node.mapped();
    for (const TopicPartition& tp : partitions) {
      const auto found = watchers_.find(tp);
      found->second.erase(ordinal);
      if (found->second.empty()) watchers_.erase(found);
    }
    out.cancel_timer({.kind = timer_, .entity = ordinal});
    return std::move(operation);
  }

  /// Removes and returns what was parked by requests on this connection.
  std::vector<Operation> forget(ConnectionId connection, io::Effects& out) {
    std::vector<std::uint64_t> ordinals;
    for (const auto& [ordinal, parked] : operations_) {
      if (parked.first.connection == connection) ordinals.push_back(ordinal);
    }
    std::vector<Operation> gone;
    for (const std::uint64_t ordinal : ordinals) gone.push_back(take(ordinal, out));
    return gone;
  }

  [[nodiscard]] std::size_t size() const { return operations_.size(); }

  FIELDS(timer_, next_, operations_, watchers_)
  friend bool operator==(const Purgatory&, const Purgatory&) = default;

 private:
  io::TimerKind timer_{};
  std::uint64_t next_ = 0;
  std::map<std::uint64_t, std::pair<Operation, std::vector<TopicPartition>>> operations_;
  std::map<TopicPartition, std::set<std::uint64_t>> watchers_;
};

}  // namespace odradek::replica
