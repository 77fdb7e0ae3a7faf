// What can be done to the network: paths that are blocked, and rules that delay or hold messages.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string_view>

#include "engine/api/api_key.h"
#include "engine/base/ids.h"
#include "engine/base/time.h"

namespace odradek::sim {

/// An ordered pair of hosts.
struct Path {
  NodeId from;
  NodeId to;

  FIELDS(from, to)
  friend constexpr auto operator<=>(const Path&, const Path&) = default;
};

/// A rule of the network that delays or holds messages.
using RuleId = Id<struct RuleIdTag, std::uint64_t>;

/// Whom a rule is about; an absent end stands for everybody.
struct RuleScope {
  std::optional<NodeId> from;
  std::optional<NodeId> to;

  [[nodiscard]] constexpr bool covers(Path path) const {
    return (!from || *from == path.from) && (!to || *to == path.to);
  }
  FIELDS(from, to)
  friend constexpr bool operator==(const RuleScope&, const RuleScope&) = default;
};

/// Which messages a hold keeps back, or a condition waits for.
struct HeldMessages {
  api::ApiKey api{};
  bool response = false;

  FIELDS(api, response)
  friend constexpr bool operator==(const HeldMessages&, const HeldMessages&) = default;
};

/// A rule in force: it adds to the latency of what is sent, or holds what is about to arrive.
struct Rule {
  RuleId id;
  RuleScope scope;
  Duration extra;                    ///< of a delay
  std::optional<HeldMessages> held;  ///< of a hold
  std::uint64_t affected = 0;        ///< messages that it has touched

  FIELDS(id, scope, extra, held, affected)
  friend bool operator==(const Rule&, const Rule&) = default;
};

/// A path on which nothing gets through while `count` is not zero; several faults may block it at once.
struct Blockade {
  Path path;
  std::uint32_t count = 0;
  std::uint64_t stalled = 0;  ///< messages that it has kept waiting, over all times

  FIELDS(path, count, stalled)
  friend bool operator==(const Blockade&, const Blockade&) = default;
};

}  // namespace odradek::sim
