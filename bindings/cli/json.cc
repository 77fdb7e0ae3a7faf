#include "bindings/cli/json.h"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "bindings/cli/arguments.h"
#include "bindings/cli/coverage.h"
#include "bindings/cli/readout.h"

namespace odradek::cli {
namespace {

using nlohmann::ordered_json;

constexpr int kIndent = 2;
constexpr auto kReplace = ordered_json::error_handler_t::replace;  // of bytes that are no UTF-8

double in_seconds(Duration duration) { return static_cast<double>(duration.ns()) / 1e9; }
Duration from_seconds(double s) { return nanoseconds(std::llround(s * 1e9)); }

ordered_json violation_json(const sim::Violation& violation) {
  return {{"invariant", violation.invariant}, {"sim_time_ns", violation.at.ns()},
          {"event", violation.event},         {"message", violation.message},
          {"witness", violation.witness},     {"client_visible", violation.client_visible}};
}

ordered_json permission_json(const sim::Permission& permission) {
  return {{"setting", permission.setting},     {"partition", permission.tp.partition.value()},
          {"begin", permission.begin.value()}, {"end", permission.end.value()},
          {"sim_time_ns", permission.at.ns()}, {"message", permission.message}};
}

ordered_json list_json(const auto& items, auto convert) {
  ordered_json list = ordered_json::array();
  for (const auto& item : items) list.push_back(convert(item));
  return list;
}

ordered_json counts_json(const std::map<std::string, std::uint64_t>& counts) {
  ordered_json object = ordered_json::object();
  for (const auto& [name, n] : counts) object[name] = n;
  return object;
}

ordered_json outcome_json(const Outcome& outcome) {
  const sim::RunResult& r = outcome.result;
  ordered_json object;
  object["scenario"] = r.scenario;
  object["seed"] = r.seed;
  object["verdict"] = std::string(name_of(r.verdict));
  object["fingerprint"] = print_fingerprint(r.fingerprint);
  object["events"] = r.events;
  object["sim_seconds"] = in_seconds(r.simulated);
  object["cpu_seconds"] = in_seconds(outcome.cpu);
  object["violations"] = list_json(r.violations, violation_json);
  object["permitted"] = list_json(r.permitted, permission_json);
  object["exercised"] = counts_json(r.exercised);
  object["sometimes"] = counts_json(r.sometimes);
  object["skipped"] = r.skipped;
  object["pending"] = r.pending;
  return object;
}

sim::Violation violation_of(const ordered_json& j) {
  return {.invariant = j.at("invariant"),
          .at = sim::Instant(j.at("sim_time_ns").get<std::int64_t>()),
          .event = j.at("event"),
          .message = j.at("message"),
          .witness = j.at("witness"),
          .client_visible = j.at("client_visible")};
}

sim::Permission permission_of(const ordered_json& j) {
  return {.setting = j.at("setting"),
          .tp = {.topic_id = {}, .partition = PartitionId(j.at("partition").get<std::int32_t>())},
          .begin = Offset(j.at("begin").get<std::int64_t>()),
          .end = Offset(j.at("end").get<std::int64_t>()),
          .at = sim::Instant(j.at("sim_time_ns").get<std::int64_t>()),
          .message = j.at("message")};
}

sim::Verdict verdict_of(const std::string& name) {
  for (const auto verdict : {sim::Verdict::kPass, sim::Verdict::kViolation}) {
    if (name == name_of(verdict)) return verdict;
  }
  return sim::Verdict::kInconclusive;
}

Outcome outcome_of(const ordered_json& j) {
  Outcome outcome;
  sim::RunResult& r = outcome.result;
  r.scenario = j.at("scenario");
  r.seed = j.at("seed");
  r.verdict = verdict_of(j.at("verdict"));
  r.fingerprint = parse_fingerprint(j.at("fingerprint").get<std::string>());
  r.events = j.at("events");
  r.simulated = from_seconds(j.at("sim_seconds"));
  outcome.cpu = from_seconds(j.at("cpu_seconds"));
  for (const ordered_json& violation : j.at("violations")) r.violations.push_back(violation_of(violation));
  for (const ordered_json& permission : j.at("permitted")) r.permitted.push_back(permission_of(permission));
  r.exercised = j.at("exercised").get<std::map<std::string, std::uint64_t>>();
  r.sometimes = j.at("sometimes").get<std::map<std::string, std::uint64_t>>();
  r.skipped = j.at("skipped").get<std::vector<std::string>>();
  r.pending = j.at("pending").get<std::vector<std::string>>();
  return outcome;
}

std::string print(const ordered_json& json) { return json.dump(kIndent, ' ', false, kReplace) + "\n"; }

ordered_json row_json(const Row& row) {
  ordered_json object = ordered_json::object();
  for (const auto& [name, value] : row) object[name] = value;
  return object;
}

}  // namespace

std::string run_json(const Outcome& outcome, const std::string& repro, const Described* described) {
  ordered_json object = outcome_json(outcome);
  if (described != nullptr) object["describe"] = readout_json(*described);
  object["repro"] = repro;
  return print(object);
}

std::string outcome_line(const Outcome& outcome) {
  return outcome_json(outcome).dump(-1, ' ', false, kReplace);
}

Result<Outcome> parse_outcome(std::string_view line) {
  try {
    return outcome_of(ordered_json::parse(line));
  } catch (const ordered_json::exception& error) {
    return fail("no outcome of a run: {}", error.what());
  }
}

std::string sweep_json(const SweepReport& report) {
  const Campaign& campaign = report.campaign;
  const auto failure = [&report](const FailureGroup& group) {
    const sim::RunResult& r = group.shortest.result;
    return ordered_json{{"signature", group.signature},
                        {"invariant", group.invariant},
                        {"seeds", group.seeds},
                        {"repro", replay_line(group.scenario, r.seed, r.fingerprint, report.overrides)},
                        {"scenario", group.scenario},
                        {"count", group.count},
                        {"message", r.violations.empty() ? "" : r.violations.front().message}};
  };
  ordered_json object;
  object["scenarios"] = report.scenarios;
  object["seeds_run"] = campaign.seeds_run;
  object["passed"] = campaign.passed;
  object["failures"] = list_json(campaign.failures(), failure);
  object["events"] = campaign.events;
  object["sim_seconds"] = in_seconds(campaign.simulated);
  object["cpu_seconds"] = in_seconds(campaign.cpu);
  object["exercised"] = counts_json(campaign.exercised);
  object["sometimes"] = counts_json(campaign.sometimes);
  object["unreached"] = list_json(unreached(campaign), [](const CoveragePoint& point) { return point.name; });
  object["permitted"] = counts_json(campaign.permitted);
  object["ungrouped"] = campaign.ungrouped;
  object["inconclusive"] = campaign.inconclusive;
  object["fingerprint"] = print_fingerprint(campaign.fingerprint);
  object["interrupted"] = report.interrupted;
  return print(object);
}

std::string rows_json(const std::vector<Row>& rows) { return print(list_json(rows, row_json)); }
std::string object_json(const Row& row) { return print(row_json(row)); }

Result<Row> parse_object(std::string_view text) {
  try {
    const ordered_json object = ordered_json::parse(text);
    Row row;
    for (const auto& [name, value] : object.items()) row.emplace_back(name, value);
    return row;
  } catch (const ordered_json::exception& error) {
    return fail("no object of texts: {}", error.what());
  }
}

std::string bench_json(const Figures& profiles) {
  ordered_json object;
  for (const auto& [profile, figures] : profiles) {
    for (const auto& [name, value] : figures) object["profiles"][profile][name] = value;
  }
  return print(object);
}

}  // namespace odradek::cli
