// Decay: what a drive does to data behind everybody's back. No promise of Kafka's covers it.
//
// After Bairavasundaram et al., "An Analysis of Data Corruption in the Storage Stack" (FAST 2008).
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "engine/base/fields.h"

namespace odradek::sim {

#define ODRADEK_DECAYS(X)                                                                            \
  X(kRot, "rot", "a bit flips, in the platter and in what was read from it")                         \
  X(kLatentError, "latent-error", "a page cannot be read until it is written again")                 \
  X(kLostWrite, "lost-write", "a write is acknowledged and never done; seen once the cache is gone") \
  X(kMisdirectedWrite, "misdirected-write", "as a lost write, and its first page lands on another one")

enum class Decay : std::uint8_t {
#define X(name, word, doc) name,
  ODRADEK_DECAYS(X)
#undef X
};

[[nodiscard]] constexpr std::string_view name_of(Decay decay) {
  constexpr std::array words = {
#define X(name, word, doc) std::string_view(word),
      ODRADEK_DECAYS(X)
#undef X
  };
  return words[std::to_underlying(decay)];
}

inline constexpr std::array kDecays = {
#define X(name, word, doc) Decay::name,
    ODRADEK_DECAYS(X)
#undef X
};

/// What decayed: for the trace, and for the permission to lose it.
struct DecayedPlace {
  std::string path;
  std::uint64_t position = 0;  ///< of the byte, or of the page's first byte

  FIELDS(path, position)
  friend bool operator==(const DecayedPlace&, const DecayedPlace&) = default;
};

}  // namespace odradek::sim
