// Chunked<T>: a sequence that grows and shrinks at its end only; copies share all chunks but the one being
// written.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "engine/base/cow.h"
#include "engine/base/fields.h"

namespace odradek::sim {

template <class T>
class Chunked {
 public:
  static constexpr std::size_t kChunk = 256;

  [[nodiscard]] std::uint64_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] const T& operator[](std::uint64_t i) const { return (*chunks_[i / kChunk])[i % kChunk]; }

  void push_back(T value) {
    if (size_ % kChunk == 0) chunks_.emplace_back();
    chunks_.back().write().push_back(std::move(value));
    ++size_;
  }

  /// Drops what lies at `size` and beyond. REQUIRES: size <= size().
  void shrink_to(std::uint64_t size) {
    chunks_.resize((size + kChunk - 1) / kChunk);
    if (size % kChunk != 0 && size < size_) chunks_.back().write().resize(size % kChunk);
    size_ = size;
  }

  FIELDS(chunks_, size_)
  friend bool operator==(const Chunked&, const Chunked&) = default;

 private:
  std::vector<Cow<std::vector<T>>> chunks_;
  std::uint64_t size_ = 0;
};

}  // namespace odradek::sim
