#include "engine/controller/cluster_control.h"

#include <utility>

#include "engine/base/ensure.h"

namespace odradek::controller {
namespace {

Outcome refuse(api::ErrorCode error_code) {
  return {.records = {},
          .response = api::BrokerRegistrationResponse{.error_code = error_code, .broker_epoch = {}}};
}

Outcome accept(Records records, BrokerEpoch epoch) {
  return {.records = std::move(records),
          .response =
              api::BrokerRegistrationResponse{.error_code = api::ErrorCode::kNone, .broker_epoch = epoch}};
}

}  // namespace

Outcome register_broker(ClusterView view, BrokerSessions& sessions, const Uuid& cluster_id, const Now& now,
                        const api::BrokerRegistrationRequest& request) {
  if (request.cluster_id != cluster_id) return refuse(api::ErrorCode::kInconsistentClusterId);
  const metadata::BrokerRegistration* old = view.image.broker(request.broker_id);
  const bool is_retry = old != nullptr && old->incarnation_id == request.incarnation_id;
  if (is_retry) return accept({}, old->epoch);
  const bool is_unfenced = old != nullptr && !old->fenced;
  if (is_unfenced && sessions.is_valid(request.broker_id, now.monotonic)) {
    return refuse(api::ErrorCode::kDuplicateBrokerRegistration);
  }
  Records records;
  if (old != nullptr) {  // first, so that the new incarnation never stands in an ISR that the old one earned
    const bool is_clean = request.previous_broker_epoch == old->epoch;
    remove_from_partitions(view, request.broker_id,
                           is_clean ? Departure::kKeepsItsLog : Departure::kMayHaveLostItsTail, records);
  }
  const BrokerEpoch epoch(view.image.end_offset().value() + static_cast<std::int64_t>(records.size()));
  records.emplace_back(metadata::RegisterBrokerRecord{.broker_id = request.broker_id,
                                                      .incarnation_id = request.incarnation_id,
                                                      .broker_epoch = epoch,
                                                      .fenced = true,
                                                      .in_controlled_shutdown = false});
  sessions.start(request.broker_id, now.monotonic);
  return accept(std::move(records), epoch);
}

void fence(ClusterView view, BrokerId broker, Records& records) {
  const metadata::BrokerRegistration* registration = view.image.broker(broker);
  ENSURE(registration != nullptr, "broker {} is fenced before it registers", broker.value());
  remove_from_partitions(view, broker, Departure::kKeepsItsLog, records);
  records.emplace_back(metadata::BrokerRegistrationChangeRecord{.broker_id = broker,
                                                                .broker_epoch = registration->epoch,
                                                                .fenced = metadata::FencingChange::kFence,
                                                                .in_controlled_shutdown = {}});
}

namespace {

enum class BrokerControlState : std::uint8_t { kFenced, kUnfenced, kControlledShutdown, kShutdownNow };

BrokerControlState state_of(const metadata::BrokerRegistration& broker, const BrokerSessions& sessions) {
  if (broker.fenced) return BrokerControlState::kFenced;
  return sessions.is_in_controlled_shutdown(broker.id) ? BrokerControlState::kControlledShutdown
                                                       : BrokerControlState::kUnfenced;
}

/// The broker has applied the record of its own registration.
bool is_caught_up(const metadata::BrokerRegistration& broker, const api::BrokerHeartbeatRequest& request) {
  return request.current_metadata_offset.value() > broker.epoch.value();
}

BrokerControlState next_state(ClusterView view, const BrokerSessions& sessions,
                              const metadata::BrokerRegistration& broker,
                              const api::BrokerHeartbeatRequest& request) {
  using enum BrokerControlState;
  const BrokerControlState current = state_of(broker, sessions);
  if (current == kFenced) {
    if (request.want_shut_down) return kShutdownNow;
    return !request.want_fence && is_caught_up(broker, request) ? kUnfenced : kFenced;
  }
  const bool leads = leads_any_partition(view.image, broker.id);
  if (current == kControlledShutdown) {
    return !leads && sessions.may_shut_down(broker.id, view.image) ? kShutdownNow : kControlledShutdown;
  }
  if (request.want_fence) return request.want_shut_down ? kShutdownNow : kFenced;
  if (request.want_shut_down) return leads ? kControlledShutdown : kShutdownNow;
  return kUnfenced;
}

void unfence(ClusterView view, const metadata::BrokerRegistration& broker, Records& records) {
  records.emplace_back(metadata::BrokerRegistrationChangeRecord{.broker_id = broker.id,
                                                                .broker_epoch = broker.epoch,
                                                                .fenced = metadata::FencingChange::kUnfence,
                                                                .in_controlled_shutdown = {}});
  elect_with(view, broker.id, records);
}

void begin_controlled_shutdown(ClusterView view, BrokerSessions& sessions,
                               const metadata::BrokerRegistration& broker, Records& records) {
  if (!broker.in_controlled_shutdown) {  // it may have begun under an earlier controller
    records.emplace_back(metadata::BrokerRegistrationChangeRecord{
        .broker_id = broker.id,
        .broker_epoch = broker.epoch,
        .fenced = {},
        .in_controlled_shutdown = metadata::ControlledShutdownChange::kInControlledShutdown});
  }
  remove_from_partitions(view, broker.id, Departure::kKeepsItsLog, records);
  sessions.begin_controlled_shutdown(broker.id,
                                     view.image.end_offset() + static_cast<std::int64_t>(records.size()));
}

}  // namespace

Outcome process_heartbeat(ClusterView view, BrokerSessions& sessions, const Now& now,
                          const api::BrokerHeartbeatRequest& request) {
  using enum BrokerControlState;
  const metadata::BrokerRegistration* broker = view.image.broker(request.broker_id);
  if (broker == nullptr || broker->epoch != request.broker_epoch) {
    return {.records = {},
            .response = api::BrokerHeartbeatResponse{.error_code = api::ErrorCode::kStaleBrokerEpoch}};
  }
  sessions.touch(request.broker_id, now.monotonic, request.current_metadata_offset);
  if (broker->fenced) sessions.end_controlled_shutdown(broker->id);
  const BrokerControlState current = state_of(*broker, sessions);
  const BrokerControlState next = next_state(view, sessions, *broker, request);
  Records records;
  if (next == kUnfenced && current == kFenced) unfence(view, *broker, records);
  if (next == kControlledShutdown && current == kUnfenced)
    begin_controlled_shutdown(view, sessions, *broker, records);
  if ((next == kFenced || next == kShutdownNow) && current != kFenced) fence(view, broker->id, records);
  return {.records = std::move(records),
          .response = api::BrokerHeartbeatResponse{.error_code = api::ErrorCode::kNone,
                                                   .is_caught_up = is_caught_up(*broker, request),
                                                   .is_fenced = next == kFenced || next == kShutdownNow,
                                                   .should_shut_down = next == kShutdownNow}};
}

}  // namespace odradek::controller
