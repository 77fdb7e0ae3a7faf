// Levels of features (KIP-584): what the cluster runs at, and UpdateFeatures, which changes it.
//
// A cluster is formatted with levels, which are configuration; a FeatureLevelRecord overrides them from its
// offset on. kraft.version is the quorum's own: its control records say the level, and only the quorum can
// tell whether a higher one is within reach. Source: org.apache.kafka.controller.FeatureControlManager,
// KRaftVersionAccessor.
#pragma once

#include <cstdint>

#include "engine/controller/outcome.h"
#include "engine/metadata/features.h"
#include "engine/metadata/image.h"

namespace odradek::controller {

/// What the quorum tells of kraft.version.
struct KRaftVersionState {
  std::int16_t level = 0;
  std::int16_t within_reach = 0;  ///< the highest level that all voters are known to speak

  FIELDS(level, within_reach)
  friend bool operator==(const KRaftVersionState&, const KRaftVersionState&) = default;
};

/// What an UpdateFeatures request is judged by, besides the image.
struct FeatureContext {
  const io::ControllerConfig& formatted;
  KRaftVersionState kraft_version;
};

/// Whether the cluster keeps eligible leader replicas.
[[nodiscard]] bool is_elr_enabled(const metadata::MetadataImage& image,
                                  const io::ControllerConfig& formatted);

/// UpdateFeatures: all updates, or none and why.
[[nodiscard]] Outcome update_features(const metadata::MetadataImage& image, const FeatureContext& context,
                                      const api::UpdateFeaturesRequest& request);

}  // namespace odradek::controller
