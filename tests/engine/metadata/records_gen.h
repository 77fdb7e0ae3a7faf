// Arbitrary metadata records for properties.
#pragma once

#include <rapidcheck.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/metadata/records.h"

namespace odradek::metadata {

template <class T>
T any() {
  return *rc::gen::arbitrary<T>();
}

inline Uuid any_uuid() {
  const auto high = any<std::uint64_t>();
  const auto low = any<std::uint64_t>();
  return {.high = high, .low = low};
}

inline BrokerId any_broker() { return BrokerId(*rc::gen::inRange(0, 1 << 30)); }

inline std::vector<BrokerId> any_brokers() {
  std::vector<BrokerId> brokers(static_cast<std::size_t>(*rc::gen::inRange(0, 5)));
  for (BrokerId& broker : brokers) broker = any_broker();
  return brokers;
}

template <class F>
auto maybe(F&& f) -> std::optional<decltype(f())> {
  if (any<bool>()) return f();
  return std::nullopt;
}

inline MetadataRecord any_record() {
  const auto recovery = [] {
    return any<bool>() ? api::LeaderRecoveryState::kRecovering : api::LeaderRecoveryState::kRecovered;
  };
  const auto directories = [] {
    std::vector<Uuid> dirs(static_cast<std::size_t>(*rc::gen::inRange(0, 3)));
    for (Uuid& dir : dirs) dir = any_uuid();
    return dirs;
  };
  switch (*rc::gen::inRange(0, 10)) {
    case 0: {
      RegisterBrokerRecord r{.broker_id = any_broker(), .incarnation_id = any_uuid()};
      r.broker_epoch = BrokerEpoch(any<std::int64_t>());
      r.features.resize(static_cast<std::size_t>(*rc::gen::inRange(0, 3)));
      for (BrokerFeature& feature : r.features) {
        feature.name = any<std::string>();
        feature.min_supported_version = any<std::int16_t>();
        feature.max_supported_version = any<std::int16_t>();
      }
      r.rack = maybe(any<std::string>);
      r.fenced = any<bool>();
      r.in_controlled_shutdown = any<bool>();
      r.log_dirs = maybe(directories);
      return r;
    }
    case 1: return TopicRecord{.name = any<std::string>(), .topic_id = any_uuid()};
    case 2: {
      PartitionRecord r{.partition_id = PartitionId(any<std::int32_t>()), .topic_id = any_uuid()};
      r.replicas = any_brokers();
      r.isr = any_brokers();
      r.removing_replicas = any_brokers();
      r.adding_replicas = any_brokers();
      r.leader = maybe(any_broker);
      r.leader_recovery_state = maybe(recovery);
      r.leader_epoch = LeaderEpoch(any<std::int32_t>());
      r.partition_epoch = PartitionEpoch(any<std::int32_t>());
      r.eligible_leader_replicas = maybe(any_brokers);
      r.last_known_elr = maybe(any_brokers);
      return r;
    }
    case 3: {
      ConfigRecord r{.resource_type = ResourceType::kTopic, .resource_name = any<std::string>()};
      r.name = any<std::string>();
      r.value = maybe(any<std::string>);
      return r;
    }
    case 4: {
      PartitionChangeRecord r{.partition_id = PartitionId(any<std::int32_t>()), .topic_id = any_uuid()};
      r.isr = maybe(any_brokers);
      if (any<bool>()) r.leader.emplace(maybe(any_broker));
      r.replicas = maybe(any_brokers);
      r.removing_replicas = maybe(any_brokers);
      r.adding_replicas = maybe(any_brokers);
      r.leader_recovery_state = maybe(recovery);
      r.eligible_leader_replicas = maybe(any_brokers);
      r.last_known_elr = maybe(any_brokers);
      return r;
    }
    case 5: {
      BrokerRegistrationChangeRecord r{.broker_id = any_broker(),
                                       .broker_epoch = BrokerEpoch(any<std::int64_t>())};
      r.fenced = maybe([] { return any<bool>() ? FencingChange::kFence : FencingChange::kUnfence; });
      r.in_controlled_shutdown = maybe([] { return ControlledShutdownChange::kInControlledShutdown; });
      r.log_dirs = maybe(directories);
      return r;
    }
    case 6: {
      const BrokerId broker = any_broker();
      return UnregisterBrokerRecord{.broker_id = broker, .broker_epoch = BrokerEpoch(any<std::int64_t>())};
    }
    case 7: return RemoveTopicRecord{.topic_id = any_uuid()};
    case 8: {
      std::string name = any<std::string>();
      return FeatureLevelRecord{.name = std::move(name), .feature_level = any<std::int16_t>()};
    }
    default: return NoOpRecord{};
  }
}

}  // namespace odradek::metadata
