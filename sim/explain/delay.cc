// What a fault kept waiting: messages that were under way when it struck or sent while it lasted.
#include <algorithm>
#include <variant>

#include "sim/explain/beats.h"

namespace odradek::sim {
namespace {

/// A message that arrives within this time was not held up.
constexpr Duration kPrompt = milliseconds(20);

bool is_among(NodeId node, const std::vector<NodeId>& nodes) {
  return nodes.empty() || std::ranges::count(nodes, node) != 0;
}

bool touches(const FaultStruck& fault, Path path, api::ApiKey api, bool response) {
  if (std::ranges::count(fault.paths, path) == 0) return false;
  const auto* hold = std::get_if<HoldFault>(&fault.fault);
  return hold == nullptr || (hold->api == api && hold->response == response);
}

}  // namespace

std::optional<std::uint32_t> end_of_fault(const Chronicle& chronicle, std::uint32_t struck) {
  const auto& fault = std::get<FaultStruck>(chronicle.happenings[struck].what);
  for (std::uint32_t i = struck; i < chronicle.happenings.size(); ++i) {
    const auto* ended = std::get_if<FaultEnded>(&chronicle.happenings[i].what);
    if (ended != nullptr && ended->entry == fault.entry) return i;
  }
  return std::nullopt;
}

Delay delay_by(const Chronicle& chronicle, std::uint32_t struck, const std::vector<NodeId>& actors,
               Instant since) {
  const auto& fault = std::get<FaultStruck>(chronicle.happenings[struck].what);
  const Instant begin = chronicle.happenings[struck].at;
  const auto last = end_of_fault(chronicle, struck);
  const Instant end = last ? chronicle.happenings[*last].at : Instant::never();
  Delay delay;
  for (const ChronicleStep& step : chronicle.steps) {
    if (step.spur != Spur::kMessage || step.cause == 0 || step.at < begin) continue;
    const ChronicleStep& sender = chronicle.step(step.cause);
    const bool late = sender.at >= since && sender.at <= end && step.at - sender.at > kPrompt;
    const Path path{.from = sender.node, .to = step.node};
    if (!late || !touches(fault, path, step.api, step.response)) continue;
    if (!is_among(path.from, actors) || !is_among(path.to, actors)) continue;
    ++delay.messages;
    delay.last_arrival = std::max(delay.last_arrival.value_or(step.at), step.at);
  }
  for (const LostLetter& letter : chronicle.lost) {
    const ChronicleStep& sender = chronicle.step(letter.step);
    const Path path{.from = sender.node, .to = letter.to};
    if (sender.at < since || sender.at < begin - kPrompt || sender.at > end ||
        !touches(fault, path, letter.api, letter.response))
      continue;
    if (!is_among(path.from, actors) || !is_among(path.to, actors)) continue;
    ++delay.messages;
    ++delay.lost;
  }
  return delay;
}

}  // namespace odradek::sim
