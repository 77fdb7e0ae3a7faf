// BrokerSessions: when each broker was last heard of, on the active controller's monotonic clock.
//
// Sessions are soft state: a new active controller starts them all anew, so that a fail-over fences nobody.
// Only unfenced brokers have a session that can expire; which ones are unfenced is in the image, passed in.
// Source: org.apache.kafka.controller.BrokerHeartbeatManager.
#pragma once

#include <map>
#include <optional>

#include "engine/base/time.h"
#include "engine/metadata/image.h"

namespace odradek::controller {

class BrokerSessions {
 public:
  BrokerSessions() = default;
  /// Every registered broker counts as heard of just now.
  BrokerSessions(Duration timeout, const metadata::MetadataImage& image, MonotonicTime now);

  /// A new incarnation registered: what was known of the earlier one is void.
  void start(BrokerId broker, MonotonicTime now);
  /// A heartbeat came; the broker has applied the metadata log up to `metadata_offset`.
  void touch(BrokerId broker, MonotonicTime now, Offset metadata_offset);
  /// Everybody must have seen the log up to `offset` before the broker may go.
  void begin_controlled_shutdown(BrokerId broker, Offset offset);
  /// A broker that was fenced meanwhile may go at once when it asks again.
  void end_controlled_shutdown(BrokerId broker);

  [[nodiscard]] bool is_valid(BrokerId broker, MonotonicTime now) const;
  /// Forgotten at a fail-over: the broker's next heartbeat begins it anew.
  [[nodiscard]] bool is_in_controlled_shutdown(BrokerId broker) const;
  /// Every active broker has seen what the controlled shutdown changed. REQUIRES: it began.
  [[nodiscard]] bool may_shut_down(BrokerId broker, const metadata::MetadataImage& image) const;

  /// The unfenced broker that has been silent longest, if its session is over.
  [[nodiscard]] std::optional<BrokerId> find_one_stale(const metadata::MetadataImage& image,
                                                       MonotonicTime now) const;
  /// When the next session of an unfenced broker is over.
  [[nodiscard]] std::optional<MonotonicTime> next_expiry(const metadata::MetadataImage& image) const;

  struct Session {
    MonotonicTime last_contact;
    Offset metadata_offset;
    std::optional<Offset> controlled_shutdown_offset;

    FIELDS(last_contact, metadata_offset, controlled_shutdown_offset)
    friend bool operator==(const Session&, const Session&) = default;
  };

  FIELDS(timeout_, sessions_)
  friend bool operator==(const BrokerSessions&, const BrokerSessions&) = default;

 private:
  /// The unfenced broker with the oldest contact; the lowest id among equals.
  [[nodiscard]] std::optional<BrokerId> longest_silent(const metadata::MetadataImage& image) const;

  Duration timeout_;
  std::map<BrokerId, Session> sessions_;
};

}  // namespace odradek::controller
