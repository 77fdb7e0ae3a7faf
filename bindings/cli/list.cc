// odradek list
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "bindings/cli/commands.h"
#include "bindings/cli/coverage.h"
#include "bindings/cli/json.h"
#include "bindings/cli/terminal.h"
#include "engine/io/flaws.h"
#include "scenarios/catalog.h"
#include "sim/checkers/registry.h"
#include "sim/faults/expand.h"

namespace odradek::cli {
namespace {

using Rows = std::vector<Row>;

Rows list_scenarios() {
  Rows rows;
  for (const scenarios::CatalogEntry& entry : scenarios::catalog()) {
    const auto file = scenarios::find_scenario(entry.name);
    rows.push_back(
        {{"name", entry.name}, {"area", entry.area}, {"doc", file ? file->title() : file.error().message}});
  }
  return rows;
}

Rows list_exhibits() {
  Rows rows;
  for (const io::FlawInfo& flaw : io::kFlaws) {
    rows.push_back({{"name", std::string(flaw.exhibit)},
                    {"doc", std::string(flaw.doc)},
                    {"source", std::string(flaw.source)}});
  }
  return rows;
}

Rows list_invariants() {
  Rows rows;
  for (const sim::InvariantInfo& info : sim::invariants()) {
    rows.push_back({{"name", std::string(info.id)},
                    {"title", std::string(info.name)},
                    {"doc", std::string(info.doc)},
                    {"source", std::string(info.source)}});
  }
  return rows;
}

Rows list_faults() {
  Rows rows;
  for (const sim::FaultInfo& info : sim::kFaults)
    rows.push_back({{"name", std::string(info.name)}, {"doc", std::string(info.doc)}});
  for (const sim::CompositeFault& info : sim::kCompositeFaults)
    rows.push_back({{"name", std::string(info.name)}, {"doc", std::string(info.doc)}});
  return rows;
}

Rows list_workloads() {
  return {
      {{"name", "producer"}, {"doc", "sends records: keyed, sticky, round-robin or to explicit partitions"}},
      {{"name", "consumer"}, {"doc", "reads a topic along; with reread = true it now and then jumps back"}}};
}

Rows list_probes() {
  Rows rows;
  for (const CoveragePoint& point : coverage_points()) {
    rows.push_back({{"name", point.name}, {"doc", point.doc}, {"kind", point.kind}});
  }
  return rows;
}

struct Kind {
  std::string_view name;
  Rows (*rows)();
};
constexpr std::array kKinds = {
    Kind{"scenarios", list_scenarios}, Kind{"exhibits", list_exhibits},   Kind{"invariants", list_invariants},
    Kind{"faults", list_faults},       Kind{"workloads", list_workloads}, Kind{"probes", list_probes},
};

/// The name, then the rest of each row.
std::string table(const Rows& rows, const Style& style) {
  std::size_t width = 0;
  for (const Row& row : rows) width = std::max(width, row.front().second.size());
  std::string out;
  for (const Row& row : rows) {
    out += style.bold(fmt::format("{:<{}}", row.front().second, width)) + "  ";
    for (const auto& [column, value] : row) {
      if (column == "title") out += value + ": ";
      if (column == "doc") out += value;
      if (column == "source") out += style.dim(fmt::format("  [{}]", value));
    }
    out += "\n";
  }
  return out;
}

}  // namespace

const std::vector<std::string>& list_kinds() {
  static const std::vector<std::string> kinds = [] {
    std::vector<std::string> names;
    for (const Kind& kind : kKinds) names.emplace_back(kind.name);
    return names;
  }();
  return kinds;
}

Exit list(const ListCommand& command) {
  const auto kind = std::ranges::find(kKinds, command.kind, &Kind::name);
  const Rows rows = kind->rows();
  say(command.format == Format::kJson ? rows_json(rows) : table(rows, Style::of_stdout()));
  return Exit::kHeld;
}

}  // namespace odradek::cli
