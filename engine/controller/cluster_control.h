// The life of brokers as the controller sees it: registered, unfenced, shutting down, fenced.
//
//   FENCED            registered and silent, or not caught up; leads nothing, joins no ISR
//   UNFENCED          alive; may lead
//   CONTROLLED_SHUTDOWN  alive, gives its leaderships away, may not get new ones
//   SHUTDOWN_NOW      may stop its process; fenced from then on
//
// Source: org.apache.kafka.controller.ClusterControlManager, BrokerHeartbeatManager.calculateNextBrokerState;
// KIP-631.
#pragma once

#include "engine/controller/broker_sessions.h"
#include "engine/controller/outcome.h"
#include "engine/controller/replication_control.h"

namespace odradek::controller {

/// BrokerRegistration. A new incarnation's epoch is the offset of its record.
[[nodiscard]] Outcome register_broker(ClusterView view, BrokerSessions& sessions, const Uuid& cluster_id,
                                      const Now& now, const api::BrokerRegistrationRequest& request);

/// UnregisterBroker: leaves its ISRs and is forgotten, its eligibility not. A broker that lives registers
/// again.
[[nodiscard]] Outcome unregister_broker(ClusterView view, const api::UnregisterBrokerRequest& request);

/// BrokerHeartbeat: keeps the session alive, moves the broker between its states, and takes its failed
/// directories offline.
[[nodiscard]] Outcome process_heartbeat(ClusterView view, BrokerSessions& sessions, const Now& now,
                                        const api::BrokerHeartbeatRequest& request);

/// The broker leaves its ISRs and leads nothing; then it is fenced. REQUIRES: registered.
void fence(ClusterView view, BrokerId broker, Records& records);

}  // namespace odradek::controller
