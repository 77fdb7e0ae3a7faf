// Consumer: KafkaConsumer with assigned partitions, as a state machine. Calls Assign, Seek, Poll and
// EndOffsets.
//
// As in Kafka, positions are found and validated, and records fetched, on behalf of a poll: without one
// nothing new is asked for, except that a fetch which is in flight when a poll returns stays in flight. One
// poll at a time; seeks and endOffsets may be outstanding with it. Start reading at `run`.
//
// Not here yet: groups, committed offsets, fetch sessions (KIP-227), read_committed.
#pragma once

#include <optional>

#include "engine/client/end_offsets.h"
#include "engine/client/fetcher.h"
#include "engine/client/setup.h"

namespace odradek::client {

class Consumer {
 public:
  Consumer() = default;
  explicit Consumer(ConsumerSetup setup) : Consumer(std::move(setup), Key{}) {}

  void step(const Now& now, const io::Input& input, io::Effects& out);

  [[nodiscard]] const SubscriptionState& subscription() const { return subscription_; }

  struct ParkedPoll {
    CallId id;
    std::int32_t max_records = 0;
    MonotonicTime deadline;

    FIELDS(id, max_records, deadline)
    friend bool operator==(const ParkedPoll&, const ParkedPoll&) = default;
  };

  FIELDS(setup_, pool_, metadata_, subscription_, positions_, end_offsets_, fetcher_, poll_, error_, wake_,
         poll_timeout_)
  friend bool operator==(const Consumer&, const Consumer&) = default;

 private:
  Consumer(ConsumerSetup setup, Key key);
  void on_call(const Now& now, const io::ClientCall& call, io::Effects& out);
  void assign(CallId id, const io::Assign& call, io::Effects& out);
  void seek(const Now& now, CallId id, const io::Seek& call, io::Effects& out);
  void poll(const Now& now, CallId id, const io::Poll& call, io::Effects& out);
  void run(const Now& now, io::Effects& out);
  void try_return_poll(const Now& now, const ConsumerEnvironment& env);
  void expire_seeks(const Now& now, io::Effects& out);
  void announce_positions(io::Effects& out);
  void set_alarms(const Now& now, io::Effects& out);
  [[nodiscard]] bool has_seek() const;
  [[nodiscard]] ConsumerEnvironment environment(io::Effects& out) {
    return {.config = setup_.config,
            .subscription = subscription_,
            .metadata = metadata_,
            .pool = pool_,
            .error = error_,
            .out = out};
  }

  ConsumerSetup setup_;
  ChannelPool pool_;
  ClientMetadata metadata_;
  SubscriptionState subscription_;
  PositionFinder positions_;
  EndOffsetsFinder end_offsets_;
  Fetcher fetcher_;
  std::optional<ParkedPoll> poll_;
  std::optional<api::ErrorCode> error_;  ///< what the next poll fails with
  Alarm wake_{io::TimerKind::kConsumerWake};
  Alarm poll_timeout_{io::TimerKind::kPollTimeout};
};

}  // namespace odradek::client
