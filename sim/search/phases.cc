// The phases of a run, one after the other. Each looks now and then whether it is over.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "sim/search/bounds.h"
#include "sim/search/cluster.h"
#include "sim/search/simulation.h"
#include "sim/search/stage.h"
#include "sim/search/timeouts.h"
#include "sim/search/token.h"

namespace odradek::sim {
namespace {

/// What the harness itself draws; the purposes of the world, of faults and of the workload lie below.
enum class HarnessPurpose : std::uint16_t {
  kLeftBehind = 0x600,  ///< which server stays behind when only a core heals, and how
};

/// How long a phase waits before it looks again.
Duration interval_of(Phase phase) {
  switch (phase) {
    case Phase::kBoot:
    case Phase::kTopics: return milliseconds(10);
    case Phase::kSafety:
    case Phase::kSettle: return milliseconds(100);
    case Phase::kCanary:
    case Phase::kReading:
    case Phase::kOver: return milliseconds(50);
  }
  return milliseconds(100);
}

std::string join(const std::vector<std::string>& parts) { return fmt::format("{}", fmt::join(parts, "; ")); }

}  // namespace

void Simulation::on_phase(Stage& stage) {
  switch (phase_) {
    case Phase::kBoot: maybe_leave_boot(stage); break;
    case Phase::kTopics: maybe_leave_topics(stage); break;
    case Phase::kSafety:
      if (is_late()) heal(stage);
      break;
    case Phase::kSettle: maybe_leave_settle(stage); break;
    case Phase::kCanary: maybe_leave_canary(stage); break;
    case Phase::kReading: maybe_leave_reading(stage); break;
    case Phase::kOver: return;
  }
  if (is_over()) return;
  if (phase_ >= Phase::kSafety) mend_quorum(stage);
  const Instant next = now() + interval_of(phase_);
  world_.schedule(is_late() ? next : std::min(next, deadline_), token_for(Wakeup::kPhase, 0));
}

/// Whoever operates the cluster sees to it that the controllers that run are voters, one change at a time,
/// unless they do so themselves (controller.quorum.auto.join.enable).
void Simulation::mend_quorum(Stage& stage) {
  if (!membership_calls_.empty() || scenario_->cluster.quorum.controller_quorum_auto_join_enable) return;
  if (auto next = stage.next_membership()) stage.call_admin(*std::move(next));
}

void Simulation::enter(Phase phase, Duration bound, Stage& stage) {
  phase_ = phase;
  deadline_ = now() + bound;
  stage.say("phase", name_of(phase));
}

void Simulation::maybe_leave_boot(Stage& stage) {
  const bool active = std::ranges::any_of(topology_.controllers, [this](NodeId id) {
    const auto* controller = world_.process(id).controller();
    return controller != nullptr && controller->is_active();
  });
  if (active) {
    for (const NodeId broker : topology_.brokers) stage.boot(broker);
  }
  const WorldView seen = view();
  if (std::ranges::all_of(topology_.brokers, [&](NodeId broker) { return seen.is_unfenced(broker); })) {
    enter(Phase::kTopics, kBootBound, stage);
    create_topics(stage);
  } else if (is_late()) {
    pending_ = unready();
    give_up("I29", "the brokers were not unfenced in time: " + join(pending_));
  }
}

void Simulation::create_topics(Stage& stage) {
  if (!scenario_->topics.empty()) topics_call_ = stage.call_admin(create_topics_request(*scenario_));
}

void Simulation::on_admin_returned(const io::CallReturned& returned, Stage& stage) {
  --admin_calls_;
  membership_calls_.erase(returned.id);
  if (topics_call_ != returned.id) return;
  topics_call_.reset();
  const auto* answer = std::get_if<io::Administered>(&returned.result.value);
  if (answer == nullptr) return create_topics(stage);
  for (const auto& topic : std::get<api::CreateTopicsResponse>(answer->response).topics) {
    // An answer may have been lost after the topic was created.
    if (topic.error_code == api::ErrorCode::kNone || topic.error_code == api::ErrorCode::kTopicAlreadyExists)
      continue;
    give_up("H-topics", fmt::format("topic {} could not be created: {} {}", topic.name,
                                    name_of(topic.error_code), topic.error_message));
    return;
  }
}

std::vector<std::string> Simulation::unready() const {
  std::vector<std::string> reasons;
  for (const auto& name : topology_.partitions) {
    if (!truth_.partition(name)) {
      reasons.push_back(fmt::format("{}-{} does not exist", name.topic, name.partition.value()));
    }
  }
  const std::vector<std::string> unsettled = checkers_.unsettled(view());
  reasons.insert(reasons.end(), unsettled.begin(), unsettled.end());
  return reasons;
}

void Simulation::maybe_leave_topics(Stage& stage) {
  const std::vector<std::string> reasons = unready();
  if (reasons.empty() && !topics_call_) {
    enter(Phase::kSafety, scenario_->faults_until, stage);
    faults_.open(stage);
    workload_.begin(stage);
  } else if (is_late()) {
    pending_ = reasons;
    give_up("I29", "the cluster was not ready in time: " + join(reasons));
  }
}

/// Whatever a fault did ends; what has died, by a fault or by itself, starts again.
void Simulation::heal(Stage& stage) {
  // Many of Kafka's timers go by the wall clock (Time.milliseconds), and stand still until one that was set
  // back has caught up.
  enter(Phase::kSettle, settle_bound(*scenario_) + world_.clocks_behind(), stage);
  checkers_.excuse_liveness(timeouts_too_short(*scenario_, topology_, world_));
  workload_.stop();
  faults_.close(stage);
  for (const NodeId node : topology_.everybody()) {
    stage.resume(node);
    stage.boot(node);
  }
  // What administrators have asked for and not heard of may still move replicas to whoever stays dead.
  if (scenario_->core_only && admin_calls_ == 0) leave_one_behind(stage);
}

/// One server stays dead or cut off while the others have to get along without it.
///
/// Not hung: a broker that is stopped for good still accepts connections, and a client whose metadata names
/// it as a leader asks it for newer metadata again and again (NetworkClient.leastLoadedNode prefers an open
/// connection). Whether Kafka's clients get away from there is an open question.
void Simulation::leave_one_behind(Stage& stage) {
  const Draw which = draw(make_key(seed_), HarnessPurpose::kLeftBehind, {});
  LeftBehind how = scenario_->left_behind;
  if (how == LeftBehind::kAny) {
    std::vector<LeftBehind> ways;
    for (const LeftBehind way :
         {LeftBehind::kDeadBroker, LeftBehind::kDeadController, LeftBehind::kCutOffController}) {
      if (!dispensable(way, stage).empty()) ways.push_back(way);
    }
    if (ways.empty()) return;
    how = ways[draw(make_key(seed_), HarnessPurpose::kLeftBehind, {.entity = 1, .ordinal = 0})
                   .below(ways.size())];
  }
  const std::vector<NodeId> candidates = dispensable(how, stage);
  if (candidates.empty()) return;
  left_behind_ = candidates[which.below(candidates.size())];
  const bool dies = how == LeftBehind::kDeadBroker || how == LeftBehind::kDeadController;
  stage.say(node_name(*left_behind_), dies ? "stays dead" : "stays cut off");
  if (dies) return stage.crash(*left_behind_);
  for (const Path path : paths_between({*left_behind_}, topology_.everybody())) stage.block(path);
}

/// Whom the others can do without. A controller that is cut off is no broker, too: as a rule brokers are not
/// cut off for good, since a client whose bootstrap.servers names one first may wait for it
/// (socket.connection.setup.timeout.ms) for longer than max.block.ms.
std::vector<NodeId> Simulation::dispensable(LeftBehind how, const Stage& stage) const {
  std::vector<NodeId> found;
  if (how == LeftBehind::kDeadBroker || how == LeftBehind::kCutOffBroker) {
    found = topology_.brokers;
  } else {
    found = topology_.controllers;
  }
  std::erase_if(found, [&](NodeId node) {
    if (how == LeftBehind::kCutOffController && topology_.is_broker(node)) return true;
    return (topology_.is_broker(node) && !can_do_without(node, stage)) ||
           (topology_.is_controller(node) && !stage.can_spare(node));
  });
  return found;
}

/// Whether without it every partition has min.insync.replicas members of its ISR and ELR, not counting those
/// that have ended uncleanly and are not back: the controller takes them out once it hears of it (KIP-966).
///
/// Until the controller has missed it, the dead broker may still be elected, and left as the last of the ISR
/// when another member is fenced for being slow. That one then leads again only if the ELR has kept it.
bool Simulation::can_do_without(NodeId broker, const Stage& stage) const {
  if (!stage.may_end({broker}, /*loses=*/false, {})) return false;
  return std::ranges::all_of(truth_.partitions(), [&](const auto& existing) {
    const auto truth = truth_.partition(existing.first);
    // A move that is under way may end before anybody misses the broker.
    std::set<BrokerId> targets(truth->replicas.begin(), truth->replicas.end());
    for (const BrokerId removed : truth->removing_replicas) targets.erase(removed);
    const std::int64_t demanded = std::min<std::int64_t>(truth->effective_min_isr, std::ssize(targets));
    targets.erase(broker);
    if (std::ssize(targets) < demanded) return false;
    std::set<BrokerId> rest(truth->isr.begin(), truth->isr.end());
    const bool elr_keeps_others = truth->eligible_leader_replicas && truth->effective_min_isr > 1;
    const bool may_join = std::ranges::count(truth->replicas, broker) != 0;  // just now, too
    if (may_join && !elr_keeps_others) return false;
    rest.insert(truth->elr.begin(), truth->elr.end());
    rest.erase(broker);
    for (const auto& [unclean, entry] : checkers_.losses().unclean(*truth_.id_of(existing.first)))
      rest.erase(unclean);
    return std::ssize(rest) >= truth->effective_min_isr;
  });
}

/// Whether the followers of some partition hold more of its leader's log than ever since its last election
/// and since one of them started last. Cutting and fetching again is no progress.
bool Simulation::has_caught_up_on_something() {
  bool progress = false;
  for (const auto& [tp, now] : checkers_.replicated()) {
    Replicated& most = most_replicated_.try_emplace(tp, now).first->second;
    const bool comparable = most.epoch == now.epoch && most.incarnations == now.incarnations;
    if (comparable && now.records <= most.records) continue;
    progress |= comparable;
    most = now;
  }
  return progress;
}

void Simulation::maybe_leave_settle(Stage& stage) {
  pending_ = checkers_.unsettled(view());
  for (std::string& open : workload_.open_calls()) pending_.push_back(std::move(open));
  if (stage.next_membership()) pending_.push_back("a controller that runs is no voter");
  if (admin_calls_ > 0) pending_.push_back(fmt::format("admin waits for {} calls", admin_calls_));
  // The bound is on standing still: how long it takes to catch up depends on how much there is.
  if (has_caught_up_on_something()) deadline_ = std::max(deadline_, now() + settle_bound(*scenario_));
  if (!pending_.empty() && !is_late()) return;

  std::int64_t send_timeout_ms = 0;
  for (const ClientSpec& client : scenario_->clients) {
    const auto* producer = std::get_if<ProducerSpec>(&client.kind);
    if (producer == nullptr) continue;
    send_timeout_ms =
        std::max(send_timeout_ms, producer->config.max_block_ms + producer->config.delivery_timeout_ms);
  }
  const WorldView seen = view();
  checkers_.at_settled({.at = now(),
                        .event = events(),
                        .view = seen,
                        .history = workload_.history(),
                        .send_timeout = milliseconds(send_timeout_ms),
                        .pending = pending_});
  if (stage.next_membership()) {
    checkers_.miss(Invariant::kI63, {.at = now(), .event = events()},
                   "a controller that runs did not become a voter");
  }
  if (admin_calls_ > 0)
    checkers_.miss(Invariant::kI62, {.at = now(), .event = events()},
                   fmt::format("{} requests of the administrator have not returned", admin_calls_));
  if (!pending_.empty()) return finish(stage);
  settled_ = now();
  enter(Phase::kCanary, canary_bound(*scenario_), stage);
  workload_.send_canaries(stage);
}

void Simulation::maybe_leave_canary(Stage& stage) {
  pending_ = workload_.open_calls();
  if (!pending_.empty() && !is_late()) return;
  if (!pending_.empty()) {
    checkers_.miss(Invariant::kI28, {.at = now(), .event = events()},
                   "a record sent after the cluster had settled was not acknowledged: " + join(pending_));
    return finish(stage);
  }
  enter(Phase::kReading, canary_bound(*scenario_), stage);
  workload_.read_to_end(stage);
}

void Simulation::maybe_leave_reading(Stage& stage) {
  std::vector<std::string> unread = workload_.unread();
  // The bound is on standing still: small fetches over slow links take their time, and are read all the same.
  if (unread != pending_) deadline_ = now() + canary_bound(*scenario_);
  pending_ = std::move(unread);
  if (!pending_.empty() && !is_late()) return;
  if (!pending_.empty()) {
    checkers_.miss(Invariant::kJ11, {.at = now(), .event = events()},
                   "final polls did not come to the end: " + join(pending_));
  }
  finish(stage);
}

void Simulation::finish(Stage& stage) {
  const WorldView seen = view();
  EndObservation end{
      .at = now(), .event = events(), .view = seen, .history = workload_.history(), .settled = settled_};
  const NetworkCounters& counted = world_.network().counters();
  end.messages = {.sent = counted.sent,
                  .arrived = counted.delivered,
                  .dropped = counted.dropped,
                  .under_way = world_.network().messages_under_way()};
  for (const auto& partition : workload_.fully_read()) end.fully_read.insert(partition);
  for (const auto& [node, client] : clients_of(scenario_->clients)) {
    const auto* producer = std::get_if<ProducerSpec>(&client.kind);
    if (producer != nullptr && producer->config.max_in_flight_requests_per_connection == 1) {
      end.ordered_producers.insert(node);
    }
  }
  checkers_.at_end(end);
  enter(Phase::kOver, Duration(), stage);
}

}  // namespace odradek::sim
