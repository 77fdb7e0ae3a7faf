// Kafka's configuration under its own names, read into the structs of engine/io/config.h.
//
// Names and types come from the structs' FIELDS; bounds follow Kafka's validators, with a ceiling on what a
// simulation can sensibly hold.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "engine/io/config.h"
#include "scenarios/reader.h"
#include "sim/search/scenario.h"

namespace odradek::scenarios {

void read_property(Reader& reader, const std::string& name, bool& out);
void read_property(Reader& reader, const std::string& name, std::int16_t& out);
void read_property(Reader& reader, const std::string& name, std::int32_t& out);
void read_property(Reader& reader, const std::string& name, std::int64_t& out);
void read_property(Reader& reader, const std::string& name, io::TimestampType& out);
void read_property(Reader& reader, const std::string& name, io::Partitioner& out);
void read_property(Reader& reader, const std::string& name, io::OffsetReset& out);

/// Every property of the struct that the table has. The reader is not finished: one table may fill several
/// structs.
template <class Config>
void read_properties(Reader& reader, Config& config) {
  for_each_field(config, [&reader](std::string_view member, auto& field) {
    read_property(reader, io::property_name(member), field);
  });
}

/// The topic's properties as CreateTopics carries them; `config` receives them on top of what it holds.
[[nodiscard]] std::map<std::string, std::string> read_topic_properties(Reader& reader,
                                                                       io::TopicConfig& config);

/// What Kafka demands across properties when a client or a broker starts. Source: ProducerConfig,
/// KafkaConfig.
void check_producer(const io::ProducerConfig& config, const Reader& reader, Problems& problems);
void check_cluster(const sim::ClusterSpec& cluster, const Reader& reader, Problems& problems);

}  // namespace odradek::scenarios
