// AlterPartitionReassignments and ListPartitionReassignments (KIP-455): partitions move to other brokers.
//
//   replicas 1 2 3                            wanted: 4 5 3
//   replicas 4 5 3 1 2, adding 4 5, removing 1 2      4 and 5 fetch; the leader adds them to the ISR
//   replicas 4 5 3                            the change of the ISR that lets in the last of them ends it
//
// A move that adds nobody, such as another order of the same replicas, ends with the record that begins it,
// if everybody who stays is in the ISR. Cancelling brings back the replicas from before.
//
// Source: ReplicationControlManager.alterPartitionReassignments, PartitionReassignmentReplicas,
// PartitionReassignmentRevert.
#pragma once

#include "engine/controller/outcome.h"
#include "engine/controller/replication_control.h"

namespace odradek::controller {

[[nodiscard]] Outcome alter_partition_reassignments(ClusterView view,
                                                    const api::AlterPartitionReassignmentsRequest& request);

[[nodiscard]] api::ListPartitionReassignmentsResponse list_partition_reassignments(
    const metadata::MetadataImage& image, const api::ListPartitionReassignmentsRequest& request);

}  // namespace odradek::controller
