#include "bindings/cli/report_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "bindings/cli/arguments.h"
#include "bindings/cli/coverage.h"
#include "sim/checkers/registry.h"

namespace odradek::cli {
namespace {

constexpr std::size_t kWidth = 110;
constexpr std::size_t kIndent = 15;
using Counts = std::map<std::string, std::uint64_t>;

/// Columns that a text takes: its characters, not its bytes.
std::size_t width(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; }));
}

/// `label` and its items, wrapped below each other.
std::string paragraph(std::string_view label, const std::vector<std::string>& items, const Style& style,
                      std::string_view separator = ", ") {
  if (items.empty()) return "";
  std::string out = "  " + style.dim(fmt::format("{:<{}}", label, kIndent - 2));
  std::size_t column = kIndent;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const bool last = i + 1 == items.size();
    const std::string item = items[i] + (last ? "" : std::string(separator));
    if (column > kIndent && column + width(item) > kWidth) {
      while (out.ends_with(' ')) out.pop_back();
      out += "\n" + std::string(kIndent, ' ');
      column = kIndent;
    }
    out += item;
    column += width(item);
  }
  return out + "\n";
}

bool is_invariant(std::string_view name) {
  return std::ranges::any_of(sim::invariants(), [name](const auto& info) { return info.id == name; });
}

std::string spaced(std::string name) {
  std::ranges::replace(name, '-', ' ');
  return name;
}

/// Counters by what they tell of.
struct Exercised {
  std::vector<std::string> clients;
  std::vector<std::string> cluster;
  std::vector<std::string> faults;
  std::vector<std::string> errors;
  std::vector<std::string> skipped;
  std::vector<std::string> invariants;
  std::vector<std::string> unexercised;
};

Exercised sort_counters(const Counts& counts) {
  Exercised out;
  for (const auto& [name, n] : counts) {
    const auto colon = name.find(':');
    const bool of_clients =
        name.starts_with("acks-") || name.starts_with("records-") || name.starts_with("client-");
    if (n == 0 || is_invariant(name)) continue;
    if (name.starts_with("skipped:")) {
      out.skipped.push_back(fmt::format("{} {}", name.substr(colon + 1), grouped(n)));
    } else if (name.starts_with("fault") && colon != std::string::npos) {
      out.faults.push_back(fmt::format("{} {}", name.substr(colon + 1), grouped(n)));
    } else if (name.starts_with("error:")) {
      out.errors.push_back(fmt::format("{} {}", name.substr(colon + 1), grouped(n)));
    } else if (name.starts_with("event:")) {
      continue;  // a trace tells them better than their numbers do
    } else if (of_clients) {
      out.clients.push_back(fmt::format("{} {}", spaced(name), grouped(n)));
    } else {
      out.cluster.push_back(fmt::format("{} {}", spaced(name), grouped(n)));
    }
  }
  for (const sim::InvariantInfo& info : sim::invariants()) {
    const auto at = counts.find(std::string(info.id));
    if (at != counts.end() && at->second > 0) {
      out.invariants.push_back(fmt::format("{} ×{}", info.id, grouped(at->second)));
    } else {
      out.unexercised.push_back(fmt::format("{} {}", info.id, info.name));
    }
  }
  return out;
}

std::string exercised_paragraphs(const Counts& counts, const Style& style) {
  const Exercised exercised = sort_counters(counts);
  return paragraph("clients", exercised.clients, style, " · ") +
         paragraph("cluster", exercised.cluster, style, " · ") +
         paragraph("faults bit", exercised.faults, style, " · ") +
         paragraph("answered", exercised.errors, style, " · ") +
         paragraph("skipped", exercised.skipped, style, " · ") +
         paragraph("checked", exercised.invariants, style, "  ") +
         paragraph("no case of", exercised.unexercised, style);
}

/// Kafka's property that decides what acks=all is worth, as this topic has it.
std::string describe_topic(const sim::TopicSpec& topic, const sim::Scenario& scenario) {
  const auto own = topic.configs.find("min.insync.replicas");
  const std::string minimum = own != topic.configs.end()
                                  ? own->second
                                  : std::to_string(scenario.cluster.topic_defaults.min_insync_replicas);
  return fmt::format("topic {} × {} (replication {}, min.insync.replicas {})", topic.name, topic.partitions,
                     topic.replication_factor, minimum);
}

