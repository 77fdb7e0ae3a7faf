// Hold: messages of one API in one direction wait until the fault ends and then arrive together, late and
// still in order. That is what finds races of the protocol: an answer of yesterday meets the state of today.
// Later messages of the same direction of a connection queue behind a held one, as TCP has it.
#include <array>

#include "sim/faults/fault.h"

namespace odradek::sim {
namespace {

/// The conversations worth holding up, each with its two ends.
enum class Conversation : std::uint8_t {
  kFollowerFetch,
  kAlterPartition,
  kHeartbeat,
  kMetadataFetch,
  kProduce,
  kVote,
  kQuorumFetch,
  kBeginQuorumEpoch,
};

struct Row {
  Conversation conversation{};
  api::ApiKey api{};
};

constexpr std::array kRows = {
    Row{Conversation::kFollowerFetch, api::ApiKey::kFetch},
    Row{Conversation::kAlterPartition, api::ApiKey::kAlterPartition},
    Row{Conversation::kHeartbeat, api::ApiKey::kBrokerHeartbeat},
    Row{Conversation::kMetadataFetch, api::ApiKey::kFetch},
    Row{Conversation::kProduce, api::ApiKey::kProduce},
    // Only where there are several voters:
    Row{Conversation::kVote, api::ApiKey::kVote},
    Row{Conversation::kQuorumFetch, api::ApiKey::kFetch},
    Row{Conversation::kBeginQuorumEpoch, api::ApiKey::kBeginQuorumEpoch},
};
constexpr std::size_t kRowsWithOneVoter = 5;

using Kind = NodeSelector::Kind;

}  // namespace

Result<Damage> strike(const HoldFault& fault, const Strike& moment) {
  TRY(from, moment.resolve_end(fault.from));
  TRY(to, moment.resolve_end(fault.to, from));
  const HeldMessages messages{.api = fault.api, .response = fault.response};
  return Damage{.rules = {moment.site.hold({.from = from, .to = to}, messages)}};
}

std::string text(const HoldFault& fault) {
  return fmt::format("{} {} from {} to {}", api::name_of(fault.api),
                     fault.response ? "responses" : "requests", text(fault.from), text(fault.to));
}

HoldFault random_hold(const Dice& dice, const Targets& targets) {
  const bool several = targets.topology.controllers.size() > 1;
  const Row row = kRows[dice.about(Aspect::kKindOfNode).below(several ? kRows.size() : kRowsWithOneVoter)];
  const auto [topic, partition] = random_partition_name(dice, targets);
  const auto choice = static_cast<std::uint32_t>(dice.about(Aspect::kTarget).bits());
  const NodeSelector leader{.kind = Kind::kLeaderOf, .name = topic, .partition = partition};
  const NodeSelector follower{
      .kind = Kind::kFollowerOf, .name = topic, .partition = partition, .choice = choice};
  const NodeSelector broker = any_broker(choice);
  const NodeSelector controller{.kind = Kind::kController};
  const NodeSelector everybody{.kind = Kind::kEverybody};

  HoldFault fault{.api = row.api, .response = dice.about(Aspect::kShape).chance(1, 2)};
  switch (row.conversation) {
    case Conversation::kFollowerFetch: fault.from = follower, fault.to = leader; break;
    case Conversation::kAlterPartition: fault.from = leader, fault.to = controller; break;
    case Conversation::kHeartbeat: fault.from = broker, fault.to = controller; break;
    case Conversation::kMetadataFetch: fault.from = broker, fault.to = controller; break;
    case Conversation::kProduce: fault.from = everybody, fault.to = leader; break;
    case Conversation::kVote:
    case Conversation::kQuorumFetch:
      fault.from = any_controller(targets, choice), fault.to = controller;
      break;
    case Conversation::kBeginQuorumEpoch:
      fault.from = controller, fault.to = any_controller(targets, choice);
      break;
  }
  if (fault.response) std::swap(fault.from, fault.to);
  return fault;
}

}  // namespace odradek::sim
