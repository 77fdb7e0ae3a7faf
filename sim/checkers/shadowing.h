// Keeping the shadows: what happens to a log is told by events, what it holds is read from the log itself,
// once.
#pragma once

#include <optional>

#include "sim/checkers/checks.h"

namespace odradek::sim {

/// What the events of one step say about one replica of the node that stepped.
struct Touch {
  TopicPartition tp;
  std::optional<Offset> changed_from;  ///< appended to, or truncated to, here at the lowest
  bool opened = false;                 ///< OpenLog
  bool shrank = false;                 ///< TruncateLog
  bool claims = false;                 ///< its high watermark, role or ISR moved
  bool leads = false;                  ///< BecomeLeader
  bool role = false;                   ///< BecomeLeader or BecomeFollower
  bool made_visible = false;           ///< its high watermark moved as a leader

  FIELDS(tp, changed_from, opened, shrank, claims, leads, role, made_visible)
  friend bool operator==(const Touch&, const Touch&) = default;
};

/// Brings the shadow of a touched replica up to date and checks the shape of what was read. False when the
/// broker has no such replica, or is down.
bool refresh(const Scope& scope, PartitionState& state, BrokerId broker, const Touch& touch);

/// Compares a shadow with its replica, whose records it reads in [from, to), and takes over what moves
/// The shadow of a replica whose broker is down becomes what was found on its disk.
void bury(PartitionState& state, BrokerId broker, const BuriedLog& found);

/// without events. False when the broker has no such replica, or is down.
bool compare(const Scope& scope, const TopicPartition& tp, PartitionState& state, BrokerId broker,
             Offset from, Offset to);

/// Compares the committed partition with what events have told of it.
void compare_truth(const Scope& scope, const Target& target);

}  // namespace odradek::sim
