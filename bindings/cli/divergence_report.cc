#include "bindings/cli/divergence_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "sim/trace/line.h"

namespace odradek::cli {
namespace {

using nlohmann::ordered_json;

constexpr std::size_t kShown = 12;

std::string print(const ordered_json& j) {
  return j.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

std::string shortened(const std::string& text) {
  constexpr std::size_t kMax = 60;
  return text.size() <= kMax ? text : text.substr(0, kMax - 3) + "...";
}

/// Those of the step and of what the nodes hold come first; the world's own bookkeeping follows from them.
std::vector<sim::Difference> by_interest(const sim::Divergence& divergence) {
  std::vector<sim::Difference> members = divergence.members;
  std::ranges::stable_partition(members, [](const sim::Difference& member) {
    return !member.path.starts_with("world.") || member.path.starts_with("world.nodes");
  });
  return members;
}

ordered_json divergence_json(const sim::Divergence& divergence) {
  ordered_json members = ordered_json::array();
  for (const sim::Difference& member : by_interest(divergence)) {
    members.push_back({{"path", member.path}, {"left", member.left}, {"right", member.right}});
  }
  const sim::Mark& mark = divergence.left.mark;
  return {{"event", mark.event},
          {"step", mark.step},
          {"sim_time_ns", mark.at.ns()},
          {"left", divergence.left.sight.title},
          {"right", divergence.right.sight.title},
          {"fields", std::move(members)},
          {"before", divergence.left.context}};
}

std::string side_line(std::string_view name, std::size_t width, const sim::Look& look) {
  std::string out = fmt::format("  {:<{}}  {:>12}  event {:<6} {}\n", name, width, time_text(look.mark.at),
                                look.mark.event, look.sight.title);
  for (const std::string& line : look.sight.lines) out += fmt::format("  {:<{}}  {}\n", "", width, line);
  return out;
}

}  // namespace

std::string describe_divergence(const sim::Divergence& divergence, const DivergenceNames& names,
                                const Style& style) {
  std::string out;
  if (!divergence.left.context.empty()) out += style.dim("both") + "\n";
  for (const std::string& line : divergence.left.context) out += "  " + line + "\n";
  const std::size_t width = std::max(names.left.size(), names.right.size());
  out += style.bold("then") + "\n";
  out += side_line(names.left, width, divergence.left) + side_line(names.right, width, divergence.right);
  out += style.bold("fields that differ") + fmt::format("  {} | {}\n", names.left, names.right);
  const std::vector<sim::Difference> members = by_interest(divergence);
  for (std::size_t i = 0; i < std::min(members.size(), kShown); ++i) {
    out += fmt::format("  {}: {} | {}\n", members[i].path, shortened(members[i].left),
                       shortened(members[i].right));
  }
  if (members.size() > kShown) out += style.dim(fmt::format("  and {} more", members.size() - kShown)) + "\n";
  return out;
}

std::string describe_doctor(const DoctorReport& report, const Style& style) {
  const Examination& examination = report.examination;
  std::string out = fmt::format("two processes that differ in {}\n", kWhatDiffers);
  if (!examination.finding) {
    const std::string what =
        fmt::format("{} of {}", counted(examination.runs, "run"), counted(examination.events, "event"));
    if (report.interrupted)
      return out + fmt::format("{}  no difference so far in {}\n", style.yellow("INTERRUPTED"), what);
    return out + fmt::format("{}  no difference in {}\n", style.green("PASS"), what);
  }
  const Finding& finding = *examination.finding;
  if (!finding.divergence && finding.mark) {
    out +=
        fmt::format("told differently at event {}, {}\n", finding.mark->event, time_text(finding.mark->at));
  }
  if (finding.divergence)
    out += describe_divergence(*finding.divergence, {.left = "one", .right = "other"}, style);
  out += fmt::format("{}  {}  seed {} is not deterministic\n", style.red("FAIL"), finding.subject.name,
                     finding.subject.seed);
  if (!finding.problem.empty()) out += fmt::format("  {}\n", finding.problem);
  return out + fmt::format("repro {}\n", report.repro);
}

std::string doctor_json(const DoctorReport& report) {
  const Examination& examination = report.examination;
  ordered_json object;
  object["scenarios"] = report.scenarios;
  object["runs"] = examination.runs;
  object["events"] = examination.events;
  object["deterministic"] = !examination.finding;
  object["interrupted"] = report.interrupted;
  if (examination.finding) {
    const Finding& finding = *examination.finding;
    object["finding"] = {{"scenario", finding.subject.name},
                         {"seed", finding.subject.seed},
                         {"problem", finding.problem},
                         {"repro", report.repro}};
    if (finding.divergence) object["finding"]["divergence"] = divergence_json(*finding.divergence);
  }
  return print(object);
}

std::string describe_diff(const DiffReport& report, const Style& style) {
  if (!report.divergence) {
    return fmt::format("{}  {} in common, no difference\n", style.green("EQUAL"),
                       counted(report.events, "event"));
  }
  return describe_divergence(*report.divergence, {.left = "left", .right = "right"}, style) +
         fmt::format("left  {}\nright {}\n{}  {} in common\n", report.runs.left, report.runs.right,
                     style.yellow("DIFFERENT"), counted(report.events, "event"));
}

std::string diff_json(const DiffReport& report) {
  ordered_json object;
  object["left"] = report.runs.left;
  object["right"] = report.runs.right;
  object["equal"] = !report.divergence;
  object["events_in_common"] = report.events;
  if (report.divergence) object["divergence"] = divergence_json(*report.divergence);
  return print(object);
}

}  // namespace odradek::cli
