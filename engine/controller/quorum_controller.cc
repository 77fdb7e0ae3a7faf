#include "engine/controller/quorum_controller.h"

#include <algorithm>
#include <utility>

#include "engine/base/ensure.h"
#include "engine/controller/cluster_control.h"
#include "engine/controller/committed_events.h"
#include "engine/controller/config_control.h"
#include "engine/controller/error_response.h"
#include "engine/controller/reassignment.h"
#include "engine/metadata/broker_config.h"

namespace odradek::controller {
namespace {

constexpr io::Timer kSessionCheck{.kind = io::TimerKind::kSessionCheck, .entity = 0};
constexpr io::Timer kNoOp{.kind = io::TimerKind::kNoOpRecord, .entity = 0};
constexpr io::Timer kImbalanceCheck{.kind = io::TimerKind::kLeaderImbalanceCheck, .entity = 0};

void note(api::ErrorCode error, io::Effects& out) {
  if (error == api::ErrorCode::kStaleBrokerEpoch) sometimes(out, Probe::kStaleBrokerEpoch);
  if (error == api::ErrorCode::kDuplicateBrokerRegistration) sometimes(out, Probe::kDuplicateRegistration);
  if (error == api::ErrorCode::kIneligibleReplica) sometimes(out, Probe::kIneligibleReplica);
}

/// Probes for refusals that only faults bring about.
void note_refusals(const api::Response& response, io::Effects& out) {
  if (const auto* registration = std::get_if<api::BrokerRegistrationResponse>(&response)) {
    note(registration->error_code, out);
  } else if (const auto* heartbeat = std::get_if<api::BrokerHeartbeatResponse>(&response)) {
    note(heartbeat->error_code, out);
  } else if (const auto* altered = std::get_if<api::AlterPartitionResponse>(&response)) {
    note(altered->error_code, out);
    for (const auto& topic : altered->topics) {
      for (const auto& partition : topic.partitions) note(partition.error_code, out);
    }
  }
}

}  // namespace

void QuorumController::claim(const Now& now, LeaderEpoch epoch, const Key& key, io::Effects& out) {
  ENSURE(!active_, "the controller is active already");
  if (!draws_) draws_.emplace(key);
  active_ = Active{.image = committed_,
                   .sessions = BrokerSessions(milliseconds(config_.controller.broker_session_timeout_ms),
                                              committed_, now.monotonic),
                   .topic_defaults = metadata::topic_defaults(committed_, std::nullopt, config_.defaults),
                   .deferred = {},
                   .session_check_set = false};
  out.emit(io::ElectController{.controller_epoch = epoch});
  maybe_set_session_check(now, out);
  restart_idle_timer(out);
  out.set_timer(kImbalanceCheck, seconds(config_.controller.leader_imbalance_check_interval_seconds));
}

void QuorumController::resign(io::Effects& out) {
  ENSURE(active_.has_value(), "a controller resigns that is not active");
  for (const Deferred& deferred : active_->deferred) {
    const Answer& answer = deferred.answer;
    out.respond(answer.connection, answer.correlation,
                error_response(answer.request, api::ErrorCode::kNotController));
  }
  if (!active_->deferred.empty()) sometimes(out, Probe::kAnswersLostWithLeadership);
  for (const io::Timer& timer : {kSessionCheck, kNoOp, kImbalanceCheck}) out.cancel_timer(timer);
  active_.reset();
}

void QuorumController::load(metadata::MetadataImage image) {
  ENSURE(!active_, "the active controller holds all of the log, but loads a snapshot of it");
  ENSURE(image.end_offset() >= committed_.end_offset(), "a snapshot up to {} is loaded after {}",
         image.end_offset().value(), committed_.end_offset().value());
  committed_ = std::move(image);
}

void QuorumController::commit(const metadata::RecordBatch& batch, io::Effects& out) {
  ENSURE(batch.base == committed_.end_offset(), "batch at {} is committed after {}", batch.base.value(),
         committed_.end_offset().value());
  controller::commit(committed_, batch, out);
  if (!active_) return;
  std::deque<Deferred>& deferred = active_->deferred;
  while (!deferred.empty() && deferred.front().after <= committed_.end_offset()) {
    Answer& answer = deferred.front().answer;
    out.respond(answer.connection, answer.correlation, std::move(answer.response));
    deferred.pop_front();
  }
}

bool QuorumController::handles(const api::Request& request) {
  switch (api::api_key_of(request)) {
    case api::ApiKey::kProduce:
    case api::ApiKey::kFetch:
    case api::ApiKey::kListOffsets:
    case api::ApiKey::kMetadata:
    case api::ApiKey::kOffsetForLeaderEpoch: return false;
    default: return true;
  }
}

Outcome QuorumController::handle(const Now& now, const api::Request& request, const KRaftVersionState& kraft,
                                 io::Effects& out) {
  if (!active_) return {.records = {}, .response = error_response(request, api::ErrorCode::kNotController)};
  Outcome outcome = dispatch(now, request, kraft);
  note_refusals(outcome.response, out);
  return outcome;
}

Outcome QuorumController::dispatch(const Now& now, const api::Request& request,
                                   const KRaftVersionState& kraft) {
  if (const auto* r = std::get_if<api::BrokerHeartbeatRequest>(&request)) {
    return process_heartbeat(view(), active_->sessions, now, *r);
  }
  if (const auto* r = std::get_if<api::AlterPartitionRequest>(&request)) return alter_partition(view(), *r);
  if (const auto* r = std::get_if<api::BrokerRegistrationRequest>(&request)) {
    return register_broker(view(), active_->sessions, config_.cluster_id, now, *r);
  }
  return administer(request, kraft);
}

Outcome QuorumController::administer(const api::Request& request, const KRaftVersionState& kraft) {
  if (const auto* r = std::get_if<api::CreateTopicsRequest>(&request)) {
    return create_topics(view(), *draws_, *r);
  }
  if (const auto* r = std::get_if<api::CreatePartitionsRequest>(&request)) {
    return create_partitions(view(), *draws_, *r);
  }
  if (const auto* r = std::get_if<api::DeleteTopicsRequest>(&request)) return delete_topics(view(), *r);
  if (const auto* r = std::get_if<api::ElectLeadersRequest>(&request)) return elect_leaders(view(), *r);
  if (const auto* r = std::get_if<api::AlterPartitionReassignmentsRequest>(&request)) {
    return alter_partition_reassignments(view(), *r);
  }
  if (const auto* r = std::get_if<api::ListPartitionReassignmentsRequest>(&request)) {
    return {.records = {}, .response = list_partition_reassignments(active_->image, *r)};
  }
  if (const auto* r = std::get_if<api::IncrementalAlterConfigsRequest>(&request)) {
    return incremental_alter_configs(view(), config_.defaults, *r);
  }
  if (const auto* r = std::get_if<api::UpdateFeaturesRequest>(&request)) {
    return update_features(active_->image, {.formatted = config_.controller, .kraft_version = kraft}, *r);
  }
  if (const auto* r = std::get_if<api::UnregisterBrokerRequest>(&request)) {
    return unregister_broker(view(), *r);
  }
  return {.records = {}, .response = error_response(request, api::ErrorCode::kInvalidRequest)};
}

Records QuorumController::on_timer(const Now& now, const io::Timer& timer, io::Effects& out) {
  if (!active_) return {};
  switch (timer.kind) {
    case io::TimerKind::kSessionCheck: return check_sessions(now, out);
    case io::TimerKind::kLeaderImbalanceCheck: return check_leaders(out);
    case io::TimerKind::kNoOpRecord: return {metadata::NoOpRecord{}};
    default: return {};
  }
}

Records QuorumController::check_sessions(const Now& now, io::Effects& out) {
  active_->session_check_set = false;
  Records records;
  // One broker at a time: each is fenced by an image that knows of the one before.
  if (const std::optional<BrokerId> stale = active_->sessions.find_one_stale(active_->image, now.monotonic)) {
    sometimes(out, Probe::kBrokerFenced);
    fence(view(), *stale, records);
    return records;  // `replay` sets the next check
  }
  maybe_set_session_check(now, out);
  return records;
}

Records QuorumController::check_leaders(io::Effects& out) const {
  Records records;
  elect_unclean(view(), records);
  if (config_.controller.auto_leader_rebalance_enable) balance_leaders(view(), records);
  out.set_timer(kImbalanceCheck, seconds(config_.controller.leader_imbalance_check_interval_seconds));
  return records;
}

void QuorumController::pass_over(OffsetAndEpoch log_end) {
  if (active_ && active_->image.end_offset() < log_end.offset) active_->image.finish_batch(log_end);
}

void QuorumController::replay(const Now& now, const metadata::RecordBatch& batch, io::Effects& out) {
  metadata::ImageDelta delta;
  active_->image.replay(batch, delta);
  if (!delta.changed_broker_configs.empty()) {
    active_->topic_defaults = metadata::topic_defaults(active_->image, std::nullopt, config_.defaults);
  }
  if (delta.brokers_changed) maybe_set_session_check(now, out);
  restart_idle_timer(out);
}

void QuorumController::maybe_set_session_check(const Now& now, io::Effects& out) {
  if (active_->session_check_set) return;
  const std::optional<MonotonicTime> expiry = active_->sessions.next_expiry(active_->image);
  if (!expiry) return;
  active_->session_check_set = true;
  out.set_timer(kSessionCheck, std::max(*expiry - now.monotonic, Duration(0)));
}

void QuorumController::restart_idle_timer(io::Effects& out) const {
  out.set_timer(kNoOp, milliseconds(config_.controller.metadata_max_idle_interval_ms));
}

void QuorumController::respond_when_committed(Answer answer, io::Effects& out) {
  const Offset after = active_image().end_offset();
  if (after <= committed_.end_offset()) {
    out.respond(answer.connection, answer.correlation, std::move(answer.response));
    return;
  }
  active_->deferred.push_back({.after = after, .answer = std::move(answer)});
}

void QuorumController::on_peer_gone(ConnectionId connection) {
  if (!active_) return;
  std::erase_if(active_->deferred, [&](const Deferred& d) { return d.answer.connection == connection; });
}

}  // namespace odradek::controller
