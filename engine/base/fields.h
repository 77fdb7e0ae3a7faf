// Every type lists its members once: `FIELDS(a, b, c)`.
//
// Hash, equality of worlds, printing, diff and the metadata record codec walk that one list. The list cannot
// silently run short: walkers demand `fields_complete<T>`, which compares the list with the memory that the
// type occupies and, for aggregates, with the number of initialisers that it takes.
#pragma once

#include <cstddef>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace odradek {

/// Declares the members of the enclosing type, in the order of their declaration.
#define FIELDS(...)                                               \
  constexpr auto fields() { return std::tie(__VA_ARGS__); }       \
  constexpr auto fields() const { return std::tie(__VA_ARGS__); } \
  static constexpr std::string_view field_names() { return #__VA_ARGS__; }

template <class T>
concept HasFields = requires(const std::remove_cvref_t<T>& x) {
  x.fields();
  std::remove_cvref_t<T>::field_names();
};

namespace detail {

template <class Tuple>
struct Layout;

template <class... Members>
struct Layout<std::tuple<Members&...>> {
  static constexpr std::size_t count = sizeof...(Members);

  /// Size of a struct that holds exactly these members in this order.
  static consteval std::size_t size() {
    std::size_t end = 0;
    std::size_t widest = 1;
    [[maybe_unused]] const auto place = [&](std::size_t bytes, std::size_t align) {
      end = (end + align - 1) / align * align + bytes;
      widest = align > widest ? align : widest;
    };
    (place(sizeof(Members), alignof(Members)), ...);
    return end == 0 ? 1 : (end + widest - 1) / widest * widest;
  }
};

struct AnyMember {
  template <class T>
  operator T() const;  // NOLINT(google-explicit-constructor): it stands for a member of any type
};

template <class T, std::size_t... Is>
consteval bool takes_initialisers(std::index_sequence<Is...>) {
  return requires { T{((void)Is, AnyMember{})...}; };
}

template <class T>
consteval bool fields_cover_all() {
  using L = Layout<decltype(std::declval<T&>().fields())>;
  if (L::size() != sizeof(T)) return false;
  if constexpr (std::is_aggregate_v<T>) {
    return !takes_initialisers<T>(std::make_index_sequence<L::count + 1>{});
  } else {
    return true;
  }
}

}  // namespace detail

/// True when the type's FIELDS leave no member out.
template <HasFields T>
inline constexpr bool fields_complete = detail::fields_cover_all<T>();

/// Calls `f(name, member)` for each listed member.
template <HasFields T, class F>
constexpr void for_each_field(T& x, F&& f) {
  static_assert(fields_complete<std::remove_const_t<T>>, "FIELDS leaves a member out, or is out of order");
  std::string_view names = std::remove_const_t<T>::field_names();
  const auto next_name = [&names] {
    const auto comma = names.find(',');
    auto name = names.substr(0, comma);
    names.remove_prefix(comma == std::string_view::npos ? names.size() : comma + 1);
    while (!name.empty() && name.front() == ' ') name.remove_prefix(1);
    return name;
  };
  std::apply([&](auto&... member) { (f(next_name(), member), ...); }, x.fields());
}

}  // namespace odradek
