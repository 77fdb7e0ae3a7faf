// Cow<T>: the one mechanism of sharing. A copy costs a count; the first write of a shared value clones it.
//
// Sharing is never observable: equality, hash and printing look at the value. The count is atomic so that
// copies of one world may live in different threads of a program that embeds the engine.
//
// 1. A value is reached for writing only through `write()`, which makes it unique first.
// 2. An empty Cow reads as a default-constructed T.
#pragma once

#include <atomic>
#include <cstdint>
#include <utility>

#include "engine/base/hash.h"

namespace odradek {

template <class T>
class Cow {
 public:
  Cow() = default;
  explicit Cow(T value) : box_(new Box{.count = 1, .value = std::move(value)}) {}
  Cow(const Cow& other) : box_(other.box_) {
    if (box_ != nullptr) box_->count.fetch_add(1, std::memory_order_relaxed);
  }
  Cow(Cow&& other) noexcept : box_(std::exchange(other.box_, nullptr)) {}
  Cow& operator=(Cow other) noexcept {
    std::swap(box_, other.box_);
    return *this;
  }
  ~Cow() { release(); }

  [[nodiscard]] const T& read() const { return box_ == nullptr ? empty() : box_->value; }
  const T& operator*() const { return read(); }
  const T* operator->() const { return &read(); }

  /// The value, made this Cow's own first.
  T& write() {
    if (box_ == nullptr) {
      box_ = new Box{.count = 1, .value = T{}};
    } else if (!is_unique()) {
      *this = Cow(box_->value);
    }
    return box_->value;
  }

  [[nodiscard]] bool is_unique() const {
    return box_ == nullptr || box_->count.load(std::memory_order_acquire) == 1;
  }
  [[nodiscard]] bool shares_with(const Cow& other) const { return box_ == other.box_; }

  friend bool operator==(const Cow& a, const Cow& b) { return a.box_ == b.box_ || a.read() == b.read(); }
  void feed(Hasher& h) const { odradek::feed(h, read()); }

 private:
  struct Box {
    std::atomic<std::uint32_t> count;
    T value;
  };

  static const T& empty() {
    static const T value{};
    return value;
  }

  void release() {
    if (box_ != nullptr && box_->count.fetch_sub(1, std::memory_order_acq_rel) == 1) delete box_;
  }

  Box* box_ = nullptr;
};

}  // namespace odradek
