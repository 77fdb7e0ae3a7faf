// Update-feature: administration, not a fault. A feature of the cluster goes to another level while the
// cluster runs (UpdateFeatures, KIP-584), such as kraft.version, with which the voters of the quorum may
// change.
#include "engine/metadata/features.h"
#include "sim/faults/fault.h"

namespace odradek::sim {

Result<Damage> strike(const UpdateFeatureAction& action, const Strike& moment) {
  moment.site.administer(api::UpdateFeaturesRequest{
      .feature_updates = {{.feature = action.feature,
                           .max_version_level = static_cast<std::int16_t>(action.level),
                           .upgrade_type = action.downgrade ? api::UpgradeType::kSafeDowngrade
                                                            : api::UpgradeType::kUpgrade}}});
  return Damage{.bites = 1};
}

std::string text(const UpdateFeatureAction& action) {
  return fmt::format("{} {}{}", action.feature, action.downgrade ? "down to " : "", action.level);
}

/// One that no promise depends on.
UpdateFeatureAction random_update_feature(const Dice&, const Targets&) {
  const metadata::SupportedFeature kraft = metadata::supported_feature(metadata::kKRaftVersionFeature);
  return {.feature = std::string(kraft.name), .level = kraft.max};
}

}  // namespace odradek::sim
