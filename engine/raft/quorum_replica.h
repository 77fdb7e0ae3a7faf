// QuorumReplica: one replica of the metadata log, a voter of the quorum or an observer. Start here.
//
// It owns the log `__cluster_metadata-0`, its snapshots, and the file `quorum-state` beside them. Its role
// (roles.h) says what it does about them: stand for election, lead, follow. An observer, such as a broker,
// follows and never stands.
//
// The owner hands it the inputs that concern it; asks for what was committed; and lets it `poll` at the end
// of the step, when it sends what is due and answers what waited:
//
//   raft.on_request(from, request, ctx);                        // or on_response, on_fsync, on_timer …
//   if (auto snapshot = raft.take_snapshot(listener, ctx)) …
//   for (batch : raft.take_committed(listener, ctx)) …
//   raft.poll(ctx);
//
// Kafka's replica writes its state with one thread and goes on when the disk is done. Here, while the state
// or a truncation is being made durable, requests and answers wait in `inbox_`, and nothing is said.
//
// 1. The epoch never decreases, nor does the vote in an epoch change, not even across a power loss. No
// message
//    reveals either before it is durable.
// 2. After a start it leads no epoch in which anybody may have heard that it led.
// 3. The high watermark never decreases while the process lives, and nothing below it is ever truncated.
//
// Time is the wall clock, which Kafka's replicas go by, forwards and backwards. Source:
// org.apache.kafka.raft.KafkaRaftClient, QuorumState; KIP-595, KIP-630, KIP-853, KIP-996, KIP-1166.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "engine/api/messages.h"
#include "engine/base/random.h"
#include "engine/io/effects.h"
#include "engine/metadata/records.h"
#include "engine/raft/peers.h"
#include "engine/raft/quorum_state.h"
#include "engine/raft/raft_log.h"
#include "engine/raft/requester.h"
#include "engine/raft/roles.h"

namespace odradek::raft {

/// What is known of a replica before it starts.
struct ReplicaConfig {
  NodeId id;
  Uuid cluster_id;
  /// Whom to ask who leads: controller.quorum.bootstrap.servers; at kraft.version 0 they are the voters.
  std::vector<NodeId> controllers;
  bool can_be_voter = false;  ///< process.roles has the controller
  io::QuorumConfig quorum;
  io::Flaws flaws;

  FIELDS(id, cluster_id, controllers, can_be_voter, quorum, flaws)
  friend bool operator==(const ReplicaConfig&, const ReplicaConfig&) = default;
};

struct Context {
  const Now& now;
  io::Disk& disk;
  io::Effects& out;
};

/// The state as of a snapshot, to replace what was taken before.
struct LoadedSnapshot {
  SnapshotId id;
  std::vector<metadata::MetadataRecord> records;
};

/// How far somebody has taken what is committed: a controller, the metadata cache of a broker. Source:
/// KafkaRaftClient.ListenerContext.
struct Listener {
  Offset next;  ///< what lies before it has been taken, or is in a snapshot that has been
  std::int64_t bytes_since_snapshot = 0;

  FIELDS(next, bytes_since_snapshot)
  friend bool operator==(const Listener&, const Listener&) = default;
};

class QuorumReplica {
 public:
  QuorumReplica() = default;
  explicit QuorumReplica(ReplicaConfig config) : config_(std::move(config)) {}

  void on_boot(const Key& key, const Uuid& directory_id, const Context& ctx);
  void on_fsync(const io::FsyncFinished& finished, const Context& ctx);
  /// REQUIRES: handles(request).
  void on_request(const Requester& from, api::Request request, const Context& ctx);
  void on_response(const io::ResponseReceived& received, const Context& ctx);
  void on_opened(const io::Link& link, const Context& ctx);
  void on_lost(const io::Link& link, const Context& ctx);
  void on_peer_gone(ConnectionId connection);
  /// kRaftPoll, or a channel's that Peers::owns.
  void on_timer(const io::Timer& timer, const Context& ctx);
  /// SIGTERM: a leader says so to the others, that they need not wait for their timeouts.
  void resign();

  /// Sends what is due, answers what waited, and sets the timer. Last in each step.
  void poll(const Context& ctx);

  /// It has read its log; false before `on_boot`, and when that failed and the process ends.
  [[nodiscard]] bool is_open() const { return !log_.log().segments().empty(); }
  /// This request is for the replica of the metadata log, not for a broker or a controller.
  [[nodiscard]] static bool handles(const api::Request& request);

  /// When what was taken so far is to be replaced by a snapshot. Then the batches behind it follow.
  [[nodiscard]] std::optional<LoadedSnapshot> take_snapshot(Listener& listener, const Context& ctx) const;
  /// Batches that became known to be committed since the last call, in order; control batches without
  /// records.
  [[nodiscard]] std::vector<metadata::RecordBatch> take_committed(Listener& listener,
                                                                  const Context& ctx) const;
  /// There is nothing committed that it has not taken.
  [[nodiscard]] bool is_drained(const Listener& listener) const {
    return high_watermark_.value_or(listener.next) <= listener.next;
  }

