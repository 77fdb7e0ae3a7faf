#include "sim/explain/chronicler.h"

#include <algorithm>
#include <iterator>
#include <optional>

#include "sim/search/simulation.h"

namespace odradek::sim {
namespace {

/// What stands under the key, which is struck out; 0 when nothing does.
template <class Map, class Key>
std::uint64_t take(Map& map, const Key& key) {
  const auto found = map.find(key);
  if (found == map.end()) return 0;
  const std::uint64_t step = found->second;
  map.erase(found);
  return step;
}

/// All nodes that the fault's selectors mean, one list for each selector.
std::vector<std::vector<NodeId>> targets_of(const Fault& fault, const Simulation& run) {
  std::vector<std::vector<NodeId>> targets;
  const auto add = [&](const NodeSelector& selector) {
    const std::optional<NodeId> other =
        targets.empty() || targets.back().empty() ? std::nullopt : std::optional(targets.back().front());
    const auto truth = run.truth().partition(io::NamedPartition{selector.name, selector.partition});
    targets.push_back(resolve(selector, other, run.topology(), truth).value_or(std::vector<NodeId>{}));
  };
  std::visit(
      [&add](const auto& alternative) {
        for_each_field(alternative, [&add](std::string_view, const auto& member) {
          if constexpr (std::is_same_v<std::remove_cvref_t<decltype(member)>, NodeSelector>) add(member);
        });
      },
      fault);
  return targets;
}

std::vector<NodeId> hit_by(const Damage& damage) {
  std::vector<NodeId> nodes;
  const auto add = [&nodes](NodeId node) {
    if (std::ranges::count(nodes, node) == 0) nodes.push_back(node);
  };
  for (const auto* list : {&damage.crashed, &damage.doomed, &damage.paused, &damage.isolated})
    std::ranges::for_each(*list, add);
  for (const Repair& repair : damage.repairs) add(repair.node);
  return nodes;
}

}  // namespace

void Chronicler::add(NodeId node, decltype(Happening::what) what) {
  chronicle_.happenings.push_back({.at = now_, .step = step_, .node = node, .what = std::move(what)});
}

void Chronicler::step(const StepReport& report) {
  now_ = report.now;
  step_ = report.event;
  stepped_ = report.kind == StepKind::kNode ? std::optional(report.node) : std::nullopt;
  if (report.kind != StepKind::kNode) return;
  chronicle_.steps.push_back(step_of(report));
  note_effects(report);
}

ChronicleStep Chronicler::step_of(const StepReport& report) {
  ChronicleStep step{.at = report.now, .node = report.node};
  const auto message = [&](ConnectionId connection, CorrelationId correlation, const auto& body,
                           bool response) {
    step.spur = Spur::kMessage;
    const auto letter = letters_.find({connection, correlation, response});
    if (letter != letters_.end()) {
      step.cause = letter->second.step;
      letters_.erase(letter);
    }
    step.api = api::api_key_of(body);
    step.response = response;
  };
  const auto connection = [&](ConnectionId id) {
    step.spur = Spur::kConnection;
    const auto found = dialled_.find(id);
    if (found != dialled_.end()) step.cause = found->second.step;
  };
  struct Reader {
    Chronicler& self;
    const StepReport& report;
    ChronicleStep& step;
    decltype(message)& on_message;
    decltype(connection)& on_connection;

    void operator()(const io::Booted&) const {
      step.spur = Spur::kBoot;
      std::erase_if(self.work_, [this](const auto& entry) { return entry.first.first == report.node; });
    }
    void operator()(const io::TimerFired& e) const {
      step.spur = Spur::kTimer;
      step.timer = e.timer.kind;
      step.cause = take(self.timers_, std::pair{report.node, e.timer});
    }
    void operator()(const io::WorkDue& e) const {
      step.spur = Spur::kWork;
      std::vector<std::uint64_t>& due = self.work_[{report.node, e.work}];
      if (due.empty()) return;
      step.cause = due.front();
      due.erase(due.begin());
    }
    void operator()(const io::ConnectionOpened& e) const { on_connection(e.link.connection); }
    void operator()(const io::ConnectionLost& e) const { on_connection(e.link.connection); }
    void operator()(const io::PeerGone& e) const { on_connection(e.connection); }
    void operator()(const io::RequestReceived& e) const {
      on_message(e.connection, e.correlation, e.request, /*response=*/false);
    }
    void operator()(const io::ResponseReceived& e) const {
      on_message(e.link.connection, e.correlation, e.response, /*response=*/true);
    }
    void operator()(const io::FsyncFinished& e) const {
      step.spur = Spur::kFsync;
      step.cause = take(self.fsyncs_, std::pair{report.node, e.ticket});
    }
    void operator()(const io::ClientCall&) const { step.spur = Spur::kCall; }
    void operator()(const io::ShutdownRequested&) const { step.spur = Spur::kShutdown; }
  };
  std::visit(Reader{*this, report, step, message, connection}, *report.input);
  return step;
}

/// The message itself has moved on into the network; what kind it is can still be told.
template <class Message>
void Chronicler::post(const Message& message, const auto& body, NodeId from, bool response) {
  const Dialled& line = dialled_[message.connection];
  letters_[{message.connection, message.correlation, response}] = {
      .step = step_,
      .to = line.from == from ? line.to : line.from,
      .api = api::api_key_of(body),
      .response = response};
}

Chronicle Chronicler::chronicle() && {
  for (const auto& [letter, lost] : letters_) chronicle_.lost.push_back(lost);
  std::ranges::stable_sort(chronicle_.lost, {}, &LostLetter::step);
  return std::move(chronicle_);
}

void Chronicler::note_effects(const StepReport& report) {
  struct Noter {
    Chronicler& self;
    NodeId node;

    void operator()(const io::Connect& e) const {
      self.dialled_[e.link.connection] = {.step = self.step_, .from = node, .to = e.link.peer};
    }
    void operator()(const io::Send& e) const { self.post(e, e.request, node, /*response=*/false); }
    void operator()(const io::Respond& e) const { self.post(e, e.response, node, /*response=*/true); }
    void operator()(const io::FinishRequest&) const {}
    void operator()(const io::Close&) const {}
    void operator()(const io::SetTimer& e) const { self.timers_[{node, e.timer}] = self.step_; }
    void operator()(const io::CancelTimer& e) const { self.timers_.erase({node, e.timer}); }
    void operator()(const io::Fsync& e) const { self.fsyncs_[{node, e.ticket}] = self.step_; }
    void operator()(const io::Continue& e) const { self.work_[{node, e.work}].push_back(self.step_); }
    void operator()(const io::CallReturned&) const {}
    void operator()(const io::Emit& e) const {
      self.add(node, e.event);
      if (const auto* cut = std::get_if<io::TruncateMetadata>(&e.event))
        self.metadata_[node].forget_from(cut->end);
    }
    void operator()(const io::Reach&) const {}
    void operator()(const io::Exit& e) const { self.exits_[node] = e.reason; }
  };
  for (const io::Effect& effect : report.effects) std::visit(Noter{*this, report.node}, effect);
}

void Chronicler::followed(const Simulation& run) {
  now_ = run.now();
  note_metadata(run);
  note_faults(run);
  note_nodes(run);
  if (run.phase() == Phase::kSafety) in_safety_ = true;
  if (in_safety_ && run.phase() == Phase::kSettle) {
    in_safety_ = false;
    add(NodeId(), FaultsOver{});
  }
  const TopicNames& names = run.truth().topic_names();
  if (names.size() != chronicle_.topics.size()) chronicle_.topics = names;
}

void Chronicler::note_metadata(const Simulation& run) {
  if (!stepped_ || run.world().state(*stepped_) == NodeState::kDown) return;
  const node::Server* server = run.world().process(*stepped_).server();
  if (server == nullptr || !server->raft().is_open()) return;
  auto seen = metadata_[*stepped_].look(server->raft(), run.world().disk(*stepped_),
                                        run.world().incarnation(*stepped_));
  if (seen) add(*stepped_, *std::move(seen));
}

void Chronicler::note_nodes(const Simulation& run) {
  for (const NodeId node : run.world().nodes()) {
    const NodeState state = run.world().state(node);
    const std::uint32_t incarnation = run.world().incarnation(node);
    NodeState& known = states_.try_emplace(node, NodeState::kDown).first->second;
    std::uint32_t& lived = incarnations_[node];
    const bool died = known != NodeState::kDown && (state == NodeState::kDown || incarnation != lived);
    if (died) add(node, NodeDied{.ending = run.world().ending(node), .reason = exits_[node]});
    if (state != NodeState::kDown && incarnation != lived) add(node, NodeStarted{});
    if (died) exits_.erase(node);
    known = state;
    lived = incarnation;
  }
}

void Chronicler::note_faults(const Simulation& run) {
  const FaultRun& faults = run.faults();
  stages_.resize(faults.plan().size(), FaultRun::Stage::kWaiting);
  for (std::uint32_t entry = 0; entry < stages_.size(); ++entry) {
    const FaultRun::Stage before = stages_[entry];
    const FaultRun::Stage now = faults.stage(entry);
    if (before == now) continue;
    stages_[entry] = now;
    if (now == FaultRun::Stage::kActive ||
        (now == FaultRun::Stage::kOver && before != FaultRun::Stage::kActive)) {
      add(NodeId(), struck(entry, run));
    } else if (now == FaultRun::Stage::kOver) {
      add(NodeId(), FaultEnded{.entry = entry});
    }
  }
}

FaultStruck Chronicler::struck(std::uint32_t entry, const Simulation& run) const {
  const PlanEntry& planned = run.faults().plan()[entry];
  const Damage& damage = run.faults().damage(entry);
  FaultStruck told{.entry = entry,
                   .fault = planned.fault,
                   .duration = planned.duration,
                   .nodes = hit_by(damage),
                   .paths = damage.blocked};
  const auto targets = targets_of(planned.fault, run);
  if (!damage.is_lasting()) {
    for (const auto& nodes : targets) {
      std::ranges::copy_if(nodes, std::back_inserter(told.nodes),
                           [&told](NodeId node) { return std::ranges::count(told.nodes, node) == 0; });
    }
  }
  if (!damage.rules.empty() && targets.size() == 2) {  // a delay or a hold: from the first to the second
    for (const NodeId from : targets[0]) {
      for (const NodeId to : targets[1]) told.paths.push_back({.from = from, .to = to});
    }
  }
  return told;
}

}  // namespace odradek::sim
