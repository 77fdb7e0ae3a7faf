// Edits of a scenario's tree by path: what shrinking does to a file.
#pragma once

#include <cstddef>
#include <string>
#include <variant>
#include <vector>

#include "scenarios/value.h"

namespace odradek::scenarios {

/// A key of a table, or a place in a list.
using TreeStep = std::variant<std::string, std::size_t>;
/// From the root to a value: {"client", 0, "config", "acks"}.
using TreePath = std::vector<TreeStep>;

/// Null when there is nothing.
[[nodiscard]] const Value* find(const Table& root, const TreePath& path);

/// Paths of all that is neither a table nor a list of tables, in the order of the tree.
[[nodiscard]] std::vector<TreePath> leaves(const Table& root);

/// Paths of all texts, in lists too.
[[nodiscard]] std::vector<TreePath> texts(const Table& root);

/// The tree without these values, and without tables that are empty then.
[[nodiscard]] Table without(const Table& root, std::vector<TreePath> gone);
/// The tree with this value; tables on the way are made.
[[nodiscard]] Table with(const Table& root, const TreePath& path, Value value);

/// The elements of a list of tables, such as `at`; none when the key is absent.
[[nodiscard]] List elements(const Table& root, std::string_view key);
/// The tree with these as the list; without the key when there are none.
[[nodiscard]] Table with_elements(const Table& root, std::string_view key, List list);

/// The key at the end of a path; empty for a place in a list.
[[nodiscard]] std::string_view last_key(const TreePath& path);
/// Whether the path begins with this key of the root.
[[nodiscard]] bool is_under(const TreePath& path, std::string_view key);

}  // namespace odradek::scenarios
