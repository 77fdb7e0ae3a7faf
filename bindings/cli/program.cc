#include "bindings/cli/program.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <functional>
#include <sstream>
#include <thread>

#include "bindings/cli/arguments.h"
#include "bindings/cli/museum.h"
#include "bindings/cli/process.h"
#include "bindings/cli/terminal.h"
#include "scenarios/catalog.h"
#include "scenarios/suggest.h"

namespace odradek::cli {
namespace {

constexpr std::string_view kExamples = R"(
Examples
  odradek run                                        one run of the bundled scenario
  odradek run museum/R01 --seed 7 --trace run.txt    a planted flaw, with all that happened
  odradek sweep replication-chaos --seeds 1..1000    many seeds on all processors
  odradek run leader-failover --describe topics --at 5s    the cluster after five seconds
  odradek explain museum/R01 --seed 7                what led from the fault to the loss, as a story
  odradek shrink museum/R01 --seed 7                 the smallest scenario that fails in the same way
  odradek diff first-light@7 first-light@7,flaws=R01 where two runs part, and in which fields
  odradek doctor replication-chaos --seeds 0..99     that a seed decides everything
  odradek museum R01 R06 --budget 10s                time to find planted flaws
  odradek scenario check my.toml                     what is wrong with a scenario

SCENARIO is a name (odradek list) or a TOML file. Exit codes: 0 all held, 1 a property was violated,
2 interrupted, 3 internal error or non-determinism, 4 usage or scenario error, 5 nothing ran, 6 inconclusive.
)";

using NamedFormat = std::pair<std::string_view, StoryFormat>;
constexpr std::array kStoryFormats = {
    NamedFormat{"text", StoryFormat::kText}, NamedFormat{"md", StoryFormat::kMarkdown},
    NamedFormat{"mermaid", StoryFormat::kMermaid}, NamedFormat{"json", StoryFormat::kJson}};

/// Arguments as they come, before they are understood.
struct Raw {
  std::string scenario;
  std::string other_scenario;
  std::vector<std::string> scenarios;
  std::vector<std::string> overrides;
  std::string seed;
  std::string seeds;
  std::string time;
  std::string until;
  std::string expect;
  std::string wall_limit = "60s";
  std::string budget = "60s";
  std::string trace;
  std::string describe;
  std::string at;
  std::string out;
  std::string junit;
  std::string format = "text";
  std::vector<std::string> names;
  std::string kind = "scenarios";
  int workers = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  std::uint64_t count = 0;
  bool verbose = false;
  bool once = false;
  bool resume = false;

  std::string story_format = "text";

