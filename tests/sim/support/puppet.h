// Puppet: a process that does what it is told in words and writes down what it hears. Tests of the kernel,
// the network and the disk are plays of two or three puppets.
//
//   PuppetStage stage;
//   stage.tell(1, "connect 2");
//   stage.run(milliseconds(10));
//   stage.tell(1, "send 0");                     // on the first connection that node 1 has opened
//   stage.heard(2)                               "request 0"
//
// Words: connect NODE · send N · fetch N · respond · finish · close N · close-peer · timer ENTITY MS · cancel
// ENTITY · write PATH TEXT · fsync PATH (. is the root) · work · work-always · exit · break. Several orders
// in one step stand between semicolons. Requests are heartbeats, and fetches by `fetch`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/kernel/world.h"

namespace odradek::sim {

class Puppet {
 public:
  Puppet() = default;
  /// Responds to each request at once, or waits to be told.
  explicit Puppet(bool responds) : responds_(responds) {}

  void step(const Now& now, const io::Input& input, io::Disk& disk, io::Effects& out);

  [[nodiscard]] const std::vector<std::string>& heard() const { return heard_; }

  FIELDS(responds_, heard_, opened_, serving_, accepted_, next_correlation_, key_)
  friend bool operator==(const Puppet&, const Puppet&) = default;

 private:
  void obey(const std::string& order, io::Disk& disk, io::Effects& out);
  void send(ConnectionId connection, api::Request request, io::Effects& out);
  void respond(io::Effects& out);

  bool responds_ = false;
  std::vector<std::string> heard_;
  std::vector<ConnectionId> opened_;  ///< by itself, in order
  std::optional<io::RequestReceived> serving_;
  std::optional<ConnectionId> accepted_;  ///< the last one on which a request came
  CorrelationId next_correlation_;
  Key key_;
};

/// Nodes 1, 2 and 3, up; every link takes exactly one millisecond. Nobody responds unless told to.
struct PuppetStage {
  World<Puppet> world;

  explicit PuppetStage(WorldConfig config = steady(), bool responds = false, Calm calm = {});
  static WorldConfig steady();

  /// The node is told at once; what comes of it comes later.
  void tell(int node, std::string order);
  StepReport run(Duration time) { return world.run_until(world.now() + time); }
  /// All that a node has heard since its boot, separated by commas.
  [[nodiscard]] std::string heard(int node) const;
  /// Tells and runs until nothing is under way.
  void open(int from, int to);

  [[nodiscard]] static Path path(int from, int to) { return {.from = NodeId(from), .to = NodeId(to)}; }
};

}  // namespace odradek::sim
