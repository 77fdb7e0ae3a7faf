// QuorumController: the controller as a state machine over the metadata log. Start here.
//
// Its durable state is an image, and `replay` of records is what changes it. A request becomes records and a
// response (`handle`); the owner appends the records as one batch to the quorum's log, hands the batch back
// to `replay`, and the response leaves when the batch is committed. The active controller therefore decides
// by an image that runs ahead of what is committed; answers about it wait, reads included.
//
// Every controller of the quorum follows `commit`; the active one is the one that leads it. Soft state —
// sessions, deferred responses, records that are not committed — lives in `Active` and is gone with the
// leadership: `resign` goes back to the committed image and lets who waits know that it is not the
// controller.
//
//   Outcome outcome = controller.handle(now, request, kraft, out);
//   if (auto batch = voter.append(now, outcome.records, …)) controller.replay(now, *batch, out);
//   controller.respond_when_committed({connection, correlation, request, outcome.response}, out);
//   …
//   for (batch : voter.take_committed(…)) controller.commit(batch, out);
//
// 1. The committed image is a prefix of the active one.
// 2. Deferred responses leave in the order of their offsets, none before its batch is committed.
//
// Source: org.apache.kafka.controller.QuorumController; KIP-500, KIP-631.
#pragma once

#include <deque>
#include <optional>

#include "engine/controller/broker_sessions.h"
#include "engine/controller/feature_control.h"
#include "engine/controller/outcome.h"
#include "engine/controller/topic_control.h"
#include "engine/io/effects.h"

namespace odradek::controller {

struct QuorumControllerConfig {
  io::ControllerConfig controller;
  io::TopicConfig defaults;
  Uuid cluster_id;

  FIELDS(controller, defaults, cluster_id)
  friend bool operator==(const QuorumControllerConfig&, const QuorumControllerConfig&) = default;
};

/// An answer, where it goes, and what it answers: should the controller resign first, that decides the shape
/// of the refusal.
struct Answer {
  ConnectionId connection;
  CorrelationId correlation;
  api::Request request;
  api::Response response;

  FIELDS(connection, correlation, request, response)
  friend bool operator==(const Answer&, const Answer&) = default;
};

class QuorumController {
 public:
  QuorumController() = default;
  explicit QuorumController(QuorumControllerConfig config) : config_(config) {}

  /// This node leads the quorum, and everything in the log is committed and was given to `commit`.
  void claim(const Now& now, LeaderEpoch epoch, const Key& key, io::Effects& out);
  [[nodiscard]] bool is_active() const { return active_.has_value(); }

  /// This node leads no more. What it had not committed may yet be, or not: its askers hear NOT_CONTROLLER.
  void resign(io::Effects& out);

  /// A snapshot took the place of the log up to `image.end_offset()`. REQUIRES: !is_active(), and that the
  /// snapshot is ahead of the committed image.
  void load(metadata::MetadataImage image);
  /// A batch of the log was committed. It answers what waited for it.
  void commit(const metadata::RecordBatch& batch, io::Effects& out);

  /// This request is for a controller, and not for a broker in the same process.
  [[nodiscard]] static bool handles(const api::Request& request);
  /// What the request comes to; NOT_CONTROLLER when not active. Changes only sessions.
  [[nodiscard]] Outcome handle(const Now& now, const api::Request& request, const KRaftVersionState& kraft,
                               io::Effects& out);
  /// kSessionCheck, kNoOpRecord or kLeaderImbalanceCheck: the records that are due.
  [[nodiscard]] Records on_timer(const Now& now, const io::Timer& timer, io::Effects& out);
  /// The log ends here: what it has beyond the active image are records of the quorum itself, such as another
  /// set of voters. Before `handle` and `on_timer`, which give broker epochs by where the log ends.
  void pass_over(OffsetAndEpoch log_end);
  /// The records were appended, as this batch. REQUIRES: is_active().
  void replay(const Now& now, const metadata::RecordBatch& batch, io::Effects& out);
  /// Sends the answer once all that was replayed so far is committed.
  void respond_when_committed(Answer answer, io::Effects& out);
  void on_peer_gone(ConnectionId connection);

  [[nodiscard]] const metadata::MetadataImage& committed_image() const { return committed_; }
  /// The image that decisions are made by; the committed one when not active.
  [[nodiscard]] const metadata::MetadataImage& active_image() const {
    return active_ ? active_->image : committed_;
  }

  struct Deferred {
    Offset after;  ///< leaves when the committed image ends here or beyond
    Answer answer;

    FIELDS(after, answer)
    friend bool operator==(const Deferred&, const Deferred&) = default;
  };

  struct Active {
    metadata::MetadataImage image;
    BrokerSessions sessions;
    io::TopicConfig topic_defaults;  ///< what topics inherit, by configuration and dynamic settings
    std::deque<Deferred> deferred;
    bool session_check_set = false;

    FIELDS(image, sessions, topic_defaults, deferred, session_check_set)
    friend bool operator==(const Active&, const Active&) = default;
  };

  FIELDS(config_, committed_, active_, draws_)
  friend bool operator==(const QuorumController&, const QuorumController&) = default;

 private:
  [[nodiscard]] ClusterView view() const {
    return {.image = active_->image,
            .defaults = active_->topic_defaults,
            .elr_enabled = is_elr_enabled(active_->image, config_.controller)};
  }
  /// What brokers ask for.
  [[nodiscard]] Outcome dispatch(const Now& now, const api::Request& request, const KRaftVersionState& kraft);
  [[nodiscard]] Outcome administer(const api::Request& request, const KRaftVersionState& kraft);
  [[nodiscard]] Records check_sessions(const Now& now, io::Effects& out);
  [[nodiscard]] Records check_leaders(io::Effects& out) const;
  void maybe_set_session_check(const Now& now, io::Effects& out);
  void restart_idle_timer(io::Effects& out) const;

  QuorumControllerConfig config_;
  metadata::MetadataImage committed_;
  std::optional<Active> active_;
  std::optional<TopicDraws> draws_;  ///< go on when it leads again: an id that was drawn is not drawn twice
};

}  // namespace odradek::controller
