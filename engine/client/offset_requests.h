// Building ListOffsets and OffsetForLeaderEpoch requests for one leader, and finding a partition in their
// answers.
#pragma once

#include <optional>

#include "engine/client/subscription_state.h"

namespace odradek::client {

void add_to(api::ListOffsetsRequest& request, const io::NamedPartition& partition,
            LeaderEpoch current_leader_epoch, const OffsetTarget& target);
void add_to(api::OffsetForLeaderEpochRequest& request, const io::NamedPartition& partition,
            LeaderEpoch current_leader_epoch, LeaderEpoch asked);

/// The partition's part of the answer. A lost request, and an answer without the partition, are a
/// NETWORK_EXCEPTION.
[[nodiscard]] api::ListOffsetsPartitionResponse offset_answer(const Completion& completion,
                                                              const io::NamedPartition& partition);
[[nodiscard]] api::OffsetForLeaderPartitionResponse epoch_answer(const Completion& completion,
                                                                 const io::NamedPartition& partition);

}  // namespace odradek::client
