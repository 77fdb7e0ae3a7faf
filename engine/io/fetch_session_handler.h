// FetchSessionHandler: a fetcher's side of its session with one broker (KIP-227).
//
// The broker keeps what each partition is fetched from, so that a request names only what changed since the
// one before, and an answer only what has news. The owner says what it wants while a request is made:
//
//   session.begin(request);                  // a full request wants every partition anew: `names_all`
//   session.want(tp, wanted, request);       // for each partition that may have changed
//   session.forget(tp, request);             // for each that is not to be fetched now
//   channel.send(now, std::move(request), out);
//
// 1. Between requests `wanted` is what the broker holds, if it got the last one.
// 2. After a request that was not answered the session begins anew: what the broker holds is in doubt.
//
// Source: org.apache.kafka.clients.FetchSessionHandler.
#pragma once

#include <map>
#include <set>

#include "engine/api/fetch.h"

namespace odradek::io {

class FetchSessionHandler {
 public:
  /// The next request names all that is wanted, whether it has changed or not.
  [[nodiscard]] bool names_all() const { return next_.is_full(); }
  /// Starts the next request. REQUIRES: none is in flight.
  void begin(api::FetchRequest& request);
  /// Names the partition, unless the broker holds the same already.
  void want(const TopicPartition& tp, const api::FetchPartition& wanted, api::FetchRequest& request);
  /// The partition is not wanted now.
  void forget(const TopicPartition& tp, api::FetchRequest& request);
  void forget_all_but(const std::set<TopicPartition>& wanted, api::FetchRequest& request);

  /// What the last request asked of the partition, by its own words or those of an earlier one; null:
  /// nothing.
  [[nodiscard]] const api::FetchPartition* wanted(const TopicPartition& tp) const;
  [[nodiscard]] const std::map<TopicPartition, api::FetchPartition>& wanted() const { return wanted_; }

  /// Takes up the answer's session. False when the session failed, and nothing of the answer counts.
  [[nodiscard]] bool on_response(const api::FetchResponse& response);
  /// The request in flight will not be answered.
  void on_lost() { next_ = next_.anew(); }

  FIELDS(next_, wanted_)
  friend bool operator==(const FetchSessionHandler&, const FetchSessionHandler&) = default;

 private:
  api::FetchSessionPlace next_{.id = api::FetchSessionPlace::kNoSession,
                               .epoch = api::FetchSessionPlace::kOpens};
  std::map<TopicPartition, api::FetchPartition> wanted_;
};

}  // namespace odradek::io
