#include "engine/raft/quorum_history.h"

#include <gtest/gtest.h>

namespace odradek::raft {
namespace {

wire::ControlRecord voters(std::initializer_list<int> ids) {
  wire::KRaftVoters record;
  for (const int id : ids)
    record.voters.push_back({.voter_id = NodeId(id), .voter_directory_id = {.high = 7, .low = 7}});
  return record;
}

std::vector<NodeId> ids(std::initializer_list<int> numbers) {
  std::vector<NodeId> ids;
  for (const int number : numbers) ids.emplace_back(number);
  return ids;
}

/// The log begins where a change of the voters stands that is not committed (quorum-chaos seed 410).
TEST(QuorumHistory, KeepsWhatHeldBeforeTheLogBegins) {
  QuorumHistory history;
  history.add(Offset(10), voters({1, 2, 3}));
  history.add(Offset(19), voters({1, 2}));
  history.add(Offset(40), voters({1}));
  history.truncate_old(Offset(40));
  EXPECT_EQ(history.voters().ids(), ids({1}));
  EXPECT_EQ(history.voters_at(Offset(39))->ids(), ids({1, 2}));
  history.truncate_new(Offset(40));
  EXPECT_EQ(history.voters().ids(), ids({1, 2}));
}

}  // namespace
}  // namespace odradek::raft
