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

using metadata::kElrFeature;
using metadata::kKRaftVersionFeature;
using metadata::SupportedFeature;

std::int16_t level_of(const metadata::MetadataImage& image, const io::ControllerConfig& formatted,
                      std::string_view name) {
  const bool is_formatted = name == kElrFeature;
  const auto level = static_cast<std::int16_t>(is_formatted ? formatted.eligible_leader_replicas_version : 0);
  return image.feature_level(name).value_or(level);
}

std::optional<std::string> reason_against(std::int16_t level, std::string_view who,
                                          const SupportedFeature& range) {
  if (range.min <= level && level <= range.max) return std::nullopt;
  if (range.max == 0) return fmt::format("{} does not support this feature.", who);
  return fmt::format("{} only supports versions {}-{}", who, range.min, range.max);
}

/// A broker that told of no feature at all runs at whatever is finalized.
std::optional<std::string> reason_not_supported(const metadata::MetadataImage& image, std::string_view name,
                                                std::int16_t level) {
  if (auto reason = reason_against(level, "Local controller", metadata::supported_feature(name)))
    return reason;
  for (const auto& [id, broker] : image.brokers()) {
    if (broker.features.empty()) continue;
    const auto told = std::ranges::find(broker.features, name, &metadata::BrokerFeature::name);
    const SupportedFeature range =
        told == broker.features.end()
            ? SupportedFeature{.name = name}
            : SupportedFeature{
                  .name = name, .min = told->min_supported_version, .max = told->max_supported_version};
    if (auto reason = reason_against(level, fmt::format("Broker {}", id.value()), range)) return reason;
  }
  return std::nullopt;
}

/// An update and the level that its feature is at.
struct Wanted {
  const api::FeatureUpdateKey& update;
  std::int16_t current = 0;

  [[nodiscard]] std::unexpected<Refusal> invalid(std::string_view why) const {
    return refuse(api::ErrorCode::kInvalidUpdateVersion,
                  fmt::format("Invalid update version {} for feature {}. {}", update.max_version_level,
                              update.feature, why));
  }
};

Checked<void> check(const metadata::MetadataImage& image, const Wanted& wanted) {
  const api::FeatureUpdateKey& update = wanted.update;
  const std::int16_t level = update.max_version_level;
  using enum api::UpgradeType;
  const bool is_known = update.upgrade_type == kUpgrade || update.upgrade_type == kSafeDowngrade ||
                        update.upgrade_type == kUnsafeDowngrade;
  if (!is_known) return wanted.invalid("The controller does not support the given upgrade type.");
  if (level < 0) return wanted.invalid("A feature version cannot be less than 0.");
  if (const auto reason = reason_not_supported(image, update.feature, level)) return wanted.invalid(*reason);
  if (level < wanted.current && update.upgrade_type == kUpgrade) {
    return wanted.invalid(
        "Can't downgrade the version of this feature without setting the upgrade type to either safe or "
        "unsafe downgrade.");
  }
  if (level > wanted.current && update.upgrade_type != kUpgrade)
    return wanted.invalid("Can't downgrade to a newer version.");
  return {};
}

/// LeaderState.maybeAppendUpgradedKRaftVersion: it goes up only, and once all voters speak the new level.
Checked<void> check_kraft_version(const Wanted& wanted, const KRaftVersionState& state) {
  const std::int16_t level = wanted.update.max_version_level;
  if (level < wanted.current) return wanted.invalid("Can't downgrade the version of this feature.");
  if (level > state.within_reach) {
    return refuse(
        api::ErrorCode::kInvalidUpdateVersion,
        fmt::format("Invalid upgrade of {} to KRAFT_VERSION_{} because not all of the voters support it",
                    kKRaftVersionFeature, level));
  }
  return {};
}

/// Adds to the outcome what the update comes to.
Checked<void> update_feature(const metadata::MetadataImage& image, const FeatureContext& context,
                             const api::FeatureUpdateKey& update, Outcome& outcome) {
  const bool is_kraft = update.feature == kKRaftVersionFeature;
  const Wanted wanted{
      .update = update,
      .current = is_kraft ? context.kraft_version.level : level_of(image, context.formatted, update.feature)};
  if (Checked<void> ok = check(image, wanted); !ok) return ok;
  if (!is_kraft) {
    outcome.records.emplace_back(
        metadata::FeatureLevelRecord{.name = update.feature, .feature_level = update.max_version_level});
    return {};
  }
  if (Checked<void> ok = check_kraft_version(wanted, context.kraft_version); !ok) return ok;
  if (update.upgrade_type != api::UpgradeType::kUpgrade) return {};
  if (update.max_version_level > wanted.current) outcome.kraft_version = update.max_version_level;
  outcome.records.emplace_back(metadata::NoOpRecord{});  // the answer waits for its commit
  return {};
}

}  // namespace

bool is_elr_enabled(const metadata::MetadataImage& image, const io::ControllerConfig& formatted) {
  return level_of(image, formatted, kElrFeature) > 0;
}

Outcome update_features(const metadata::MetadataImage& image, const FeatureContext& context,
                        const api::UpdateFeaturesRequest& request) {
  Outcome outcome{.records = {}, .response = api::UpdateFeaturesResponse{}};
  std::set<std::string> named;
  for (const api::FeatureUpdateKey& update : request.feature_updates) {
    Checked<void> ok = named.insert(update.feature).second
                           ? update_feature(image, context, update, outcome)
                           : refuse(api::ErrorCode::kInvalidRequest, "Duplicate feature name.");
    if (!ok) {
      return {.records = {},
              .response = api::UpdateFeaturesResponse{.error_code = ok.error().error_code,
                                                      .error_message = std::move(ok.error().message)}};
    }
  }
  if (request.validate_only) return {.records = {}, .response = std::move(outcome.response)};
  return outcome;
}

}  // namespace odradek::controller
