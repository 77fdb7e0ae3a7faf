// Every type lists its members once: `FIELDS(a, b, c)`.
//
// Hash, equality of worlds, printing, diff and the metadata record codec walk that one list. The list cannot
// silently run short: walkers demand `fields_complete<T>`, which compares the list with the memory that the
// type occupies and, for aggregates, with the number of initialisers that it takes.
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string_view>
#include <type_traits>
#include <utility>

namespace odradek {

/// Declares the members of the enclosing type, in the order of their declaration. `visit_fields(f)` returns
/// f(member…): a tuple of references would say the same, but was half and more of what a source takes to
/// compile.
#define FIELDS(...)                                              \
  template <class Visitor>                                       \
  constexpr decltype(auto) visit_fields(Visitor&& visit) {       \
    return visit(__VA_ARGS__);                                   \
  }                                                              \
  template <class Visitor>                                       \
  constexpr decltype(auto) visit_fields(Visitor&& visit) const { \
    return visit(__VA_ARGS__);                                   \
  }                                                              \
  static constexpr std::string_view field_names() { return #__VA_ARGS__; }

template <class T>
concept HasFields = requires { std::remove_cvref_t<T>::field_names(); };

namespace detail {

template <class... Members>
struct Layout {
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

struct LayoutOf {
  template <class... Members>
  constexpr Layout<Members...> operator()(Members&... /*members*/) const {
    return {};
  }
};

template <class T>
using LayoutOfFields = decltype(std::declval<T&>().visit_fields(LayoutOf{}));

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
  using L = LayoutOfFields<T>;
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

/// The names of a type's fields, one after the other.
class FieldNames {
 public:
  explicit constexpr FieldNames(std::string_view names) : rest_(names) {}

  constexpr std::string_view next() {
    const auto comma = rest_.find(',');
    auto name = rest_.substr(0, comma);
    rest_.remove_prefix(comma == std::string_view::npos ? rest_.size() : comma + 1);
    while (!name.empty() && name.front() == ' ') name.remove_prefix(1);
    return name;
  }

 private:
  std::string_view rest_;
};

/// Calls `f(name, member)` for each listed member.
template <HasFields T, class F>
constexpr void for_each_field(T& x, F&& f) {
  static_assert(fields_complete<std::remove_const_t<T>>, "FIELDS leaves a member out, or is out of order");
  FieldNames names(std::remove_const_t<T>::field_names());
  x.visit_fields([&](auto&... member) { (f(names.next(), member), ...); });
}

/// Calls `f(name, member of a, the same member of b)` for each listed member.
template <HasFields T, class F>
constexpr void for_each_field(const T& a, const T& b, F&& f) {
  static_assert(fields_complete<T>, "FIELDS leaves a member out, or is out of order");
  FieldNames names(T::field_names());
  a.visit_fields([&](const auto&... left) {
    b.visit_fields([&](const auto&... right) { (f(names.next(), left, right), ...); });
  });
}

/// The one listed member of that type.
template <class Member, HasFields T>
constexpr Member& field_of(T& x) {
  Member* found = nullptr;
  std::size_t count = 0;
  const auto look_at = [&]<class M>(M& member) {
    if constexpr (std::is_same_v<M, Member>) {
      found = &member;
      ++count;
    }
  };
  x.visit_fields([&](auto&... member) { (look_at(member), ...); });
  if (count != 1) throw std::logic_error("field_of: not exactly one member has this type");
  return *found;
}

}  // namespace odradek
