// Chaos: a process that does a bit of everything at random: connects, sends, responds late, closes, sets and
// cancels timers, writes, truncates and syncs files, gives itself work, ends itself. And a harness that
// crashes, pauses and cuts off such processes at random. Laws of the kernel must hold for it.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/kernel/world.h"

namespace odradek::sim {

class Chaos {
 public:
  Chaos() = default;
  explicit Chaos(std::int32_t nodes) : nodes_(nodes) {}

  void step(const Now& now, const io::Input& input, io::Disk& disk, io::Effects& out);

  FIELDS(nodes_, key_, draws_, open_, parked_, next_, seen_)
  friend bool operator==(const Chaos&, const Chaos&) = default;

 private:
  [[nodiscard]] std::uint64_t below(std::uint64_t n);
  void act(io::Disk& disk, io::Effects& out);
  void touch(io::Disk& disk, io::Effects& out);
  void send(ConnectionId connection, io::Effects& out);

  std::int32_t nodes_ = 0;
  Key key_;
  std::uint64_t draws_ = 0;
  std::vector<ConnectionId> open_;
  std::vector<io::RequestReceived> parked_;
  CorrelationId next_;
  Hasher seen_;  ///< everything that it has learnt, clocks included
};

/// Nodes 1..4, with jitter and costs that differ, under random faults for as long as it runs.
class ChaosRun {
 public:
  explicit ChaosRun(std::uint64_t seed);

  /// Goes on for so many reports of the world.
  void run(std::uint32_t reports);
  [[nodiscard]] const World<Chaos>& world() const { return world_; }

  FIELDS(world_, faults_, rules_, blocked_)
  friend bool operator==(const ChaosRun&, const ChaosRun&) = default;

 private:
  void strike();

  World<Chaos> world_;
  std::uint64_t faults_ = 0;
  std::vector<RuleId> rules_;
  std::vector<Path> blocked_;
};

}  // namespace odradek::sim