/// "3 brokers", "1 controller"; where servers are both, how many combined ones there are, and of the others.
std::vector<std::string> describe_servers(const sim::ClusterSpec& cluster) {
  std::vector<std::string> items;
  const auto add = [&items](std::int32_t count, std::string_view noun) {
    if (count > 0) items.push_back(counted(static_cast<std::uint64_t>(count), noun));
  };
  add(cluster.combined, "combined server");
  add(cluster.brokers - cluster.combined, "broker");
  add(cluster.controllers - cluster.combined, "controller");
  return items;
}

std::vector<std::string> describe_topology(const sim::Scenario& scenario) {
  std::vector<std::string> items = describe_servers(scenario.cluster);
  for (const sim::TopicSpec& topic : scenario.topics) items.push_back(describe_topic(topic, scenario));
  std::uint64_t producers = 0;
  std::uint64_t consumers = 0;
  for (const sim::ClientSpec& client : scenario.clients) {
    const bool produces = std::holds_alternative<sim::ProducerSpec>(client.kind);
    (produces ? producers : consumers) += static_cast<std::uint64_t>(client.count);
  }
  items.push_back(counted(producers, "producer"));
  items.push_back(counted(consumers, "consumer"));
  for (const io::FlawInfo& flaw : io::kFlaws) {
    if (scenario.cluster.flaws.*flaw.flag) items.push_back(fmt::format("flaw {} planted", flaw.exhibit));
  }
  return items;
}

std::string describe_permitted(const std::vector<sim::Permission>& permitted, const Style& style) {
  std::string out;
  std::map<std::string, std::vector<const sim::Permission*>> by_setting;
  for (const sim::Permission& permission : permitted) by_setting[permission.setting].push_back(&permission);
  for (const auto& [setting, permissions] : by_setting) {
    std::string text = fmt::format("{} permitted: {}", setting, permissions.front()->message);
    if (permissions.size() > 1) text += fmt::format(" (and {} more)", permissions.size() - 1);
    out += "  " + style.yellow(fmt::format("{:<{}}", "lost", kIndent - 2)) + text + "\n";
  }
  return out;
}

std::string at_time(const sim::Violation& violation) {
  return fmt::format("at {:.6f} s, event {}", static_cast<double>(violation.at.ns()) / 1e9, violation.event);
}

/// The earliest one, how it went on inside the cluster, and what of it clients saw, which is what hurts.
std::string describe_violations(const sim::RunResult& result, const Style& style) {
  constexpr std::size_t kShown = 4;  // of each kind
  std::string out;
  std::size_t hidden = 0;
  for (const bool client_visible : {false, true}) {
    std::size_t shown = 0;
    for (const sim::Violation& violation : std::span(result.violations).subspan(1)) {
      if (violation.client_visible != client_visible) continue;
      if (++shown > kShown) {
        ++hidden;
        continue;
      }
      out += fmt::format("      {} {}: {} ({})\n", client_visible ? "seen" : "then",
                         invariant_name(violation.invariant), violation.message, at_time(violation));
    }
  }
  if (hidden > 0) out += style.dim(fmt::format("      and {} more\n", hidden));
  return out;
}

}  // namespace

std::string describe_title(const scenarios::ScenarioFile& file, const Outcome& outcome, const Style& style) {
  return fmt::format("{}  seed {}\n{}\n", style.bold(outcome.result.scenario), outcome.result.seed,
                     file.title());
}

std::string describe_run(const scenarios::ScenarioFile& file, const sim::Scenario& scenario,
                         const Outcome& outcome, const Style& style) {
  const sim::RunResult& result = outcome.result;
  const double ratio = static_cast<double>(result.simulated.ns()) /
                       static_cast<double>(std::max<std::int64_t>(outcome.cpu.ns(), 1));
  std::string out = describe_title(file, outcome, style) + "\n";
  out += paragraph("ran", describe_topology(scenario), style);
  out += paragraph(
      "for",
      {fmt::format("{} simulated", print_span(result.simulated)), grouped(result.events) + " events",
       fmt::format("{} of CPU (×{:.0f})", print_span(outcome.cpu), ratio)},
      style);
  out += exercised_paragraphs(result.exercised, style);
  if (!result.skipped.empty()) {
    out += paragraph("skipped",
                     {counted(result.skipped.size(), "fault") + ", the first: " + result.skipped.front()},
                     style);
  }
  out += paragraph("pending", result.pending, style, "; ");
  out += describe_permitted(result.permitted, style);
  return out + "\n";
}

