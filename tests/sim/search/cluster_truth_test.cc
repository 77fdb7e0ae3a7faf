#include "sim/search/cluster_truth.h"

#include <gtest/gtest.h>

namespace odradek::sim {
namespace {

io::ChangePartition change_at(std::int64_t offset, std::int32_t leader) {
  return {.tp = {},
          .metadata_offset = Offset(offset),
          .topic = "orders",
          .replicas = {BrokerId(1), BrokerId(2)},
          .isr = {BrokerId(1), BrokerId(2)},
          .leader = BrokerId(leader),
          .leader_epoch = {},
          .partition_epoch = {}};
}

/// A truth that has learnt of three records; what stands at offset 1 was told.
ClusterTruth after_three_records() {
  ClusterTruth truth;
  EXPECT_EQ(truth.hear(change_at(1, 1)), Telling::kNews);
  metadata::MetadataImage image;
  image.finish_batch({.offset = Offset(3), .epoch = {}});
  truth.learn(image);
  return truth;
}

TEST(ClusterTruth, PassesOverWhatIsToldAgain) {
  ClusterTruth truth = after_three_records();
  EXPECT_EQ(truth.hear(change_at(1, 1)), Telling::kRetold);
  EXPECT_EQ(truth.hear(change_at(3, 2)), Telling::kNews);
}

TEST(ClusterTruth, NoticesAControllerThatHasLostACommittedRecord) {
  ClusterTruth truth = after_three_records();
  EXPECT_EQ(truth.hear(change_at(1, 2)), Telling::kContradiction);
  EXPECT_EQ(truth.hear(change_at(2, 2)), Telling::kContradiction) << "nothing was told of this offset before";
}

TEST(ClusterTruth, TakesWhatIsNotOfTheMetadataLogAsNews) {
  ClusterTruth truth = after_three_records();
  EXPECT_EQ(truth.hear(io::ElectController{.controller_epoch = LeaderEpoch(1)}), Telling::kNews);
}

}  // namespace
}  // namespace odradek::sim
