#include "sim/explain/picture.h"

#include <gtest/gtest.h>

#include "tests/sim/explain/notes.h"

namespace odradek::sim {
namespace {

constexpr TopicPartition kOrders{.topic_id = {.high = 1, .low = 1}, .partition = PartitionId(0)};
constexpr BrokerId kOne{1};
constexpr BrokerId kTwo{2};

Picture picture_of(const Notes& notes) {
  Picture picture(kOrders);
  for (const Happening& happening : notes.chronicle().happenings) picture.apply(notes.chronicle(), happening);
  return picture;
}

TEST(Picture, TellsTwoRecordsAtOneOffsetApart) {
  Notes notes(kOrders);
  notes.writes(kOne, 1, 0, 1);
  notes.writes(kTwo, 2, 0, 1);
  const Picture picture = picture_of(notes);
  EXPECT_EQ(picture.holders({.offset = Offset(0), .origin = 0}), std::vector{kOne});
  EXPECT_EQ(picture.holders({.offset = Offset(0), .origin = 1}), std::vector{kTwo});
}

TEST(Picture, CopiesWhatTheLeaderHadWhenItAnswered) {
  Notes notes(kOrders);
  const std::uint64_t answer = notes.writes(kOne, 1, 0, 2);
  notes.step({.node = kOne});
  notes.emits(io::TruncateLog{kOrders, Offset(2), Offset(1), LeaderEpoch(2)});
  notes.writes(kOne, 3, 1, 2);
  notes.copies(kTwo, answer, 1, 0, 2);
  const Picture picture = picture_of(notes);
  EXPECT_EQ(picture.replica(kTwo).origin_at(Offset(1)), 0U);
  EXPECT_EQ(picture.replica(kOne).origin_at(Offset(1)), 1U);
}

TEST(Picture, KeepsTheLogOfTheDeadUntilItIsOpenedAgain) {
  Notes notes(kOrders);
  notes.writes(kOne, 1, 0, 3);
  notes.happens(kOne, NodeDied{.ending = Ending::kPowerLoss});
  EXPECT_EQ(picture_of(notes).replica(kOne).log_end, Offset(3));
  notes.step({.node = kOne, .spur = Spur::kBoot});
  notes.emits(io::OpenLog{kOrders, Offset(0), Offset(1)});
  const Picture picture = picture_of(notes);
  EXPECT_EQ(picture.replica(kOne).log_end, Offset(1));
  EXPECT_FALSE(picture.replica(kOne).origin_at(Offset(1)).has_value());
}

TEST(Picture, KnowsThatADeletedReplicaHasNothing) {
  Notes notes(kOrders);
  const std::uint64_t answer = notes.writes(kOne, 1, 0, 3);
  notes.step({.node = kOne});
  notes.emits(io::DeleteLog{kOrders, Offset(3)});
  notes.copies(kTwo, answer, 1, 0, 3);
  const Picture picture = picture_of(notes);
  EXPECT_TRUE(picture.replica(kOne).given_up);
  EXPECT_EQ(picture.holders({.offset = Offset(0), .origin = 0}), std::vector{kTwo}) << "it answered before";
}

TEST(Picture, HearsARestartedControllerOnce) {
  Notes notes(kOrders);
  notes.elects(kOne, 1, {kOne, kTwo});
  const Happening told = notes.chronicle().happenings.back();
  notes.elects(kTwo, 2, {kTwo});
  notes.chronicle().happenings.push_back(told);
  EXPECT_EQ(picture_of(notes).committed()->leader, kTwo);
}

}  // namespace
}  // namespace odradek::sim