std::string describe_verdict(const scenarios::ScenarioFile& file, const Outcome& outcome,
                             const std::string& repro, const Style& style) {
  const sim::RunResult& result = outcome.result;
  const std::string who = fmt::format("{}  seed {}", result.scenario, result.seed);
  const std::string fingerprint = style.dim("fingerprint " + print_fingerprint(result.fingerprint));
  if (result.verdict == sim::Verdict::kInconclusive) {
    return fmt::format("{}  {}  stopped before its end\n      {}\n", style.yellow("INCONCLUSIVE"), who,
                       fingerprint);
  }
  if (result.verdict == sim::Verdict::kPass) {
    const auto cases = sort_counters(result.exercised).invariants.size();
    std::string held = fmt::format("{} exercised, all held", counted(cases, "invariant"));
    if (!result.permitted.empty()) held += "; what was lost, the settings permit";
    if (file.expect() == scenarios::Expectation::kViolation) held += "; this scenario expects a violation";
    return fmt::format("{}  {}  {}\n      {}\n", style.green("PASS"), who, held, fingerprint);
  }
  const sim::Violation& earliest = result.violations.front();
  std::string out = fmt::format("{}  {}  {}: {}\n      {}\n", style.red("FAIL"), who,
                                invariant_name(earliest.invariant), earliest.message, at_time(earliest));
  out += describe_violations(result, style);
  if (file.expect() == scenarios::Expectation::kViolation)
    out += "      a violation is what this scenario expects\n";
  return out + fmt::format("      {}\nrepro {}\n", fingerprint, repro);
}

std::string describe_sweep(const SweepReport& report, const Style& style) {
  const Campaign& campaign = report.campaign;
  std::string names;
  for (const std::string& name : report.scenarios) names += (names.empty() ? "" : ", ") + name;
  const double ratio = static_cast<double>(campaign.simulated.ns()) /
                       static_cast<double>(std::max<std::int64_t>(campaign.cpu.ns(), 1));
  std::string out = fmt::format("{}\n\n", style.bold(names));
  out += paragraph("ran",
                   {counted(campaign.seeds_run, "run"), grouped(campaign.passed) + " passed",
                    grouped(campaign.failed()) + " failed", grouped(campaign.inconclusive) + " inconclusive"},
                   style);
  out += paragraph(
      "for",
      {fmt::format("{} simulated", print_span(campaign.simulated)), grouped(campaign.events) + " events",
       fmt::format("{} of CPU (×{:.0f})", print_span(campaign.cpu), ratio)},
      style);
  out += exercised_paragraphs(campaign.exercised, style);
  std::vector<std::string> missed;
  std::uint64_t errors = 0;
  for (const CoveragePoint& point : unreached(campaign)) {
    if (point.kind == "error")
      ++errors;  // most of them nobody provokes
    else if (point.kind != "invariant")
      missed.push_back(point.name);  // those stand above
  }
  if (errors > 0) missed.push_back(counted(errors, "error code") + " (--format json names them)");
  out += paragraph("not reached", missed, style);
  std::vector<std::string> permitted;
  for (const auto& [setting, runs] : campaign.permitted)
    permitted.push_back(fmt::format("{} in {}", setting, counted(runs, "run")));
  out += paragraph("losses by", permitted, style);
  out += style.dim("  fingerprint  " + print_fingerprint(campaign.fingerprint)) + "\n\n";
  if (report.interrupted) out += style.yellow("INTERRUPTED") + "  the above is what had come back\n";
  if (campaign.failures().empty()) {
    if (campaign.passed > 0)
      out +=
          fmt::format("{}  {} without a violation\n", style.green("PASS"), counted(campaign.passed, "run"));
    return out;
  }
  if (campaign.ungrouped > 0) {
    out +=
        style.dim(fmt::format("      and {} of other signatures\n", counted(campaign.ungrouped, "failure")));
  }
  for (const FailureGroup& group : campaign.failures()) {
    const sim::RunResult& result = group.shortest.result;
    out += fmt::format("{}  {}  seed {}  {}: {}\n", style.red("FAIL"), group.scenario, result.seed,
                       invariant_name(group.invariant),
                       result.violations.empty() ? "" : result.violations.front().message);
    out += fmt::format("      signature {}, {}\n", group.signature, counted(group.count, "seed"));
    out += fmt::format("repro {}\n",
                       replay_line(group.scenario, result.seed, result.fingerprint, report.overrides));
  }
  return out;
}

}  // namespace odradek::cli
