// Strong types: a quantity with a meaning is not an integer.
//
// `Id` only compares: node ids, partition ids, tickets. `Point` is a place on a line: points differ by a
// plain integer and move by one (`offset + 3`, `end - begin`). Neither converts implicitly in either
// direction;
// `.value()` belongs in codecs and in printing.
#pragma once

#include <compare>
#include <cstdint>
#include <type_traits>

namespace odradek {

template <class Tag, class Rep>
class Id {
 public:
  using rep = Rep;
  constexpr Id() = default;
  constexpr explicit Id(Rep value) : value_(value) {}
  [[nodiscard]] constexpr Rep value() const { return value_; }
  friend constexpr auto operator<=>(const Id&, const Id&) = default;

 private:
  Rep value_{};
};

template <class Tag, class Rep>
class Point {
 public:
  using rep = Rep;
  constexpr Point() = default;
  constexpr explicit Point(Rep value) : value_(value) {}
  [[nodiscard]] constexpr Rep value() const { return value_; }
  friend constexpr auto operator<=>(const Point&, const Point&) = default;

  friend constexpr Point operator+(Point p, Rep n) { return Point(static_cast<Rep>(p.value_ + n)); }
  friend constexpr Point operator-(Point p, Rep n) { return Point(static_cast<Rep>(p.value_ - n)); }
  friend constexpr Rep operator-(Point a, Point b) { return static_cast<Rep>(a.value_ - b.value_); }
  constexpr Point& operator+=(Rep n) { return *this = *this + n; }
  constexpr Point& operator++() { return *this += 1; }

 private:
  Rep value_{};
};

template <class T>
inline constexpr bool is_strong = false;
template <class Tag, class Rep>
inline constexpr bool is_strong<Id<Tag, Rep>> = true;
template <class Tag, class Rep>
inline constexpr bool is_strong<Point<Tag, Rep>> = true;

/// A type with exactly one integer inside and a `.value()`.
template <class T>
concept Strong = is_strong<std::remove_cvref_t<T>>;

}  // namespace odradek
