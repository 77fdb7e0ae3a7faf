// What a replica of the metadata log can tell of the quorum: DescribeQuorum, and read-outs of a run.
#pragma once

#include "engine/api/describe_quorum.h"
#include "engine/raft/quorum_replica.h"

namespace odradek::raft {

/// By its wall clock. A leader knows how far each replica has come, and of observers those that fetched
/// within the last five minutes; any other replica knows who leads and who the voters are. Source:
/// RaftUtil.singletonDescribeQuorumResponse; KIP-836.
[[nodiscard]] api::DescribeQuorumPartitionData describe_quorum(const QuorumReplica& replica);

}  // namespace odradek::raft
