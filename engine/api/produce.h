// Produce (key 0): record batches for partitions. Baseline version 13, which names topics by id (KIP-516).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "engine/api/api_key.h"
#include "engine/api/error_code.h"
#include "engine/base/bytes.h"
#include "engine/base/ids.h"
#include "engine/base/time.h"

namespace odradek::api {

struct PartitionProduceData {
  PartitionId index;
  Bytes records;  ///< one record batch, magic 2

  FIELDS(index, records)
  friend bool operator==(const PartitionProduceData&, const PartitionProduceData&) = default;
};

struct TopicProduceData {
  TopicId topic_id;
  std::vector<PartitionProduceData> partition_data;

  FIELDS(topic_id, partition_data)
  friend bool operator==(const TopicProduceData&, const TopicProduceData&) = default;
};

struct ProduceRequest {
  static constexpr ApiKey kApiKey = ApiKey::kProduce;

  std::int16_t acks = -1;  ///< 0: no response at all; 1: after the leader's append; -1: after the ISR's
  std::int32_t timeout_ms = 30'000;  ///< how long the leader may park an acks=-1 request
  std::vector<TopicProduceData> topic_data;

  FIELDS(acks, timeout_ms, topic_data)
  friend bool operator==(const ProduceRequest&, const ProduceRequest&) = default;
};

struct PartitionProduceResponse {
  PartitionId index;
  ErrorCode error_code = ErrorCode::kNone;
  std::optional<Offset> base_offset;         ///< absent on error
  std::optional<Timestamp> log_append_time;  ///< present when the topic uses LogAppendTime
  std::optional<Offset> log_start_offset;

  FIELDS(index, error_code, base_offset, log_append_time, log_start_offset)
  friend bool operator==(const PartitionProduceResponse&, const PartitionProduceResponse&) = default;
};

struct TopicProduceResponse {
  TopicId topic_id;
  std::vector<PartitionProduceResponse> partition_responses;

  FIELDS(topic_id, partition_responses)
  friend bool operator==(const TopicProduceResponse&, const TopicProduceResponse&) = default;
};

struct ProduceResponse {
  static constexpr ApiKey kApiKey = ApiKey::kProduce;

  std::vector<TopicProduceResponse> responses;

  FIELDS(responses)
  friend bool operator==(const ProduceResponse&, const ProduceResponse&) = default;
};

}  // namespace odradek::api