  [[nodiscard]] Format chosen_format() const { return format == "json" ? Format::kJson : Format::kText; }
};

std::optional<std::string> given(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

template <class T, class Parse>
Result<std::optional<T>> maybe(const std::string& text, Parse parse) {
  if (text.empty()) return std::optional<T>();
  TRY(value, parse(text));
  return std::optional<T>(value);
}

Result<std::optional<Duration>> maybe_duration(std::string_view option, const std::string& text) {
  return maybe<Duration>(text, [option](const std::string& t) { return duration_argument(option, t); });
}

/// Known names only; the first unknown one is refused with a suggestion.
Result<void> check_names(std::string_view what, const std::vector<std::string>& names,
                         const std::vector<std::string>& known) {
  for (const std::string& name : names) {
    if (std::ranges::find(known, name) != known.end()) continue;
    std::string all;
    for (const std::string& n : known) all += (all.empty() ? "" : ", ") + n;
    return fail("{} \"{}\", expected one of {}{}", what, name, all, scenarios::did_you_mean(name, known));
  }
  return {};
}

Result<void> check_workers(int workers) {
  if (workers >= 1 && workers <= 256) return {};
  return fail("-j {}, expected 1 to 256 workers", workers);
}

/// "topics,brokers": the parts in the order in which they are named.
Result<std::optional<DescribeArgument>> describe_argument(const Raw& raw) {
  TRY(at, maybe_duration("--at", raw.at));
  if (raw.describe.empty()) {
    if (at)
      return fail("--at says when to --describe the cluster: add --describe {}",
                  fmt::join(readout_parts(), ","));
    return std::optional<DescribeArgument>();
  }
  DescribeArgument argument{.parts = {}, .at = at};
  std::istringstream words(raw.describe);
  for (std::string word; std::getline(words, word, ',');) {
    const bool is_new = std::ranges::find(argument.parts, word) == argument.parts.end();
    if (is_new && !word.empty()) argument.parts.push_back(word);
  }
  if (argument.parts.empty())
    return fail("--describe names nothing, expected some of {}", fmt::join(readout_parts(), ", "));
  TRY_DO(check_names("--describe", argument.parts, readout_parts()));
  return std::optional(argument);
}

Result<Command> run_command(const Raw& raw) {
  TRY(seed, maybe<std::uint64_t>(raw.seed, seed_argument));
  TRY(describe, describe_argument(raw));
  return RunCommand{
      .scenario = raw.scenario.empty() ? std::string(scenarios::kDefaultScenario) : raw.scenario,
      .seed = seed,
      .overrides = raw.overrides,
      .trace_file = given(raw.trace),
      .describe = describe,
      .verbose = raw.verbose,
      .format = raw.chosen_format()};
}

Result<Command> replay_command(const Raw& raw) {
  TRY(seed, maybe<std::uint64_t>(raw.seed, seed_argument));
  TRY(expect, maybe<std::string>(raw.expect, fingerprint_argument));
  TRY(until, maybe_duration("--until", raw.until));
  TRY(describe, describe_argument(raw));
  return ReplayCommand{.scenario = raw.scenario,
                       .seed = seed,
                       .expect = expect,
                       .until = until,
                       .overrides = raw.overrides,
                       .trace_file = given(raw.trace),
                       .describe = describe,
                       .verbose = raw.verbose,
                       .format = raw.chosen_format()};
}

Result<Command> sweep_command(const Raw& raw) {
  TRY(seeds, maybe<SeedRange>(raw.seeds, seed_range_argument));
  TRY(time, maybe_duration("--time", raw.time));
  TRY(wall_limit, duration_argument("--wall-limit", raw.wall_limit));
  if (!seeds && !time) return fail("a sweep needs --seeds A..B or --time 60s");
  if (raw.resume && raw.out.empty()) return fail("--resume needs the --out FOLDER that holds the sweep");
  TRY_DO(check_workers(raw.workers));
  return SweepCommand{.scenarios = raw.scenarios,
                      .seeds = seeds,
                      .time = time,
                      .workers = raw.workers,
                      .max_failures = raw.count == 0 ? std::nullopt : std::optional(raw.count),
                      .wall_limit = wall_limit,
                      .overrides = raw.overrides,
                      .out_folder = given(raw.out),
                      .resume = raw.resume,
                      .junit_file = given(raw.junit),
                      .format = raw.chosen_format()};
}

Result<Command> explain_command(const Raw& raw) {
  TRY(seed, maybe<std::uint64_t>(raw.seed, seed_argument));
  const auto format = std::ranges::find(kStoryFormats, raw.story_format, &NamedFormat::first);
  return ExplainCommand{.scenario = raw.scenario,
                        .seed = seed,
                        .overrides = raw.overrides,
                        .format = format->second,
                        .out_file = given(raw.out)};
}

Result<Command> diff_command(const Raw& raw) {
  TRY(left, run_argument(raw.scenario));
  TRY(right, run_argument(raw.other_scenario));
  return DiffCommand{.left = left, .right = right, .format = raw.chosen_format()};
}

Result<Command> doctor_command(const Raw& raw) {
  TRY(seeds, maybe<SeedRange>(raw.seeds, seed_range_argument));
  DoctorCommand command{.overrides = raw.overrides, .format = raw.chosen_format()};
  if (!raw.scenarios.empty()) command.scenarios = raw.scenarios;
  command.seeds = seeds.value_or(command.seeds);
  return command;
}

Result<Command> shrink_command(const Raw& raw) {
  TRY(seed, maybe<std::uint64_t>(raw.seed, seed_argument));
  TRY(time, maybe_duration("--time", raw.time));
  ShrinkCommand command{.scenario = raw.scenario,
                        .seed = seed,
                        .overrides = raw.overrides,
                        .out_file = given(raw.out),
                        .format = raw.chosen_format()};
  command.time = time.value_or(command.time);
  return command;
}

Result<Command> side_command(const Raw&) { return SideCommand{}; }

Result<Command> list_command(const Raw& raw) {
  TRY_DO(check_names("list", {raw.kind}, list_kinds()));
  return ListCommand{.kind = raw.kind, .format = raw.chosen_format()};
}

Result<Command> bench_command(const Raw& raw) {
  TRY_DO(check_names("profile", raw.names, bench_profiles()));
  return BenchCommand{.profiles = raw.names,
                      .seeds = raw.count == 0 ? 100 : raw.count,
                      .once = raw.once,
                      .format = raw.chosen_format()};
}

Result<Command> museum_command(const Raw& raw) {
  TRY_DO(check_names("exhibit", raw.names, exhibit_names()));
  TRY(budget, duration_argument("--budget", raw.budget));
  TRY(seed, maybe<std::uint64_t>(raw.seed, seed_argument));
  TRY_DO(check_workers(raw.workers));
  return MuseumCommand{.exhibits = raw.names,
                       .budget = budget,
                       .first_seed = seed.value_or(1),
                       .workers = raw.workers,
                       .format = raw.chosen_format()};
}

Result<Command> check_command(const Raw& raw) {
  return ScenarioCheckCommand{.scenarios = raw.scenarios, .overrides = raw.overrides};
}

Result<Command> show_command(const Raw& raw) {
  TRY(seed, maybe<std::uint64_t>(raw.seed, seed_argument));
  return ScenarioShowCommand{.scenario = raw.scenario, .seed = seed, .overrides = raw.overrides};
}

Result<Command> version_command(const Raw& raw) { return VersionCommand{.format = raw.chosen_format()}; }

/// The tree of commands, and what each leaf makes of its arguments.
class Grammar {
 public:
  Grammar() {
    app_.require_subcommand(1);
    app_.footer(std::string(kExamples));
    CLI::App* run = leaf(&app_, "run", "one run of a scenario, and its verdict", run_command);
    run->add_option("SCENARIO", raw_.scenario, "a name or a TOML file; the bundled one when absent");
    add_single_run(run);
    CLI::App* replay =
        leaf(&app_, "replay", "the same run again, held against its fingerprint", replay_command);
    replay->add_option("SCENARIO", raw_.scenario, "a name, a TOML file, or the folder of a stored failure")
        ->required();
    replay->add_option("--expect", raw_.expect, "the fingerprint that it must have, or its first digits");
    replay->add_option("--until", raw_.until, "stop at this simulated time");
    add_single_run(replay);
    add_sweep();
    add_explain();
    add_shrink();
    add_proofs();
    CLI::App* list = leaf(&app_, "list", "what there is", list_command);
    list->add_option("KIND", raw_.kind, "scenarios, exhibits, invariants, faults, workloads or probes");
    add_format(list);
    CLI::App* scenario = app_.add_subcommand("scenario", "look at scenario files");
    scenario->require_subcommand(1);
    CLI::App* check = leaf(scenario, "check", "say what is wrong with a file, or its hash", check_command);
    check->add_option("SCENARIO", raw_.scenarios, "names or TOML files")->required();
    add_overrides(check);
    CLI::App* show = leaf(scenario, "show", "the canonical form, and what a seed draws", show_command);
    show->add_option("SCENARIO", raw_.scenario, "a name or a TOML file")->required();
    show->add_option("--seed", raw_.seed, "also show what this seed draws");
    add_overrides(show);
    CLI::App* museum =
        leaf(&app_, "museum", "find every planted flaw, and nothing without it", museum_command);
    museum->add_option("EXHIBIT", raw_.names, "R01 and the like; all when absent");
    museum->add_option("--budget", raw_.budget, "CPU time for the search of each exhibit (60s)");
    museum->add_option("--seed", raw_.seed, "where the search begins (1)");
    museum->add_option("-j", raw_.workers, "worker processes (one per processor)");
    add_format(museum);
    CLI::App* bench = leaf(&app_, "bench", "measure this build", bench_command);
    bench->add_option("PROFILE", raw_.names,
                      fmt::format("{}; all when absent", fmt::join(bench_profiles(), ", ")));
    bench->add_option("--count", raw_.count, "seeds of each chaos scenario (100)");
    bench->add_flag("--once", raw_.once, "a little of each, in one process: for a profiler");
    add_format(bench);
    add_format(leaf(&app_, "version", "version and build", version_command));
  }

  Command parse(const std::vector<std::string>& arguments) {
    if (auto refused = unknown_command(&app_, arguments)) return *refused;
    try {
      app_.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
    } catch (const CLI::CallForHelp&) {
      return Answered{.exit = Exit::kHeld, .out = deepest()->help(), .problem = ""};
    } catch (const CLI::ParseError& error) {
      if (auto refused = unknown_argument()) return *refused;
      return usage_error(error.what());
    }
    if (auto refused = unknown_argument()) return *refused;
    auto command = make_.at(deepest())(raw_);
    return command ? *std::move(command) : usage_error(command.error().message);
  }

 private:
  using Make = std::function<Result<Command>(const Raw&)>;

  CLI::App* leaf(CLI::App* parent, const std::string& name, const std::string& doc, Make make) {
    CLI::App* app = parent->add_subcommand(name, doc);
    app->allow_extras();  // refused below, with a suggestion
    make_[app] = std::move(make);
    return app;
  }

  void add_format(CLI::App* app) {
    app->add_option("--format", raw_.format, "text or json")->check(CLI::IsMember({"text", "json"}));
  }

  void add_overrides(CLI::App* app) {
    app->add_option("-p", raw_.overrides, "change one value of the scenario: -p cluster.brokers=5")
        ->type_name("KEY=VALUE")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
        ->allow_extra_args(false);
  }

  void add_single_run(CLI::App* app) {
    app->add_option("--seed", raw_.seed, "decimal or 0x…");
    add_overrides(app);
    app->add_option("--trace", raw_.trace, "write one line per protocol event to this file");
    app->add_option(
           "--describe", raw_.describe,
           fmt::format("describe the cluster as Kafka's tools do: {}", fmt::join(readout_parts(), ",")))
        ->type_name("WHAT[,WHAT]");
    app->add_option("--at", raw_.at, "when: since the cluster was ready; at the end of the run when absent");
    app->add_flag("-v,--verbose", raw_.verbose, "also print every drawn value");
    add_format(app);
  }

  void add_sweep() {
    CLI::App* sweep = leaf(&app_, "sweep", "many seeds, failures grouped by cause", sweep_command);
    sweep->add_option("SCENARIO", raw_.scenarios, "names or TOML files")->required();
    sweep->add_option("--seeds", raw_.seeds, "A..B, both ends included");
    sweep->add_option("--time", raw_.time, "start no run after this time");
    sweep->add_option("-j", raw_.workers, "worker processes (one per processor)");
    sweep->add_option("--max-failures", raw_.count, "stop at this many failing seeds");
    sweep->add_option("--wall-limit", raw_.wall_limit, "of one run, which is inconclusive beyond it (60s)");
    sweep->add_option("--out", raw_.out, "a new folder for results.jsonl and one capsule per signature");
    sweep->add_flag("--resume", raw_.resume, "go on with the sweep in --out, or begin it");
    sweep->add_option("--junit", raw_.junit, "write JUnit XML to this file");
    add_overrides(sweep);
    add_format(sweep);
  }

  void add_explain() {
    CLI::App* explain =
        leaf(&app_, "explain", "what led to a violation or a loss, as a numbered story", explain_command);
    explain->add_option("SCENARIO", raw_.scenario, "a name, a TOML file, or the folder of a stored failure")
        ->required();
    explain->add_option("--seed", raw_.seed, "decimal or 0x…");
    add_overrides(explain);
    explain->add_option("-o", raw_.out, "write it to this file");
    std::vector<std::string> formats;
    for (const auto& [name, format] : kStoryFormats) formats.emplace_back(name);
    explain->add_option("--format", raw_.story_format, "text, md, mermaid or json")
        ->check(CLI::IsMember(formats));
  }

  void add_shrink() {
    CLI::App* shrink = leaf(&app_, "shrink", "a small scenario that fails as this run does", shrink_command);
    shrink->add_option("SCENARIO", raw_.scenario, "a name, a TOML file, or the folder of a stored failure")
        ->required();
    shrink->add_option("--seed", raw_.seed, "of the run that fails; a stored failure knows its own");
    shrink->add_option("--time", raw_.time, "write the best so far after this time (60s)");
    shrink->add_option("-o", raw_.out, "a new file (named after the scenario and the seed)");
    add_overrides(shrink);
    add_format(shrink);
  }

  void add_proofs() {
    CLI::App* diff =
        leaf(&app_, "diff", "where two runs part: exit 0 when they are equal, 1 when not", diff_command);
    constexpr const char* kRun = "SCENARIO[@SEED][,key=value...]; the seed is 1 when absent";
    diff->add_option("RUN", raw_.scenario, kRun)->required();
    diff->add_option("OTHER", raw_.other_scenario, kRun)->required();
    add_format(diff);
    CLI::App* doctor =
        leaf(&app_, "doctor", "the same seeds in two processes: exit 3 when they differ", doctor_command);
    doctor->add_option("SCENARIO", raw_.scenarios, "names or TOML files (replication-chaos)");
    doctor->add_option("--seeds", raw_.seeds, "A..B, both ends included (0..99)");
    add_overrides(doctor);
    add_format(doctor);
    leaf(&app_, "side", "one of a doctor's two processes", side_command)->group("");
  }

  [[nodiscard]] CLI::App* deepest() {
    CLI::App* app = &app_;
    while (!app->get_subcommands().empty()) app = app->get_subcommands().front();
    return app;
  }

  /// CLI11 calls any unknown command an unexpected argument; people want to know which one they meant.
  static std::optional<Command> unknown_command(const CLI::App* app,
                                                const std::vector<std::string>& arguments) {
    std::vector<std::string> known;
    std::size_t at = 0;
    for (; at < arguments.size() && !arguments[at].starts_with("-"); ++at) {
      const auto subcommands = app->get_subcommands([](const CLI::App*) { return true; });
      if (subcommands.empty()) return std::nullopt;
      known.clear();
      const CLI::App* next = nullptr;
      for (const CLI::App* sub : subcommands) {
        known.push_back(sub->get_name());
        if (sub->get_name() == arguments[at]) next = sub;
      }
      if (next == nullptr) {
        return usage_error(fmt::format("unknown command \"{}\"{}", arguments[at],
                                       scenarios::did_you_mean(arguments[at], known)));
      }
      app = next;
    }
    return std::nullopt;
  }

  std::optional<Command> unknown_argument() {
    const CLI::App* app = deepest();
    std::vector<std::string> known;
    for (const CLI::Option* option : app->get_options()) {
      for (const std::string& name : option->get_lnames()) known.push_back("--" + name);
      for (const std::string& name : option->get_snames()) known.push_back("-" + name);
    }
    const std::vector<std::string> extras = app_.remaining(true);
    if (extras.empty()) return std::nullopt;
    const auto option =
        std::ranges::find_if(extras, [](const std::string& extra) { return extra.starts_with("-"); });
    if (option == extras.end()) return usage_error(fmt::format("unexpected argument \"{}\"", extras.front()));
    const std::string name = option->substr(0, option->find('='));
    return usage_error(fmt::format("unknown option \"{}\" of {}{}", name, app->get_name(),
                                   scenarios::did_you_mean(name, known)));
  }

  static Command usage_error(const std::string& problem) {
    return Answered{.exit = Exit::kUsage, .out = "", .problem = problem + " (odradek --help)"};
  }

  CLI::App app_{"Odradek: a whole Apache-Kafka-like cluster, simulated deterministically in one process",
                "odradek"};
  Raw raw_;
  std::map<const CLI::App*, Make> make_;
};

struct Performer {
  Exit operator()(const Answered& answered) const {
    if (!answered.out.empty()) say(answered.out);
    if (!answered.problem.empty()) complain(answered.problem);
    return answered.exit;
  }
  Exit operator()(const RunCommand& command) const { return run(command); }
  Exit operator()(const ReplayCommand& command) const { return replay(command); }
  Exit operator()(const SweepCommand& command) const { return sweep(command); }
  Exit operator()(const ExplainCommand& command) const { return explain(command); }
  Exit operator()(const ShrinkCommand& command) const { return shrink(command); }
  Exit operator()(const DiffCommand& command) const { return diff(command); }
  Exit operator()(const DoctorCommand& command) const { return doctor(command); }
  Exit operator()(const SideCommand& command) const { return side(command); }
  Exit operator()(const ListCommand& command) const { return list(command); }
  Exit operator()(const ScenarioCheckCommand& command) const { return check_scenarios(command); }
  Exit operator()(const ScenarioShowCommand& command) const { return show_scenario(command); }
  Exit operator()(const MuseumCommand& command) const { return museum(command); }
  Exit operator()(const BenchCommand& command) const { return bench(command); }
  Exit operator()(const VersionCommand& command) const { return version(command); }
};

}  // namespace

Command parse_arguments(const std::vector<std::string>& arguments) { return Grammar().parse(arguments); }

Exit carry_out(const Command& command) { return std::visit(Performer{}, command); }

}  // namespace odradek::cli
