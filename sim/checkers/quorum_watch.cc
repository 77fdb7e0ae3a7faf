#include "sim/checkers/quorum_watch.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

namespace odradek::sim {
namespace {

using raft::RoleKind;

/// How late a step may find that a timer is over: a leader that was paused resigns in its first step.
constexpr std::int64_t kSlackMs = 50;

/// A leader that runs takes steps more often than this. One that was stopped for longer may find a fetch
/// before it finds that its timer is over, as Kafka's does (KafkaRaftClient.poll handles what was waiting
/// first), so more of that time does not count.
constexpr std::int64_t kLongestStepMs = 500;

}  // namespace

/// One look at one replica.
class QuorumWatch::Look {
 public:
  Look(QuorumWatch& watch, Replica& before, const QuorumReplicaView& view, const QuorumReader& reader,
       const Sighting& now, Findings& findings)
      : watch_(watch), before_(before), view_(view), reader_(reader), now_(now), findings_(findings) {}

  void run() {
    // What was durable stays so through a restart, but for what the log has lost since by truncation.
    if (before_.view.directory_id != view_.directory_id) before_.durable_end = Offset(0);
    const Offset durable = std::min(std::max(before_.durable_end, view_.durable_end), view_.log_end);
    if (before_.view.incarnation != view_.incarnation) before_ = {.view = {.node = view_.node}};
    before_.durable_end = durable;
    check_promise();
    check_role();
    if (view_.role == RoleKind::kLeader) check_leadership();
    check_log();
    check_high_watermark();
    check_start();
    if (view_.role == RoleKind::kLeader) check_quorum();
    before_.view = view_;
  }

 private:
  template <class... Args>
  void violate(Invariant invariant, std::string_view witness, fmt::format_string<Args...> format,
               Args&&... args) {
    findings_.violate(invariant, now_, {}, fmt::format(format, std::forward<Args>(args)...), witness);
  }
  [[nodiscard]] int node() const { return view_.node.value(); }
  [[nodiscard]] raft::ReplicaKey key() const {
    return {.id = view_.node, .directory_id = view_.directory_id};
  }

  /// I51
  void check_promise() {
    if (!view_.is_state_durable) return;
    Promise& promise = watch_.promises_[key()];
    findings_.count(Invariant::kI51);
    if (view_.epoch < promise.epoch) {
      violate(Invariant::kI51, "an epoch of the quorum went back", "node {} is in epoch {} and was in {}",
              node(), view_.epoch.value(), promise.epoch.value());
    } else if (view_.epoch == promise.epoch && promise.voted && view_.voted && promise.voted != view_.voted) {
      violate(Invariant::kI51, "a vote changed within an epoch",
              "node {} has voted for node {} in epoch {}, after it had voted for node {}", node(),
              view_.voted->id.value(), view_.epoch.value(), promise.voted->id.value());
    }
    if (view_.epoch > promise.epoch) promise = {.epoch = view_.epoch, .voted = {}};
    if (view_.voted) promise.voted = view_.voted;
  }

  /// I60
  void check_role() {
    if (view_.role == before_.view.role) return;
    findings_.count(Invariant::kI60);
    const bool stands = view_.role == RoleKind::kCandidate || view_.role == RoleKind::kProspective;
    const bool votes = stands || view_.role == RoleKind::kLeader || view_.role == RoleKind::kResigned;
    if ((stands && !view_.may_stand) || (votes && !view_.can_be_voter)) {
      violate(Invariant::kI60, "a replica that is no voter stands for election",
              "node {} is {} and may not stand", node(), name_of(view_.role));
    }
    const bool knows = view_.role == RoleKind::kFollower ? view_.leader && view_.leader != view_.node
                       : view_.role == RoleKind::kLeader || view_.role == RoleKind::kResigned
                           ? view_.leader == view_.node
                           : true;
    if (!knows) {
      violate(Invariant::kI60, "a role contradicts the state that is saved", "node {} is {} of epoch {}",
              node(), name_of(view_.role), view_.epoch.value());
    }
  }

