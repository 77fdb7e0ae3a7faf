// The profiles that measure one larger cluster: reference, fork, boot.
#include "bindings/cli/bench_reference.h"

#include <malloc.h>

#include <algorithm>
#include <cmath>

#include "bindings/cli/bench_figures.h"
#include "bindings/cli/process.h"
#include "bindings/cli/terminal.h"
#include "scenarios/scenario_file.h"
#include "sim/search/simulation.h"

namespace odradek::cli {
namespace {

constexpr std::uint64_t kSeeds = 5;
constexpr Duration kLittle = seconds(10);  ///< of the run, when a profiler watches

/// Three brokers, three controllers, eight partitions of three replicas, 2,000 records a second, four readers
/// with two partitions each, as a group would share them out, now and then a crash or a partition, two
/// minutes.
constexpr std::string_view kReference = R"(
title = "reference"
[cluster]
brokers = 3
controllers = 3
[cluster.config]
"replica.fetch.wait.max.ms" = 500
"min.insync.replicas" = 2
[[topic]]
name = "a"
partitions = 4
replication = 3
[[topic]]
name = "b"
partitions = 4
replication = 3
[[client]]
kind = "producer"
count = 2
topic = "a"
interval = "2ms"
value_bytes = 100
[client.config]
acks = "all"
"enable.idempotence" = false
"linger.ms" = 5
[[client]]
kind = "producer"
count = 2
topic = "b"
interval = "2ms"
value_bytes = 100
[client.config]
acks = "all"
"enable.idempotence" = false
"linger.ms" = 5
[[client]]
kind = "consumer"
topic = "a"
partitions = [0, 1]
[client.config]
"auto.offset.reset" = "earliest"
"fetch.max.wait.ms" = 500
[[client]]
kind = "consumer"
topic = "a"
partitions = [2, 3]
[client.config]
"auto.offset.reset" = "earliest"
"fetch.max.wait.ms" = 500
[[client]]
kind = "consumer"
topic = "b"
partitions = [0, 1]
[client.config]
"auto.offset.reset" = "earliest"
"fetch.max.wait.ms" = 500
[[client]]
kind = "consumer"
topic = "b"
partitions = [2, 3]
[client.config]
"auto.offset.reset" = "earliest"
"fetch.max.wait.ms" = 500
[network]
latency = ["500us", "2ms"]
[faults]
crash = { mean_every = "30s", duration = ["1s", "5s"] }
partition = { mean_every = "30s", duration = ["1s", "5s"] }
[run]
faults_until = "120s"
settle = "60s"
)";

Result<sim::Scenario> reference_scenario(std::uint64_t seed) {
  TRY(file, scenarios::ScenarioFile::parse(kReference, "reference", "reference"));
  return file.for_seed(seed);
}

/// Sees the first acknowledgement of a record.
class FirstAck final : public sim::Tracer {
 public:
  void line(std::string_view) override {}
  void step(const sim::StepReport& report) override {
    for (const io::Effect& effect : report.effects) {
      const auto* emitted = std::get_if<io::Emit>(&effect);
      seen |= emitted != nullptr && std::holds_alternative<io::AckProduce>(emitted->event);
    }
  }
  bool seen = false;
};

void advance(sim::Simulation& run, std::uint64_t events) {
  const std::uint64_t end = run.events() + events;
  while (run.events() < end && !run.is_over()) (void)run.step(sim::Instant::never(), nullptr);
}

}  // namespace

Result<Profile> bench_runs(std::string_view text, const BenchCommand& command) {
  TRY(file, scenarios::ScenarioFile::parse(std::string(text), "bench", "bench"));
  std::vector<double> speeds;
  std::vector<double> rates;
  std::uint64_t events = 0;
  for (std::uint64_t seed = 1; seed <= (command.once ? 1 : kSeeds) && !interrupted(); ++seed) {
    TRY(scenario, file.for_seed(seed));
    if (command.once) scenario.faults_until = kLittle;
    const Duration before = cpu_time();
    sim::Simulation run(scenario, seed);
    while (!run.is_over()) (void)run.step(sim::Instant::never(), nullptr);
    const double seconds = in_microseconds(cpu_time() - before) / 1e6;
    speeds.push_back(static_cast<double>(run.now().ns()) / 1e9 / seconds);
    rates.push_back(static_cast<double>(run.events()) / seconds);
    events += run.events();
  }
  return Profile{{"events", static_cast<double>(events)},
                 {"sim_seconds_per_cpu_second", rounded(median(speeds))},
                 {"events_per_cpu_second", std::round(median(rates))},
                 {"peak_mb", rounded(peak_megabytes())}};
}

Result<Profile> bench_reference(const BenchCommand& command) { return bench_runs(kReference, command); }

Result<Profile> bench_fork(const BenchCommand& command) {
  const int copy_count = command.once ? 1 : 200;
  const int fork_count = command.once ? 1 : 20;
  const sim::Instant half = sim::Instant() + (command.once ? kLittle / 2 : seconds(60));
  constexpr std::uint64_t kEvents = 1'000;
  TRY(scenario, reference_scenario(1));
  sim::Simulation run(scenario, 1);
  while (run.now() < half) (void)run.step(sim::Instant::never(), nullptr);

  std::vector<double> copies;
  std::vector<double> diverging;
  double unshared = 0;
  for (int i = 0; i < copy_count && !interrupted(); ++i) {
    const auto heap = mallinfo2().uordblks;
    const Duration before = cpu_time();
    const sim::Simulation copy = run;
    copies.push_back(in_microseconds(cpu_time() - before));
    unshared = static_cast<double>(mallinfo2().uordblks - heap);
  }
  for (int i = 0; i < fork_count && !interrupted(); ++i) {
    sim::Simulation alone = run;
    advance(alone, 1);  // it owns its parts now
    const Duration start = cpu_time();
    advance(alone, 2 * kEvents);
    const Duration unforked = cpu_time() - start;
    sim::Simulation one = run;
    advance(one, 1);
    const Duration forking = cpu_time();
    sim::Simulation other = one;
    advance(one, kEvents);
    advance(other, kEvents);
    diverging.push_back(in_microseconds(cpu_time() - forking - unforked));
  }
  return Profile{{"microseconds", rounded(median(copies))},
                 {"unshared_bytes", unshared},
                 {"fork_and_diverge_microseconds", rounded(median(diverging))}};
}

Result<Profile> bench_boot(const BenchCommand& command) {
  std::vector<double> times;
  for (int repeat = 0; repeat < (command.once ? 1 : 20) && !interrupted(); ++repeat) {
    const Duration before = cpu_time();
    TRY(scenario, reference_scenario(1));
    sim::Simulation run(scenario, 1);
    FirstAck ack;
    while (!ack.seen && !run.is_over()) (void)run.step(sim::Instant::never(), &ack);
    times.push_back(in_microseconds(cpu_time() - before) / 1e3);
  }
  return Profile{{"cpu_ms", rounded(median(times))}};
}

}  // namespace odradek::cli
