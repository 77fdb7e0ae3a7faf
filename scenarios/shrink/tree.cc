#include "scenarios/shrink/tree.h"

#include <algorithm>
#include <span>
#include <utility>

namespace odradek::scenarios {
namespace {

/// The value one step further, const or not as `value` is; null when there is none.
auto step_into(auto& value, const TreeStep& step) -> decltype(&value) {
  if (const auto* key = std::get_if<std::string>(&step)) {
    auto* table = value.template as<Table>();
    return table == nullptr ? nullptr : table->find(*key);
  }
  auto* list = value.template as<List>();
  const std::size_t place = std::get<std::size_t>(step);
  return list == nullptr || place >= list->size() ? nullptr : &(*list)[place];
}

void collect(const Value& value, TreePath& path, std::vector<TreePath>& out) {
  const auto descend = [&](TreeStep step, const Value& inner) {
    path.push_back(std::move(step));
    collect(inner, path, out);
    path.pop_back();
  };
  const List* list = value.as<List>();
  if (const Table* table = value.as<Table>()) {
    for (const Entry& entry : table->entries) descend(entry.key, entry.value);
  } else if (list != nullptr && !list->empty() && list->front().as<Table>() != nullptr) {
    for (std::size_t i = 0; i < list->size(); ++i) descend(i, (*list)[i]);
  } else {
    out.push_back(path);
  }
}

void erase(Value& at, std::span<const TreeStep> path) {
  if (path.size() > 1) {
    if (Value* inner = step_into(at, path.front()); inner != nullptr) erase(*inner, path.subspan(1));
  } else if (const auto* key = std::get_if<std::string>(&path.front())) {
    if (Table* table = at.as<Table>()) table->erase(*key);
  } else if (List* list = at.as<List>()) {
    list->erase(list->begin() + static_cast<std::ptrdiff_t>(std::get<std::size_t>(path.front())));
  }
}

void put(Value& at, std::span<const TreeStep> path, Value value) {
  if (path.empty()) {
    at = std::move(value);
  } else if (const auto* key = std::get_if<std::string>(&path.front())) {
    Table* table = at.as<Table>();
    if (table == nullptr) return;
    if (table->find(*key) == nullptr) table->set(*key, {.data = Table{}, .where = {}});
    put(*table->find(*key), path.subspan(1), std::move(value));
  } else if (List* list = at.as<List>()) {
    const std::size_t place = std::get<std::size_t>(path.front());
    if (place < list->size()) put((*list)[place], path.subspan(1), std::move(value));
  }
}

bool is_empty(const Value& value) {
  const Table* table = value.as<Table>();
  const List* list = value.as<List>();
  return (table != nullptr && table->entries.empty()) || (list != nullptr && list->empty());
}

void prune(Table& table) {
  for (Entry& entry : table.entries) {
    if (Table* inner = entry.value.as<Table>()) prune(*inner);
    List* list = entry.value.as<List>();
    for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
      if (Table* element = (*list)[i].as<Table>()) prune(*element);
    }
  }
  std::erase_if(table.entries, [](const Entry& entry) { return is_empty(entry.value); });
}

}  // namespace

const Value* find(const Table& root, const TreePath& path) {
  const auto* key = path.empty() ? nullptr : std::get_if<std::string>(&path.front());
  const Value* at = key == nullptr ? nullptr : root.find(*key);
  for (std::size_t i = 1; i < path.size() && at != nullptr; ++i) at = step_into(*at, path[i]);
  return at;
}

std::vector<TreePath> leaves(const Table& root) {
  std::vector<TreePath> out;
  TreePath path;
  collect({.data = root, .where = {}}, path, out);
  return out;
}

std::vector<TreePath> texts(const Table& root) {
  std::vector<TreePath> out;
  for (TreePath& path : leaves(root)) {
    const Value& leaf = *find(root, path);
    const List* list = leaf.as<List>();
    for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
      if ((*list)[i].as<std::string>() == nullptr) continue;
      out.push_back(path);
      out.back().emplace_back(i);
    }
    if (leaf.as<std::string>() != nullptr) out.push_back(std::move(path));
  }
  return out;
}

Table without(const Table& root, std::vector<TreePath> gone) {
  Value tree{.data = root, .where = {}};
  // From behind, so that places in lists stay right. total order: paths differ
  std::ranges::sort(gone, std::ranges::greater());
  for (const TreePath& path : gone) erase(tree, path);
  prune(*tree.as<Table>());
  return std::move(*tree.as<Table>());
}

Table with(const Table& root, const TreePath& path, Value value) {
  Value tree{.data = root, .where = {}};
  put(tree, path, std::move(value));
  return std::move(*tree.as<Table>());
}

List elements(const Table& root, std::string_view key) {
  const Value* value = root.find(key);
  const List* list = value == nullptr ? nullptr : value->as<List>();
  return list == nullptr ? List() : *list;
}

Table with_elements(const Table& root, std::string_view key, List list) {
  Table tree = root;
  if (list.empty())
    tree.erase(key);
  else
    tree.set(key, {.data = std::move(list), .where = {}});
  return tree;
}

std::string_view last_key(const TreePath& path) {
  const auto* key = path.empty() ? nullptr : std::get_if<std::string>(&path.back());
  return key == nullptr ? std::string_view() : *key;
}

bool is_under(const TreePath& path, std::string_view key) {
  const auto* first = path.empty() ? nullptr : std::get_if<std::string>(&path.front());
  return first != nullptr && *first == key;
}

}  // namespace odradek::scenarios
