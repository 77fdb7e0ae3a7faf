// odradek shrink
#include "scenarios/shrink/shrink.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "bindings/cli/arguments.h"
#include "bindings/cli/capsule.h"
#include "bindings/cli/commands.h"
#include "bindings/cli/process.h"
#include "bindings/cli/shrink_report.h"
#include "bindings/cli/terminal.h"
#include "scenarios/layout.h"

namespace odradek::cli {
namespace {

/// The file that will be there whole or not at all.
class NewFile {
 public:
  explicit NewFile(std::string path) : path_(std::move(path)), part_(path_ + ".part") {}

  /// That nothing is in its way, before anything is run for it; leaves nothing behind.
  [[nodiscard]] Result<void> check() const {
    std::error_code error;
    if (std::filesystem::exists(path_, error))
      return fail("{}: exists already, expected a new file; name another one with -o", path_);
    std::ofstream out(part_);
    const bool can_be_written = static_cast<bool>(out);
    out.close();
    std::filesystem::remove(part_, error);
    if (!can_be_written) return fail("{}: cannot be written", path_);
    return {};
  }

  [[nodiscard]] Result<void> write(std::string_view text) const {
    std::ofstream out(part_, std::ios::binary);
    out << text;
    out.close();
    std::error_code error;
    if (out) std::filesystem::rename(part_, path_, error);
    if (!out || error) return fail("{}: cannot be written", path_);
    return {};
  }

 private:
  std::string path_;
  std::string part_;
};

std::string default_file(const scenarios::ScenarioFile& file, std::uint64_t seed) {
  std::string name = fmt::format("{}-seed-{}-shrunk.toml", file.name(), seed);
  std::ranges::replace(name, '/', '-');
  return name;
}

std::string capitalised(std::string text) {
  if (!text.empty() && text.front() >= 'a' && text.front() <= 'z') text.front() -= 'a' - 'A';
  return text;
}

/// Lines of at most so many characters.
std::string wrapped(std::string_view text, std::size_t width) {
  std::string out;
  std::size_t column = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find(' ', begin), text.size());
    const bool is_full = column > 0 && column + 1 + (end - begin) > width;
    if (column > 0) out += is_full ? '\n' : ' ';
    column = (is_full || column == 0 ? 0 : column + 1) + (end - begin);
    out += text.substr(begin, end - begin);
    begin = end + 1;
  }
  return out;
}

scenarios::Value text_value(std::string text) { return {.data = std::move(text), .where = {}}; }

/// A title and a description of what the shrunk file shows and where it comes from.
scenarios::Table titled(scenarios::Table root, const ShrinkCommand& command, std::uint64_t seed,
                        const sim::Violation& violation) {
  const bool names_kinds = violation.witness != violation.invariant;
  std::string origin = fmt::format("{} under seed {}", command.scenario, seed);
  for (const std::string& override : command.overrides) origin += " with " + override;
  root.set("title",
           text_value(capitalised(names_kinds ? violation.witness : invariant_name(violation.invariant))));
  root.set("description",
           text_value(wrapped(fmt::format("Shrunk from {}. {}: {}.", origin,
                                          invariant_name(violation.invariant), violation.message),
                              108)));
  return root;
}

scenarios::Table with_repro(scenarios::Table root, std::uint64_t seed, Digest fingerprint) {
  scenarios::Table repro;
  repro.set("seed", text_value(std::to_string(seed)));
  repro.set("fingerprint", text_value(print_fingerprint(fingerprint)));
  repro.set("build", text_value(build_id()));
  root.set("repro", {.data = std::move(repro), .where = {}});
  return root;
}

/// A run of a tree, by way of its text: as anybody will run it who has the file.
struct TextRun {
  sim::Scenario scenario;
  sim::RunResult result;
};
Result<TextRun> run_text(const scenarios::Table& root, const std::string& path, std::uint64_t seed) {
  TRY(file, scenarios::ScenarioFile::parse(scenarios::lay_out(root), path, path));
  TRY(scenario, file.for_seed(seed));
  sim::RunResult result = sim::run(scenario, seed);
  return TextRun{.scenario = std::move(scenario), .result = std::move(result)};
}

scenarios::ShrinkHooks hooks(Duration deadline, ProgressLine& line) {
  const auto trial = [](const sim::Scenario& scenario, std::uint64_t seed, std::uint64_t events_max) {
    return sim::run(scenario, seed,
                    {.max_events = events_max, .until_violation = true, .interrupted = interrupted});
  };
  const auto on_try = [&line](const scenarios::ShrinkProgress& progress) {
    if (!line.is_due()) return;
    line.show(fmt::format("[{}] {}  {} in the plan  {} to the violation", print_clock(line.spent()),
                          counted(progress.tries, "tried scenario"), counted(progress.entries, "fault"),
                          counted(progress.events, "event")));
  };
  return {.trial = trial,
          .is_over = [deadline] { return interrupted() || wall_time() >= deadline; },
          .on_try = on_try};
}

Exit refuse(const std::string& problem) {
  complain(problem);
  return Exit::kUsage;
}

Exit bug(const std::string& problem) {
  complain(problem);
  return Exit::kInternal;
}

}  // namespace

Exit shrink(const ShrinkCommand& command) {
  const auto file = load_scenario(capsule_file(command.scenario), command.overrides);
  if (!file) return refuse(file.error().message);
  if (!command.seed && !file->repro()) return refuse("shrink of a scenario needs its --seed");
  const std::uint64_t seed = command.seed ? *command.seed : file->repro()->seed;
  const std::string path = command.out_file.value_or(default_file(*file, seed));
  const NewFile out(path);
  if (const auto fine = out.check(); !fine) return refuse(fine.error().message);

  catch_interrupts();
  ProgressLine line;
  const Duration cpu_before = cpu_time();
  const auto shrunk = scenarios::shrink(*file, seed, hooks(wall_time() + command.time, line));
  line.finish();
  if (!shrunk && interrupted()) return Exit::kInterrupted;
  if (!shrunk) return refuse(shrunk.error().message);

  const sim::Violation& violation = shrunk->result.violations.front();
  const scenarios::Table root = titled(shrunk->root, command, seed, violation);
  const auto first = run_text(root, path, shrunk->seed);
  if (!first) return bug(fmt::format("the shrunk file is refused: {}", first.error().message));
  const Digest fingerprint = first->result.fingerprint;
  const scenarios::Table stored = with_repro(root, shrunk->seed, fingerprint);
  const auto second = run_text(stored, path, shrunk->seed);
  const bool repeats =
      second && second->result.fingerprint == fingerprint && !second->result.violations.empty();
  if (!repeats || !scenarios::is_same_failure(second->result.violations.front(), violation))
    return bug("the shrunk file does not run twice alike: non-determinism");
  if (const auto written = out.write(scenarios::lay_out(stored)); !written)
    return bug(written.error().message);

  const auto original = file->for_seed(seed);
  const ShrinkReport report{.scenario = command.scenario,
                            .seed = seed,
                            .violation = violation,
                            .signature = signature(second->result),
                            .fingerprint = fingerprint,
                            .file = path,
                            .before = size_of(*original, sim::run(*original, seed)),
                            .after = size_of(second->scenario, second->result),
                            .tries = shrunk->tries,
                            .cpu = cpu_time() - cpu_before,
                            .is_minimal = shrunk->is_minimal};
  say(command.format == Format::kJson ? shrink_json(report) : describe_shrink(report, Style::of_stdout()));
  return interrupted() ? Exit::kInterrupted : Exit::kHeld;
}

}  // namespace odradek::cli
