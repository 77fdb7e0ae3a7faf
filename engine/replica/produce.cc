// Produce: validation, append, and the wait for the in-sync replicas.
#include <algorithm>
#include <utility>

#include "engine/replica/replica_manager.h"
#include "engine/wire/record_batch.h"

namespace odradek::replica {
namespace {

using enum api::ErrorCode;

/// NONE, or why a client's batch is refused before anything is appended.
api::ErrorCode check_client_batch(const Bytes& batch, const io::TopicConfig& config) {
  if (static_cast<std::int64_t>(batch.size()) > config.max_message_bytes) return kMessageTooLarge;
  if (!wire::check_batch(batch.span())) return kCorruptMessage;
  const auto header = wire::read_batch_header(batch.span());
  if (header->is_control()) return kInvalidRecord;  // only the cluster itself writes control records
  return kNone;
}

}  // namespace

void ReplicaManager::handle_produce(const ReplyTo& to, const api::ProduceRequest& request,
                                    const Context& ctx) {
  const bool valid_acks = request.acks >= -1 && request.acks <= 1;
  ParkedProduce produce{.connection = to.connection, .correlation = to.correlation, .partitions = {}};
  std::vector<TopicPartition> touched;
  for (const api::TopicProduceData& topic : request.topic_data) {
    for (const api::PartitionProduceData& data : topic.partition_data) {
      const TopicPartition tp{.topic_id = topic.topic_id, .partition = data.index};
      touched.push_back(tp);
      PendingAck ack{.response = {.index = data.index,
                                  .error_code = kInvalidRequiredAcks,
                                  .base_offset = {},
                                  .log_append_time = {},
                                  .log_start_offset = {}},
                     .required = {}};
      produce.partitions.insert_or_assign(tp, valid_acks ? append(tp, data, request.acks, ctx) : ack);
    }
  }
  // The appends may have moved high watermarks and may satisfy fetches that wait for data.
  for (const TopicPartition& tp : touched) {
    check_produces(tp, ctx);
    check_fetches(tp, ctx);
    settle(tp, produce.partitions.at(tp), ctx);
  }
  if (request.acks == 0) {
    const bool failed = std::ranges::any_of(
        produce.partitions, [](const auto& entry) { return entry.second.response.error_code != kNone; });
    // Nobody waits for an answer: the only way to tell of an error is to hang up.
    return failed ? ctx.out.close(to.connection) : ctx.out.finish_request(to.connection);
  }
  const bool waits =
      std::ranges::any_of(produce.partitions, [](const auto& e) { return e.second.required.has_value(); });
  if (!waits) return answer_produce(produce, ctx);
  parked_produces_.park(std::move(produce), touched, milliseconds(request.timeout_ms), ctx.out);
}

PendingAck ReplicaManager::append(const TopicPartition& tp, const api::PartitionProduceData& data,
                                  std::int16_t acks, const Context& ctx) {
  PendingAck ack{.response = {.index = data.index,
                              .error_code = kNone,
                              .base_offset = {},
                              .log_append_time = {},
                              .log_start_offset = {}},
                 .required = {}};
  Partition* partition = hosted(tp, ctx);
  ack.response.error_code =
      partition == nullptr ? absence_of(tp, ctx) : check_client_batch(data.records, partition->config());
  if (ack.response.error_code == kInconsistentTopicId)
    ack.response.error_code =
        kUnknownTopicId;  // a fetch is told more (ReplicaManager.getPartitionOrException)
  if (ack.response.error_code == kNone) {
    const auto appended = partition->append_as_leader(data.records, acks, ctx);
    if (appended) {
      ack.response.base_offset = appended->first;
      ack.response.log_append_time = appended->log_append_time;
      ack.response.log_start_offset = partition->log().log_start_offset();
      if (acks == -1) ack.required = appended->next;
      if (acks >= 0) {
        const auto isr_size = static_cast<std::int32_t>(partition->leader()->isr.size());
        ctx.out.emit(io::AckProduce{tp, appended->first, appended->next, acks, isr_size});
      }
      // The caller looks after what waits for this partition once all batches are appended.
      (void)partition->maybe_advance_high_watermark(config_, ctx);
    } else {
      ack.response.error_code = appended.error();
    }
  }
  if (ack.response.error_code != kNone) ctx.out.emit(io::RejectProduce{tp, ack.response.error_code});
  return ack;
}

/// Why a parked produce has no leader to wait for any more. Source: ReplicaManager.getPartitionOrError.
api::ErrorCode ReplicaManager::loss_of(const TopicPartition& tp, const Context& ctx) {
  if (ctx.image.topic(tp.topic_id) != nullptr) {
    sometimes(ctx.out, Probe::kProduceParkedThenLost);
    return kNotLeaderOrFollower;
  }
  sometimes(ctx.out, Probe::kProduceParkedThenDeleted);
  return kUnknownTopicOrPartition;
}

// Source: DelayedProduce.tryComplete, Partition.checkEnoughReplicasReachOffset.
void ReplicaManager::settle(const TopicPartition& tp, PendingAck& ack, const Context& ctx) const {
  if (!ack.required) return;
  const Partition* partition = find(tp);
  const Leader* leader = partition == nullptr ? nullptr : partition->leader();
  if (leader == nullptr) {
    ack.response.error_code = loss_of(tp, ctx);
  } else if (partition->high_watermark() < *ack.required) {
    return;
  } else if (partition->effective_min_isr() > static_cast<std::int32_t>(leader->maximal_isr().size())) {
    // The records stay and are in fact committed to the remaining replicas: the client learns that it is
    // unsafe.
    sometimes(ctx.out, Probe::kNotEnoughReplicasAfterAppend);
    ack.response.error_code = kNotEnoughReplicasAfterAppend;
  } else {
    const auto isr_size = static_cast<std::int32_t>(leader->isr.size());
    ctx.out.emit(io::AckProduce{tp, *ack.response.base_offset, *ack.required, -1, isr_size});
  }
  if (ack.response.error_code != kNone) {
    ack.response.base_offset.reset();
    ctx.out.emit(io::RejectProduce{tp, ack.response.error_code});
  }
  ack.required.reset();
}

void ReplicaManager::check_produces(const TopicPartition& tp, const Context& ctx) {
  for (const std::uint64_t ordinal : parked_produces_.watching(tp)) {
    ParkedProduce* parked = parked_produces_.find(ordinal);
    if (parked == nullptr) continue;  // answered by an earlier check of this very step
    settle(tp, parked->partitions.at(tp), ctx);
    const bool waits =
        std::ranges::any_of(parked->partitions, [](const auto& e) { return e.second.required.has_value(); });
    if (!waits) answer_produce(parked_produces_.take(ordinal, ctx.out), ctx);
  }
}

void ReplicaManager::on_produce_timeout(std::uint64_t ordinal, const Context& ctx) {
  ParkedProduce parked = parked_produces_.take(ordinal, ctx.out);
  sometimes(ctx.out, Probe::kProduceTimedOut);
  for (auto& [tp, ack] : parked.partitions) {
    if (!ack.required) continue;
    ack.required.reset();
    ack.response.error_code = kRequestTimedOut;
    ack.response.base_offset.reset();
    ctx.out.emit(io::RejectProduce{tp, kRequestTimedOut});
  }
  answer_produce(parked, ctx);
}

void ReplicaManager::answer_produce(const ParkedProduce& parked, const Context& ctx) {
  api::ProduceResponse response;
  for (const auto& [tp, ack] : parked.partitions) {
    if (response.responses.empty() || response.responses.back().topic_id != tp.topic_id) {
      response.responses.push_back({tp.topic_id, {}});
    }
    response.responses.back().partition_responses.push_back(ack.response);
  }
  ctx.out.respond(parked.connection, parked.correlation, std::move(response));
}

}  // namespace odradek::replica
