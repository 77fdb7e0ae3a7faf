#include "sim/checkers/findings.h"

namespace odradek::sim {

void Findings::violate(Invariant invariant, const Sighting& when, const TopicPartition& tp,
                       std::string message, std::string_view witness) {
  if (knows(invariant, tp)) return;
  known_.insert({invariant, tp});
  const InvariantInfo& info = info_of(invariant);
  violations_.push_back({.invariant = std::string(info.id),
                         .at = when.at,
                         .event = when.event,
                         .message = std::move(message),
                         .witness = std::string(witness),
                         .client_visible = info.client_visible});
}

std::map<std::string, std::uint64_t> Findings::exercised() const {
  std::map<std::string, std::uint64_t> all;
  for (std::uint32_t i = 0; i < kInvariantCount; ++i) all.emplace(invariants()[i].id, cases_[i]);
  for (std::uint32_t i = 0; i < kCounterNames.size(); ++i) all.emplace(kCounterNames[i], counters_[i]);
  return all;
}

}  // namespace odradek::sim
