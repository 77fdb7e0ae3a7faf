// odradek bench
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <sstream>

#include "bindings/cli/bench_figures.h"
#include "bindings/cli/bench_reference.h"
#include "bindings/cli/commands.h"
#include "bindings/cli/json.h"
#include "bindings/cli/process.h"
#include "bindings/cli/terminal.h"
#include "bindings/cli/workers.h"
#include "scenarios/catalog.h"
#include "sim/kernel/ping.h"

namespace odradek::cli {
namespace {

constexpr int kRepeats = 5;

double percentile_99(std::vector<double> values) {
  std::ranges::sort(values);
  const auto rank = static_cast<std::size_t>(std::ceil(0.99 * static_cast<double>(values.size())));
  return values.empty() ? 0 : values[std::max<std::size_t>(rank, 1) - 1];
}

/// Two nodes that ping, fingerprint on.
Result<Profile> bench_kernel(const BenchCommand& command) {
  const std::uint64_t count = command.once ? 100'000 : 2'000'000;
  std::vector<double> rates;
  for (int repeat = 0; repeat < (command.once ? 1 : kRepeats) && !interrupted(); ++repeat) {
    sim::World<sim::Ping> world = sim::ping_world(1);
    const Duration before = cpu_time();
    std::uint64_t events = 0;
    while (events < count) {
      (void)world.step(sim::Instant::never());
      ++events;
    }
    rates.push_back(static_cast<double>(events) / (in_milliseconds(cpu_time() - before) / 1e3));
  }
  return Profile{{"events", static_cast<double>(count)},
                 {"events_per_cpu_second", std::round(median(rates))}};
}

/// One seed in a process of its own, so that its peak memory is its own: "milliseconds megabytes".
std::string chaos_seed(const scenarios::ScenarioFile& file, std::uint64_t seed) {
  const auto scenario = file.for_seed(seed);
  if (!scenario) return "";
  std::vector<double> times;
  for (int repeat = 0; repeat < 3; ++repeat)
    times.push_back(in_milliseconds(measure(*scenario, seed, {}).cpu));
  return fmt::format("{} {}", median(times), peak_megabytes());
}

/// Seed 1 of every generic chaos scenario, in this process.
Result<Profile> bench_chaos_once() {
  std::uint64_t events = 0;
  for (const scenarios::CatalogEntry& entry : scenarios::catalog()) {
    if (entry.area != "chaos") continue;
    TRY(file, scenarios::find_scenario(entry.name));
    TRY(scenario, file.for_seed(1));
    events += measure(scenario, 1, {}).result.events;
  }
  return Profile{{"events", static_cast<double>(events)}};
}

/// Every generic chaos scenario of the catalogue under seeds 1..N, all checkers on.
Result<Profile> bench_chaos(const BenchCommand& command) {
  if (command.once) return bench_chaos_once();
  std::vector<double> times;
  double peak = 0;
  for (const scenarios::CatalogEntry& entry : scenarios::catalog()) {
    if (entry.area != "chaos") continue;
    TRY(file, scenarios::find_scenario(entry.name));
    for (std::uint64_t seed = 1; seed <= command.seeds && !interrupted(); ++seed) {
      WorkerPool pool(1, [&](const std::string&) { return chaos_seed(file, seed); }, seconds(600));
      pool.submit(seed, "");
      std::vector<Answer> answers;
      while (answers.empty() && !interrupted()) answers = pool.collect(milliseconds(100));
      if (answers.empty()) break;
      const std::string& text = answers.front().text;
      const auto space = text.find(' ');
      if (space == std::string::npos) {
        return fail("{} seed {} did not end: {}", entry.name, seed,
                    answers.front().death.value_or("no figures"));
      }
      times.push_back(std::stod(text.substr(0, space)));
      peak = std::max(peak, std::stod(text.substr(space + 1)));
    }
  }
  return Profile{{"cpu_ms_median", rounded(median(times))},
                 {"cpu_ms_p99", rounded(percentile_99(times))},
                 {"peak_mb", rounded(peak)}};
}

struct NamedProfile {
  std::string_view name;
  Result<Profile> (*measure)(const BenchCommand&);
};
constexpr std::array kProfiles = {
    NamedProfile{"kernel", bench_kernel}, NamedProfile{"reference", bench_reference},
    NamedProfile{"wide", bench_wide},     NamedProfile{"chaos", bench_chaos},
    NamedProfile{"fork", bench_fork},     NamedProfile{"boot", bench_boot}};

/// A profile in a process of its own, so that its peak memory is its own. Figures travel as lines "name
/// value", an error as "!message".
std::string figures_text(const Result<Profile>& measured) {
  if (!measured) return "!" + measured.error().message;
  std::string text;
  for (const auto& [name, value] : *measured) text += fmt::format("{} {}\n", name, value);
  return text;
}

Result<Profile> parse_figures(const Answer& answer) {
  if (answer.death) return fail("it did not end: {}", *answer.death);
  if (answer.text.starts_with('!')) return fail("{}", answer.text.substr(1));
  Profile figures;
  std::istringstream lines(answer.text);
  std::string name;
  double value = 0;
  while (lines >> name >> value) figures[name] = value;
  return figures;
}

Result<Profile> measure_apart(const NamedProfile& profile, const BenchCommand& command) {
  const auto work = [&](const std::string&) { return figures_text(profile.measure(command)); };
  WorkerPool pool(1, work, seconds(3'600));
  pool.submit(0, "");
  while (!interrupted()) {
    const std::vector<Answer> answers = pool.collect(milliseconds(100));
    if (!answers.empty()) return parse_figures(answers.front());
  }
  return Profile{};
}

std::string table(const Figures& figures, const Style& style) {
  std::string out;
  for (const auto& [profile, values] : figures) {
    for (const auto& [name, value] : values) {
      const std::string number =
          value >= 1e4 ? grouped(static_cast<std::uint64_t>(value)) : fmt::format("{}", value);
      out += fmt::format("{}  {:<24}{:>14}\n", style.bold(fmt::format("{:<10}", profile)), name, number);
    }
  }
  return out;
}

}  // namespace

const std::vector<std::string>& bench_profiles() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    for (const NamedProfile& profile : kProfiles) all.emplace_back(profile.name);
    return all;
  }();
  return names;
}

Exit bench(const BenchCommand& command) {
  catch_interrupts();
  Figures figures;
  for (const NamedProfile& profile : kProfiles) {
    const bool asked = command.profiles.empty() ||
                       std::ranges::find(command.profiles, profile.name) != command.profiles.end();
    if (!asked) continue;
    auto measured = command.once ? profile.measure(command) : measure_apart(profile, command);
    if (interrupted()) return Exit::kInterrupted;
    if (!measured) {
      complain(fmt::format("profile {}: {}", profile.name, measured.error().message));
      return Exit::kInternal;
    }
    figures[std::string(profile.name)] = *std::move(measured);
  }
  say(command.format == Format::kJson ? bench_json(figures) : table(figures, Style::of_stdout()));
  return Exit::kHeld;
}

}  // namespace odradek::cli
