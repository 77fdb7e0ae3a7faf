// Fifo: a queue that keeps its memory. A std::deque allocates even when empty and again as it slides along;
// the universe has a queue per lane and per direction of a connection, most of them empty or one long.
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "engine/base/hash.h"

namespace odradek::sim {

template <class T>
class Fifo {
 public:
  [[nodiscard]] bool empty() const { return head_ == items_.size(); }
  [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(items_.size()) - head_; }
  [[nodiscard]] T& front() { return items_[head_]; }
  [[nodiscard]] const T& front() const { return items_[head_]; }
  [[nodiscard]] auto begin() const { return items_.begin() + head_; }
  [[nodiscard]] auto end() const { return items_.end(); }

  void push_back(T item) { items_.push_back(std::move(item)); }
  /// It is next again.
  void push_front(T item) {
    if (head_ == 0) {
      items_.insert(items_.begin(), std::move(item));
    } else {
      items_[--head_] = std::move(item);
    }
  }

  /// REQUIRES: not empty.
  T pop_front() {
    T first = std::move(items_[head_]);
    ++head_;
    if (head_ == items_.size()) {
      clear();
    } else if (head_ >= kSlack && 2 * head_ >= items_.size()) {
      items_.erase(items_.begin(), items_.begin() + head_);
      head_ = 0;
    }
    return first;
  }

  template <class Predicate>
  void erase_if(Predicate matches) {
    items_.erase(std::remove_if(items_.begin() + head_, items_.end(), matches), items_.end());
    if (empty()) clear();
  }

  void clear() {
    items_.clear();
    head_ = 0;
  }

  friend bool operator==(const Fifo& a, const Fifo& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end());
  }

 private:
  static constexpr std::uint32_t kSlack = 16;

  std::vector<T> items_;
  std::uint32_t head_ = 0;  ///< what lies before it has been taken out
};

}  // namespace odradek::sim

/// Hashed, printed and compared as the elements that it holds.
template <class T>
inline constexpr bool odradek::detail::is_range_container<odradek::sim::Fifo<T>> = true;
