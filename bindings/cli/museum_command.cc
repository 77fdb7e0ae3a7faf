// odradek museum
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "bindings/cli/commands.h"
#include "bindings/cli/museum.h"
#include "bindings/cli/process.h"
#include "bindings/cli/terminal.h"

namespace odradek::cli {
namespace {

using nlohmann::ordered_json;

std::string museum_json(const std::vector<Exhibition>& shown) {
  ordered_json list = ordered_json::array();
  for (const Exhibition& e : shown) {
    list.push_back({{"exhibit", e.exhibit},
                    {"found", e.found},
                    {"invariant", e.found ? ordered_json(e.invariant) : ordered_json()},
                    {"seeds_tried", e.seeds_tried},
                    {"cpu_seconds", static_cast<double>(e.cpu.ns()) / 1e9},
                    {"seed", e.seed ? ordered_json(*e.seed) : ordered_json()},
                    {"clean_with_flaw_off", e.clean_with_flaw_off},
                    {"directed", e.directed},
                    {"scenario", e.found ? ordered_json(e.scenario) : ordered_json()},
                    {"repro", e.repro},
                    {"problems", e.problems}});
  }
  return list.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

std::string yes_or(bool yes, std::string_view no) { return yes ? "yes" : std::string(no); }

constexpr std::string_view kRow = "{:<8} {:<7} {:<6} {:<7} {:>6} {:>9}  {:<34} {}\n";

std::string header() {
  return fmt::format(kRow, "exhibit", "script", "clean", "found", "seeds", "CPU", "by", "where");
}

std::string row(const Exhibition& e) {
  const std::string where = e.found ? fmt::format("{} seed {}", e.scenario, *e.seed) : "";
  return fmt::format(kRow, e.exhibit, yes_or(e.directed, "NO"), yes_or(e.clean_with_flaw_off, "NO"),
                     yes_or(e.found, "not yet"), grouped(e.seeds_tried), print_span(e.cpu), e.invariant,
                     where);
}

std::string describe_end(const std::vector<Exhibition>& shown, const Style& style) {
  std::string out = "\n";
  for (const Exhibition& e : shown) {
    for (const std::string& problem : e.problems)
      out += fmt::format("{}  {}: {}\n", style.red("FAIL"), e.exhibit, problem);
  }
  const auto found = std::ranges::count_if(shown, &Exhibition::found);
  const bool all = static_cast<std::size_t>(found) == shown.size();
  return out + fmt::format("{}  {} of {} found by search\n", all ? style.green("PASS") : style.yellow("OPEN"),
                           found, counted(shown.size(), "exhibit"));
}

Exit exit_of(const std::vector<Exhibition>& shown) {
  if (interrupted()) return Exit::kInterrupted;
  const auto is_fine = [](const Exhibition& e) { return e.problems.empty(); };
  if (!std::ranges::all_of(shown, is_fine)) return Exit::kViolated;
  return std::ranges::all_of(shown, &Exhibition::found) ? Exit::kHeld : Exit::kInconclusive;
}

}  // namespace

Exit museum(const MuseumCommand& command) {
  catch_interrupts();
  const bool text = command.format == Format::kText;
  const Style style = Style::of_stdout();
  std::vector<Exhibition> shown;
  if (text) say(style.bold(header()));
  for (const std::string& name : command.exhibits.empty() ? exhibit_names() : command.exhibits) {
    auto exhibition = exhibit(
        name, {.workers = command.workers, .budget = command.budget, .first_seed = command.first_seed});
    if (!exhibition) {
      complain(exhibition.error().message);
      return Exit::kUsage;
    }
    if (interrupted()) break;
    if (text) say(row(*exhibition));
    shown.push_back(*std::move(exhibition));
  }
  say(text ? describe_end(shown, style) : museum_json(shown));
  return exit_of(shown);
}

}  // namespace odradek::cli
