#include "engine/controller/feature_control.h"

#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "engine/controller/refusal.h"

namespace odradek::controller {
namespace {

std::int16_t level_of(const metadata::MetadataImage& image, const OutsideLevels& levels,
                      std::string_view name) {
  if (name == kKRaftFeature) return levels.kraft_version;
  const bool is_formatted = name == kElrFeature;
  const auto level =
      static_cast<std::int16_t>(is_formatted ? levels.formatted.eligible_leader_replicas_version : 0);
  return image.feature_level(name).value_or(level);
}

std::optional<std::string> reason_against(std::int16_t level, std::string_view who,
                                          const FeatureRange& range) {
  if (range.min <= level && level <= range.max) return std::nullopt;
  if (range.max == 0) return fmt::format("{} does not support this feature.", who);
  return fmt::format("{} only supports versions {}-{}", who, range.min, range.max);
}

/// A broker that told of no feature at all runs at whatever is finalized.
std::optional<std::string> reason_not_supported(const metadata::MetadataImage& image, std::string_view name,
                                                std::int16_t level) {
  const auto ours = std::ranges::find(kSupportedFeatures, name, &FeatureRange::name);
  if (auto reason = reason_against(level, "Local controller",
                                   ours == kSupportedFeatures.end() ? FeatureRange{} : *ours))
    return reason;
  for (const auto& [id, broker] : image.brokers()) {
    if (broker.features.empty()) continue;
    const auto told = std::ranges::find(broker.features, name, &metadata::BrokerFeature::name);
    const FeatureRange range = told == broker.features.end() ? FeatureRange{}
                                                             : FeatureRange{name, told->min_supported_version,
                                                                            told->max_supported_version};
    if (auto reason = reason_against(level, fmt::format("Broker {}", id.value()), range)) return reason;
  }
  return std::nullopt;
}

Checked<void> check(const metadata::MetadataImage& image, const OutsideLevels& levels,
                    const api::FeatureUpdateKey& update) {
  const std::int16_t wanted = update.max_version_level;
  const auto invalid = [&](std::string_view why) {
    return refuse(api::ErrorCode::kInvalidUpdateVersion,
                  fmt::format("Invalid update version {} for feature {}. {}", wanted, update.feature, why));
  };
  using enum api::UpgradeType;
  const bool is_known = update.upgrade_type == kUpgrade || update.upgrade_type == kSafeDowngrade ||
                        update.upgrade_type == kUnsafeDowngrade;
  if (!is_known) return invalid("The controller does not support the given upgrade type.");
  if (wanted < 0) return invalid("A feature version cannot be less than 0.");
  if (const auto reason = reason_not_supported(image, update.feature, wanted)) return invalid(*reason);
  const std::int16_t current = level_of(image, levels, update.feature);
  if (wanted < current && update.upgrade_type == kUpgrade) {
    return invalid(
        "Can't downgrade the version of this feature without setting the upgrade type to either safe or "
        "unsafe downgrade.");
  }
  if (wanted > current && update.upgrade_type != kUpgrade)
    return invalid("Can't downgrade to a newer version.");
  if (wanted < current && update.feature == kKRaftFeature)
    return invalid("Can't downgrade the version of this feature.");
  return {};
}

}  // namespace

bool is_elr_enabled(const metadata::MetadataImage& image, const io::ControllerConfig& formatted) {
  return level_of(image, {.formatted = formatted}, kElrFeature) > 0;
}

Outcome update_features(const metadata::MetadataImage& image, const OutsideLevels& levels,
                        const api::UpdateFeaturesRequest& request) {
  Outcome outcome{.records = {}, .response = api::UpdateFeaturesResponse{}};
  std::set<std::string> named;
  for (const api::FeatureUpdateKey& update : request.feature_updates) {
    Checked<void> ok = named.insert(update.feature).second
                           ? check(image, levels, update)
                           : refuse(api::ErrorCode::kInvalidRequest, "Duplicate feature name.");
    if (!ok) {
      return {.records = {},
              .response = api::UpdateFeaturesResponse{.error_code = ok.error().error_code,
                                                      .error_message = std::move(ok.error().message)}};
    }
    if (update.feature == kKRaftFeature) {
      outcome.kraft_version = update.max_version_level;
      continue;
    }
    if (request.validate_only) continue;
    outcome.records.emplace_back(
        metadata::FeatureLevelRecord{.name = update.feature, .feature_level = update.max_version_level});
  }
  return outcome;
}

}  // namespace odradek::controller
