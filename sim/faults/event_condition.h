// Which events an entry of a plan waits for: equality over the fields that it names.
#pragma once

#include "engine/io/event.h"
#include "sim/faults/plan.h"
#include "sim/faults/site.h"

namespace odradek::sim {

/// Whose id stands in the `node` of a condition.
enum class EventSubject : std::uint8_t { kBroker, kController, kClient };

[[nodiscard]] constexpr std::string_view name_of(EventSubject subject) {
  switch (subject) {
    case EventSubject::kBroker: return "a broker";
    case EventSubject::kController: return "a controller";
    case EventSubject::kClient: return "a client";
  }
  return "nobody";
}

/// What can be asked of an event of one kind.
struct EventTraits {
  EventSubject subject = EventSubject::kBroker;
  bool has_partition = false;
};

/// REQUIRES: index < io::kEventNames.size().
[[nodiscard]] EventTraits traits_of_event(std::size_t index);

/// The partition that an event is about, if any.
[[nodiscard]] std::optional<TopicPartition> partition_of(const io::Event& event);

/// The node that an event is about: the broker that was registered, fenced or unfenced, otherwise who emitted
/// it.
[[nodiscard]] NodeId node_of(NodeId emitter, const io::Event& event);

/// Whether the event is one of those that the condition counts.
[[nodiscard]] bool matches(const EventCondition& condition, NodeId emitter, const io::Event& event,
                           const FaultSite& site);

}  // namespace odradek::sim