  /// Leads, and a record of its epoch is committed: it may append.
  [[nodiscard]] bool is_active() const;
  /// Appends one batch, to be committed as a whole; nothing when the disk failed and the process ends.
  /// REQUIRES: is_active(), records not empty.
  std::optional<metadata::RecordBatch> append(std::vector<metadata::MetadataRecord> records,
                                              const Context& ctx);

  /// The level of kraft.version, committed or not.
  [[nodiscard]] std::int16_t kraft_version() const { return log_.history().kraft_version(); }
  /// The highest level that it can be raised to here: this replica leads, and knows that all voters speak it.
  [[nodiscard]] std::int16_t kraft_version_within_reach() const;
  /// Raises kraft.version from 0 to 1: the log says so, and who the voters are. False when the disk failed
  /// and the process ends. REQUIRES: is_active(), kraft_version() < kraft_version_within_reach().
  bool raise_kraft_version(const Context& ctx);

  /// So much was taken since the last snapshot that another one is due.
  [[nodiscard]] bool is_snapshot_due(const Listener& listener) const;
  /// The state as of what it has taken, as records. REQUIRES: is_snapshot_due(listener).
  void write_snapshot(Listener& listener, std::vector<metadata::MetadataRecord> records, const Context& ctx);

  [[nodiscard]] const ReplicaConfig& config() const { return config_; }
  [[nodiscard]] const ReplicaKey& self() const { return self_; }
  [[nodiscard]] const Role& role() const { return role_; }
  [[nodiscard]] LeaderEpoch epoch() const { return election_.epoch; }
  [[nodiscard]] std::optional<NodeId> leader() const { return election_.leader_id; }
  [[nodiscard]] const ElectionState& election() const { return election_; }
  [[nodiscard]] const RaftLog& log() const { return log_; }
  [[nodiscard]] const VoterSet& voters() const { return log_.history().voters(); }
  [[nodiscard]] bool is_voter() const { return config_.can_be_voter && voters().is_voter(self_); }
  /// Also when its removal is in its log and not known to be committed: no other may have a log that is as
  /// long, and then the quorum needs its leadership to go on (Raft dissertation, section 4.2.2). Kafka asks
  /// for is_voter(), and has no leader then.
  [[nodiscard]] bool may_stand() const;
  /// What is known to be committed; unknown after a start until the leader tells.
  [[nodiscard]] std::optional<Offset> high_watermark() const { return high_watermark_; }
  /// Epoch, leader and vote would survive a power loss.
  [[nodiscard]] bool is_election_durable() const { return saved_ == election_ && !file_.is_writing(); }
  /// By its wall clock.
  [[nodiscard]] Timestamp time() const { return time_; }
  /// What it says must not be heard yet: its state, or a truncation, is not durable.
  [[nodiscard]] bool is_blocked() const {
    return file_.is_writing() || log_.is_cutting() || log_.snapshots().is_sealing();
  }

  struct Asked {
    Requester from;
    api::Request request;
    FIELDS(from, request)
    friend bool operator==(const Asked&, const Asked&) = default;
  };
  struct Answered {
    NodeId by;
    api::Response response;
    FIELDS(by, response)
    friend bool operator==(const Answered&, const Answered&) = default;
  };
  struct Reply {
    Requester to;
    api::Response response;
    FIELDS(to, response)
    friend bool operator==(const Reply&, const Reply&) = default;
  };

  FIELDS(config_, key_, self_, log_, file_, election_, saved_, role_, peers_, inbox_, replies_, time_,
         high_watermark_, last_snapshot_, draws_, poll_at_)
  friend bool operator==(const QuorumReplica&, const QuorumReplica&) = default;

 private:
  // quorum_replica.cc
  void advance_clock(const Context& ctx);
  void read_inbox(const Context& ctx);
  void handle(const Asked& asked, const Context& ctx);
  void handle(const Answered& answered, const Context& ctx);
  void reply(const Requester& to, api::Response response);
  void send_replies(const Context& ctx);
  /// True when the role has changed.
  bool poll_role(const Context& ctx);
  void schedule(const Context& ctx);
  void advance_high_watermark(Offset to, const Context& ctx);
  void on_snapshot_completed(bool fetched, const Context& ctx);
  [[nodiscard]] api::LeaderIdAndEpoch current_leader() const;
  [[nodiscard]] bool is_foreign(const Uuid& cluster_id) const { return cluster_id != config_.cluster_id; }
  [[nodiscard]] Timestamp random_election_deadline();
  [[nodiscard]] Draw next_draw();
  void fail(io::DiskError error, const Context& ctx) const;