  /// I50, I55, I60. A leadership counts once it is durable: nobody has heard of it before, so a replica that
  /// dies in between may stand again in the epoch in which it voted for itself.
  void check_leadership() {
    if (!view_.is_state_durable) return;
    const Leadership now{.node = view_.node, .incarnation = view_.incarnation};
    const auto [known, is_new] = watch_.leaders_.emplace(view_.epoch, now);
    findings_.count(Invariant::kI50);
    if (known->second.node != view_.node) {
      violate(Invariant::kI50, "an epoch of the quorum has two leaders", "nodes {} and {} both lead epoch {}",
              known->second.node.value(), node(), view_.epoch.value());
    } else if (known->second.incarnation != view_.incarnation) {
      violate(Invariant::kI60, "a restarted leader leads its old epoch",
              "node {} was restarted and leads epoch {} again", node(), view_.epoch.value());
    }
    if (!is_new) return;
    // Of earlier epochs: one may learn late that it was elected, when later leaders have committed already.
    const auto found =
        std::ranges::find_if(watch_.committed_.rbegin(), watch_.committed_.rend(),
                             [this](const auto& entry) { return entry.second.epoch < view_.epoch; });
    if (found == watch_.committed_.rend()) return;
    findings_.count(Invariant::kI55);
    const MetadataBatch& last = found->second;
    if (last.next <= view_.log_start) return;
    const auto own =
        view_.log_end < last.next ? std::vector<MetadataBatch>{} : reader_.batches(last.base, last.next);
    if (own.size() == 1 && own.front() == last) return;
    violate(Invariant::kI55, "a leader of the quorum lacks what is committed",
            "node {} leads epoch {} and does not have the batch at offset {} of epoch {}, which is committed",
            node(), view_.epoch.value(), last.base.value(), last.epoch.value());
  }

  /// I54, I59
  void check_log() {
    if (view_.log_end < before_.verified_end) forget_beyond(view_.log_end);
    const bool is_replaced = view_.log_start > before_.view.log_start;  // by a snapshot, maybe
    if (is_replaced && before_.verified_end <= view_.log_start) {
      before_.verified_end = view_.log_start;
      before_.verified_epoch.reset();
    }
    if (before_.verified_end == view_.log_end) return;
    findings_.count(Invariant::kI54);
    for (const MetadataBatch& batch : reader_.batches(before_.verified_end, view_.log_end)) {
      compare(batch);
      if (batch.names_voters) name_voters(batch);
      before_.verified_epoch = batch.epoch;
      before_.verified_end = batch.next;
    }
  }

  void forget_beyond(Offset end) {
    before_.verified_end = end;
    before_.verified_epoch.reset();
    before_.voter_records.erase(before_.voter_records.lower_bound(end), before_.voter_records.end());
  }

  void compare(const MetadataBatch& batch) {
    const auto [known, is_new] = watch_.written_.try_emplace(
        std::pair(batch.base, batch.epoch), Written{.batch = batch, .epoch_before = before_.verified_epoch});
    Written& written = known->second;
    if (written.batch != batch) {
      violate(Invariant::kI54, "two metadata logs differ at one offset and epoch",
              "at offset {} of epoch {} node {} has another batch than was seen there before",
              batch.base.value(), batch.epoch.value(), node());
    }
    if (!before_.verified_epoch) return;
    if (written.epoch_before && written.epoch_before != before_.verified_epoch) {
      violate(Invariant::kI54, "two metadata logs agree at an offset and differ before it",
              "node {} has the batch at offset {} of epoch {} behind one of epoch {}, others behind one of "
              "epoch {}",
              node(), batch.base.value(), batch.epoch.value(), before_.verified_epoch->value(),
              written.epoch_before->value());
    }
    written.epoch_before = before_.verified_epoch;
  }

