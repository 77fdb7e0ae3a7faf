#include "sim/faults/event_condition.h"

namespace odradek::sim {

std::optional<TopicPartition> partition_of(const io::Event& event) {
  return std::visit(
      [](const auto& e) -> std::optional<TopicPartition> {
        if constexpr (requires { e.tp; }) {
          return e.tp;
        } else {
          return std::nullopt;
        }
      },
      event);
}

NodeId node_of(NodeId emitter, const io::Event& event) {
  return std::visit(
      [emitter](const auto& e) {
        if constexpr (requires { e.broker; }) {
          return e.broker;
        } else {
          return emitter;
        }
      },
      event);
}

bool matches(const EventCondition& condition, NodeId emitter, const io::Event& event, const FaultSite& site) {
  if (io::name_of(event) != condition.event) return false;
  if (condition.node && *condition.node != node_of(emitter, event)) return false;
  if (!condition.topic && !condition.partition) return true;
  const auto tp = partition_of(event);
  if (!tp) return false;
  if (condition.partition && *condition.partition != tp->partition) return false;
  return !condition.topic || site.topic_name(tp->topic_id) == *condition.topic;
}

}  // namespace odradek::sim
