#include "sim/explain/slice.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/sim/explain/notes.h"

namespace odradek::sim {
namespace {

using enum BeatKind;

constexpr TopicPartition kOrders{.topic_id = {.high = 1, .low = 1}, .partition = PartitionId(0)};
constexpr TopicPartition kOther{.topic_id = {.high = 2, .low = 2}, .partition = PartitionId(0)};
constexpr BrokerId kOne{1};
constexpr BrokerId kTwo{2};

std::vector<BeatKind> kinds_of(const Slice& sliced) {
  std::vector<BeatKind> kinds;
  for (const Beat& beat : sliced.beats) kinds.push_back(beat.kind);
  return kinds;
}

/// A record at offset 0 that broker 1 wrote and broker 2 copied, committed and acknowledged.
Notes promised_record() {
  Notes notes(kOrders);
  notes.elects(kOne, 1, {kOne, kTwo});
  const std::uint64_t written = notes.writes(kOne, 1, 0, 1);
  const std::uint64_t copied = notes.copies(kTwo, written, 1, 0, 1);
  notes.hears(kOne, copied, api::ApiKey::kFetch);
  notes.emits(io::AdvanceHighWatermark{kOrders, Offset(0), Offset(1), LeaderEpoch(1), true});
  notes.emits(io::AckProduce{kOrders, Offset(0), Offset(1), -1, 2});
  return notes;
}

/// Broker 2 leads and has cut what it had, which a check sees.
Subject lose_it(Notes& notes) {
  notes.elects(kTwo, 2, {kOne, kTwo});
  notes.step({.node = kTwo, .spur = Spur::kWork, .cause = notes.chronicle().steps.size()});
  notes.emits(io::TruncateLog{kOrders, Offset(1), Offset(0), LeaderEpoch(2)});
  return {.tp = kOrders,
          .offset = Offset(0),
          .findings = {{.invariant = "I11",
                        .at = notes.now(),
                        .event = notes.chronicle().steps.size(),
                        .tp = kOrders,
                        .records = record_at(Offset(0))}}};
}

TEST(Slice, TellsTheLifeOfTheRecordInItsOrder) {
  Notes notes = promised_record();
  const Subject subject = lose_it(notes);
  EXPECT_EQ(kinds_of(slice(notes.chronicle(), subject)),
            (std::vector{kElected, kWritten, kCopied, kCommitted, kAcked, kElected, kCut, kFound}));
}

TEST(Slice, FollowsMessagesBackToTheStepsThatSentThem) {
  Notes notes = promised_record();
  const Subject subject = lose_it(notes);
  const Slice sliced = slice(notes.chronicle(), subject);
  EXPECT_EQ(sliced.beats[2].follows, std::vector{1U}) << "the copy goes back to the writing";
  EXPECT_EQ(sliced.beats[3].follows, std::vector{2U}) << "the high watermark to the next fetch of who copied";
  EXPECT_EQ(sliced.beats[4].follows, std::vector{3U}) << "the answer to the high watermark";
  EXPECT_EQ(sliced.beats[6].follows, std::vector{5U})
      << "the cut to the election, through work of the broker";
}

TEST(Slice, LeavesOutOtherPartitionsAndOtherOffsets) {
  Notes notes = promised_record();
  const std::size_t beats = kinds_of(slice(notes.chronicle(), lose_it(notes))).size();

  Notes more = promised_record();
  more.step({.node = kTwo});
  more.emits(io::TruncateLog{kOther, Offset(9), Offset(0), LeaderEpoch(1)});
  more.writes(kOne, 1, 1, 4);
  more.step({.node = kTwo});
  more.emits(io::TruncateLog{kOrders, Offset(4), Offset(3), LeaderEpoch(1)});
  EXPECT_EQ(kinds_of(slice(more.chronicle(), lose_it(more))).size(), beats);
}

TEST(Slice, BeginsWhereTheInSyncReplicasBeganToShrink) {
  Notes notes(kOrders);
  notes.elects(kOne, 1, {kOne, kTwo});
  notes.elects(kOne, 1, {kOne});
  notes.elects(kTwo, 2, {kTwo});
  notes.writes(kTwo, 2, 0, 1);
  notes.emits(io::AckProduce{kOrders, Offset(0), Offset(1), 1, 1});
  const Subject subject{.tp = kOrders,
                        .offset = Offset(0),
                        .findings = {{.invariant = "I11",
                                      .at = notes.now(),
                                      .event = notes.chronicle().steps.size(),
                                      .tp = kOrders,
                                      .records = record_at(Offset(0))}}};
  EXPECT_EQ(kinds_of(slice(notes.chronicle(), subject)),
            (std::vector{kInSync, kElected, kWritten, kAcked, kFound}));
}

TEST(Slice, TellsOfAFaultThatKeptMessagesWaitingAndOfNoOther) {
  const auto with_hold = [](api::ApiKey api) {
    Notes notes = promised_record();
    notes.happens(NodeId(), FaultStruck{.entry = 0,
                                        .fault = HoldFault{.api = api, .response = true},
                                        .duration = seconds(1),
                                        .paths = {{.from = kOne, .to = kTwo}}});
    const std::uint64_t answer = notes.hears(kOne, 3, api::ApiKey::kFetch);
    notes.wait(seconds(1));
    notes.happens(NodeId(), FaultEnded{.entry = 0});
    notes.hears(kTwo, answer, api::ApiKey::kFetch, /*response=*/true);
    const Subject subject = lose_it(notes);
    return slice(notes.chronicle(), subject);
  };
  const Slice felt = with_hold(api::ApiKey::kFetch);
  const auto fault = std::ranges::find(felt.beats, kFault, &Beat::kind);
  ASSERT_NE(fault, felt.beats.end());
  EXPECT_EQ(fault->messages, 1U);
  EXPECT_EQ(fault->lost, 0U);
  const Slice unfelt = with_hold(api::ApiKey::kAlterPartition);
  EXPECT_EQ(std::ranges::count(unfelt.beats, kFault, &Beat::kind), 0);
}

TEST(Slice, LeavesOutFirstWhatTellsLeast) {
  Notes notes = promised_record();
  const Subject subject = lose_it(notes);
  const Slice sliced = slice(notes.chronicle(), subject, 5);
  EXPECT_EQ(sliced.beats.size(), 5U);
  EXPECT_EQ(std::ranges::count(sliced.beats, kCopied, &Beat::kind), 0);
  EXPECT_EQ(sliced.beats.back().kind, kFound);
}

TEST(Slice, TellsManyChangesOfTheIsrAsOne) {
  Notes notes = promised_record();
  for (std::int32_t i = 0; i < 6; ++i)
    notes.elects(kOne, 1, i % 2 == 0 ? std::vector{kOne} : std::vector{kOne, kTwo});
  const Subject subject = lose_it(notes);
  const Slice sliced = slice(notes.chronicle(), subject);
  ASSERT_EQ(std::ranges::count(sliced.beats, kInSync, &Beat::kind), 1);
  EXPECT_EQ(std::ranges::find(sliced.beats, kInSync, &Beat::kind)->merged, 5U);
}

TEST(Subject, IsTheEarliestViolationAndTheRecordThatItsPartitionKnows) {
  RunResult result;
  result.violations = {{.invariant = "I18", .tp = kOrders},
                       {.invariant = "I11", .tp = kOther, .records = record_at(Offset(3))},
                       {.invariant = "I13", .tp = kOrders, .records = record_at(Offset(7))}};
  const auto subject = subject_of(result);
  ASSERT_TRUE(subject.has_value());
  EXPECT_EQ(subject->tp, kOrders);
  EXPECT_EQ(subject->offset, Offset(7));
  EXPECT_EQ(subject->findings.size(), 2U);
  EXPECT_FALSE(subject_of(RunResult{}).has_value());
}

TEST(Subject, IsAPermittedLossWhenNothingWasViolated) {
  RunResult result;
  result.permitted = {{.setting = "acks=0", .tp = kOther},
                      {.setting = "acks=1", .tp = kOrders, .begin = Offset(4), .end = Offset(6)}};
  const auto subject = subject_of(result);
  ASSERT_TRUE(subject.has_value());
  EXPECT_EQ(subject->permitted.front().setting, "acks=1");
  EXPECT_EQ(subject->offset, Offset(4));
}

}  // namespace
}  // namespace odradek::sim
