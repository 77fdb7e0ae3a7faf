#include "bindings/cli/readout.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "sim/explain/words.h"

namespace odradek::cli {
namespace {

constexpr std::array kReadoutParts = {ReadoutPart{"topics", topics_text, topics_json},
                                      ReadoutPart{"brokers", brokers_text, brokers_json},
                                      ReadoutPart{"quorum", quorum_text, quorum_json}};

const ReadoutPart& part_of(std::string_view name) {
  return *std::ranges::find(kReadoutParts, name, &ReadoutPart::name);
}

/// What goes on in a phase of a run, for newcomers.
std::string_view meaning_of(sim::Phase phase) {
  switch (phase) {
    case sim::Phase::kBoot: return "controllers and brokers start";
    case sim::Phase::kTopics: return "topics are created";
    case sim::Phase::kSafety: return "clients work and faults strike";
    case sim::Phase::kSettle: return "faults are over, and the cluster recovers";
    case sim::Phase::kCanary: return "a last record is sent to each partition";
    case sim::Phase::kReading: return "every reader reads to the end";
    case sim::Phase::kOver: return "the run has ended";
  }
  return "";
}

std::string when_text(const sim::Readout& readout) {
  const std::string since = readout.since_ready
                                ? sim::span_text(*readout.since_ready) + " after the cluster was ready"
                                : std::string("before the cluster was ready");
  return fmt::format("as of {}, in phase {}: {}\n      {} after the start of the simulation, event {}\n",
                     since, name_of(readout.phase), meaning_of(readout.phase), sim::moment_text(readout.at),
                     grouped(readout.event));
}

const api::QuorumReplicaState* leader_of(const Quorum& quorum) {
  const auto leader = std::ranges::find_if(
      quorum.current_voters, [&](const auto& voter) { return voter.replica_id == quorum.leader_id; });
  return leader == quorum.current_voters.end() ? nullptr : &*leader;
}

/// The voter with the shortest log, one of unknown length first.
const api::QuorumReplicaState* furthest_behind(const Quorum& quorum) {
  const auto voter =
      std::ranges::min_element(quorum.current_voters, {}, &api::QuorumReplicaState::log_end_offset);
  return voter == quorum.current_voters.end() ? nullptr : &*voter;
}

}  // namespace

const std::vector<std::string>& readout_parts() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    for (const ReadoutPart& part : kReadoutParts) all.emplace_back(part.name);
    return all;
  }();
  return names;
}

std::string readout_text(const Described& described, const Style& style) {
  std::string out = when_text(described.readout) + "\n";
  for (const std::string& name : described.argument.parts)
    out += part_of(name).text(described.readout, style) + "\n";
  return out;
}

nlohmann::ordered_json readout_json(const Described& described) {
  const sim::Readout& readout = described.readout;
  nlohmann::ordered_json object = {{"sim_time_ns", readout.at.ns()},
                                   {"since_ready_ns", nullptr},
                                   {"event", readout.event},
                                   {"phase", std::string(name_of(readout.phase))}};
  if (readout.since_ready) object["since_ready_ns"] = readout.since_ready->ns();
  for (const std::string& name : described.argument.parts) object[name] = part_of(name).json(readout);
  return object;
}

std::string_view registration_state(const sim::BrokerReadout& broker) {
  if (!broker.registration) return "not registered";
  if (broker.registration->fenced) return "fenced";
  return broker.registration->in_controlled_shutdown ? "controlled shutdown" : "unfenced";
}

std::string_view broker_state(const sim::BrokerReadout& broker) {
  if (!broker.state) return "";
  switch (*broker.state) {
    case node::BrokerState::kStarting: return "STARTING";
    case node::BrokerState::kRecovery: return "RECOVERY";
    case node::BrokerState::kRunning: return "RUNNING";
    case node::BrokerState::kPendingControlledShutdown: return "PENDING_CONTROLLED_SHUTDOWN";
    case node::BrokerState::kShuttingDown: return "SHUTTING_DOWN";
  }
  return "";
}

std::optional<Offset> high_watermark(const sim::PartitionReadout& partition) {
  if (!partition.committed.leader) return std::nullopt;
  const auto leader = partition.held.find(*partition.committed.leader);
  const bool leads = leader != partition.held.end() && leader->second.is_leader &&
                     leader->second.leader_epoch == partition.committed.leader_epoch;
  return leads ? std::optional(leader->second.high_watermark) : std::nullopt;
}

std::optional<std::int64_t> lag_of(const api::QuorumReplicaState& replica, const Quorum& quorum) {
  const api::QuorumReplicaState* leader = leader_of(quorum);
  if (leader == nullptr || !leader->log_end_offset || !replica.log_end_offset) return std::nullopt;
  return *leader->log_end_offset - *replica.log_end_offset;
}

std::optional<std::int64_t> max_follower_lag(const Quorum& quorum) {
  const api::QuorumReplicaState* last = furthest_behind(quorum);
  return last == nullptr ? std::nullopt : lag_of(*last, quorum);
}

std::optional<std::int64_t> max_follower_lag_time_ms(const Quorum& quorum) {
  const api::QuorumReplicaState* leader = leader_of(quorum);
  const api::QuorumReplicaState* last = furthest_behind(quorum);
  if (leader == nullptr || last == nullptr) return std::nullopt;
  if (leader == last) return 0;
  if (!leader->last_caught_up_timestamp || !last->last_caught_up_timestamp) return std::nullopt;
  return *leader->last_caught_up_timestamp - *last->last_caught_up_timestamp;
}

}  // namespace odradek::cli
