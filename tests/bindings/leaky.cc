#include "tests/bindings/leaky.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <functional>
#include <set>
#include <variant>
#include <vector>

#include "sim/trace/world_run.h"

namespace odradek::cli {
namespace {

constexpr std::array<std::string_view, 6> kNames = {
    "none", "address order", "hash order", "uninitialised byte", "clock", "pointer set"};

/// Things that somebody might tell apart by where they lie.
struct Thing {
  std::uint64_t number = 0;
  std::array<char, 40> rest{};
};
using Things = std::vector<std::unique_ptr<Thing>>;

Things make_things(std::uint64_t count) {
  Things things;
  for (std::uint64_t i = 0; i < count; ++i) things.push_back(std::make_unique<Thing>(Thing{.number = i}));
  return things;
}

io::Timer timer(std::uint64_t entity) { return {.kind = io::TimerKind::kProducerWake, .entity = entity}; }

std::uint8_t byte_of_fresh_memory() {
  constexpr std::size_t kPlace = 48;  // beyond what an allocator itself writes into free blocks
  const std::unique_ptr<std::uint8_t[]> memory(new std::uint8_t[64]);
  const volatile std::uint8_t* const seen = memory.get();
  return seen[kPlace];
}

std::int64_t wall_clock_ns() { return std::chrono::steady_clock::now().time_since_epoch().count(); }

}  // namespace

Leak leak_of(std::string_view name) {
  return static_cast<Leak>(std::ranges::find(kNames, name) - kNames.begin());
}

std::string_view name_of(Leak leak) { return kNames[static_cast<std::size_t>(leak)]; }

void Leaky::step(const Now&, const io::Input& input, io::Disk&, io::Effects& out) {
  const auto* fired = std::get_if<io::TimerFired>(&input);
  const bool is_tick = fired != nullptr && fired->timer.kind == io::TimerKind::kHeartbeat;
  if (!is_tick && !std::holds_alternative<io::Booted>(input)) return;
  out.set_timer({.kind = io::TimerKind::kHeartbeat, .entity = 0}, milliseconds(1));
  if (is_tick && ++ticks_ >= kFirstLeak) let_in(out);
}

void Leaky::let_in(io::Effects& out) {
  switch (leak_) {
    case Leak::kNone: return;
    case Leak::kAddressOrder: {
      const Things things = make_things(2);
      const bool ascends = std::less<>()(things[0].get(), things[1].get());
      return out.set_timer(timer(ascends ? 1 : 2), seconds(10));
    }
    case Leak::kHashOrder: {
      const Things things = make_things(1);
      return out.set_timer(timer(std::hash<const Thing*>()(things[0].get()) / 16), seconds(10));
    }
    case Leak::kUninitialisedByte: byte_ = byte_of_fresh_memory(); return;
    case Leak::kWallClock: return out.set_timer(timer(1), seconds(10) + nanoseconds(wall_clock_ns()));
    case Leak::kPointerSet: {
      const Things things = make_things(5);
      std::set<const Thing*> addresses;
      for (const auto& thing : things) addresses.insert(thing.get());
      for (const Thing* thing : addresses) out.set_timer(timer(thing->number), seconds(10));
      return;
    }
  }
}

std::unique_ptr<sim::Recordable> leaky_run(Leak leak, std::uint64_t seed) {
  sim::World<Leaky> world(Key{.high = 0, .low = seed});
  world.add_node(NodeId(1), Leaky(leak));
  world.boot(NodeId(1));
  return std::make_unique<sim::WorldRun<Leaky>>(std::move(world), 2'000);
}

}  // namespace odradek::cli
