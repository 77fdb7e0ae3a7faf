// Narrator: beats to sentences. Internal to story.h.
#pragma once

#include <string>
#include <vector>

#include "sim/explain/picture.h"
#include "sim/explain/quorum_picture.h"
#include "sim/explain/slice.h"
#include "sim/explain/story.h"

namespace odradek::sim {

class Narrator {
 public:
  Narrator(const Chronicle& chronicle, const Subject& subject, const Slice& slice, const Scenario& scenario);

  /// The steps of the story, without explanations of terms.
  [[nodiscard]] std::vector<StoryStep> steps();

 private:
  // narrator.cc
  [[nodiscard]] StoryStep tell(const Beat& beat);
  [[nodiscard]] const Happening& at(std::uint32_t place) const { return chronicle_.happenings[place]; }
  void advance(std::uint32_t place);
  void advance_through(const Happening& step);
  [[nodiscard]] std::vector<std::string> logs();
  [[nodiscard]] std::vector<std::string> partition_logs() const;
  [[nodiscard]] bool is_the_record(std::optional<std::uint32_t> origin) const;
  /// "the record", or "another record" with its writer, for what this broker has at the offset.
  [[nodiscard]] std::string what_stands(NodeId broker) const;
  /// "Broker 1 still has it." and the like.
  [[nodiscard]] std::string who_has_it(const Picture& picture) const;

  // One for each kind of beat; they write into the step. tell_log.cc
  void tell_written(StoryStep& step, const Happening& happening, const io::AppendLog& e) const;
  void tell_copied(StoryStep& step, const Happening& happening, const io::AppendLog& e) const;
  void tell_committed(StoryStep& step, const Happening& happening, const io::AdvanceHighWatermark& e) const;
  void tell_acked(StoryStep& step, const Happening& happening, const io::AckProduce& e) const;
  void tell_read(StoryStep& step, const Happening& happening, const io::ServeFetch& e) const;
  void tell_cut(StoryStep& step, const Happening& happening, const io::TruncateLog& e) const;
  void tell_diverged(StoryStep& step, const Happening& happening, const io::AnswerDivergence& e) const;
  void tell_back(StoryStep& step, const Happening& happening, const io::OpenLog& e) const;
  void tell_given_up(StoryStep& step, const Happening& happening, const io::DeleteLog& e) const;

  // tell_cluster.cc
  void tell_elected(StoryStep& step, const Beat& beat, const io::ChangePartition& e) const;
  void tell_leads(StoryStep& step, const Happening& happening, const io::BecomeLeader& e) const;
  void tell_in_sync(StoryStep& step, const Beat& beat, const io::ChangePartition& e) const;
  void tell_fenced(StoryStep& step, const Beat& beat) const;
  void tell_died(StoryStep& step, const Happening& happening, const NodeDied& e) const;
  void tell_fault(StoryStep& step, const Beat& beat, const FaultStruck& fault) const;
  [[nodiscard]] std::string kept_waiting(const Beat& beat, const FaultStruck& fault) const;
  [[nodiscard]] std::string meanwhile(const HoldFault& hold, const FaultStruck& fault) const;
  void tell_fault_end(StoryStep& step, const FaultEnded& ended) const;
  void tell_found(StoryStep& step, const Beat& beat) const;
  /// Why the controller changed a partition, as a sentence; empty when nothing tells.
  [[nodiscard]] std::string why(const Happening& happening, const std::vector<BrokerId>& removed) const;
  [[nodiscard]] std::string partition() const;

  // tell_quorum.cc
  void tell_quorum(StoryStep& step, const Beat& beat) const;
  void tell_stands(StoryStep& step, const Beat& beat) const;
  void tell_leads_quorum(StoryStep& step, const Beat& beat) const;
  void tell_votes(StoryStep& step, const Beat& beat) const;
  void tell_resigns(StoryStep& step, const Happening& happening) const;
  void tell_voters(StoryStep& step, const Happening& happening, const io::ChangeVoters& e) const;
  /// The candidacy at this place, with what led to it.
  [[nodiscard]] std::string candidacy(std::uint32_t place, std::optional<LeaderEpoch> won) const;
  /// Why it stands: what it had not heard for how long.
  [[nodiscard]] std::string why_it_stands(std::uint32_t place) const;
  [[nodiscard]] std::string why_silent(NodeId node, NodeId leader, std::uint32_t place) const;
  [[nodiscard]] std::string failed_elections(std::uint32_t place, LeaderEpoch epoch) const;
  [[nodiscard]] std::string votes(const std::vector<std::uint32_t>& places) const;
  /// What a voter had done with its vote in the same epoch before.
  [[nodiscard]] std::string earlier_vote(std::uint32_t place) const;
  [[nodiscard]] std::string when_active(std::uint32_t elected, LeaderEpoch epoch) const;
  [[nodiscard]] bool has_begun(const MemberPicture& leader, Offset committed) const;
  [[nodiscard]] std::vector<std::string> quorum_logs() const;

  // tell_metadata.cc
  void tell_entry(StoryStep& step, const Happening& happening) const;
  void tell_entry_copied(StoryStep& step, const Happening& happening) const;
  void tell_entry_committed(StoryStep& step, const Happening& happening, const io::CommitMetadata& e) const;
  void tell_acted_on(StoryStep& step, const Happening& happening, const io::PublishMetadata& e) const;
  void tell_entry_cut(StoryStep& step, const Happening& happening, const io::TruncateMetadata& e) const;
  void tell_returns(StoryStep& step, const Happening& happening, const MetadataSeen& seen) const;
  void tell_snapshot(StoryStep& step, const Happening& happening) const;
  /// What a node's log has at the decision's offset, as the end of a sentence: " It has the record."
  [[nodiscard]] std::string what_it_has(NodeId node) const;
  [[nodiscard]] std::string who_has_the_decision() const;
  /// Who asked for what a leader appends in this step, or which of its timers; empty when nothing tells.
  [[nodiscard]] std::string reason_of(const Happening& happening) const;

  const Chronicle& chronicle_;
  const Subject& subject_;
  const Slice& slice_;
  const Scenario& scenario_;
  Picture before_;
  Picture after_;
  QuorumPicture quorum_before_;  ///< of stories about the metadata quorum
  QuorumPicture quorum_;
  std::uint32_t next_ = 0;  ///< the first happening that `after_` lacks
  std::vector<std::string> shown_;
};

/// min.insync.replicas as the topic of this partition has it.
[[nodiscard]] std::int32_t min_insync_replicas(const Scenario& scenario, const std::string& topic);

/// A fault in one or two sentences: what it is, whom it hits, for how long.
[[nodiscard]] std::string fault_text(const FaultStruck& fault);

}  // namespace odradek::sim
