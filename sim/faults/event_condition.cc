#include "sim/faults/event_condition.h"

#include <array>
#include <concepts>
#include <utility>

namespace odradek::sim {

namespace {

template <class E, class... Kinds>
concept IsOneOf = (std::same_as<E, Kinds> || ...);

template <class E>
constexpr EventTraits traits() {
  EventTraits traits{.subject = EventSubject::kBroker, .has_partition = false};
  if constexpr (IsOneOf<E, io::ElectController, io::ChangePartition, io::RemoveTopic, io::ChangeRaftRole,
                        io::GrantVote, io::TruncateMetadata, io::CommitMetadata, io::ChangeVoters,
                        io::WriteSnapshot, io::LoadSnapshot>) {
    traits.subject = EventSubject::kController;
  } else if constexpr (IsOneOf<E, io::ResetPosition>) {
    traits.subject = EventSubject::kClient;
  }
  if constexpr (requires(const E& e) { e.tp; }) traits.has_partition = true;
  return traits;
}

}  // namespace

EventTraits traits_of_event(std::size_t index) {
  static constexpr auto kTraits = []<std::size_t... Is>(std::index_sequence<Is...>) {
    return std::array{traits<std::variant_alternative_t<Is, io::Event>>()...};
  }(std::make_index_sequence<std::variant_size_v<io::Event>>());
  return kTraits[index];
}

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
