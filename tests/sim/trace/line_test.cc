// What a trace looks like.
#include "sim/trace/line.h"

#include <gtest/gtest.h>

namespace odradek::sim {
namespace {

constexpr TopicId kOrders{.high = 1, .low = 2};
const TopicNames kNames{{kOrders, "orders"}};

TEST(Trace, NamesTopicsAndMembers) {
  const io::Event event = io::BecomeLeader{.tp = {.topic_id = kOrders, .partition = PartitionId(3)},
                                           .leader_epoch = LeaderEpoch(4),
                                           .partition_epoch = PartitionEpoch(5),
                                           .high_watermark = Offset(41),
                                           .log_end = Offset(44)};
  EXPECT_EQ(event_text(event, kNames),
            "BecomeLeader orders-3 leader_epoch=4 partition_epoch=5 high_watermark=41 log_end=44");
}

TEST(Trace, ShowsATopicWithoutANameByItsId) {
  const TopicPartition tp{.topic_id = kOrders, .partition = PartitionId(0)};
  EXPECT_EQ(partition_text(tp, {}), "00000000000000010000000000000002-0");
}

TEST(Trace, PutsTimeAndActorInFront) {
  EXPECT_EQ(trace_line(Instant(12'003'481'999), "b2", "exits"), "  12.003481s  b2     exits");
}

}  // namespace
}  // namespace odradek::sim
