// Every bundled scenario loads, and ends as it says.
#include "scenarios/catalog.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "sim/search/run.h"

namespace odradek::scenarios {
namespace {

TEST(Catalog, HasTheDefaultScenario) {
  EXPECT_TRUE(find_scenario(std::string(kDefaultScenario)).has_value());
}

TEST(Catalog, NamesAreUnique) {
  std::set<std::string> names;
  for (const CatalogEntry& entry : catalog()) EXPECT_TRUE(names.insert(entry.name).second) << entry.name;
}

TEST(Catalog, SuggestsANameForATypo) {
  EXPECT_EQ(find_scenario("stedy-state").error().message,
            "no scenario \"stedy-state\", expected a name of the catalogue (odradek list) or a .toml file; "
            "did you mean "
            "\"steady-state\"?");
  EXPECT_EQ(find_scenario("nowhere.toml").error().message, "nowhere.toml: no such file");
}

class Bundled : public testing::TestWithParam<CatalogEntry> {};

TEST_P(Bundled, LoadsForManySeedsAndTellsItsStory) {
  const auto file = find_scenario(GetParam().name);
  ASSERT_TRUE(file.has_value()) << file.error().message;
  EXPECT_FALSE(file->title().empty());
  EXPECT_GT(file->description().size(), 100u);
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    const auto scenario = file->for_seed(seed);
    ASSERT_TRUE(scenario.has_value()) << scenario.error().message;
    EXPECT_LE(scenario->faults_until + scenario->settle, seconds(60))
        << "at most a minute, settling included";
  }
}

TEST_P(Bundled, SettingsKeepKafkasOrder) {
  const auto file = find_scenario(GetParam().name);
  ASSERT_TRUE(file.has_value());
  const auto scenario = file->for_seed(1);
  EXPECT_LT(scenario->cluster.broker.broker_heartbeat_interval_ms,
            scenario->cluster.controller.broker_session_timeout_ms);
  for (const sim::ClientSpec& client : scenario->clients) {
    const auto* producer = std::get_if<sim::ProducerSpec>(&client.kind);
    if (producer == nullptr) continue;
    EXPECT_EQ(producer->config.max_in_flight_requests_per_connection, 1)
        << "no idempotence: retries must not overtake";
    EXPECT_LT(producer->config.request_timeout_ms, producer->config.delivery_timeout_ms);
  }
}

TEST_P(Bundled, EndsAsItSays) {
  const auto file = find_scenario(GetParam().name);
  ASSERT_TRUE(file.has_value());
  const auto scenario = file->for_seed(1);
  ASSERT_TRUE(scenario.has_value()) << scenario.error().message;
  const sim::RunResult result = sim::run(*scenario, 1);
  const bool violated = result.verdict == sim::Verdict::kViolation;
  EXPECT_EQ(violated, file->expect() == Expectation::kViolation)
      << (violated ? result.violations.front().invariant + ": " + result.violations.front().message
                   : "no violation");
  for (const std::string& setting : scenario->expect_permitted) {
    EXPECT_TRUE(std::ranges::any_of(result.permitted, [&](const auto& p) { return p.setting == setting; }))
        << "nothing was lost by " << setting;
  }
}

INSTANTIATE_TEST_SUITE_P(Catalog, Bundled, testing::ValuesIn(catalog()), [](const auto& chosen) {
  std::string name = chosen.param.name;
  std::ranges::replace_if(name, [](char c) { return c == '-' || c == '/'; }, '_');
  return name;
});

}  // namespace
}  // namespace odradek::scenarios
