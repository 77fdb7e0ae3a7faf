#include "engine/metadata/broker_config.h"

#include <array>

#include "engine/base/ensure.h"
#include "engine/metadata/topic_config.h"

namespace odradek::metadata {
namespace {

struct Synonym {
  std::string_view broker;
  std::string_view topic;
};

constexpr std::array kSynonyms = {
    Synonym{"min.insync.replicas", "min.insync.replicas"},
    Synonym{"unclean.leader.election.enable", "unclean.leader.election.enable"},
    Synonym{"log.segment.bytes", "segment.bytes"},
    Synonym{"log.index.interval.bytes", "index.interval.bytes"},
    Synonym{"log.index.size.max.bytes", "segment.index.bytes"},
    Synonym{"message.max.bytes", "max.message.bytes"},
    Synonym{"log.message.timestamp.type", "message.timestamp.type"},
    Synonym{"log.segment.delete.delay.ms", "file.delete.delay.ms"},
};

void lay_over(io::TopicConfig& defaults, const MetadataImage& image, const BrokerConfigKey& key) {
  const auto found = image.broker_configs().find(key);
  if (found == image.broker_configs().end()) return;
  for (const auto& [name, value] : found->second) {
    const Result<void> set = set_broker_property(defaults, name, value);
    ENSURE(set.has_value(), "brokers were given an invalid setting: {}", set.error().message);
  }
}

}  // namespace

Result<void> set_broker_property(io::TopicConfig& defaults, std::string_view name, std::string_view value) {
  for (const Synonym& synonym : kSynonyms) {
    if (synonym.broker == name) return set_property(defaults, synonym.topic, value);
  }
  return fail("Cannot update these configs dynamically: Set({})", name);
}

io::TopicConfig topic_defaults(const MetadataImage& image, std::optional<BrokerId> broker,
                               const io::TopicConfig& configured) {
  io::TopicConfig defaults = configured;
  lay_over(defaults, image, std::nullopt);
  if (broker) lay_over(defaults, image, broker);
  return defaults;
}

}  // namespace odradek::metadata
