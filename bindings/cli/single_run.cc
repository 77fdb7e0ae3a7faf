#include "bindings/cli/single_run.h"

#include <fmt/format.h>

#include <fstream>
#include <iostream>

#include "bindings/cli/arguments.h"
#include "bindings/cli/json.h"
#include "bindings/cli/process.h"
#include "bindings/cli/report_text.h"
#include "bindings/cli/terminal.h"

namespace odradek::cli {
namespace {

std::string describe_drawn(const SingleRun& run) {
  std::string out = "drawn\n";
  for (const scenarios::Drawn& drawn : run.file.drawn(run.seed)) {
    out += fmt::format("  {} = {}\n", drawn.path, print_inline(drawn.value));
  }
  return out == "drawn\n" ? "" : out + "\n";
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
  catch_interrupts();
  Outcome outcome = measure(*scenario, run.seed, options);
  if (run.trace_file && !trace.flush())
    complain(fmt::format("{}: not all of the trace could be written", *run.trace_file));

  const std::string repro = replay_line(run.scenario, run.seed, outcome.result.fingerprint, run.overrides);
  if (run.format == Format::kJson) {
    say(run_json(outcome, repro));
  } else {
    const Style style = Style::of_stdout();
    if (run.verbose) say(describe_drawn(run));
    say(describe_run(run.file, *scenario, outcome, style));
    say(describe_verdict(run.file, outcome, repro, style));
  }
  const Exit exit = exit_of(outcome.result);
  return {.exit = exit, .outcome = std::move(outcome)};
}

}  // namespace odradek::cli
