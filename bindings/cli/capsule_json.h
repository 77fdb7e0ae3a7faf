// capsule.json as a value.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bindings/cli/trail.h"

namespace odradek::cli {

struct Seal {
  std::uint64_t version = 0;
  std::vector<std::pair<std::string, std::string>> digests;  ///< of the other files, by name
  Trail trail;

  friend bool operator==(const Seal&, const Seal&) = default;
};

/// With a digest of itself at its end.
[[nodiscard]] std::string seal_json(const Seal& seal);
/// Refuses what was cut short or edited. Of another version only `version` is read.
[[nodiscard]] Result<Seal> parse_seal(std::string_view text, std::uint64_t version);

/// On one line, between processes.
[[nodiscard]] std::string trail_json(const Trail& trail);
[[nodiscard]] Result<Trail> parse_trail(std::string_view text);

}  // namespace odradek::cli
