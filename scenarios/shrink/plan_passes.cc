// Passes over the plan.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "scenarios/shrink/ddmin.h"
#include "scenarios/shrink/passes.h"
#include "scenarios/shrink/quantities.h"

namespace odradek::scenarios {
namespace {

std::int64_t brokers_of(const Table& root) { return integer_at(root, {"cluster", "brokers"}).value_or(3); }

/// Things that happen one after the other are easier to follow than what happens at once.
constexpr Duration kShortestGap = milliseconds(10);

/// Entries that could say what they say at a fixed time; the others wait for an event.
bool has_time(const Value& entry) { return entry.as<Table>()->find("time") != nullptr; }

void keep_struck(ShrinkSearch& search) {
  const List all = elements(search.best(), "at");
  List kept;
  for (const sim::Struck& struck : search.result().struck) {
    if (struck.entry < all.size()) kept.push_back(all[struck.entry]);
  }
  if (kept.size() < all.size()) search.accept(with_elements(search.best(), "at", std::move(kept)));
}

/// An entry that waited for an event strikes at the same moment by the clock.
void fix_times(ShrinkSearch& search) {
  const std::size_t count = elements(search.best(), "at").size();
  for (std::uint32_t i = 0; i < count; ++i) {
    List all = elements(search.best(), "at");
    const auto struck = std::ranges::find(search.result().struck, i, &sim::Struck::entry);
    if (has_time(all[i]) || struck == search.result().struck.end()) continue;
    Table& entry = *all[i].as<Table>();
    entry.erase("on");
    entry.erase("after");
    entry.set("time", duration_value(struck->at));
    search.accept(with_elements(search.best(), "at", std::move(all)));
  }
}

void sort_by_time(ShrinkSearch& search) {
  List all = elements(search.best(), "at");
  if (!std::ranges::all_of(all, has_time)) return;
  const auto time = [](const Value& entry) { return duration_of(*entry.as<Table>()->find("time")); };
  if (std::ranges::is_sorted(all, {}, time)) return;
  std::ranges::stable_sort(all, {}, time);
  search.accept(with_elements(search.best(), "at", std::move(all)));
}

/// Plainer ways to say who is hit: "any-broker:7" may as well be "broker:2".
std::vector<Value> plainer_selectors(const std::string& selector, const Table& root) {
  const std::string_view head = std::string_view(selector).substr(0, selector.find(':'));
  const bool has_place = selector.rfind(':') != selector.find(':');  // "follower:orders-0:2"
  std::vector<Value> out;
  const auto numbered = [&out](std::string_view kind, std::int64_t count) {
    for (std::int64_t n = 1; n <= count; ++n)
      out.push_back({.data = fmt::format("{}:{}", kind, n), .where = {}});
  };
  if (head == "any-client") numbered("client", static_cast<std::int64_t>(elements(root, "client").size()));
  if (head == "any-broker" || (head == "follower" && has_place)) numbered("broker", brokers_of(root));
  if (head == "controller" && selector != head) out.push_back({.data = std::string(head), .where = {}});
  return out;
}

/// The broker that leads or follows when the entry strikes, by its own name.
std::vector<Value> names_of_roles(const std::string& selector, const Table& root) {
  std::vector<Value> out;
  if (!selector.starts_with("leader:") && !selector.starts_with("follower:")) return out;
  for (std::int64_t n = 1; n <= brokers_of(root); ++n)
    out.push_back({.data = fmt::format("broker:{}", n), .where = {}});
  return out;
}

/// Every text of the plan, alone or in a list, in turn: `other_words` of it are tried.
template <class OtherWords>
void reword(ShrinkSearch& search, OtherWords other_words) {
  for (const TreePath& path : texts(search.best())) {
    if (!is_under(path, "at")) continue;
    const std::string text = *find(search.best(), path)->as<std::string>();
    search.accept_any(path, other_words(text, search.best()));
  }
}

/// Keys of an entry without which it still says what to do and when.
bool is_needless(const TreePath& path) {
  constexpr std::array<std::string_view, 11> kExtras = {"records", "after",   "topic",   "partition",
                                                        "node",    "nth",     "lane",    "keep",
                                                        "steps",   "one_way", "headroom"};
  return is_under(path, "at") && std::ranges::count(kExtras, last_key(path)) != 0;
}

void drop_extras(ShrinkSearch& search) {
  std::vector<TreePath> extras = leaves(search.best());
  std::erase_if(extras, [](const TreePath& path) { return !is_needless(path); });
  for (const TreePath& path : extras) search.accept(without(search.best(), {path}));
}

/// A little before and after each entry with a time: when a record may make a difference.
std::vector<Duration> moments(const List& entries) {
  std::vector<Duration> out;
  for (const Value& entry : entries) {
    const Value* time = entry.as<Table>()->find("time");
    const auto at = time == nullptr ? std::nullopt : duration_of(*time);
    if (!at) continue;
    if (*at > milliseconds(50)) out.push_back(*at - milliseconds(50));
    out.push_back(*at + milliseconds(50));
    out.push_back(*at + milliseconds(500));
  }
  return out;
}

/// A scenario whose producers send only what the plan says.
struct Silenced {
  Table root;
  std::int64_t records = 0;  ///< that they would have sent; many, when nobody has counted
};
/// Absent when nobody sends on its own account.
std::optional<Silenced> silenced(const Table& root) {
  constexpr std::int64_t kMany = 1'000;
  Silenced out{.root = root};
  const List clients = elements(root, "client");
  for (std::size_t i = 0; i < clients.size(); ++i) {
    const auto at = [i](std::string key) { return TreePath{"client", i, std::move(key)}; };
    const Value* interval = find(root, at("interval"));
    const bool is_silent = interval != nullptr && duration_of(*interval) == kNever;
    if (*find(root, at("kind"))->as<std::string>() != "producer" || is_silent) continue;
    out.records +=
        integer_at(root, at("records")).value_or(kMany) * integer_at(root, at("count")).value_or(1);
    out.root = with(without(out.root, {at("rate"), at("records")}), at("interval"), duration_value(kNever));
  }
  return out.records == 0 ? std::nullopt : std::optional(std::move(out));
}

/// All times but the first `fixed` ones of the sorted list, so much earlier.
bool shift(ShrinkSearch& search, std::size_t fixed, Duration by) {
  List all = elements(search.best(), "at");
  for (std::size_t i = fixed; i < all.size(); ++i) {
    Value& time = *all[i].as<Table>()->find("time");
    time = duration_value(duration_of(time).value_or(Duration()) - by);
  }
  return search.accept(with_elements(search.best(), "at", std::move(all)));
}

/// The gap in front of entry `i` of a sorted plan; in front of the first one, the time since readiness.
Duration gap_before(const List& all, std::size_t i) {
  const auto time = [&all](std::size_t k) {
    return duration_of(*all[k].as<Table>()->find("time")).value_or(Duration());
  };
  return i == 0 ? time(0) : time(i) - time(i - 1);
}

}  // namespace

void drop_entries(ShrinkSearch& search) {
  keep_struck(search);
  List all = elements(search.best(), "at");
  std::vector<std::size_t> places(all.size());
  for (std::size_t i = 0; i < places.size(); ++i) places[i] = i;
  ddmin(places, [&](const std::vector<std::size_t>& kept) {
    List list;
    for (const std::size_t place : kept) list.push_back(all[place]);
    return search.accept(with_elements(search.best(), "at", std::move(list)));
  });
}

void drop_pairs_of_entries(ShrinkSearch& search) {
  const auto drop = [&search](std::size_t i, std::size_t j) {
    List rest = elements(search.best(), "at");
    if (std::max(i, j) >= rest.size()) return false;
    rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(j));
    if (i != j) rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(i));
    return search.accept(with_elements(search.best(), "at", std::move(rest)));
  };
  const std::size_t size = elements(search.best(), "at").size();
  constexpr std::size_t kFew = 10;  // of more entries than that there are too many pairs
  const std::size_t reach = size <= kFew ? size : 1;
  for (std::size_t apart = 0; apart < reach; ++apart) {
    for (std::size_t i = 0; i + apart < size; ++i) {
      while (drop(i, i + apart)) {
      }
    }
  }
}

