// Ping: the smallest process. One node sends a request and, on each response, the next; the other responds.
// It measures the kernel (`odradek bench kernel`), and tests of the kernel run on it.
#pragma once

#include <cstdint>
#include <optional>

#include "engine/io/effects.h"
#include "sim/kernel/world.h"

namespace odradek::sim {

class Ping {
 public:
  /// Waits for requests.
  Ping() = default;
  /// Sends them.
  explicit Ping(NodeId peer) : peer_(peer) {}

  void step(const Now& now, const io::Input& input, io::Disk& disk, io::Effects& out);

  /// Requests answered, or responses seen.
  [[nodiscard]] std::uint64_t rounds() const { return rounds_; }

  FIELDS(peer_, next_, rounds_)
  friend bool operator==(const Ping&, const Ping&) = default;

 private:
  void send(ConnectionId connection, io::Effects& out);

  std::optional<NodeId> peer_;
  CorrelationId next_;
  std::uint64_t rounds_ = 0;
};

/// Node 1 pings node 2; both are booted.
[[nodiscard]] World<Ping> ping_world(std::uint64_t seed);

}  // namespace odradek::sim
