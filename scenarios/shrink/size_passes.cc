// Passes over all but the plan: what is drawn, who takes part, how much they do, and for how long.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <span>

#include "scenarios/calm.h"
#include "scenarios/shrink/ddmin.h"
#include "scenarios/shrink/passes.h"
#include "scenarios/shrink/quantities.h"

namespace odradek::scenarios {
namespace {

bool is_one_of(std::string_view key, std::span<const std::string_view> keys) {
  return std::ranges::find(keys, key) != keys.end();
}

Value text_value(std::string text) { return {.data = std::move(text), .where = {}}; }

/// The elements of a list of tables that cannot be left out, all the others gone.
void drop_elements(ShrinkSearch& search, std::string_view key) {
  const Table base = search.best();
  ddmin(elements(base, key), [&](const List& kept) { return search.accept(with_elements(base, key, kept)); });
}

/// Ddmin over values of the tree, wherever they stand.
void drop_paths(ShrinkSearch& search, const std::vector<TreePath>& paths) {
  const Table base = search.best();
  ddmin(paths, [&](const std::vector<TreePath>& kept) {
    std::vector<TreePath> gone = paths;
    std::erase_if(gone, [&](const TreePath& path) { return std::ranges::find(kept, path) != kept.end(); });
    return search.accept(without(base, std::move(gone)));
  });
}

/// A producer that sends on its own account sends nothing, or less, or more rarely.
void quieten_producer(ShrinkSearch& search, std::size_t place) {
  const auto at = [place](std::string key) { return TreePath{"client", place, std::move(key)}; };
  const Table silent =
      with(without(search.best(), {at("rate"), at("records")}), at("interval"), duration_value(kNever));
  const bool is_silent = print_file(silent) == print_file(search.best());
  if (is_silent || search.accept(silent)) return;
  constexpr std::int64_t kUnlimited = 1'000;
  search.accept_any(at("records"),
                    counts_below(integer_at(search.best(), at("records")).value_or(kUnlimited)));
  const Value* interval = find(search.best(), at("interval"));
  if (interval == nullptr) return;
  std::vector<Value> longer = spans_above(duration_of(*interval).value_or(kNever));
  std::ranges::reverse(longer);
  search.accept_any(at("interval"), longer);
}

void quieten_consumer(ShrinkSearch& search, std::size_t place) {
  const TreePath path = {"client", place, "poll_interval"};
  const Value* interval = find(search.best(), path);
  const auto span = interval == nullptr ? std::nullopt : duration_of(*interval);
  std::vector<Value> longer = spans_above(span.value_or(milliseconds(50)));
  std::ranges::reverse(longer);
  search.accept_any(path, longer);
}

/// In every text of the tree.
void rename_in(Value& value, const std::string& from, const std::string& to) {
  if (auto* text = value.as<std::string>()) {
    if (const auto at = text->find(from); at != std::string::npos) text->replace(at, from.size(), to);
  }
  if (List* list = value.as<List>()) {
    for (Value& element : *list) rename_in(element, from, to);
  }
  if (Table* table = value.as<Table>()) {
    for (Entry& entry : table->entries) rename_in(entry.value, from, to);
  }
}

/// Whether a text of the value names this partition: "leader:orders-1".
bool mentions(const Value& value, const std::string& partition) {
  return print_inline(value).contains(partition);
}

/// The scenario with so many partitions, of which `heir` has to do for the others that the plan speaks of;
/// with only what it says of the partition `kept`, if one is given.
Table with_partitions(const ShrinkSearch& search, std::size_t topic, std::int64_t count, std::int64_t heir,
                      std::optional<std::int64_t> kept) {
  const TreePath path = {"topic", topic, "partitions"};
  const std::int64_t before = integer_at(search.best(), path).value_or(1);
  const std::string name = *find(search.best(), {"topic", topic, "name"})->as<std::string>();
  const auto partition = [&name](std::int64_t p) { return fmt::format("{}-{}", name, p); };
  const Table fewer = with(search.best(), path, {.data = count, .where = {}});
  List all = elements(fewer, "at");
  for (std::int64_t p = before - 1; kept && p >= 0; --p)
    std::erase_if(all, [&](const Value& entry) { return p != kept && mentions(entry, partition(p)); });
  for (Value& entry : all) {
    for (std::int64_t p = before - 1; p >= count; --p) rename_in(entry, partition(p), partition(heir));
  }
  return with_elements(fewer, "at", std::move(all));
}

/// True when one partition is left.
bool merge_partitions(ShrinkSearch& search, std::size_t topic) {
  const std::int64_t before = integer_at(search.best(), {"topic", topic, "partitions"}).value_or(1);
  for (std::int64_t count = 1; count < before; ++count) {
    for (std::int64_t heir = 0; heir < count; ++heir) {
      if (search.accept(with_partitions(search, topic, count, heir, std::nullopt))) return count == 1;
      for (std::int64_t kept = 0; kept < before; ++kept) {
        if (search.accept(with_partitions(search, topic, count, heir, kept))) return count == 1;
      }
    }
  }
  return before == 1;
}

void drop_brokers(ShrinkSearch& search) {
  const std::int64_t brokers = integer_at(search.best(), {"cluster", "brokers"}).value_or(3);
  for (std::int64_t fewer = 1; fewer < brokers; ++fewer) {
    Table smaller = with(search.best(), {"cluster", "brokers"}, {.data = fewer, .where = {}});
    for (std::size_t topic = 0; topic < elements(smaller, "topic").size(); ++topic) {
      const TreePath path = {"topic", topic, "replication"};
      const auto replication = integer_at(smaller, path);
      if (replication && *replication > fewer) smaller = with(smaller, path, {.data = fewer, .where = {}});
    }
    const TreePath combined = {"cluster", "combined"};
    if (integer_at(smaller, combined).value_or(0) > fewer)
      smaller = with(smaller, combined, {.data = fewer, .where = {}});
    if (search.accept(smaller)) return;
  }
}

/// Keys that can go without making anything larger: what is meant without them is no more than with them.
bool is_droppable(const TreePath& path) {
  constexpr std::array<std::string_view, 17> kNeeded = {"title",
                                                        "description",
                                                        "expect",
                                                        "flaws",
                                                        "name",
                                                        "kind",
                                                        "topic",
                                                        "brokers",
                                                        "records",
                                                        "partitions",
                                                        "interval",
                                                        "rate",
                                                        "poll_interval",
                                                        "faults_until",
                                                        "calm",
                                                        "replication",
                                                        "enable.idempotence"};
  return !is_under(path, "at") && !is_one_of(last_key(path), kNeeded);
}

bool is_number_to_lower(const TreePath& path) {
  constexpr std::array<std::string_view, 11> kNumbers = {
      "count",    "records", "keys",        "value_bytes", "headers", "nth",
      "rotation", "factor",  "replication", "partitions",  "combined"};
  return is_one_of(last_key(path), kNumbers);
}

bool is_span_to_shorten(const TreePath& path) {
  constexpr std::array<std::string_view, 6> kSpans = {"for", "after",        "extra",
                                                      "by",  "faults_until", "settle"};
  return is_one_of(last_key(path), kSpans);
}

}  // namespace

void calm_draws(ShrinkSearch& search) {
  const TreePath path = {"run", "calm"};
  if (search.accept(with(search.best(), path, {.data = List{text_value("everything")}, .where = {}}))) return;
  for (const CalmName& each : calm_names()) {
    const Value* calm = find(search.best(), path);
    List list = calm == nullptr ? List() : *calm->as<List>();
    const bool has = std::ranges::any_of(list, [&](const Value& name) {
      const auto* text = name.as<std::string>();
      return text != nullptr && (*text == each.name || *text == "everything");
    });
    if (has) continue;
    list.push_back(text_value(each.name));
    search.accept(with(search.best(), path, {.data = std::move(list), .where = {}}));
  }
}

void drop_clients(ShrinkSearch& search) { drop_elements(search, "client"); }

void quieten_clients(ShrinkSearch& search) {
  for (std::size_t i = 0; i < elements(search.best(), "client").size(); ++i) {
    const Value* kind = find(search.best(), {"client", i, "kind"});
    if (*kind->as<std::string>() == "producer")
      quieten_producer(search, i);
    else
      quieten_consumer(search, i);
  }
}

void shrink_cluster(ShrinkSearch& search) {
  drop_elements(search, "topic");
  drop_elements(search, "rack");
  for (std::size_t i = 0; i < elements(search.best(), "topic").size(); ++i) {
    if (merge_partitions(search, i)) continue;
    name_roles(search);  // who leads one of them need not lead the other
    merge_partitions(search, i);
  }
  drop_brokers(search);
}

void drop_settings(ShrinkSearch& search) {
  std::vector<TreePath> paths = leaves(search.best());
  std::erase_if(paths, [](const TreePath& path) { return !is_droppable(path); });
  drop_paths(search, paths);
  if (const Value* flaws = search.best().find("flaws"); flaws != nullptr && flaws->as<List>() != nullptr) {
    std::vector<TreePath> each;
    for (std::size_t i = 0; i < flaws->as<List>()->size(); ++i) each.push_back({"flaws", i});
    drop_paths(search, each);
  }
}

void lower_numbers(ShrinkSearch& search) {
  for (const TreePath& path : leaves(search.best())) {
    const auto n = integer_at(search.best(), path);
    if (n && is_number_to_lower(path)) search.accept_any(path, lower(*n));
  }
}

void shorten(ShrinkSearch& search) {
  for (const TreePath& path : leaves(search.best())) {
    const Value* value = find(search.best(), path);
    const auto span = value == nullptr ? std::nullopt : duration_of(*value);
    if (span && is_span_to_shorten(path)) search.accept_any(path, spans_below(*span));
  }
}

void round_times(ShrinkSearch& search) {
  round_with_the_rest(search);
  for (const TreePath& path : texts(search.best())) {
    if (const auto span = duration_of(*find(search.best(), path))) search.accept_any(path, rounder(*span));
  }
}

}  // namespace odradek::scenarios