void name_roles(ShrinkSearch& search) { reword(search, names_of_roles); }

void script_sends(ShrinkSearch& search) {
  constexpr std::int64_t kFew = 10;
  const auto silent = silenced(search.best());
  if (!silent || silent->records <= kFew) return;
  const std::string topic = *find(search.best(), {"topic", std::size_t{0}, "name"})->as<std::string>();
  const std::int64_t partitions =
      integer_at(search.best(), {"topic", std::size_t{0}, "partitions"}).value_or(1);
  for (const Duration time : moments(elements(search.best(), "at"))) {
    for (std::int64_t p = 0; p < partitions; ++p) {
      Table send;
      send.set("send", {.data = fmt::format("{}-{}", topic, p), .where = {}});
      Table entry;
      entry.set("time", duration_value(time));
      entry.set("do", {.data = std::move(send), .where = {}});
      List all = elements(silent->root, "at");
      all.push_back({.data = std::move(entry), .where = {}});
      if (search.accept(with_elements(silent->root, "at", std::move(all)))) return;
    }
  }
}

void let_producers_send(ShrinkSearch& search) {
  List rest;
  std::int64_t records = 0;
  for (const Value& entry : elements(search.best(), "at")) {
    const Value& deed = *entry.as<Table>()->find("do");
    const bool sends = deed.as<Table>()->find("send") != nullptr;
    if (sends) records += integer_at(*deed.as<Table>(), {"records"}).value_or(1);
    if (!sends) rest.push_back(entry);
  }
  if (records == 0) return;
  const Table silent = with_elements(search.best(), "at", std::move(rest));
  const auto at = [](std::string key) { return TreePath{"client", std::size_t{0}, std::move(key)}; };
  for (const Value& interval : spans_below(seconds(2))) {
    const Table sending =
        with(with(silent, at("interval"), interval), at("records"), {.data = records, .where = {}});
    if (*duration_of(interval) >= kShortestGap && search.accept(sending)) return;
  }
}

void simplify_entries(ShrinkSearch& search) {
  fix_times(search);
  sort_by_time(search);
  reword(search, plainer_selectors);
  drop_extras(search);
}

void move_earlier(ShrinkSearch& search) {
  const std::size_t count = elements(search.best(), "at").size();
  for (std::size_t i = 0; i < count; ++i) {
    const List all = elements(search.best(), "at");
    if (!std::ranges::all_of(all, has_time)) return;
    const Duration gap = gap_before(all, i);
    for (const Value& shorter : spans_below(gap)) {
      const Duration span = *duration_of(shorter);
      if (span >= kShortestGap && shift(search, i, gap - span)) break;
    }
  }
}

void round_with_the_rest(ShrinkSearch& search) {
  const std::size_t count = elements(search.best(), "at").size();
  for (std::size_t i = 0; i < count; ++i) {
    const List all = elements(search.best(), "at");
    if (!std::ranges::all_of(all, has_time)) return;
    const Duration time = duration_of(*all[i].as<Table>()->find("time")).value_or(Duration());
    const Duration gap = gap_before(all, i);
    for (const Value& round : rounder(time)) {
      const Duration by = time - *duration_of(round);
      if (by <= gap && shift(search, i, by)) break;
    }
  }
}

}  // namespace odradek::scenarios
