// Process: any node of a cluster as one regular value, which the simulator runs and copies.
#pragma once

#include <variant>

#include "engine/client/admin.h"
#include "engine/client/consumer.h"
#include "engine/client/producer.h"
#include "engine/node/server.h"

namespace odradek::node {

class Process {
 public:
  using Kind = std::variant<Server, client::Producer, client::Consumer, client::Admin>;

  Process() = default;
  explicit Process(Kind kind);

  // A regular value; written out so that how all of an engine is copied is compiled once.
  Process(const Process&);
  Process(Process&&) noexcept;
  Process& operator=(const Process&);
  Process& operator=(Process&&) noexcept;
  ~Process();
  friend bool operator==(const Process&, const Process&) = default;

  void step(const Now& now, const io::Input& input, io::Disk& disk, io::Effects& out);

  /// A server's parts have lanes of their own; otherwise the input says which.
  [[nodiscard]] io::Lane lane_of(const io::Input& input) const;

  /// Null for clients.
  [[nodiscard]] const Server* server() const { return std::get_if<Server>(&kind_); }
  /// Null unless this is a broker.
  [[nodiscard]] const BrokerNode* broker() const { return server() ? server()->broker() : nullptr; }
  /// Null unless this is a controller.
  [[nodiscard]] const ControllerNode* controller() const {
    return server() ? server()->controller() : nullptr;
  }

  FIELDS(kind_)

 private:
  Kind kind_;
};

}  // namespace odradek::node
