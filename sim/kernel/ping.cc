#include "sim/kernel/ping.h"

#include <variant>

namespace odradek::sim {

void Ping::step(const Now&, const io::Input& input, io::Disk&, io::Effects& out) {
  if (const auto* request = std::get_if<io::RequestReceived>(&input)) {
    ++rounds_;
    out.respond(request->connection, request->correlation, api::BrokerHeartbeatResponse{});
  } else if (const auto* response = std::get_if<io::ResponseReceived>(&input)) {
    ++rounds_;
    send(response->link.connection, out);
  } else if (const auto* opened = std::get_if<io::ConnectionOpened>(&input)) {
    send(opened->link.connection, out);
  } else if (std::holds_alternative<io::Booted>(input) || std::holds_alternative<io::ConnectionLost>(input)) {
    if (peer_) static_cast<void>(out.connect(*peer_, io::Purpose::kHeartbeat));
  }
}

void Ping::send(ConnectionId connection, io::Effects& out) {
  out.send(connection, next_, api::BrokerHeartbeatRequest{.current_metadata_offset = Offset(next_.value())});
  ++next_;
}

World<Ping> ping_world(std::uint64_t seed) {
  World<Ping> world(Key{.high = 0, .low = seed});
  world.add_node(NodeId(1), Ping(NodeId(2)));
  world.add_node(NodeId(2), Ping());
  world.boot(NodeId(2));
  world.boot(NodeId(1));
  return world;
}

}  // namespace odradek::sim
