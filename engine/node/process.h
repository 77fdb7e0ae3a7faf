// Process: any node of a cluster as one regular value, which the simulator runs and copies.
#pragma once

#include <variant>

#include "engine/client/admin.h"
#include "engine/client/consumer.h"
#include "engine/client/producer.h"
#include "engine/node/broker_node.h"
#include "engine/node/controller_node.h"

namespace odradek::node {

class Process {
 public:
  using Kind = std::variant<BrokerNode, ControllerNode, client::Producer, client::Consumer, client::Admin>;

  Process() = default;
  explicit Process(Kind kind) : kind_(std::move(kind)) {}

  void step(const Now& now, const io::Input& input, io::Disk& disk, io::Effects& out);

  /// A controller takes requests on its event queue; otherwise the input says which lane.
  [[nodiscard]] io::Lane lane_of(const io::Input& input) const;

  /// Null unless this is a broker.
  [[nodiscard]] const BrokerNode* broker() const { return std::get_if<BrokerNode>(&kind_); }
  /// Null unless this is a controller.
  [[nodiscard]] const ControllerNode* controller() const { return std::get_if<ControllerNode>(&kind_); }

  FIELDS(kind_)
  friend bool operator==(const Process&, const Process&) = default;

 private:
  Kind kind_;
};

}  // namespace odradek::node
