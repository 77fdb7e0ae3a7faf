#include <gtest/gtest.h>

#include <algorithm>

#include "sim/explain/slice.h"
#include "sim/explain/story.h"
#include "tests/sim/explain/quorum_notes.h"

namespace odradek::sim {
namespace {

using enum BeatKind;

std::vector<BeatKind> kinds_of(const Slice& sliced) {
  std::vector<BeatKind> kinds;
  for (const Beat& beat : sliced.beats) kinds.push_back(beat.kind);
  return kinds;
}

/// Controllers 101 and 102 commit a record, 101 dies, and 103 is elected without it.
QuorumNotes lost_decision() {
  QuorumNotes notes;
  notes.elects(kOne, kTwo, 1);
  notes.appends(kOne, entry_at(0, 1));
  notes.appends(kTwo, entry_at(0, 1));
  notes.commits(kOne, 1);
  notes.dies(kOne);
  notes.becomes(kThree, raft::RoleKind::kFollower, 1, kOne);
  notes.becomes(kThree, raft::RoleKind::kProspective, 1, kOne);
  notes.votes(kTwo, kThree, 1, /*pre_vote=*/true);
  notes.becomes(kThree, raft::RoleKind::kCandidate, 2);
  notes.votes(kTwo, kThree, 2);
  notes.becomes(kThree, raft::RoleKind::kLeader, 2, kThree);
  return notes;
}

TEST(QuorumSlice, TellsTheLifeOfTheDecisionThatANewLeaderLacks) {
  QuorumNotes notes = lost_decision();
  const Slice sliced = slice(notes.chronicle(), notes.subject("I55"));
  EXPECT_EQ(sliced.decision, entry_at(0, 1));
  EXPECT_EQ(kinds_of(sliced),
            (std::vector{kLeadsQuorum, kEntry, kEntryCopied, kEntryCommitted, kDied, kLeadsQuorum, kFound}));
  EXPECT_EQ(sliced.beats[5].parts.size(), 2U) << "candidacy and vote";
}

TEST(QuorumSlice, FindsTheDecisionThatAnotherRecordTookThePlaceOf) {
  QuorumNotes notes;
  notes.elects(kOne, kTwo, 1);
  notes.appends(kOne, entry_at(0, 1, 7));
  notes.commits(kOne, 1);
  notes.elects(kTwo, kThree, 1);
  notes.appends(kTwo, entry_at(0, 1, 8));
  notes.commits(kTwo, 1);
  const Slice sliced = slice(notes.chronicle(), notes.subject("I56"));
  EXPECT_EQ(sliced.decision, entry_at(0, 1, 7));
  EXPECT_EQ(std::ranges::count(sliced.beats, kEntry, &Beat::kind), 2) << "the record and the other one";
}

TEST(QuorumSlice, PrefersADecisionThatChangesAnything) {
  QuorumNotes notes;
  notes.elects(kOne, kTwo, 1);
  notes.appends(kOne, entry_at(0, 1, 0, /*decides=*/false));
  notes.appends(kOne, entry_at(1, 1));
  notes.appends(kOne, entry_at(2, 1, 0, /*decides=*/false));
  notes.commits(kOne, 3);
  notes.elects(kThree, kTwo, 2);
  EXPECT_EQ(slice(notes.chronicle(), notes.subject("I55")).decision, entry_at(1, 1));
}

TEST(QuorumSlice, LeavesOutElectionsFromBeforeTheLogsPart) {
  QuorumNotes notes;
  for (std::int32_t epoch = 1; epoch < 5; ++epoch) notes.elects(kTwo, kThree, epoch);
  notes.elects(kOne, kTwo, 5);
  notes.appends(kOne, entry_at(0, 5));
  notes.commits(kOne, 1);
  notes.elects(kThree, kTwo, 6);
  EXPECT_EQ(kinds_of(slice(notes.chronicle(), notes.subject("I55"))),
            (std::vector{kLeadsQuorum, kEntry, kEntryCommitted, kLeadsQuorum, kFound}));
}

TEST(QuorumSlice, LeavesOutWhoStandsInVain) {
  QuorumNotes notes = lost_decision();
  const std::size_t beats = slice(notes.chronicle(), notes.subject("I55")).beats.size();
  QuorumNotes more;
  more.elects(kOne, kTwo, 1);
  more.appends(kOne, entry_at(0, 1));
  more.appends(kTwo, entry_at(0, 1));
  more.commits(kOne, 1);
  more.dies(kOne);
  more.becomes(kTwo, raft::RoleKind::kCandidate, 2);
  more.becomes(kThree, raft::RoleKind::kCandidate, 2);
  more.elects(kThree, kTwo, 3);
  EXPECT_EQ(slice(more.chronicle(), more.subject("I55")).beats.size(), beats);
}

TEST(QuorumSlice, TellsAVoteByItselfWhenAFaultFollowsIt) {
  QuorumNotes notes;
  notes.elects(kTwo, kThree, 1);
  notes.becomes(kOne, raft::RoleKind::kCandidate, 2);
  notes.votes(kThree, kOne, 2);
  notes.dies(kThree);
  notes.becomes(kOne, raft::RoleKind::kLeader, 2, kOne);
  EXPECT_EQ(kinds_of(slice(notes.chronicle(), notes.subject("I50"))),
            (std::vector{kLeadsQuorum, kVote, kDied, kLeadsQuorum, kFound}));
}

TEST(QuorumSlice, TellsWhoIsShutOutSoonAfterAsOneWhenNothingWasLost) {
  QuorumNotes notes;
  notes.elects(kOne, kTwo, 1);
  const Subject subject = notes.subject("I66");
  notes.becomes(kTwo, raft::RoleKind::kLeader, 2, kTwo);
  for (const BrokerId broker : {BrokerId(1), BrokerId(2)}) {
    notes.notes().step({.node = kTwo, .spur = Spur::kTimer, .timer = io::TimerKind::kSessionCheck});
    notes.notes().emits(io::FenceBroker{.broker = broker});
  }
  const Slice sliced = slice(notes.chronicle(), subject);
  ASSERT_EQ(std::ranges::count(sliced.beats, kFenced, &Beat::kind), 1);
  EXPECT_EQ(sliced.beats.back().parts.size(), 1U);
}

TEST(QuorumStory, SaysWhoStoodWhyAndWhoVoted) {
  QuorumNotes notes = lost_decision();
  const Subject subject = notes.subject("I55");
  Scenario scenario;
  scenario.cluster.controllers = 3;
  const Story story = tell(notes.chronicle(), subject, scenario, RunResult{.violations = subject.findings});
  const std::string& text = story.steps[5].text;
  for (const char* part :
       {"Controller 103 has had no answer from its leader in epoch 1, controller 101, which is down,",
        "controller 102 would vote for it", "stands for election in epoch 2", "votes for it in epoch 2",
        "the votes of 2 of its 3 voters {101, 102, 103} and leads epoch 2", "It does not have the record."}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
  }
  EXPECT_NE(story.cast.back().text.find("TopicRecord that controller 101 appended at offset 0 in epoch 1"),
            std::string::npos)
      << story.cast.back().text;
}

TEST(QuorumStory, SaysOfAVoteThatItWasGivenBefore) {
  QuorumNotes notes;
  notes.elects(kOne, kThree, 1);
  notes.elects(kOne, kThree, 2);
  notes.elects(kTwo, kThree, 2);
  const Subject subject = notes.subject("I50");
  const Story story = tell(notes.chronicle(), subject, Scenario{}, RunResult{.violations = subject.findings});
  const StoryStep& last = story.steps[story.steps.size() - 2];
  EXPECT_NE(last.text.find("But controller 103 has voted for controller 101 in this epoch before"),
            std::string::npos)
      << last.text;
}

TEST(Subject, IsTheQuorumsIfItsEarliestViolationIs) {
  RunResult result;
  result.violations = {{.invariant = "I55"}, {.invariant = "I27"}};
  EXPECT_TRUE(subject_of(result)->quorum);
  result.violations = {{.invariant = "I27"}, {.invariant = "I55"}};
  EXPECT_FALSE(subject_of(result)->quorum);
}

}  // namespace
}  // namespace odradek::sim
