// The features that this code knows, and the levels of each that it can run at: what controllers allow, and
// what brokers and controllers tell that they support (KIP-584).
//
// A feature that is not listed is at level 0, which is without it. kraft.version is finalized by the metadata
// quorum, in control records (KIP-853), all others by FeatureLevelRecords. Source:
// org.apache.kafka.server.common.Feature, QuorumFeatures.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

namespace odradek::metadata {

struct SupportedFeature {
  std::string_view name;
  std::int16_t min = 0;
  std::int16_t max = 0;
};

/// KIP-966: at 1, the controller keeps eligible leader replicas.
inline constexpr std::string_view kElrFeature = "eligible.leader.replicas.version";
/// KIP-853: at 1, the log says who the voters are, with their directories, and they may change.
inline constexpr std::string_view kKRaftVersionFeature = "kraft.version";

inline constexpr std::array kSupportedFeatures = {
    SupportedFeature{.name = kElrFeature, .min = 0, .max = 1},
    SupportedFeature{.name = kKRaftVersionFeature, .min = 0, .max = 1},
};

/// Level 0 alone for what is not known.
[[nodiscard]] constexpr SupportedFeature supported_feature(std::string_view name) {
  const auto found = std::ranges::find(kSupportedFeatures, name, &SupportedFeature::name);
  return found == kSupportedFeatures.end() ? SupportedFeature{.name = name} : *found;
}

}  // namespace odradek::metadata
