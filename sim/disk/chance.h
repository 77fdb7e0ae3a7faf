// Chance: the draws of one blow to a disk, one for each narrow question about one path.
//
// What happens to a page depends on the blow, the path and the page alone, so that another file, or another
// page of the same file, changes nothing about it.
#pragma once

#include <cstdint>
#include <string_view>

#include "engine/base/fields.h"
#include "engine/base/hash.h"
#include "sim/kernel/seed.h"

namespace odradek::sim {

/// What is asked of chance, after a power loss or about decay.
enum class Question : std::uint8_t {
  kFsyncHappened,
  kNames,
  kLength,
  kLengthPlace,
  kPage,
  kFile,
  kPlace,
  kTruncation,
};

struct Chance {
  Seed seed;
  std::uint64_t entity = 0;   ///< the host
  std::uint64_t ordinal = 0;  ///< which of the blows of this purpose it is

  [[nodiscard]] Draw about(Purpose purpose, Question question, std::string_view path,
                           std::uint64_t number = 0) const {
    Hasher h;
    feed(h, entity);
    feed(h, ordinal);
    feed(h, question);
    h.text(path);
    feed(h, number);
    const Digest subject = h.finish();
    return draw(seed, purpose, {.entity = subject.high, .ordinal = subject.low});
  }

  FIELDS(seed, entity, ordinal)
  friend bool operator==(const Chance&, const Chance&) = default;
};

}  // namespace odradek::sim
