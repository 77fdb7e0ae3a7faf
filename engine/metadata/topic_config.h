// Topic settings by property name and text, as CreateTopics brings them and ConfigRecords keep them.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "engine/io/config.h"

namespace odradek::metadata {

/// Sets one property, "min.insync.replicas" to "2"; the error names the property and what it takes. Source:
/// LogConfig.
[[nodiscard]] Result<void> set_property(io::TopicConfig& config, std::string_view name,
                                        std::string_view value);

/// The defaults with these properties set.
[[nodiscard]] Result<io::TopicConfig> parse_topic_config(const std::map<std::string, std::string>& properties,
                                                         const io::TopicConfig& defaults);

}  // namespace odradek::metadata