  // elections.cc
  void become(Role role, const Context& ctx);
  void save_election(const Context& ctx);
  void become_unattached(LeaderEpoch epoch, const Context& ctx);
  void become_prospective(const Context& ctx);
  void become_candidate(const Context& ctx);
  void become_leader(const Context& ctx);
  void become_follower(LeaderEpoch epoch, NodeId leader, const Context& ctx);
  void become_resigned(const Context& ctx);
  /// Somebody speaks of a leader, or of an epoch without one. False when that contradicts what it knows, and
  /// the process ends.
  [[nodiscard]] bool maybe_transition(const api::LeaderIdAndEpoch& seen, const Context& ctx);
  /// False when the answer's error or epoch has said all there is to it.
  [[nodiscard]] bool take_common(NodeId from, api::ErrorCode error,
                                 const std::optional<api::LeaderIdAndEpoch>& seen, const Context& ctx);
  [[nodiscard]] bool can_grant(const api::VoteRequest& request) const;
  [[nodiscard]] bool hears_of_leader(const Follower& follower) const;
  [[nodiscard]] bool is_meant(const ReplicaKey& voter) const;
  void handle_vote(const Requester& from, const api::VoteRequest& request, const Context& ctx);
  void on_vote(NodeId from, const api::VoteResponse& response, const Context& ctx);
  void handle_begin_epoch(const Requester& from, const api::BeginQuorumEpochRequest& request,
                          const Context& ctx);
  void handle_end_epoch(const Requester& from, const api::EndQuorumEpochRequest& request, const Context& ctx);
  void ask_for_votes(const VoteTally& votes, bool pre_vote, const Context& ctx);
  bool poll_unattached(const Context& ctx);
  bool poll_prospective(const Context& ctx);
  bool poll_candidate(const Context& ctx);
  bool poll_resigned(const Context& ctx);

  // following.cc
  bool poll_follower(const Context& ctx);
  void maybe_fetch_from_leader(const Context& ctx);
  void maybe_fetch_from_anybody(const Context& ctx);
  [[nodiscard]] bool may_fetch(const Context& ctx);
  [[nodiscard]] api::FetchRequest next_fetch() const;
  void on_fetch(NodeId from, const api::FetchResponse& response, const Context& ctx);
  void take_fetched(const api::FetchPartitionData& data, const Context& ctx);
  void truncate(const api::EpochEndOffset& divergence, const Context& ctx);
  bool append_fetched(const std::vector<Bytes>& batches, const Context& ctx);
  void on_fetch_snapshot(NodeId from, const api::FetchSnapshotResponse& response, const Context& ctx);
  void load_fetched_snapshot(const Context& ctx);
  void restart_fetch_timer();

  // leading.cc
  bool poll_leader(const Context& ctx);
  void begin_epoch(const Context& ctx);
  bool append_control(const std::vector<wire::ControlRecord>& records, const Context& ctx);
  void update_leader(const Context& ctx);
  void on_leader_high_watermark(const Context& ctx);
  void handle_fetch(const Requester& from, const api::FetchRequest& request, const Context& ctx);
  void handle_fetch_snapshot(const Requester& from, const api::FetchSnapshotRequest& request,
                             const Context& ctx);
  void complete_fetches(const Context& ctx);
  [[nodiscard]] api::ErrorCode check_leader(LeaderEpoch believed) const;
  [[nodiscard]] api::FetchPartitionData read(const api::FetchPartition& wanted, const Context& ctx) const;
  void dismiss_waiting(Leader& leader);

  // describe_quorum.cc
  void handle_describe_quorum(const Requester& from, const api::DescribeQuorumRequest& request);

  // membership.cc
  struct ChangeRefused {
    api::ErrorCode error{};
    std::string message;
  };
  [[nodiscard]] std::optional<ChangeRefused> refuse_request(const Uuid& cluster_id, const ReplicaKey& voter,
                                                            std::string_view what) const;
  [[nodiscard]] std::optional<ChangeRefused> refuse_while_busy() const;
  [[nodiscard]] std::optional<ChangeRefused> refuse_change(std::string_view doing) const;
  void append_voters(const VoterSet& voters, const Context& ctx);
  void handle_add_voter(const Requester& from, const api::AddRaftVoterRequest& request);
  void handle_remove_voter(const Requester& from, const api::RemoveRaftVoterRequest& request,
                           const Context& ctx);
  void handle_update_voter(const Requester& from, const api::UpdateRaftVoterRequest& request,
                           const Context& ctx);
  void on_api_versions(NodeId from, const api::ApiVersionsResponse& response, const Context& ctx);
  void poll_voter_change(const Context& ctx);
  void finish_voter_change(api::ErrorCode error, std::string message);
  bool maybe_ask_for_membership(const Context& ctx);

  ReplicaConfig config_;
  Key key_;
  ReplicaKey self_;
  RaftLog log_;
  log::DurableFile file_;  ///< quorum-state
  ElectionState election_;
  std::optional<ElectionState> saved_;  ///< what the file says, or is being written to it
  Role role_;
  Peers peers_;
  std::deque<std::variant<Asked, Answered>> inbox_;  ///< what came while it was blocked
  std::vector<Reply> replies_;                       ///< what is said once it is not
  Timestamp time_;
  std::optional<Offset> high_watermark_;
  Timestamp last_snapshot_;
  std::uint64_t draws_ = 0;
  std::optional<Timestamp> poll_at_;  ///< when the timer fires
};

}  // namespace odradek::raft
