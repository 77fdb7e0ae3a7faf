#include "sim/trace/recording.h"

#include <algorithm>
#include <set>
#include <utility>

#include "engine/io/effects.h"
#include "sim/faults/topology.h"
#include "sim/trace/line.h"

namespace odradek::sim {
namespace {

Mark mark_of(const Recordable& run, std::uint64_t step) {
  return {
      .step = step, .event = run.event(), .at = run.now(), .happened = run.happened(), .is = run.digest()};
}

template <class Message>
void message_sent(Leaves& out, const std::string& path, const Message& message, std::string_view body) {
  out.push_back({.path = path, .value = std::string(detail::type_name<Message>())});
  leaves_to(out, path + ".connection", message.connection);
  leaves_to(out, path + ".correlation", message.correlation);
  out.push_back({.path = path + ".body", .value = std::string(body)});
}

template <class Variant>
std::string_view alternative_of(const Variant& message) {
  return std::visit([]<class Alternative>(const Alternative&) { return detail::type_name<Alternative>(); },
                    message);
}

void effect_to(Leaves& out, const std::string& path, const io::Effect& effect) {
  if (const auto* send = std::get_if<io::Send>(&effect)) {
    message_sent(out, path, *send, alternative_of(send->request));
  } else if (const auto* respond = std::get_if<io::Respond>(&effect)) {
    message_sent(out, path, *respond, alternative_of(respond->response));
  } else {
    leaves_to(out, path, effect);
  }
}

std::string title_of(const StepReport& report) {
  std::string title = fmt::format("{} {} {}", node_name(report.node), io::name_of(report.lane),
                                  alternative_of(*report.input));
  if (const auto* request = std::get_if<io::RequestReceived>(report.input)) {
    title += fmt::format(" {}", alternative_of(request->request));
  } else if (const auto* response = std::get_if<io::ResponseReceived>(report.input)) {
    title += fmt::format(" {}", alternative_of(response->response));
  } else if (const auto* fired = std::get_if<io::TimerFired>(report.input)) {
    title += fmt::format(" {}", io::name_of(fired->timer.kind));
  }
  return title;
}

}  // namespace

Sight sight_of(const StepReport& report) {
  Sight sight;
  if (report.kind != StepKind::kNode) return sight;
  sight.title = title_of(report);
  sight.leaves.push_back({.path = "node", .value = node_name(report.node)});
  sight.leaves.push_back({.path = "lane", .value = std::string(io::name_of(report.lane))});
  leaves_to(sight.leaves, "input", *report.input);
  sight.leaves.push_back({.path = "effects", .value = fmt::format("{} elements", report.effects.size())});
  for (std::uint64_t i = 0; i < report.effects.size(); ++i)
    effect_to(sight.leaves, fmt::format("effects[{}]", i), report.effects[i]);
  return sight;
}

std::vector<Mark> record(Recordable& run, const Window& window) {
  std::vector<Mark> marks;
  std::uint64_t step = 0;
  while (step < window.to && run.step(nullptr)) {
    ++step;
    if (step > window.from && step % window.every == 0) marks.push_back(mark_of(run, step));
  }
  if (marks.empty() || marks.back().step != step) marks.push_back(mark_of(run, step));
  return marks;
}

std::optional<std::size_t> first_disagreement(std::span<const Mark> one, std::span<const Mark> other) {
  const auto [left, right] = std::ranges::mismatch(one, other);
  if (left == one.end() && right == other.end()) return std::nullopt;
  return static_cast<std::size_t>(left - one.begin());
}

std::optional<Look> look(Recordable& run, std::uint64_t step, const LookOptions& options) {
  Look look;
  for (std::uint64_t taken = 1; taken < step; ++taken) {
    if (taken + options.context < step) {
      if (!run.step(nullptr)) return std::nullopt;
      continue;
    }
    Sight seen;
    if (!run.step(&seen)) return std::nullopt;
    look.context.push_back(
        fmt::format("{:>12}  event {:<6} {}", time_text(run.now()), run.event(), seen.title));
    for (const std::string& line : seen.lines) look.context.push_back("  " + line);
  }
  if (options.before) look.before = run.state();
  if (!run.step(&look.sight)) return std::nullopt;
  look.after = run.state();
  look.mark = mark_of(run, step);
  return look;
}

Divergence divergence(Look left, Look right) {
  Divergence result;
  const auto note = [&result](std::string path, std::string one, std::string other) {
    if (one == other) return;
    result.members.push_back({.path = std::move(path), .left = std::move(one), .right = std::move(other)});
  };
  note("at", time_text(left.mark.at), time_text(right.mark.at));
  note("step", left.sight.title, right.sight.title);
  for (Difference& difference : differences(left.sight.leaves, right.sight.leaves))
    result.members.push_back(std::move(difference));
  std::set<std::string> known;
  for (Difference& difference : differences(left.before, right.before))
    known.insert(std::move(difference.path));
  for (Difference& difference : differences(left.after, right.after)) {
    if (!known.contains(difference.path)) result.members.push_back(std::move(difference));
  }
  result.left = std::move(left);
  result.right = std::move(right);
  return result;
}

}  // namespace odradek::sim
