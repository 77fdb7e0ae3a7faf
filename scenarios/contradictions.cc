// Entries of a script that contradict each other: a node that is down cannot crash, be paused or be shut
// down.
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <type_traits>

#include "engine/base/duration_text.h"
#include "scenarios/parse.h"
#include "sim/faults/fault.h"

namespace odradek::scenarios {
namespace {

/// What an entry demands of its node, and what it does to it.
enum class Deed : std::uint8_t { kTakesDown, kStops, kNeedsRunning };

struct Claim {
  Deed deed{};
  NodeId node;
  Duration begin;
  std::optional<Duration> end;  ///< absent: until the faults end
};

std::optional<Deed> deed_on_node(const sim::Fault& fault, sim::NodeSelector& node) {
  const auto is = [&]<class Kind>(std::type_identity<Kind>) {
    const auto* found = std::get_if<Kind>(&fault);
    if (found != nullptr) node = found->node;
    return found != nullptr;
  };
  if (is(std::type_identity<sim::CrashFault>()) || is(std::type_identity<sim::PowerLossFault>()) ||
      is(std::type_identity<sim::DiskEmptyFault>()))
    return Deed::kTakesDown;
  if (is(std::type_identity<sim::PauseFault>())) return Deed::kStops;
  if (is(std::type_identity<sim::ShutdownFault>()) || is(std::type_identity<sim::PauseAppFault>()))
    return Deed::kNeedsRunning;
  return std::nullopt;
}

std::optional<Claim> claim_of(const sim::PlanEntry& entry) {
  sim::NodeSelector selector;
  const auto* begin = std::get_if<Duration>(&entry.when);
  const auto deed = deed_on_node(entry.fault, selector);
  if (begin == nullptr || !deed || selector.kind != sim::NodeSelector::Kind::kNode) return std::nullopt;
  const auto end = entry.duration ? std::optional(*begin + *entry.duration) : std::nullopt;
  return Claim{.deed = *deed, .node = selector.node, .begin = *begin, .end = end};
}

/// True when `earlier` leaves its node in a state in which `later` cannot happen.
bool excludes(const Claim& earlier, const Claim& later) {
  const bool stays_down = earlier.deed == Deed::kTakesDown || earlier.deed == Deed::kStops;
  return stays_down && earlier.node == later.node && earlier.begin <= later.begin &&
         (!earlier.end || later.begin < *earlier.end);
}

}  // namespace

void check_contradictions(const std::vector<sim::PlanEntry>& script, const std::vector<Where>& places,
                          Problems& problems) {
  for (std::size_t i = 0; i < script.size(); ++i) {
    const auto later = claim_of(script[i]);
    if (!later) continue;
    for (std::size_t j = 0; j < script.size(); ++j) {
      const auto earlier = claim_of(script[j]);
      // Of two at one instant the second in the file is at fault.
      if (j == i || !earlier || (earlier->begin == later->begin && j > i) || !excludes(*earlier, *later))
        continue;
      problems.add(
          places[i],
          fmt::format("{} at {} cannot happen: since {} the [[at]] of line {} has it {}, expected "
                      "another time or node",
                      text(script[i].fault), duration_text(later->begin), duration_text(earlier->begin),
                      places[j].line, earlier->deed == Deed::kStops ? "paused" : "down"));
      break;
    }
  }
}

}  // namespace odradek::scenarios