  void name_voters(const MetadataBatch& batch) {
    before_.voter_records.insert(batch.base);
    const bool is_own = view_.role == RoleKind::kLeader && batch.epoch == view_.epoch;
    if (!is_own || batch.base == view_.epoch_start) return;
    findings_.count(Invariant::kI59);
    const Offset committed = view_.committed_as_leader.value_or(Offset(0));
    if (committed <= view_.epoch_start) {
      violate(Invariant::kI59, "voters change before the epoch is established",
              "node {} changes the voters at offset {} before a record of its epoch {} is committed", node(),
              batch.base.value(), view_.epoch.value());
    }
    const auto open =
        std::distance(before_.voter_records.lower_bound(committed), before_.voter_records.end());
    if (open > 1) {
      violate(Invariant::kI59, "voters change while another change is under way",
              "node {} changes the voters at offset {} while {} changes are not committed", node(),
              batch.base.value(), open);
    }
  }

  /// I52, I53, I56
  void check_high_watermark() {
    const Offset from = before_.view.high_watermark;
    const Offset to = view_.high_watermark;
    findings_.count(Invariant::kI52);
    if (to < from || to > std::max(view_.log_end, view_.log_start)) {
      violate(Invariant::kI52, "a high watermark of the metadata log went back",
              "node {} has high watermark {} with log end {}, and had {}", node(), to.value(),
              view_.log_end.value(), from.value());
    }
    if (to <= from) return;
    check_committed(std::max(from, view_.log_start), std::min(to, view_.log_end));
    if (view_.role == RoleKind::kLeader) check_majority(to);
  }

  void check_committed(Offset from, Offset to) {
    findings_.count(Invariant::kI56);
    for (const MetadataBatch& batch : reader_.batches(from, to)) {
      const auto [known, is_new] = watch_.committed_.emplace(batch.base, batch);
      if (known->second == batch) continue;
      violate(Invariant::kI56, "a committed metadata record changed",
              "node {} takes the batch of epoch {} at offset {} for committed, where one of epoch {} was",
              node(), batch.epoch.value(), batch.base.value(), known->second.epoch.value());
    }
  }

  /// Of the governing voters a majority must have durably what is committed.
  void check_majority(Offset committed) {
    findings_.count(Invariant::kI53);
    const raft::VoterSet& voters = view_.voters;
    std::uint32_t holders = 0;
    for (const raft::ReplicaKey& voter : voters.keys()) {
      const auto replica = watch_.replicas_.find(voter.id);
      if (replica == watch_.replicas_.end()) continue;
      const QuorumReplicaView& seen = voter.id == view_.node ? view_ : replica->second.view;
      const bool is_it = !voter.directory_id || voter.directory_id == seen.directory_id;
      if (is_it && replica->second.durable_end >= committed) ++holders;
    }
    if (holders >= voters.majority()) return;
    violate(Invariant::kI53, "a metadata record counts as committed that no majority holds durably",
            "node {} moves the high watermark to {}, and {} of {} voters have durably what lies before",
            node(), committed.value(), holders, voters.size());
  }

  /// I57
  void check_start() {
    if (view_.log_start == before_.view.log_start || view_.log_start == Offset(0)) return;
    findings_.count(Invariant::kI57);
    if (reader_.has_snapshot_to(view_.log_start)) return;
    violate(Invariant::kI57, "a metadata log begins where no snapshot ends",
            "the log of node {} begins at {}, and it has no snapshot up to there", node(),
            view_.log_start.value());
  }

