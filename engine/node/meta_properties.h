// meta.properties: whose log directory this is. It is written when a disk is formatted (kafka-storage format)
// and looked at before anything else at each start, so that a process never touches what belongs to another
// one.
//
// Source: org.apache.kafka.metadata.properties.MetaProperties and MetaPropertiesEnsemble (KIP-631, KIP-858).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/base/ids.h"
#include "engine/io/disk.h"

namespace odradek::node {

inline constexpr std::string_view kMetaPropertiesFile = "meta.properties";

struct MetaProperties {
  Uuid cluster_id;
  NodeId node;

  FIELDS(cluster_id, node)
  friend bool operator==(const MetaProperties&, const MetaProperties&) = default;
};

/// Version 1 of the file.
[[nodiscard]] std::string to_text(const MetaProperties& properties);

/// Absent when it is no version 1, or lacks a property.
[[nodiscard]] std::optional<MetaProperties> parse_meta_properties(std::string_view text);

/// Why the process that is `own` must not use this log directory; absent when it may.
[[nodiscard]] std::optional<std::string> refuse_log_directory(const io::Disk& disk,
                                                              const MetaProperties& own);

}  // namespace odradek::node
