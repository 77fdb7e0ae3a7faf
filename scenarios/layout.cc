#include "scenarios/layout.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

#include "sim/faults/plan.h"

namespace odradek::scenarios {
namespace {

/// Sections in the order of the catalogue's files, and keys within any of them; others follow by name.
constexpr std::array<std::string_view, 16> kSections = {
    "title",   "description", "expect", "permits", "flaws", "cluster", "topic", "client",
    "network", "rack",        "clocks", "faults",  "at",    "budget",  "run",   "repro"};
constexpr std::array<std::string_view, 28> kKeys = {
    "name",        "region",   "kind",  "count",        "topic",       "nodes",    "brokers",
    "controllers", "combined", "hosts", "partitions",   "replication", "interval", "rate",
    "records",     "time",     "on",    "after",        "do",          "for",      "event",
    "partition",   "node",     "nth",   "faults_until", "settle",      "seed",     "fingerprint"};

bool is_fault(std::string_view key) {
  return std::ranges::count(sim::kFaults, key, &sim::FaultInfo::name) != 0;
}

/// In a deed the fault stands in front of what more there is to say about it.
void arrange(Table& table, std::span<const std::string_view> order) {
  const auto rank = [order](const Entry& entry) {
    return is_fault(entry.key) ? -1 : std::ranges::find(order, entry.key) - order.begin();
  };
  std::ranges::stable_sort(table.entries, {}, rank);
  for (Entry& entry : table.entries) {
    if (Table* inner = entry.value.as<Table>()) arrange(*inner, kKeys);
    List* list = entry.value.as<List>();
    for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
      if (Table* element = (*list)[i].as<Table>()) arrange(*element, kKeys);
    }
  }
}

/// As `"""` with line breaks that are not there; anything that this cannot hold stays on one line.
std::string print_description(const Entry& entry) {
  const auto* text = entry.value.as<std::string>();
  const bool is_plain = text != nullptr && std::ranges::none_of(*text, [](char c) {
                          return c == '"' || c == '\\' || (static_cast<unsigned char>(c) < 0x20 && c != '\n');
                        });
  if (!is_plain || text->starts_with('\n')) return print_line(entry);
  return fmt::format("{} = \"\"\"\n{}\"\"\"\n", entry.key, *text);
}

bool is_table_list(const Value& value) {
  const List* list = value.as<List>();
  return list != nullptr && !list->empty() && list->front().as<Table>() != nullptr;
}

/// The lines of one section, and behind it its `config`.
std::string print_section(const Table& table, std::string_view head, std::string_view name) {
  std::string out = fmt::format("\n{}\n", head);
  std::string config;
  for (const Entry& entry : table.entries) {
    if (entry.key == "config" && entry.value.as<Table>() != nullptr)
      config = print_section(*entry.value.as<Table>(), fmt::format("[{}.config]", name), name);
    else
      out += print_line(entry);
  }
  return out + config;
}

}  // namespace

std::string lay_out(const Table& root) {
  Table arranged = root;
  arrange(arranged, kSections);
  std::string plain;
  std::string sections;
  for (const Entry& entry : arranged.entries) {
    if (const Table* table = entry.value.as<Table>()) {
      sections += print_section(*table, fmt::format("[{}]", entry.key), entry.key);
    } else if (is_table_list(entry.value)) {
      for (const Value& element : *entry.value.as<List>())
        sections += print_section(*element.as<Table>(), fmt::format("[[{}]]", entry.key), entry.key);
    } else {
      plain += entry.key == "description" ? print_description(entry) : print_line(entry);
    }
  }
  return plain + sections;
}

}  // namespace odradek::scenarios
