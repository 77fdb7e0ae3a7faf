#include "engine/controller/cluster_control.h"

#include <fmt/core.h>

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

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

/// Directories have distinct ids, which no other broker has.
bool has_valid_directories(const metadata::MetadataImage& image,
                           const api::BrokerRegistrationRequest& request) {
  if (!request.log_dirs) return true;
  const std::set<Uuid> distinct(request.log_dirs->begin(), request.log_dirs->end());
  if (distinct.empty() || distinct.size() != request.log_dirs->size()) return false;
  return std::ranges::none_of(image.brokers(), [&](const auto& entry) {
    if (entry.first == request.broker_id || !entry.second.log_dirs) return false;
    return std::ranges::any_of(*entry.second.log_dirs,
                               [&](const Uuid& directory) { return distinct.contains(directory); });
  });
}

/// Every feature that is finalized above 0 is within what the broker supports, as far as it tells.
bool supports_finalized_features(const metadata::MetadataImage& image,
                                 const api::BrokerRegistrationRequest& request) {
  if (request.features.empty()) return true;
  return std::ranges::all_of(image.features(), [&](const auto& finalized) {
    const auto& [name, level] = finalized;
    const auto told = std::ranges::find(request.features, name, &api::RegistrationFeature::name);
    if (told == request.features.end()) return level == 0;
    return told->min_supported_version <= level && level <= told->max_supported_version;
  });
}

metadata::RegisterBrokerRecord record_of(const api::BrokerRegistrationRequest& request) {
  metadata::RegisterBrokerRecord record{.broker_id = request.broker_id,
                                        .incarnation_id = request.incarnation_id,
                                        .broker_epoch = {},
                                        .features = {},
                                        .rack = request.rack,
                                        .log_dirs = request.log_dirs};
  for (const api::RegistrationFeature& feature : request.features) {
    record.features.push_back({.name = feature.name,
                               .min_supported_version = feature.min_supported_version,
                               .max_supported_version = feature.max_supported_version});
  }
  return record;
}

bool is_told(const metadata::BrokerRegistration& broker, const metadata::RegisterBrokerRecord& record) {
  return broker.features == record.features && broker.rack == record.rack &&
         broker.log_dirs == record.log_dirs;
}

}  // namespace

Outcome register_broker(ClusterView view, BrokerSessions& sessions, const Uuid& cluster_id, const Now& now,
                        const api::BrokerRegistrationRequest& request) {
  const metadata::BrokerRegistration* old = view.image.broker(request.broker_id);
  const bool is_retry = old != nullptr && old->incarnation_id == request.incarnation_id;
  const bool is_alive = old != nullptr && !old->fenced && sessions.is_valid(request.broker_id, now.monotonic);
  if (request.cluster_id != cluster_id) return refuse(api::ErrorCode::kInconsistentClusterId);
  if (is_alive && !is_retry) return refuse(api::ErrorCode::kDuplicateBrokerRegistration);
  if (!has_valid_directories(view.image, request)) return refuse(api::ErrorCode::kInvalidRegistration);
  if (!supports_finalized_features(view.image, request)) return refuse(api::ErrorCode::kUnsupportedVersion);
  metadata::RegisterBrokerRecord record = record_of(request);
  Records records;
  if (is_retry) {  // may tell other features, racks or directories; what it is does not change
    record.broker_epoch = old->epoch;
    record.fenced = old->fenced;
    record.in_controlled_shutdown = old->in_controlled_shutdown;
    if (!is_told(*old, record)) records.emplace_back(record);
    return accept(std::move(records), old->epoch);
  }
  // First, so that the new incarnation never stands in an ISR that an earlier one earned. One that was
  // unregistered may still be eligible.
  const bool is_clean = old != nullptr && request.previous_broker_epoch == old->epoch;
  remove_from_partitions(view, request.broker_id,
                         is_clean ? Departure::kKeepsItsLog : Departure::kMayHaveLostItsTail, records);
  record.broker_epoch =
      BrokerEpoch(view.image.end_offset().value() + static_cast<std::int64_t>(records.size()));
  records.emplace_back(record);
  sessions.start(request.broker_id, now.monotonic);
  return accept(std::move(records), record.broker_epoch);
}

