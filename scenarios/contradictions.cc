// Entries of a script that contradict each other: a node that is down cannot crash, be paused or be shut
// down.
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <type_traits>
#include <vector>

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

/// What the fault does, and to whom.
std::optional<Deed> deed_of(const sim::Fault& fault, std::vector<sim::NodeSelector>& whom) {
  const auto is = [&]<class Kind>(std::type_identity<Kind>) {
    const auto* found = std::get_if<Kind>(&fault);
    if (found != nullptr) whom = {found->node};
    return found != nullptr;
  };
  if (const auto* swap = std::get_if<sim::DiskSwapFault>(&fault)) {
    whom = {swap->a, swap->b};
    return Deed::kTakesDown;
  }
  if (is(std::type_identity<sim::CrashFault>()) || is(std::type_identity<sim::PowerLossFault>()) ||
      is(std::type_identity<sim::DiskEmptyFault>()))
    return Deed::kTakesDown;
  if (is(std::type_identity<sim::PauseFault>())) return Deed::kStops;
  if (is(std::type_identity<sim::ShutdownFault>()) || is(std::type_identity<sim::PauseAppFault>()))
    return Deed::kNeedsRunning;
  return std::nullopt;
}

/// One for each node that is named; whom other selectors mean is known in the run only.
std::vector<Claim> claims_of(const sim::PlanEntry& entry) {
  std::vector<sim::NodeSelector> whom;
  std::vector<Claim> claims;
  const auto* begin = std::get_if<Duration>(&entry.when);
  const auto deed = deed_of(entry.fault, whom);
  if (begin == nullptr || !deed) return claims;
  const auto end = entry.duration ? std::optional(*begin + *entry.duration) : std::nullopt;
  for (const sim::NodeSelector& selector : whom) {
    if (selector.kind == sim::NodeSelector::Kind::kNode)
      claims.push_back({.deed = *deed, .node = selector.node, .begin = *begin, .end = end});
  }
  return claims;
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
  struct Placed {
    std::size_t entry = 0;
    Claim claim;
  };
  std::vector<Placed> claims;
  for (std::size_t i = 0; i < script.size(); ++i) {
    for (const Claim& claim : claims_of(script[i])) claims.push_back({.entry = i, .claim = claim});
  }
  for (const Placed& later : claims) {
    const auto clash = std::ranges::find_if(claims, [&later](const Placed& earlier) {
      // Of two at one instant the second in the file is at fault.
      const bool is_earlier = earlier.claim.begin < later.claim.begin || earlier.entry < later.entry;
      return earlier.entry != later.entry && is_earlier && excludes(earlier.claim, later.claim);
    });
    if (clash == claims.end()) continue;
    problems.add(
        places[later.entry],
        fmt::format("{} at {} cannot happen: since {} the [[at]] of line {} has {} {}, expected "
                    "another time or node",
                    text(script[later.entry].fault), duration_text(later.claim.begin),
                    duration_text(clash->claim.begin), places[clash->entry].line,
                    sim::node_name(later.claim.node), clash->claim.deed == Deed::kStops ? "paused" : "down"));
  }
}

}  // namespace odradek::scenarios
