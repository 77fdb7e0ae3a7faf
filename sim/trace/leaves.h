// Leaves: a value as a flat list of its innermost members, each with its path, for comparing what cannot be
// brought into one process as a value: two runs of two processes, or of two scenarios.
//
//   leaves_of("node", slot)      node.clock.skew = 0
//                                node.timers.slots = 2 elements
//                                node.timers.slots[0].timer.kind = HeartbeatPoll
//
// Maps go by their keys, sequences by their places. A path has the names of FIELDS without the underscore
// that members end with; a variant adds a leaf that names its alternative.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/base/describe.h"

namespace odradek::sim {

struct Leaf {
  std::string path;
  std::string value;

  FIELDS(path, value)
  friend bool operator==(const Leaf&, const Leaf&) = default;
};

using Leaves = std::vector<Leaf>;

/// One path, and what stands there on either side.
struct Difference {
  std::string path;
  std::string left;
  std::string right;

  FIELDS(path, left, right)
  friend bool operator==(const Difference&, const Difference&) = default;
};

/// In the order of `left`, then what only `right` has. REQUIRES: no path twice in either.
[[nodiscard]] std::vector<Difference> differences(std::span<const Leaf> left, std::span<const Leaf> right);

namespace detail {

/// "Send" for io::Send: what a compiler calls the type, without its namespaces.
template <class T>
[[nodiscard]] constexpr std::string_view type_name() {
  std::string_view text = __PRETTY_FUNCTION__;  // "… [with T = odradek::io::Send; …]" or "… [T = …]"
  text.remove_prefix(text.find("T = ") + 4);
  text = text.substr(0, text.find_first_of(";]"));
  const auto colons = text.substr(0, text.find('<')).rfind("::");
  return colons == std::string_view::npos ? text : text.substr(colons + 2);
}

template <class T>
inline constexpr bool is_map_entry = false;
template <class K, class V>
inline constexpr bool is_map_entry<std::pair<const K, V>> = true;

[[nodiscard]] std::string leaf_text(const Bytes& bytes);

}  // namespace detail

template <class T>
void leaves_to(Leaves& out, const std::string& path, const T& x);

namespace detail {

template <class T>
void elements_to(Leaves& out, const std::string& path, const T& x) {
  out.push_back({.path = path, .value = fmt::format("{} elements", x.size())});
  std::uint64_t place = 0;
  for (const auto& element : x) {
    if constexpr (is_map_entry<std::remove_cvref_t<decltype(element)>>) {
      leaves_to(out, fmt::format("{}[{}]", path, describe(element.first)), element.second);
    } else {
      leaves_to(out, fmt::format("{}[{}]", path, place), element);
    }
    ++place;
  }
}

}  // namespace detail

/// Appends the leaves of `x`.
template <class T>
void leaves_to(Leaves& out, const std::string& path, const T& x) {
  if constexpr (odradek::detail::is_cow<T>) {
    leaves_to(out, path, *x);
  } else if constexpr (odradek::detail::is_variant<T>) {
    std::visit(
        [&](const auto& alternative) {
          using Alternative = std::remove_cvref_t<decltype(alternative)>;
          out.push_back({.path = path, .value = std::string(detail::type_name<Alternative>())});
          leaves_to(out, HasFields<Alternative> ? path : path + ".value", alternative);
        },
        x);
  } else if constexpr (odradek::detail::is_optional<T>) {
    if (!x) {
      out.push_back({.path = path, .value = "none"});
    } else {
      leaves_to(out, path, *x);
    }
  } else if constexpr (std::is_same_v<T, Bytes>) {
    out.push_back({.path = path, .value = detail::leaf_text(x)});
  } else if constexpr (odradek::detail::is_pair<T>) {
    leaves_to(out, path + ".first", x.first);
    leaves_to(out, path + ".second", x.second);
  } else if constexpr (odradek::detail::is_range_container<T> || odradek::detail::is_array<T>) {
    detail::elements_to(out, path, x);
  } else if constexpr (HasFields<T>) {
    for_each_field(x, [&](std::string_view name, const auto& member) {
      if (name.ends_with('_')) name.remove_suffix(1);
      leaves_to(out, path.empty() ? std::string(name) : fmt::format("{}.{}", path, name), member);
    });
  } else {
    out.push_back({.path = path, .value = describe(x)});
  }
}

template <class T>
[[nodiscard]] Leaves leaves_of(const std::string& path, const T& x) {
  Leaves out;
  leaves_to(out, path, x);
  return out;
}

}  // namespace odradek::sim
