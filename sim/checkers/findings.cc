#include "sim/checkers/findings.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace odradek::sim {
namespace {

/// What holds whatever brokers' disks do: nobody reads what nobody sent, what the controller decides is sound
/// and never goes back, and a process that runs agrees with itself.
bool holds_beyond_promise(Invariant invariant) {
  using enum Invariant;
  constexpr std::array kHolding = {kI1, kI7, kI17, kI18, kI19, kI20, kI21, kI22, kI31};
  return std::ranges::count(kHolding, invariant) != 0;
}

}  // namespace

void Findings::violate(Invariant invariant, const Sighting& when, const TopicPartition& tp,
                       std::string message, std::string_view witness, OffsetRange records) {
  if (knows(invariant, tp)) return;
  known_.insert({invariant, tp});
  const InvariantInfo& info = info_of(invariant);
  const auto cause = permitted_by_.find(tp);
  if (cause != permitted_by_.end() && !holds_beyond_promise(invariant)) {
    excused_.push_back({.setting = cause->second,
                        .tp = tp,
                        .begin = records.begin,
                        .end = records.end,
                        .at = when.at,
                        .message = fmt::format("{} {}: {}", info.id, info.name, message)});
    return;
  }
  violations_.push_back({.invariant = std::string(info.id),
                         .at = when.at,
                         .event = when.event,
                         .message = std::move(message),
                         .witness = std::string(witness),
                         .client_visible = info.client_visible,
                         .tp = tp,
                         .records = records});
}

void Findings::miss(Invariant invariant, const Sighting& when, const TopicPartition& tp, std::string message,
                    std::string_view witness) {
  if (!is_liveness_excused()) return violate(invariant, when, tp, std::move(message), witness);
  if (knows(invariant, tp)) return;
  known_.insert({invariant, tp});
  if (std::ranges::find(excused_, unbounded_by_.front()) == excused_.end())
    excused_.insert(excused_.end(), unbounded_by_.begin(), unbounded_by_.end());
  const InvariantInfo& info = info_of(invariant);
  excused_.push_back({.setting = unbounded_by_.front().setting,
                      .tp = tp,
                      .at = when.at,
                      .message = fmt::format("{} {}: {}", info.id, info.name, message)});
}

std::map<std::string, std::uint64_t> Findings::exercised() const {
  std::map<std::string, std::uint64_t> all;
  for (std::uint32_t i = 0; i < kInvariantCount; ++i) all.emplace(invariants()[i].id, cases_[i]);
  for (std::uint32_t i = 0; i < kCounterNames.size(); ++i) all.emplace(kCounterNames[i], counters_[i]);
  return all;
}

}  // namespace odradek::sim
