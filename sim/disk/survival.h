// Survival: what a power loss leaves of all that was not synced.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <utility>

namespace odradek::sim {

/// Drawn is what happens; the others answer every question one way, for tests that try each of them.
#define ODRADEK_SURVIVALS(X)                                                      \
  X(kDrawn, "drawn", "each name, length and page is decided by a draw")           \
  X(kNothing, "nothing", "only what was synced is left")                          \
  X(kEverything, "everything", "the cache reached the platter just in time")      \
  X(kLengthOnly, "length-only", "names and lengths are left, the content is not") \
  X(kTorn, "torn", "names and lengths are left, and a part of each changed page")

enum class Survival : std::uint8_t {
#define X(name, word, doc) name,
  ODRADEK_SURVIVALS(X)
#undef X
};

inline constexpr std::array kSurvivals = {
#define X(name, word, doc) Survival::name,
    ODRADEK_SURVIVALS(X)
#undef X
};

[[nodiscard]] constexpr std::string_view name_of(Survival survival) {
  constexpr std::array words = {
#define X(name, word, doc) std::string_view(word),
      ODRADEK_SURVIVALS(X)
#undef X
  };
  return words[std::to_underlying(survival)];
}

}  // namespace odradek::sim
