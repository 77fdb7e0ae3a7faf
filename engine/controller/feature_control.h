// Levels of features (KIP-584): what the cluster runs at, and UpdateFeatures, which changes it.
//
// A cluster is formatted with levels, which are configuration; a FeatureLevelRecord overrides them from its
// offset on. Source: org.apache.kafka.controller.FeatureControlManager, QuorumFeatures.
#pragma once

#include <string_view>

#include "engine/controller/outcome.h"
#include "engine/metadata/image.h"

namespace odradek::controller {

/// KIP-966: at 1, the controller keeps eligible leader replicas.
inline constexpr std::string_view kElrFeature = "eligible.leader.replicas.version";

/// Whether the cluster keeps eligible leader replicas.
[[nodiscard]] bool is_elr_enabled(const metadata::MetadataImage& image,
                                  const io::ControllerConfig& formatted);

/// UpdateFeatures: all updates, or none and why.
[[nodiscard]] Outcome update_features(const metadata::MetadataImage& image,
                                      const io::ControllerConfig& formatted,
                                      const api::UpdateFeaturesRequest& request);

}  // namespace odradek::controller
