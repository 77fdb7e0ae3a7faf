#include "sim/search/simulation.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "sim/search/cluster.h"
#include "sim/search/message_events.h"
#include "sim/search/quorum_sight.h"
#include "sim/search/stage.h"
#include "sim/search/token.h"

namespace odradek::sim {
namespace {

/// What exits is started again by its supervisor, which waits longer each time (systemd's RestartSec=,
/// RestartMaxDelaySec=): a process that cannot start is not asked ten times a second.
Duration restart_delay(std::uint64_t exits) {
  constexpr Duration kFirst = milliseconds(100);
  constexpr std::uint64_t kDoublings = 5;
  return kFirst * (std::int64_t{1} << std::min(exits, kDoublings));
}

WorldConfig world_config(const Scenario& scenario) {
  WorldConfig config;
  config.network = scenario.network;
  return config;
}

}  // namespace

Simulation::Simulation(const Simulation&) = default;
Simulation::Simulation(Simulation&&) noexcept = default;
Simulation& Simulation::operator=(const Simulation&) = default;
Simulation& Simulation::operator=(Simulation&&) noexcept = default;
Simulation::~Simulation() = default;

Simulation::Simulation(const Scenario& scenario, std::uint64_t seed)
    : scenario_(scenario),
      seed_(seed),
      topology_(topology_of(scenario)),
      world_(Seed(make_key(seed), scenario.calm), world_config(scenario)),
      truth_(scenario.cluster.topic_defaults,
             scenario.cluster.controller.eligible_leader_replicas_version > 0),
      faults_(plan_of(scenario, topology_, make_key(seed)), scenario.budget),
      workload_(scenario.clients, topology_.partitions, make_key(seed)),
      checkers_(scenario.cluster.quorum.controller_quorum_fetch_timeout_ms),
      deadline_(world_.now() + kBootBound) {
  add_nodes(world_, scenario, topology_);
  // Brokers follow when there is a controller; the canaries when the faults are over.
  for (const NodeId id : world_.nodes()) {
    if (topology_.is_controller(id) || topology_.is_client(id) || id == kAdmin) world_.boot(id);
  }
  world_.schedule(world_.now(), token_for(Wakeup::kPhase, 0));
}

bool Simulation::step(Instant limit, Tracer* tracer) {
  Stage stage(*this, tracer);
  const std::size_t violations = checkers_.violations().size();
  const StepReport report = world_.step(limit);
  if (tracer != nullptr) tracer->step(report);
  switch (report.kind) {
    case StepKind::kNode: on_node(report, stage); break;
    case StepKind::kToken: on_token(report.token, stage); break;
    case StepKind::kQuiet: break;
    case StepKind::kIdle: give_up("H-idle", "nothing is scheduled, and the run is not over"); break;
    case StepKind::kPoisoned: on_poison(*report.failure); break;
  }
  if (stage.is_traced()) trace_violations(violations, stage);
  if (tracer != nullptr) tracer->followed(*this);
  return report.kind != StepKind::kQuiet;
}

/// Sorts what the step emitted into what is counted now and what is acted upon next.
void Simulation::collect(const StepReport& report, Stage& stage) {
  seen_->events.clear();
  seen_->returned.clear();
  if (const auto* response = std::get_if<io::ResponseReceived>(report.input))
    tally_.count_errors(response->response);
  for (io::Effect& effect : report.effects) {
    if (auto* emitted = std::get_if<io::Emit>(&effect)) {
      tally_.count(emitted->event);
      seen_->events.push_back(std::move(emitted->event));
    } else if (auto* returned = std::get_if<io::CallReturned>(&effect)) {
      seen_->returned.push_back(std::move(*returned));
    } else if (const auto* reached = std::get_if<io::Reach>(&effect)) {
      ++probes_[static_cast<std::size_t>(reached->probe)];
    } else if (const auto* exit = std::get_if<io::Exit>(&effect)) {
      ++exits_[report.node];
      stage.say(node_name(report.node), "exits: " + exit->reason);
    }
  }
}

void Simulation::on_node(const StepReport& report, Stage& stage) {
  const NodeId node = report.node;
  // Before the report fades: what follows acts on the world.
  const std::vector<MessageEvent> messages =
      faults_.awaits_messages() ? messages_of(report, world_.network()) : std::vector<MessageEvent>();
  collect(report, stage);
  if (world_.state(node) == NodeState::kDown) {
    on_death(node, stage);
  } else if (const node::Server* server = world_.process(node).server()) {
    watch_quorum(*server, {.at = report.now, .event = report.event});
  }
  if (const node::ControllerNode* controller = world_.process(node).controller()) {
    std::erase_if(seen_->events, [&](const io::Event& event) { return !is_news(event, node); });
    if (truth_.learn(controller->committed_image())) workload_.follow(truth_.partitions());
  }
  if (!seen_->events.empty()) {
    if (stage.is_traced()) {
      for (const auto& event : seen_->events)
        stage.say(node_name(node), event_text(event, truth_.topic_names()));
    }
    const WorldView observed = view();
    checkers_.observe(
        {.at = report.now, .event = report.event, .node = node, .events = seen_->events, .view = observed});
    for (const auto& event : seen_->events) faults_.on_event(node, event, stage);
  }
  for (const MessageEvent& message : messages) faults_.on_message(message, stage);
  for (const auto& returned : seen_->returned) {
    if (node == kAdmin) {
      on_admin_returned(returned, stage);
    } else {
      workload_.on_returned(node, returned.id, returned.result, stage);
    }
  }
}

/// A process died of its step: by its own decision, in its middle, or with its host's power.
void Simulation::on_death(NodeId node, Stage& stage) {
  const Ending ending = world_.ending(node);
  if (ending == Ending::kMidStep) stage.say(node_name(node), "dies in the middle of a step");
  if (ending == Ending::kPowerLoss) stage.say(node_name(node), "loses power in the middle of a step");
  bury(node, ending == Ending::kPowerLoss);
  workload_.on_crash(node);
  if (ending == Ending::kPowerLoss) {
    for (const NodeId mate : topology_.with_host_mates({node})) {
      if (mate != node && world_.is_powered(mate)) stage.lose_power(mate, Survival::kDrawn);
    }
  }
  const std::uint64_t earlier_exits = ending == Ending::kExit ? exits_.at(node) - 1 : 0;
  world_.schedule(now() + restart_delay(earlier_exits),
                  token_for(Wakeup::kRestart, static_cast<std::uint32_t>(node.value())));
}

void Simulation::bury(NodeId node, bool lost_data) {
  if (!topology_.is_broker(node) || !owns_disk(world_.disk(node), node)) return;
  const bool clean = world_.disk(node).size(node::kCleanShutdownFile).has_value();
  if (!clean || lost_data) checkers_.on_unclean_end(node, lost_data);
  checkers_.on_burial(node, view());
}

void Simulation::watch_quorum(const node::Server& server, const Sighting& now) {
  const NodeId node = server.spec().id;
  if (!server.raft().is_open()) return;  // its start was cut short
  checkers_.observe_quorum(look_at(server.raft(), world_.incarnation(node)),
                           QuorumSight(server.raft(), world_.disk(node)), now);
  for (const io::Event& event : seen_->events) {
    const auto* written = std::get_if<io::WriteSnapshot>(&event);
    const auto* loaded = std::get_if<io::LoadSnapshot>(&event);
    if (written == nullptr && loaded == nullptr) continue;
    const OffsetAndEpoch id = written != nullptr ? OffsetAndEpoch{written->end_offset, written->epoch}
                                                 : OffsetAndEpoch{loaded->end_offset, loaded->epoch};
    for (const metadata::MetadataImage* image :
         {server.broker() ? &server.broker()->image() : nullptr,
          server.controller() ? &server.controller()->committed_image() : nullptr}) {
      if (image != nullptr && image->end_offset() == id.offset)
        checkers_.see_snapshot(node, id, digest_of(*image), now);
    }
  }
  if (server.controller() == nullptr) return;
  const metadata::MetadataImage& applied = server.controller()->committed_image();
  if (checkers_.quorum().is_elsewhere(node, applied.end_offset()))
    checkers_.see_metadata(node, applied.end_offset(), digest_of(applied), now);
}

bool Simulation::is_news(const io::Event& event, NodeId controller) {
  const Telling telling = truth_.hear(event);
  if (telling == Telling::kContradiction) {
    violate("I56",
            fmt::format("{} tells of a committed record what was not told before: {}", node_name(controller),
                        event_text(event, truth_.topic_names())),
            "controllers contradict each other");
  }
  return telling == Telling::kNews;
}

void Simulation::on_token(HarnessToken token, Stage& stage) {
  switch (wakeup_of(token)) {
    case Wakeup::kPhase: on_phase(stage); break;
    case Wakeup::kStrike: faults_.strike(entity_of(token), stage); break;
    case Wakeup::kEnd: faults_.end(entity_of(token), stage); break;
    case Wakeup::kRestart: {
      // Unless a fault keeps it down, which will start it again itself.
      const NodeId node(static_cast<std::int32_t>(entity_of(token)));
      if (!faults_.keeps_down(node) && node != left_behind_) stage.boot(node);
      break;
    }
    case Wakeup::kDriver:
      workload_.on_wake(NodeId(static_cast<std::int32_t>(entity_of(token))), stage);
      break;
  }
}

void Simulation::on_poison(const Failure& failure) {
  const std::string who = failure.node ? node_name(*failure.node) : "the simulator";
  give_up("ENSURE",
          fmt::format("{}:{}: {}: {} (in {})", failure.file, failure.line, failure.condition, failure.message,
                      who),
          failure.file + ": " + failure.condition);
}

void Simulation::give_up(const std::string& invariant, std::string message) {
  give_up(invariant, std::move(message), invariant);
}

void Simulation::give_up(std::string invariant, std::string message, std::string witness) {
  violate(std::move(invariant), std::move(message), std::move(witness));
  phase_ = Phase::kOver;
}

void Simulation::violate(std::string invariant, std::string message, std::string witness) {
  own_violations_.push_back({.invariant = std::move(invariant),
                             .at = now(),
                             .event = events(),
                             .message = std::move(message),
                             .witness = std::move(witness)});
}

void Simulation::trace_violations(std::size_t from, Stage& stage) const {
  const auto& violations = checkers_.violations();
  for (std::size_t i = from; i < violations.size(); ++i) {
    stage.say("check", fmt::format("violation of {}: {}", violations[i].invariant, violations[i].message));
  }
}

WorldView Simulation::view() const { return {world_, truth_, topology_.brokers, left_behind_}; }

}  // namespace odradek::sim
