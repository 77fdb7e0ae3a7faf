// Levels of features (KIP-584): what the cluster runs at, and UpdateFeatures, which changes it.
//
// A cluster is formatted with levels, which are configuration; a FeatureLevelRecord overrides them from its
// offset on. Source: org.apache.kafka.controller.FeatureControlManager, QuorumFeatures.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "engine/controller/outcome.h"
#include "engine/metadata/image.h"

namespace odradek::controller {

/// KIP-966: at 1, the controller keeps eligible leader replicas.
inline constexpr std::string_view kElrFeature = "eligible.leader.replicas.version";

/// KIP-853: at 1, the voters of the metadata quorum can change. A level of the metadata log, not of an image.
inline constexpr std::string_view kKRaftFeature = "kraft.version";

struct FeatureRange {
  std::string_view name;
  std::int16_t min = 0;
  std::int16_t max = 0;
};

/// What controllers and brokers can run at (QuorumFeatures.defaultSupportedFeatureMap); of other features
/// only level 0, which is without them.
inline constexpr std::array kSupportedFeatures = {FeatureRange{.name = kElrFeature, .min = 0, .max = 1},
                                                  FeatureRange{.name = kKRaftFeature, .min = 0, .max = 1}};

/// The levels that no image tells.
struct OutsideLevels {
  const io::ControllerConfig& formatted;
  std::int16_t kraft_version = 0;
};

/// Whether the cluster keeps eligible leader replicas.
[[nodiscard]] bool is_elr_enabled(const metadata::MetadataImage& image,
                                  const io::ControllerConfig& formatted);

/// UpdateFeatures: all updates, or none and why. One of kraft.version is left to the metadata log
/// (`Outcome::kraft_version`), which may still refuse it.
[[nodiscard]] Outcome update_features(const metadata::MetadataImage& image, const OutsideLevels& levels,
                                      const api::UpdateFeaturesRequest& request);

}  // namespace odradek::controller
