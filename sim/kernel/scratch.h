// Scratch: memory that a value uses while it works and that is no part of it. All scratch is equal; a copy
// starts with fresh scratch.
#pragma once

#include <string_view>

#include "engine/base/hash.h"

namespace odradek::sim {

template <class T>
class Scratch {
 public:
  Scratch() = default;
  Scratch(const Scratch&) {}
  Scratch& operator=(const Scratch&) { return *this; }
  ~Scratch() = default;

  [[nodiscard]] T& operator*() { return value_; }
  [[nodiscard]] T* operator->() { return &value_; }

  void feed(Hasher&) const {}
  friend bool operator==(const Scratch&, const Scratch&) { return true; }
  friend std::string_view name_of(const Scratch&) { return "scratch"; }

 private:
  T value_{};
};

}  // namespace odradek::sim
