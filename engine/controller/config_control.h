// IncrementalAlterConfigs: settings of topics, of single brokers and of all brokers.
//
// Each resource stands or falls as a whole. A smaller min.insync.replicas may leave an ISR that suffices:
// such partitions drop their ELR in the same batch (KIP-966).
//
// Source: org.apache.kafka.controller.ConfigurationControlManager, ControllerConfigurationValidator.
#pragma once

#include "engine/controller/outcome.h"
#include "engine/controller/replication_control.h"

namespace odradek::controller {

/// `configured` is what topics inherit before any dynamic setting.
[[nodiscard]] Outcome incremental_alter_configs(ClusterView view, const io::TopicConfig& configured,
                                                const api::IncrementalAlterConfigsRequest& request);

}  // namespace odradek::controller
