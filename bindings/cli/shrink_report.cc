#include "bindings/cli/shrink_report.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <vector>

#include "bindings/cli/arguments.h"
#include "sim/search/cluster.h"

namespace odradek::cli {
namespace {

/// One property of a run's size: what people call it, its name in JSON, and how both read it.
struct Measure {
  std::string_view title;
  std::string_view name;
  std::uint64_t RunSize::* count;
};

constexpr std::array kMeasures = {
    Measure{"plan entries", "plan_entries", &RunSize::plan_entries},
    Measure{"client operations", "client_operations", &RunSize::client_operations},
    Measure{"clients", "clients", &RunSize::clients},
    Measure{"brokers", "brokers", &RunSize::brokers},
    Measure{"partitions", "partitions", &RunSize::partitions},
    Measure{"events", "events", &RunSize::events},
};

nlohmann::ordered_json size_json(const RunSize& size) {
  nlohmann::ordered_json object;
  for (const Measure& measure : kMeasures) object[std::string(measure.name)] = size.*measure.count;
  object["sim_seconds"] = static_cast<double>(size.simulated.ns()) / 1e9;
  return object;
}

std::string row(std::string_view title, const std::string& before, const std::string& after) {
  return fmt::format("  {:<19}{:>10}  ->  {:>8}\n", title, before, after);
}

}  // namespace

RunSize size_of(const sim::Scenario& scenario, const sim::RunResult& result) {
  const sim::Topology topology = sim::topology_of(scenario);
  const auto calls = result.exercised.find("client-calls");
  return {.plan_entries = sim::plan_of(scenario, topology, sim::make_key(result.seed)).size(),
          .client_operations = calls == result.exercised.end() ? 0 : calls->second,
          .clients = topology.clients.size(),
          .brokers = topology.brokers.size(),
          .partitions = topology.partitions.size(),
          .simulated = result.simulated,
          .events = result.events};
}

std::string describe_shrink(const ShrinkReport& report, const Style& style) {
  std::string out = fmt::format("{}  seed {}  {}: {}\n\n", style.bold(report.scenario), report.seed,
                                invariant_name(report.violation.invariant), report.violation.message);
  for (const Measure& measure : kMeasures)
    out += row(measure.title, grouped(report.before.*measure.count), grouped(report.after.*measure.count));
  out += row("simulated time", print_span(report.before.simulated), print_span(report.after.simulated));
  out += fmt::format("\n{}  {} in {} tries, {} of CPU\n", style.green("SHRUNK"), report.file,
                     grouped(report.tries), print_span(report.cpu));
  out += report.is_minimal
             ? "      nothing more can go: without any one entry of its plan it does not fail so\n"
             : style.yellow("      time was over: more can go, with a longer --time\n");
  out += "      " + style.dim("fingerprint " + print_fingerprint(report.fingerprint)) + "\n";
  return out + fmt::format("repro odradek replay {}\n", shell_quote(report.file));
}

std::string shrink_json(const ShrinkReport& report) {
  nlohmann::ordered_json object;
  object["scenario"] = report.scenario;
  object["seed"] = report.seed;
  object["invariant"] = report.violation.invariant;
  object["signature"] = report.signature;
  object["message"] = report.violation.message;
  object["file"] = report.file;
  object["fingerprint"] = print_fingerprint(report.fingerprint);
  object["before"] = size_json(report.before);
  object["after"] = size_json(report.after);
  object["tries"] = report.tries;
  object["cpu_seconds"] = static_cast<double>(report.cpu.ns()) / 1e9;
  object["minimal"] = report.is_minimal;
  object["repro"] = "odradek replay " + shell_quote(report.file);
  return object.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace odradek::cli
