// AlterPartitionReassignments (KIP-455), so far for a new order of the same replicas: it moves the preferred
// leader and no data. Adding and removing replicas needs the ISR to follow before the change completes; that
// belongs here. Source: ReplicationControlManager.alterPartitionReassignments.
#pragma once

#include "engine/controller/outcome.h"
#include "engine/controller/replication_control.h"

namespace odradek::controller {

[[nodiscard]] Outcome alter_partition_reassignments(ClusterView view,
                                                    const api::AlterPartitionReassignmentsRequest& request);

}  // namespace odradek::controller
