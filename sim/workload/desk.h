// Desk: what a driver works with while it acts. A driver is the application of one client: it calls, waits
// for the answer, writes both into the history, and sleeps until its next wake-up.
#pragma once

#include "engine/base/random.h"
#include "engine/io/call.h"
#include "sim/workload/history.h"

namespace odradek::sim {

/// What drivers decide by draws; the simulator's own purposes lie below, those of faults between.
enum class WorkloadPurpose : std::uint16_t {
  kSendGap = 0x500,  ///< time to a producer's next send
  kRecordKey,        ///< which of its keys a record has
  kRecordPartition,  ///< where a record goes when the application chooses
  kRereadChance,     ///< whether a consumer moves before a poll
  kRereadPartition,
  kRereadTarget,  ///< beginning, end, a timestamp or an offset
  kRereadPlace,   ///< which timestamp or offset
};

/// The clients' side of the world.
class ClientPort {
 public:
  ClientPort() = default;
  ClientPort(const ClientPort&) = delete;
  ClientPort& operator=(const ClientPort&) = delete;
  virtual ~ClientPort() = default;

  [[nodiscard]] virtual Instant now() const = 0;
  /// Neither down nor paused.
  [[nodiscard]] virtual bool runs(NodeId client) const = 0;
  virtual void call(NodeId client, CallId id, io::Call call) = 0;
  /// The driver's `on_wake` is called at that instant.
  virtual void wake_at(Instant at, NodeId client) = 0;
};

struct Desk {
  const Key& key;
  History& history;
  ClientPort& port;
};

/// Completes an operation with what its call returned.
inline Op& complete(std::uint32_t place, const io::CallResult& result, const Desk& desk) {
  Op& op = desk.history.open(place);
  op.returned = desk.port.now();
  op.status = result.status;
  op.error = result.error;
  return op;
}

}  // namespace odradek::sim
