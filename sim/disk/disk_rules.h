// DiskRules: what was done to a disk that its processes will meet: operations that fail, writes that get
// lost.
//
// A rule has a scope and an effect and stays until it is lifted; within it, it may pass over the first few
// operations and bite a limited number of times. A disk without rules asks nothing.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/base/fields.h"
#include "engine/base/ids.h"
#include "engine/io/disk.h"
#include "sim/disk/chance.h"
#include "sim/disk/decay.h"

namespace odradek::sim {

using DiskRuleId = Id<struct DiskRuleIdTag, std::uint64_t>;

enum class DiskOperation : std::uint8_t { kAppend, kRead, kFsync, kRename, kTruncate, kRemove };

/// In the order of the enum, as scenario files spell them.
inline constexpr std::array<std::string_view, 6> kDiskOperationNames = {"append", "read",     "fsync",
                                                                        "rename", "truncate", "remove"};

[[nodiscard]] constexpr std::string_view name_of(DiskOperation operation) {
  return kDiskOperationNames[static_cast<std::size_t>(operation)];
}

/// Which operations a rule is about.
struct DiskScope {
  DiskOperation operation{};
  std::string prefix;                  ///< of paths; empty for all. A rename goes by its old name
  std::uint64_t passed_over = 0;       ///< operations that it lets go before it bites
  std::optional<std::uint64_t> times;  ///< how many it bites; absent: all until it is lifted

  FIELDS(operation, prefix, passed_over, times)
  friend bool operator==(const DiskScope&, const DiskScope&) = default;
};

/// The first append to a path that begins so, after some that are passed over.
struct WhichWrite {
  std::string path;
  std::uint64_t passed_over = 0;
};

/// An operation fails with an error, or an append suffers a Decay that concerns writes.
using DiskEffect = std::variant<io::DiskError, Decay>;

struct DiskRule {
  DiskRuleId id;
  DiskScope scope;
  DiskEffect effect;
  Chance chance;          ///< of a misdirected write
  std::uint64_t met = 0;  ///< operations in its scope so far

  [[nodiscard]] bool covers(DiskOperation operation, std::string_view path) const {
    return scope.operation == operation && path.starts_with(scope.prefix);
  }
  /// How many operations it has bitten.
  [[nodiscard]] std::uint64_t affected() const;

  FIELDS(id, scope, effect, chance, met)
  friend bool operator==(const DiskRule&, const DiskRule&) = default;
};

class DiskRules {
 public:
  DiskRuleId add(DiskScope scope, DiskEffect effect, Chance chance);
  /// Does nothing when the rule is gone.
  void lift(DiskRuleId rule);
  [[nodiscard]] std::uint64_t affected(DiskRuleId rule) const;

  /// The oldest rule that bites this operation; younger ones do not get to see it.
  const DiskRule* meet(DiskOperation operation, std::string_view path) {
    return rules_.empty() ? nullptr : find_biting(operation, path);
  }

  FIELDS(rules_, next_)
  friend bool operator==(const DiskRules&, const DiskRules&) = default;

 private:
  const DiskRule* find_biting(DiskOperation operation, std::string_view path);

  std::vector<DiskRule> rules_;  ///< by id
  DiskRuleId next_;
};

}  // namespace odradek::sim
