// Paged<T>: a table over all of int64. Near indexes cost an array access, and a far one (histories may lie)
// costs no more than a page.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>

namespace odradek::sim {

template <class T>
class Paged {
 public:
  Paged() = default;
  Paged(const Paged&) = delete;
  Paged& operator=(const Paged&) = delete;

  /// What stands at `index`: a default T until something is put there.
  T& operator[](std::int64_t index) {
    const std::int64_t number = index >> kBits;
    if (page_ == nullptr || number != number_) {
      page_ = &pages_[number];
      number_ = number;
    }
    return (*page_)[static_cast<std::size_t>(index - (number << kBits))];
  }

  /// Calls `f(index, value)` for all of every page in use, ascending.
  template <class F>
  void for_each(F&& f) const {
    for (const auto& [number, page] : pages_) {
      std::int64_t index = number << kBits;
      for (const T& value : page) f(index++, value);
    }
  }

 private:
  static constexpr int kBits = 8;
  using Page = std::array<T, 1 << kBits>;

  std::map<std::int64_t, Page> pages_;
  std::int64_t number_ = 0;  ///< of `page_`, the one used last
  Page* page_ = nullptr;
};

}  // namespace odradek::sim
