#include "tests/scenarios/plays/scenario_play.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/base/describe.h"
#include "scenarios/scenario_file.h"
#include "sim/faults/topology.h"

namespace odradek::scenarios {
namespace {

using testing::bad_command;
using testing::TextCommand;

constexpr std::string_view kBase = R"(
title = "A play"
[cluster]
brokers = {brokers}
controllers = 1
[cluster.config]
"broker.heartbeat.interval.ms" = 200
"broker.session.timeout.ms" = 1000
"replica.lag.time.max.ms" = 2000
"replica.fetch.wait.max.ms" = 100
"replica.fetch.backoff.ms" = 100
"replica.socket.timeout.ms" = 1500
"controller.socket.timeout.ms" = 1500
"metadata.max.idle.interval.ms" = 100
"min.insync.replicas" = 2
[network]
latency = ["1ms", "1ms"]
[run]
faults_until = "60s"
settle = "30s"
[[topic]]
name = "orders"
partitions = 1
replication = 3
[[client]]
kind = "producer"
topic = "orders"
interval = "600s"
[client.config]
"enable.idempotence" = false
"max.in.flight.requests.per.connection" = 1
"request.timeout.ms" = 1500
"delivery.timeout.ms" = 10000
"retry.backoff.ms" = 50
)";

/// Passes on what begins with one of the words: "12.003s  b2  BecomeLeader …" by its third column, or
/// "fault".
class Recorder final : public sim::Tracer {
 public:
  Recorder(const std::vector<std::string>& words, sim::Instant ready) : words_(words), ready_(ready) {}

  void line(std::string_view text) override {
    const std::size_t second = text.find("s  ");
    const std::string_view who_and_what = text.substr(text.find_first_not_of(' ', second + 1));
    const std::size_t what = who_and_what.find_first_not_of(' ', who_and_what.find(' '));
    const auto begins = [&](const std::string& word) {
      return who_and_what.starts_with(word) || who_and_what.substr(what).starts_with(word);
    };
    if (std::ranges::none_of(words_, begins)) return;
    lines_.emplace_back(who_and_what);
  }
  std::string take(sim::Instant now) {
    std::string text;
    for (const std::string& line : lines_) {
      text += fmt::format("{:>6}ms  {}\n", (now - ready_).ms(), line);
    }
    lines_.clear();
    return text;
  }

 private:
  const std::vector<std::string>& words_;
  sim::Instant ready_;
  std::vector<std::string> lines_;
};

std::string replica_text(const replica::Partition& partition) {
  std::string role = "nobody's follower";
  if (const replica::Leader* leader = partition.leader()) {
    role = fmt::format("leads epoch {}, isr {}", partition.leader_epoch().value(), describe(leader->isr));
  } else if (const auto followed = partition.followed_leader()) {
    role = fmt::format("follows b{}", followed->value());
  }
  std::string epochs;
  for (const auto& entry : partition.log().epochs().entries()) {
    epochs += fmt::format(" {}@{}", entry.epoch.value(), entry.start_offset.value());
  }
  return fmt::format("{}; log {}..{}, epochs{}, high watermark {}", role,
                     partition.log().log_start_offset().value(), partition.log().log_end_offset().value(),
                     epochs.empty() ? " none" : epochs, partition.high_watermark().value());
}

}  // namespace

void ScenarioPlay::begin(const TextCommand& command) {
  const std::string brokers = command.words.size() > 2 ? command.word(2) : "3";
  std::string text(kBase);
  text.replace(text.find("{brokers}"), 9, brokers);
  for (const std::string& line : command.body) text += line + "\n";
  const auto file = ScenarioFile::parse(text, "play", "play.toml");
  if (!file) bad_command(file.error().message);
  const std::uint64_t seed = command.words.size() > 1 ? static_cast<std::uint64_t>(command.number(1)) : 1;
  const std::size_t first = std::min<std::size_t>(command.words.size(), 3);
  const Overrides overrides(command.words.begin() + static_cast<std::ptrdiff_t>(first), command.words.end());
  const auto scenario = file->for_seed(seed, overrides);
  if (!scenario) bad_command(scenario.error().message);
  simulation_.emplace(*scenario, seed);
  while (simulation_->phase() < sim::Phase::kSafety) {
    if (!simulation_->step(sim::Instant::never(), nullptr)) bad_command("the cluster is never ready");
  }
  ready_ = simulation_->now();
}

std::string ScenarioPlay::run(Duration time) {
  Recorder recorder(shown_, ready_);
  std::string text;
  const sim::Instant end = simulation_->now() + time;
  while (!simulation_->is_over() && simulation_->step(end, &recorder)) {
    text += recorder.take(simulation_->now());
  }
  return text;
}

std::string ScenarioPlay::state() const {
  std::string text;
  for (std::int32_t id = 1; id <= 3; ++id) {
    const NodeId node(id);
    std::string what = "down";
    if (simulation_->world().state(node) != sim::NodeState::kDown) {
      what.clear();
      for (const auto& [tp, partition] :
           simulation_->world().process(node).broker()->replicas().partitions()) {
        what += replica_text(partition);
      }
    }
    text += fmt::format("{}  {}\n", sim::node_name(node), what);
  }
  return text;
}

std::string ScenarioPlay::finish() {
  while (!simulation_->is_over()) static_cast<void>(simulation_->step(sim::Instant::never(), nullptr));
  const sim::RunResult result = simulation_->result();
  std::string text = fmt::format("{}\n", name_of(result.verdict));
  for (const auto& [kind, times] : simulation_->faults().bitten())
    text += fmt::format("bit: {} {}\n", kind, times);
  for (const std::string& skipped : result.skipped) text += fmt::format("skipped: {}\n", skipped);
  for (const auto& violation : result.violations)
    text += fmt::format("violation: {} {}\n", violation.invariant, violation.message);
  for (const auto& permission : result.permitted) text += fmt::format("permitted: {}\n", permission.setting);
  return text;
}

std::string ScenarioPlay::act(const TextCommand& command) {
  const std::string& verb = command.verb();
  if (verb == "scenario") {
    begin(command);
    return "";
  }
  if (verb == "show") {
    shown_.assign(command.words.begin() + 1, command.words.end());
    return "";
  }
  if (!simulation_) bad_command("there is no scenario yet");
  if (verb == "run") return run(command.duration(1));
  if (verb == "state") return state();
  if (verb == "finish") return finish();
  bad_command("no such command; see tests/scenarios/plays/scenario_play.h");
}

}  // namespace odradek::scenarios