  /// I66: the timer of the quorum is restarted when a majority has fetched since it was restarted last, so
  /// that those fetches may be nearly two of its times old where more than one other voter is needed.
  void check_quorum() {
    if (!view_.fetches) return before_.patience.reset();
    findings_.count(Invariant::kI66);
    const QuorumFetches& fetches = *view_.fetches;
    const Duration without = wait(fetches);
    const std::int64_t timer = watch_.fetch_timeout_ms_ * 3 / 2;
    const std::int64_t bound = (fetches.needed == 1 ? timer : 2 * timer) + kLongestStepMs + kSlackMs;
    if (without <= milliseconds(bound)) return;
    violate(Invariant::kI66, "a leader of the quorum leads on without a majority",
            "node {} leads epoch {}, and no majority of the voters has fetched for {} ms, with a timeout of "
            "{} ms",
            node(), view_.epoch.value(), without.ms(), watch_.fetch_timeout_ms_);
  }

  /// Since as many others as are needed have fetched last, or since it leads, can act again or has these
  /// voters.
  Duration wait(const QuorumFetches& fetches) {
    std::optional<Patience>& kept = before_.patience;
    if (!kept || kept->epoch != view_.epoch) {
      kept = {.epoch = view_.epoch, .seen = now_.at, .latest = fetches.time};
    } else if (before_.view.voters != view_.voters) {
      kept->led = {};
      kept->fetched.clear();
    }
    Patience& patience = *kept;
    if (fetches.time >= patience.latest) {
      const Duration shown = milliseconds(fetches.time - patience.latest + 1);  // the clock shows whole ones
      patience.led = patience.led + std::min({now_.at - patience.seen, shown, milliseconds(kLongestStepMs)});
      patience.latest = fetches.time;
    }
    patience.seen = now_.at;
    std::vector<Duration> fetched(fetches.needed);
    for (const auto& [voter, last] : fetches.last) {
      const std::optional<QuorumFetches>& seen = before_.view.fetches;
      const auto before = seen ? seen->last.find(voter) : fetches.last.end();
      const bool is_news = !seen || before == seen->last.end() || before->second != last;
      if (last && is_news) patience.fetched[voter] = patience.led;
      if (const auto at = patience.fetched.find(voter); at != patience.fetched.end())
        fetched.push_back(at->second);
    }
    std::ranges::sort(fetched, std::greater<>());  // total order: times that are equal are alike
    return patience.led - fetched[fetches.needed - 1];
  }

  QuorumWatch& watch_;
  Replica& before_;
  const QuorumReplicaView& view_;
  const QuorumReader& reader_;
  const Sighting& now_;
  Findings& findings_;
};

void QuorumWatch::observe(const QuorumReplicaView& view, const QuorumReader& reader, const Sighting& now,
                          Findings& findings) {
  Replica& before = replicas_[view.node];
  if (before.view == view) return;
  Look(*this, before, view, reader, now, findings).run();
}

void QuorumWatch::see_snapshot(NodeId node, const OffsetAndEpoch& id, const Digest& state,
                               const Sighting& now, Findings& findings) {
  findings.count(Invariant::kI58);
  const auto [known, is_new] = snapshots_.emplace(id, state);
  const auto replayed = metadata_.find(id.offset);
  if (known->second == state && (replayed == metadata_.end() || replayed->second == state)) return;
  findings.violate(Invariant::kI58, now, {},
                   fmt::format("the snapshot up to offset {} stands for other metadata on node {} than what "
                               "the log before it adds up to elsewhere",
                               id.offset.value(), node.value()),
                   "a snapshot is not what the log before it adds up to");
}

bool QuorumWatch::is_elsewhere(NodeId controller, Offset end) const {
  const auto replica = replicas_.find(controller);
  return replica == replicas_.end() || replica->second.metadata_end != end;
}

void QuorumWatch::see_metadata(NodeId controller, Offset end, const Digest& state, const Sighting& now,
                               Findings& findings) {
  findings.count(Invariant::kI65);
  replicas_.at(controller).metadata_end = end;
  const auto [known, is_new] = metadata_.emplace(end, state);
  if (known->second == state) return;
  findings.violate(
      Invariant::kI65, now, {},
      fmt::format("the metadata of node {} at offset {} is not what other controllers have there",
                  controller.value(), end.value()),
      "metadata of controllers differ at one offset");
}

}  // namespace odradek::sim