Outcome unregister_broker(ClusterView view, const api::UnregisterBrokerRequest& request) {
  const metadata::BrokerRegistration* registration = view.image.broker(request.broker_id);
  if (registration == nullptr) {
    return {.records = {},
            .response = api::UnregisterBrokerResponse{
                .error_code = api::ErrorCode::kBrokerIdNotRegistered,
                .error_message =
                    fmt::format("Broker ID {} is not currently registered", request.broker_id.value())}};
  }
  Records records;
  remove_from_partitions(view, request.broker_id, Departure::kKeepsItsLog, records);
  records.emplace_back(
      metadata::UnregisterBrokerRecord{.broker_id = request.broker_id, .broker_epoch = registration->epoch});
  return {.records = std::move(records), .response = api::UnregisterBrokerResponse{}};
}

void fence(ClusterView view, BrokerId broker, Records& records) {
  const metadata::BrokerRegistration* registration = view.image.broker(broker);
  ENSURE(registration != nullptr, "broker {} is fenced before it registers", broker.value());
  remove_from_partitions(view, broker, Departure::kKeepsItsLog, records);
  records.emplace_back(metadata::BrokerRegistrationChangeRecord{.broker_id = broker,
                                                                .broker_epoch = registration->epoch,
                                                                .fenced = metadata::FencingChange::kFence,
                                                                .in_controlled_shutdown = {},
                                                                .log_dirs = {}});
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
    // A late one, from before the broker asked for leave: unfenced now, it would lead again, while it goes.
    // Kafka does that (BrokerHeartbeatManager.calculateNextBrokerState looks at the fence alone).
    if (broker.in_controlled_shutdown) return kFenced;
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
                                                                .in_controlled_shutdown = {},
                                                                .log_dirs = {}});
  elect_with(view, broker.id, records);
}

/// Directories that failed are online no more. Replicas are not assigned to directories, so those of a broker
/// are gone once its last directory is (handleDirectoriesOffline).
void take_directories_offline(ClusterView view, const metadata::BrokerRegistration& broker,
                              const std::vector<Uuid>& offline, Records& records) {
  if (!broker.log_dirs) return;
  std::vector<Uuid> online = *broker.log_dirs;
  std::erase_if(online, [&](const Uuid& directory) { return std::ranges::count(offline, directory) > 0; });
  if (online.size() == broker.log_dirs->size()) return;
  if (online.empty()) remove_from_partitions(view, broker.id, Departure::kKeepsItsLog, records);
  records.emplace_back(metadata::BrokerRegistrationChangeRecord{.broker_id = broker.id,
                                                                .broker_epoch = broker.epoch,
                                                                .fenced = {},
                                                                .in_controlled_shutdown = {},
                                                                .log_dirs = std::move(online)});
}

void begin_controlled_shutdown(ClusterView view, BrokerSessions& sessions,
                               const metadata::BrokerRegistration& broker, Records& records) {
  if (!broker.in_controlled_shutdown) {  // it may have begun under an earlier controller
    records.emplace_back(metadata::BrokerRegistrationChangeRecord{
        .broker_id = broker.id,
        .broker_epoch = broker.epoch,
        .fenced = {},
        .in_controlled_shutdown = metadata::ControlledShutdownChange::kInControlledShutdown,
        .log_dirs = {}});
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
  const bool leaves = next != kUnfenced && current != kFenced && next != current;
  if ((next == kFenced || next == kShutdownNow) && current != kFenced) fence(view, broker->id, records);
  if (!leaves) take_directories_offline(view, *broker, request.offline_log_dirs, records);
  return {.records = std::move(records),
          .response = api::BrokerHeartbeatResponse{.error_code = api::ErrorCode::kNone,
                                                   .is_caught_up = is_caught_up(*broker, request),
                                                   .is_fenced = next == kFenced || next == kShutdownNow,
                                                   .should_shut_down = next == kShutdownNow}};
}

}  // namespace odradek::controller
