// One readable line per thing that happens:
//
//   12.003481s  b2     BecomeLeader orders-0 leader_epoch=3 partition_epoch=5 high_watermark=41 log_end=44
//   12.250000s  fault  crash leader:orders-0 (b2)
//
// Topics by name, members by Kafka's names, times in simulated seconds since the start.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "engine/base/ids.h"
#include "engine/io/event.h"
#include "sim/kernel/virtual_time.h"

namespace odradek::sim {

/// Names of topics, as the controller's records told them.
using TopicNames = std::map<TopicId, std::string>;

/// "12.003481s"; what lies below a microsecond is cut off.
[[nodiscard]] std::string time_text(Instant at);

/// "orders-0"; a topic that has no name yet goes by its id.
[[nodiscard]] std::string partition_text(const TopicPartition& tp, const TopicNames& names);

/// Name and members of an event: "TruncateLog orders-0 from=9 end=7 leader_epoch=4".
[[nodiscard]] std::string event_text(const io::Event& event, const TopicNames& names);

/// A whole line; `who` is a node or what the harness does: "fault", "phase", "violation".
[[nodiscard]] std::string trace_line(Instant at, std::string_view who, std::string_view what);

}  // namespace odradek::sim
