#include "sim/explain/quorum_picture.h"

#include <gtest/gtest.h>

#include "sim/explain/slice.h"
#include "tests/sim/explain/quorum_notes.h"

namespace odradek::sim {
namespace {

QuorumPicture picture_of(const QuorumNotes& notes) {
  QuorumPicture picture;
  for (const Happening& happening : notes.chronicle().happenings) picture.apply(happening);
  return picture;
}

TEST(QuorumPicture, TellsTwoEntriesOfOneOffsetAndEpochApart) {
  QuorumNotes notes;
  notes.appends(kOne, entry_at(0, 1, 7));
  notes.appends(kTwo, entry_at(0, 1, 8));
  const QuorumPicture picture = picture_of(notes);
  EXPECT_EQ(picture.holders(entry_at(0, 1, 7)), std::vector{kOne});
  EXPECT_EQ(picture.holders(entry_at(0, 1, 8)), std::vector{kTwo});
}

TEST(QuorumPicture, ForgetsWhatALogHasCut) {
  QuorumNotes notes;
  notes.appends(kOne, entry_at(0, 1));
  notes.appends(kOne, entry_at(1, 1));
  notes.truncates(kOne, 1);
  notes.appends(kOne, entry_at(1, 2));
  const QuorumPicture picture = picture_of(notes);
  EXPECT_TRUE(picture.member(kOne).has(entry_at(0, 1)));
  EXPECT_FALSE(picture.member(kOne).has(entry_at(1, 1)));
  EXPECT_EQ(picture.member(kOne).last_epoch(), LeaderEpoch(2));
}

TEST(QuorumPicture, KeepsTheLogOfTheDeadUntilItIsStartedAgain) {
  QuorumNotes notes;
  notes.appends(kOne, entry_at(0, 1));
  notes.appends(kOne, entry_at(1, 1), /*durable=*/false);
  notes.dies(kOne);
  EXPECT_FALSE(picture_of(notes).member(kOne).up);
  EXPECT_TRUE(picture_of(notes).member(kOne).has(entry_at(1, 1)));
  notes.starts(kOne);
  EXPECT_TRUE(picture_of(notes).member(kOne).up);
  EXPECT_FALSE(picture_of(notes).member(kOne).has(entry_at(1, 1)));
}

TEST(QuorumPicture, KnowsThatWhatWasOnDiskStaysThereThroughARestart) {
  QuorumNotes notes;
  notes.appends(kOne, entry_at(0, 1));
  notes.dies(kOne);
  notes.starts(kOne);
  EXPECT_TRUE(picture_of(notes).member(kOne).has_on_disk(entry_at(0, 1)));
}

}  // namespace
}  // namespace odradek::sim
