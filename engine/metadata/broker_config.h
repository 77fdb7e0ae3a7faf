// Dynamic settings of brokers: those that topics inherit.
//
// A broker's property often has another name than the topic's that it is the default of: "log.segment.bytes"
// for "segment.bytes". Where a topic says nothing the broker's own dynamic value counts, then the one that
// all brokers share, then what the process was configured with.
//
// Source: org.apache.kafka.server.config.ServerTopicConfigSynonyms,
// KafkaConfigSchema.resolveEffectiveTopicConfig.
#pragma once

#include <optional>
#include <string_view>

#include "engine/base/result.h"
#include "engine/metadata/image.h"

namespace odradek::metadata {

/// Sets the topic default that this property of brokers stands for. The error says what is wrong with the
/// value, or that the property cannot be changed while a broker runs.
[[nodiscard]] Result<void> set_broker_property(io::TopicConfig& defaults, std::string_view name,
                                               std::string_view value);

/// What topics inherit on this broker; without one, from the settings that all brokers share.
[[nodiscard]] io::TopicConfig topic_defaults(const MetadataImage& image, std::optional<BrokerId> broker,
                                             const io::TopicConfig& configured);

}  // namespace odradek::metadata
