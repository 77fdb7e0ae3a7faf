// StepReport: what one step of the world was, for those who watch: history, checkers, triggers of faults.
//
// What it points to stays valid until the world's next operation. The messages of Send and Respond have moved
// on into the network: of them the report keeps kind (the variant's alternative), connection and correlation.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "engine/base/ids.h"
#include "engine/io/effects.h"
#include "sim/kernel/virtual_time.h"

namespace odradek::sim {

/// What the harness finds again when the moment comes that it has asked for.
using HarnessToken = Id<struct HarnessTokenTag, std::uint64_t>;

enum class StepKind : std::uint8_t {
  kNode,      ///< a node took an input
  kToken,     ///< a moment that the harness has asked for
  kQuiet,     ///< nothing more up to the limit; it is `limit` now
  kIdle,      ///< nothing is scheduled at all: whatever is pending will stay so
  kPoisoned,  ///< an ENSURE failed, now or before: the world does nothing any more
};

/// A failed ENSURE, where and when.
struct Failure {
  Instant at;
  std::uint64_t event = 0;
  std::optional<NodeId> node;  ///< absent: in the simulator itself
  std::string condition;
  std::string message;
  std::string file;
  std::int32_t line = 0;

  FIELDS(at, event, node, condition, message, file, line)
  friend bool operator==(const Failure&, const Failure&) = default;
};

struct StepReport {
  StepKind kind{};
  Instant now;
  std::uint64_t event = 0;           ///< ordinal of the last step of a node, from 1
  NodeId node;                       ///< kNode
  io::Lane lane{};                   ///< kNode
  const io::Input* input = nullptr;  ///< kNode
  std::span<io::Effect> effects;     ///< kNode; whoever needs them last may take them
  std::uint64_t parts = 0;           ///< kNode: mutations of the disk and effects, all that can be cut off
  HarnessToken token;                ///< kToken
  const Failure* failure = nullptr;  ///< kPoisoned
};

}  // namespace odradek::sim
