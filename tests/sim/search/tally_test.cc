// What a run has seen, by kind.
#include "sim/search/tally.h"

#include <gtest/gtest.h>

namespace odradek::sim {
namespace {

using Counts = std::map<std::string, std::uint64_t>;

Counts counts_of(const Tally& tally) {
  Counts counts;
  tally.add_to(counts);
  return counts;
}

TEST(Tally, OfNothingIsEmpty) { EXPECT_EQ(counts_of(Tally()), Counts()); }

TEST(Tally, CountsEventsByTheirNames) {
  Tally tally;
  tally.count(io::BecomeLeader{});
  tally.count(io::BecomeLeader{});
  tally.count(io::ResetPosition{});
  EXPECT_EQ(counts_of(tally), (Counts{{"event:BecomeLeader", 2}, {"event:ResetPosition", 1}}));
}

TEST(Tally, CountsErrorsOfTheWholeAndOfPartitions) {
  Tally tally;
  api::FetchResponse fetch;
  fetch.error_code = api::ErrorCode::kInconsistentTopicId;
  fetch.responses.resize(2);
  fetch.responses[1].partitions.resize(3);
  fetch.responses[1].partitions[0].error_code = api::ErrorCode::kNotLeaderOrFollower;
  fetch.responses[1].partitions[2].error_code = api::ErrorCode::kNotLeaderOrFollower;
  tally.count_errors(fetch);
  EXPECT_EQ(counts_of(tally),
            (Counts{{"error:INCONSISTENT_TOPIC_ID", 1}, {"error:NOT_LEADER_OR_FOLLOWER", 2}}));
}

}  // namespace
}  // namespace odradek::sim
