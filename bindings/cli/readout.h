// Read-outs (sim/search/readout.h) as people and scripts read them: what `--describe` prints.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bindings/cli/commands.h"
#include "bindings/cli/terminal.h"
#include "sim/search/readout.h"

namespace odradek::cli {

/// What is to be described, and what was seen.
struct Described {
  DescribeArgument argument;
  sim::Readout readout;
};

/// When it was seen, then each part in the order in which it was asked for.
[[nodiscard]] std::string readout_text(const Described& described, const Style& style);
[[nodiscard]] nlohmann::ordered_json readout_json(const Described& described);

/// One thing that can be described. They stand in one list, `kReadoutParts` in readout.cc.
struct ReadoutPart {
  std::string_view name;
  std::string (*text)(const sim::Readout&, const Style&);
  nlohmann::ordered_json (*json)(const sim::Readout&);
};

// readout_text.cc
[[nodiscard]] std::string topics_text(const sim::Readout& readout, const Style& style);
[[nodiscard]] std::string brokers_text(const sim::Readout& readout, const Style& style);
[[nodiscard]] std::string quorum_text(const sim::Readout& readout, const Style& style);
// readout_json.cc
[[nodiscard]] nlohmann::ordered_json topics_json(const sim::Readout& readout);
[[nodiscard]] nlohmann::ordered_json brokers_json(const sim::Readout& readout);
[[nodiscard]] nlohmann::ordered_json quorum_json(const sim::Readout& readout);

// What both say in the same words.

/// "fenced", "unfenced", "controlled shutdown", "not registered".
[[nodiscard]] std::string_view registration_state(const sim::BrokerReadout& broker);
/// "RUNNING" and the like, as Kafka's BrokerState; empty while the process is down.
[[nodiscard]] std::string_view broker_state(const sim::BrokerReadout& broker);
/// As its leader knows it; absent without a leader that runs and leads this epoch.
[[nodiscard]] std::optional<Offset> high_watermark(const sim::PartitionReadout& partition);

using Quorum = api::DescribeQuorumPartitionData;
/// How many records a replica of the metadata log lacks; absent when either end is not known.
[[nodiscard]] std::optional<std::int64_t> lag_of(const api::QuorumReplicaState& replica,
                                                 const Quorum& quorum);
/// Of the voter that is furthest behind, in records and in milliseconds. Source: MetadataQuorumCommand.
[[nodiscard]] std::optional<std::int64_t> max_follower_lag(const Quorum& quorum);
[[nodiscard]] std::optional<std::int64_t> max_follower_lag_time_ms(const Quorum& quorum);

}  // namespace odradek::cli
