#include "bindings/cli/single_run.h"

#include <fmt/format.h>

#include <fstream>
#include <iostream>

#include "bindings/cli/arguments.h"
#include "bindings/cli/json.h"
#include "bindings/cli/process.h"
#include "bindings/cli/readout.h"
#include "bindings/cli/report_text.h"
#include "bindings/cli/terminal.h"
#include "engine/base/duration_text.h"
#include "sim/explain/words.h"

namespace odradek::cli {
namespace {

std::string describe_drawn(const SingleRun& run) {
  std::string out = "drawn\n";
  for (const scenarios::Drawn& drawn : run.file.drawn(run.seed)) {
    out += fmt::format("  {} = {}\n", drawn.path, print_inline(drawn.value));
  }
  return out == "drawn\n" ? "" : out + "\n";
}

/// What is wrong with the time that was asked for: the run did not last so long. Empty when nothing is.
std::string complaint_of_late(const Described& described) {
  const std::optional<Duration>& at = described.argument.at;
  const std::optional<Duration>& reached = described.readout.since_ready;
  if (!at || (reached && *at <= *reached)) return "";
  if (!reached) {
    return fmt::format(
        "--at {} counts from when the cluster is ready, which it was not until the run ended at {}",
        duration_text(*at), sim::moment_text(described.readout.at));
  }
  return fmt::format(
      "--at {}: the run ended {} after the cluster was ready; give an earlier time, or none for its end",
      duration_text(*at), sim::span_text(*reached));
}

}  // namespace

Exit exit_of(const sim::RunResult& result) {
  switch (result.verdict) {
    case sim::Verdict::kPass: return Exit::kHeld;
    case sim::Verdict::kViolation: return Exit::kViolated;
    case sim::Verdict::kInconclusive: return interrupted() ? Exit::kInterrupted : Exit::kInconclusive;
  }
  return Exit::kInternal;
}

SingleRunEnd carry_out(const SingleRun& run) {
  const auto scenario = run.file.for_seed(run.seed);
  if (!scenario) {
    complain(scenario.error().message);
    return {};
  }
  std::ofstream trace;
  sim::RunOptions options{.until = run.until, .interrupted = interrupted};
  if (run.trace_file) {
    trace.open(*run.trace_file);
    if (!trace) {
      complain(fmt::format("{}: cannot be written", *run.trace_file));
      return {};
    }
    options.trace = [&trace](std::string_view line) { trace << line << '\n'; };
  }
  std::optional<Described> described;
  if (run.describe) {
    options.look_at = run.describe->at;
    options.look = [&](const sim::Simulation& seen) {
      described = Described{.argument = *run.describe, .readout = read_out(seen)};
    };
  }
  catch_interrupts();
  Outcome outcome = measure(*scenario, run.seed, options);
  if (run.trace_file && !trace.flush())
    complain(fmt::format("{}: not all of the trace could be written", *run.trace_file));

  const std::string late = described ? complaint_of_late(*described) : "";
  if (!late.empty()) described.reset();

  const std::string repro = replay_line(run.scenario, run.seed, outcome.result.fingerprint, run.overrides);
  if (run.format == Format::kJson) {
    say(run_json(outcome, repro, described ? &*described : nullptr));
  } else {
    const Style style = Style::of_stdout();
    if (run.verbose) say(describe_drawn(run));
    if (described) {
      say(describe_title(run.file, outcome, style) + "\n" + readout_text(*described, style));
    } else {
      say(describe_run(run.file, *scenario, outcome, style));
    }
    say(describe_verdict(run.file, outcome, repro, style));
  }
  if (!late.empty()) complain(late);
  const Exit exit = late.empty() ? exit_of(outcome.result) : Exit::kUsage;
  return {.exit = exit, .outcome = std::move(outcome)};
}

}  // namespace odradek::cli
