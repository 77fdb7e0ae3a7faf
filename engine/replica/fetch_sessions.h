// FetchSessions: the fetch sessions of one broker, by id, and who watches which partition.
//
// A fetch without a session is a session of one request, under a number that no fetcher can name: so there is
// one way to read, to wait and to answer.
//
// Source: kafka.server.FetchManager, FetchSessionCache (KIP-227).
#pragma once

#include <cstdint>
#include <expected>
#include <map>
#include <set>
#include <vector>

#include "engine/api/error_code.h"
#include "engine/base/random.h"
#include "engine/io/effects.h"
#include "engine/replica/fetch_session.h"

namespace odradek::replica {

class FetchSessions {
 public:
  /// The id of a session; of a fetch without one a negative number.
  using Number = std::int64_t;

  FetchSessions() = default;
  /// Ids are drawn under the broker's incarnation, so that nobody mistakes one for that of an earlier one.
  FetchSessions(const Uuid& incarnation, std::int32_t slots)
      : key_{.high = incarnation.high, .low = incarnation.low}, slots_(slots) {}

  /// The session that a request belongs to, with what the request changes. One that names all partitions gets
  /// a new session, if it asks for it and there is room. FETCH_SESSION_ID_NOT_FOUND,
  /// INVALID_FETCH_SESSION_EPOCH.
  [[nodiscard]] std::expected<Number, api::ErrorCode> take_up(const api::FetchRequest& request, Timestamp now,
                                                              io::Effects& out);
  /// Whether a fetcher can name it again.
  [[nodiscard]] static bool outlives_its_request(Number number) { return number > 0; }
  /// A request is over: if it had no session, or the session wants nothing any more, that is, too. Returns
  /// the session that the fetcher is to name next.
  std::int32_t finish(Number number);

  /// Null when it is gone.
  [[nodiscard]] FetchSession* find(Number number);
  /// The sessions that have this partition, in order of their numbers.
  [[nodiscard]] std::vector<Number> watching(const TopicPartition& tp) const;
  /// The sessions of followers.
  [[nodiscard]] std::vector<Number> of_replicas() const;

  FIELDS(key_, slots_, sessions_, watchers_, draws_, without_id_)
  friend bool operator==(const FetchSessions&, const FetchSessions&) = default;

 private:
  [[nodiscard]] Number open(const api::FetchRequest& request, Timestamp now, io::Effects& out);
  [[nodiscard]] bool make_room(const api::FetchRequest& request, Timestamp now, io::Effects& out);
  [[nodiscard]] Number unused_id();
  void close(Number number);
  void unwatch(const TopicPartition& tp, Number number);

  Key key_;
  std::int32_t slots_ = 0;  ///< max.incremental.fetch.session.cache.slots
  std::map<Number, FetchSession> sessions_;
  std::map<TopicPartition, std::set<Number>> watchers_;
  std::uint64_t draws_ = 0;
  Number without_id_ = 0;  ///< the last number that was given to a fetch without a session
};

}  // namespace odradek::replica
