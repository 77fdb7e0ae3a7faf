// Which events an entry of a plan waits for: equality over the fields that it names.
#pragma once

#include "engine/io/event.h"
#include "sim/faults/plan.h"
#include "sim/faults/site.h"

namespace odradek::sim {

/// The partition that an event is about, if any.
[[nodiscard]] std::optional<TopicPartition> partition_of(const io::Event& event);

/// The node that an event is about: the broker that was registered, fenced or unfenced, otherwise who emitted
/// it.
[[nodiscard]] NodeId node_of(NodeId emitter, const io::Event& event);

/// Whether the event is one of those that the condition counts.
[[nodiscard]] bool matches(const EventCondition& condition, NodeId emitter, const io::Event& event,
                           const FaultSite& site);

}  // namespace odradek::sim
