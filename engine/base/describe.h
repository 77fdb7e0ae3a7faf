// Any of our values as one line of text, and the first place where two of them differ.
//
//   describe(TopicPartition{…})        "{topic_id={high=1, low=2}, partition=0}"
//   first_difference(a, b)             "leader.replicas[2].end_offset: 5 vs 7", or nothing when a == b
#pragma once

#include <fmt/format.h>

#include <optional>
#include <string>
#include <string_view>

#include "engine/base/bytes.h"
#include "engine/base/cow.h"
#include "engine/base/hash.h"

namespace odradek {

namespace detail {

template <class T>
inline constexpr bool is_cow = false;
template <class T>
inline constexpr bool is_cow<Cow<T>> = true;

template <class T>
concept Streamed = requires(const T& x) {
  { name_of(x) } -> std::convertible_to<std::string_view>;
};

}  // namespace detail

template <class T>
void describe_to(std::string& out, const T& x) {
  const auto put = [&out](const auto& v) { out += fmt::format("{}", v); };
  if constexpr (detail::is_cow<T>) {
    describe_to(out, *x);
  } else if constexpr (std::is_same_v<T, Bytes>) {
    put(fmt::format("<{} bytes>", x.size()));
  } else if constexpr (detail::Streamed<T>) {
    put(std::string_view(name_of(x)));
  } else if constexpr (std::is_enum_v<T>) {
    put(std::to_underlying(x));
  } else if constexpr (std::is_integral_v<T>) {
    put(x);
  } else if constexpr (Strong<T>) {
    put(x.value());
  } else if constexpr (std::is_convertible_v<const T&, std::string_view>) {
    put(fmt::format("\"{}\"", std::string_view(x)));
  } else if constexpr (std::is_same_v<T, std::monostate>) {
    put("none");
  } else if constexpr (detail::is_optional<T>) {
    if (x) {
      describe_to(out, *x);
    } else {
      put("none");
    }
  } else if constexpr (detail::is_variant<T>) {
    std::visit([&out](const auto& alternative) { describe_to(out, alternative); }, x);
  } else if constexpr (detail::is_pair<T>) {
    describe_to(out, x.first);
    put(": ");
    describe_to(out, x.second);
  } else if constexpr (detail::is_range_container<T> || detail::is_array<T>) {
    put("[");
    std::string_view separator;
    for (const auto& element : x) {
      put(std::exchange(separator, ", "));
      describe_to(out, element);
    }
    put("]");
  } else {
    static_assert(HasFields<T>, "a value in state needs FIELDS");
    put("{");
    std::string_view separator;
    for_each_field(x, [&](std::string_view name, const auto& member) {
      put(std::exchange(separator, ", "));
      put(name);
      put("=");
      describe_to(out, member);
    });
    put("}");
  }
}

template <class T>
[[nodiscard]] std::string describe(const T& x) {
  std::string out;
  describe_to(out, x);
  return out;
}

/// Path and both values of the first field that differs. Maps are compared entry by entry, in order.
template <class T>
[[nodiscard]] std::optional<std::string> first_difference(const T& a, const T& b,
                                                          std::string_view path = "") {
  if constexpr (detail::is_cow<T>) {
    return a.shares_with(b) ? std::nullopt : first_difference(*a, *b, path);
  } else if constexpr (detail::is_optional<T>) {
    if (a && b) return first_difference(*a, *b, path);
  } else if constexpr (detail::is_variant<T>) {
    if (a.index() == b.index()) {
      return std::visit(
          [&](const auto& left) {
            return first_difference(left, std::get<std::remove_cvref_t<decltype(left)>>(b), path);
          },
          a);
    }
  } else if constexpr (detail::is_pair<T>) {
    if (auto d = first_difference(a.first, b.first, fmt::format("{}.key", path))) return d;
    return first_difference(a.second, b.second, path);
  } else if constexpr (detail::is_range_container<T> || detail::is_array<T>) {
    auto right = b.begin();
    std::size_t index = 0;
    for (const auto& left : a) {
      if (right == b.end()) break;
      if (auto d = first_difference(left, *right, fmt::format("{}[{}]", path, index))) return d;
      ++right;
      ++index;
    }
    if (a.size() == b.size()) return std::nullopt;
    return fmt::format("{}: {} vs {} elements", path, a.size(), b.size());
  } else if constexpr (HasFields<T>) {
    std::optional<std::string> found;
    for_each_field(a, b, [&](std::string_view name, const auto& left, const auto& right) {
      if (found) return;
      found =
          first_difference(left, right, path.empty() ? std::string(name) : fmt::format("{}.{}", path, name));
    });
    return found;
  }
  if (a == b) return std::nullopt;
  return fmt::format("{}: {} vs {}", path, describe(a), describe(b));
}

}  // namespace odradek
