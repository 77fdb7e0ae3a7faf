#include "tests/sim/support/puppet_play.h"

#include <fmt/format.h>

namespace odradek::sim {
namespace {

using testing::bad_command;
using testing::TextCommand;

constexpr int kNodes = 3;

NodeId node(const TextCommand& command, std::size_t word) {
  return NodeId(static_cast<std::int32_t>(command.number(word)));
}

Path path(const TextCommand& command, std::size_t word) {
  return {.from = node(command, word), .to = node(command, word + 1)};
}

RuleScope scope(const TextCommand& command) {
  RuleScope scope;
  if (command.word(1) != "*") scope.from = node(command, 1);
  if (command.word(2) != "*") scope.to = node(command, 2);
  return scope;
}

std::string counters_text(const NetworkCounters& counters) {
  std::string text;
  for_each_field(counters, [&text](std::string_view name, std::uint64_t count) {
    if (count > 0) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, name);
  });
  return text.empty() ? "nothing\n" : text + "\n";
}

std::string file_text(const SimDisk& disk, const std::string& path) {
  const auto size = disk.size(path);
  if (!size) return "no " + path + "\n";
  return fmt::format("{}: {}\n", path, disk.read(path, 0, static_cast<std::uint32_t>(*size))->text());
}

}  // namespace

void PuppetPlay::begin(const TextCommand& command) {
  const bool responds = !command.words.empty() && command.has("responds");
  stage_ = PuppetStage(PuppetStage::steady(), responds);
  start_ = stage_.world.now();
  shown_.clear();
  rules_.clear();
}

void PuppetPlay::tell(const TextCommand& command) {
  const auto orders = command.text.substr(command.text.find(' ') + 1);
  const NodeId to = node(command, 0);
  if (!stage_.world.call(to, CallId(0), io::SendRecord{.topic = orders})) bad_command("the node is down");
}

std::string PuppetPlay::run(Duration time) {
  std::string text;
  const Instant end = stage_.world.now() + time;
  while (true) {
    const StepReport report = stage_.world.step(end);
    for (int i = 1; i <= kNodes; ++i) {
      const auto& heard = stage_.world.process(NodeId(i)).heard();
      std::size_t& shown = shown_[i];
      if (heard.size() < shown) shown = 0;  // it was booted again
      for (; shown < heard.size(); ++shown) {
        text += fmt::format("{}  {} hears: {}\n", testing::short_time(stage_.world.now() - start_), i,
                            heard[shown]);
      }
    }
    if (report.kind == StepKind::kPoisoned) return text + "a failed ENSURE\n";
    if (report.kind != StepKind::kNode) return text.empty() ? "silence\n" : text;
  }
}

std::string PuppetPlay::show(const TextCommand& command) const {
  const Network& network = stage_.world.network();
  const std::string& what = command.word(1);
  if (what == "counters") return counters_text(network.counters());
  if (what == "connections") return fmt::format("{} connections\n", network.connections().size());
  if (what == "stalled") return fmt::format("{} stalled\n", network.stalled(path(command, 2)));
  if (what == "file") return file_text(stage_.world.disk(node(command, 2)), command.word(3));
  if (what == "touched") return fmt::format("{} touched\n", network.affected(rules_.back()));
  bad_command("nothing to show");
}

std::string PuppetPlay::act(const TextCommand& command) {
  World<Puppet>& world = stage_.world;
  const std::string& verb = command.verb();
  if (verb == "stage") {
    begin(command);
  } else if (verb == "run") {
    return run(command.duration(1));
  } else if (verb == "show") {
    return show(command);
  } else if (verb == "crash") {
    world.crash(node(command, 1));
  } else if (verb == "boot") {
    world.boot(node(command, 1));
  } else if (verb == "restart") {
    world.restart(node(command, 1));
  } else if (verb == "pause") {
    world.pause(node(command, 1));
  } else if (verb == "resume") {
    world.resume(node(command, 1));
  } else if (verb == "block") {
    world.block(path(command, 1));
  } else if (verb == "unblock") {
    world.unblock(path(command, 1));
  } else if (verb == "reset") {
    return fmt::format("{} reset\n", world.reset_between(node(command, 1), node(command, 2)));
  } else if (verb == "black-hole") {
    return fmt::format("{} lost\n", world.black_hole(node(command, 1), node(command, 2)));
  } else if (verb == "half-open") {
    return fmt::format("{} lost\n", world.half_open(node(command, 1), node(command, 2)));
  } else if (verb == "throttle-network") {
    world.throttle_network(node(command, 1), command.number(2));
  } else if (verb == "delay") {
    rules_.push_back(world.delay(scope(command), command.duration(3)));
  } else if (verb == "hold") {
    rules_.push_back(
        world.hold(scope(command), {.api = api::ApiKey::kFetch, .response = command.word(3) == "response"}));
  } else if (verb == "power-loss") {
    world.lose_power(node(command, 1), Survival::kNothing);
  } else if (verb == "cut") {
    world.crash_inside_step(node(command, 1), MidStep{.keep = static_cast<std::uint64_t>(command.number(2))});
  } else if (verb == "stall" || verb == "unstall") {
    world.stall_disk(node(command, 1), verb == "stall");
  } else if (verb == "throttle") {
    world.throttle_disk(node(command, 1), command.number(2));
  } else if (verb == "slow") {
    world.slow_down(node(command, 1), {}, static_cast<std::uint32_t>(command.number(2)));
  } else if (verb == "hold-network" || verb == "release-network") {
    world.hold_lane(node(command, 1), io::Lane::kLifecycle, verb == "hold-network");
  } else if (verb == "lift") {
    if (rules_.empty()) bad_command("there is no rule");
    world.lift(rules_.back());
    rules_.pop_back();
  } else if (verb.find_first_not_of("0123456789") == std::string::npos) {
    tell(command);
  } else {
    bad_command("no such command; see tests/sim/support/puppet_play.h");
  }
  return "";
}

}  // namespace odradek::sim
