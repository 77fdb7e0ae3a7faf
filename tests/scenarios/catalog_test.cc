// Every bundled scenario loads, and ends as it says.
#include "scenarios/catalog.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <ostream>
#include <set>

#include "sim/search/bounds.h"
#include "sim/search/run.h"

namespace odradek::scenarios {

void PrintTo(const CatalogEntry& entry, std::ostream* out) { *out << entry.name; }

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
    EXPECT_LE(scenario->faults_until + sim::settle_bound(*scenario), seconds(60))
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

std::vector<CatalogEntry> flawed() {
  std::vector<CatalogEntry> entries = catalog();
  std::erase_if(entries, [](const CatalogEntry& entry) {
    const auto file = find_scenario(entry.name);
    return file && file->removal().empty();
  });
  return entries;
}

class Flawed : public testing::TestWithParam<CatalogEntry> {};

/// The flaw, and nothing else in the script, is what is found: the same seed is clean without it.
TEST_P(Flawed, IsCleanWithoutItsFlaw) {
  const auto file = find_scenario(GetParam().name);
  ASSERT_TRUE(file.has_value()) << file.error().message;
  const auto scenario = file->for_seed(1, file->removal());
  ASSERT_TRUE(scenario.has_value()) << scenario.error().message;
  const sim::RunResult result = sim::run(*scenario, 1);
  EXPECT_EQ(result.verdict, sim::Verdict::kPass)
      << (result.violations.empty()
              ? ""
              : result.violations.front().invariant + ": " + result.violations.front().message);
  for (const sim::Permission& permission : result.permitted) {
    EXPECT_FALSE(std::ranges::count(scenario->expect_permitted, permission.setting) > 0)
        << permission.message;
  }
}

TEST(Exhibits, AllSayWhatTakesTheirFlawAway) {
  for (const CatalogEntry& entry : catalog()) {
    const auto file = find_scenario(entry.name);
    ASSERT_TRUE(file.has_value());
    EXPECT_EQ(entry.area == "museum", !file->removal().empty()) << entry.name;
    EXPECT_EQ(file->plant().empty(), file->removal().empty()) << entry.name;
  }
}

struct Telling {
  std::string scenario;
  std::string event;  ///< a counter of what was exercised, or a probe
  std::uint64_t at_least = 1;
};

/// A story that passes without what it tells of would be an empty one.
class Story : public testing::TestWithParam<Telling> {};

TEST_P(Story, ShowsWhatItTells) {
  const auto scenario = find_scenario(GetParam().scenario)->for_seed(1);
  ASSERT_TRUE(scenario.has_value()) << scenario.error().message;
  const sim::RunResult result = sim::run(*scenario, 1);
  std::map<std::string, std::uint64_t> exercised = result.exercised;
  exercised.insert(result.sometimes.begin(), result.sometimes.end());
  EXPECT_GE(exercised[GetParam().event], GetParam().at_least)
      << GetParam().scenario << ": " << GetParam().event;
}

INSTANTIATE_TEST_SUITE_P(
    Catalog, Story,
    testing::Values(
        Telling{"first-light", "leader-elections"}, Telling{"leader-failover", "leader-elections"},
        Telling{"leader-failover", "truncations"}, Telling{"network-partition", "truncations"},
        Telling{"slow-follower", "IsrShrinkProposed"}, Telling{"slow-follower", "IsrExpandProposed"},
        Telling{"rolling-restart", "fault:crash", 3}, Telling{"rolling-restart", "fencings", 3},
        Telling{"controller-restart", "controller-elections", 2},
        Telling{"ordering-per-key", "leader-elections", 2}, Telling{"re-reading-a-topic", "leader-elections"},
        Telling{"controller-failover", "controller-elections", 3},
        Telling{"minority-partition", "resignations"}, Telling{"minority-partition", "metadata-truncations"},
        Telling{"one-way-partition", "resignations"}, Telling{"snapshot-catch-up", "snapshots-loaded"},
        Telling{"add-and-remove-voter", "voter-changes", 5},
        Telling{"kraft-version-upgrade", "voter-changes", 5},
        Telling{"voter-that-lost-its-disk", "voter-changes", 3}, Telling{"pre-vote", "pre-votes"},
        Telling{"fenced-broker", "fencings"}, Telling{"unclean-election", "unclean-elections"},
        Telling{"reassignment", "reassignments", 2},
        Telling{"delete-and-recreate-topic-while-a-broker-is-down", "deleted-topics"},
        Telling{"steady-state", "records-read", 300}));

/// That some invariant fires is not enough: these exhibits say that an acknowledged record is lost.
TEST(Museum, ReplicationFlawsLoseAnAcknowledgedRecord) {
  for (const auto* name : {"museum/R01", "museum/R06", "museum/R11"}) {
    const auto scenario = find_scenario(name)->for_seed(1);
    ASSERT_TRUE(scenario.has_value()) << scenario.error().message;
    const sim::RunResult result = sim::run(*scenario, 1);
    EXPECT_TRUE(std::ranges::any_of(result.violations, [](const auto& v) { return v.invariant == "I13"; }))
        << name;
  }
}

/// Who leads at first is drawn; a script that shows its exhibit only when the right broker does shows little.
constexpr std::uint64_t kDrawnLeaders = 6;

TEST(Museum, ExhibitsShowThemselvesWhoeverLeadsAtFirst) {
  for (const CatalogEntry& entry : flawed()) {
    for (std::uint64_t seed = 1; seed <= kDrawnLeaders; ++seed) {
      const auto scenario = find_scenario(entry.name)->for_seed(seed);
      ASSERT_TRUE(scenario.has_value()) << scenario.error().message;
      const sim::RunResult result = sim::run(*scenario, seed);
      EXPECT_EQ(result.verdict == sim::Verdict::kViolation, scenario->expect_violation)
          << entry.name << " seed " << seed;
      for (const std::string& setting : scenario->expect_permitted) {
        EXPECT_GT(std::ranges::count(result.permitted, setting, &sim::Permission::setting), 0)
            << entry.name << " seed " << seed;
      }
    }
  }
}

/// What one of these permits is lost at level 0, and not at level 1.
TEST(Museum, LastReplicaStandingLosesNothingWithEligibleLeaderReplicas) {
  for (std::uint64_t seed = 1; seed <= kDrawnLeaders; ++seed) {
    const auto scenario = find_scenario("museum/R18")->for_seed(seed);
    ASSERT_TRUE(scenario.has_value()) << scenario.error().message;
    EXPECT_FALSE(sim::run(*scenario, seed).permitted.empty()) << "seed " << seed;
    sim::Scenario mended = *scenario;
    mended.cluster.controller.eligible_leader_replicas_version = 1;
    const sim::RunResult result = sim::run(mended, seed);
    EXPECT_TRUE(result.violations.empty()) << "seed " << seed;
    EXPECT_TRUE(result.permitted.empty()) << "seed " << seed;
  }
}

std::string test_name(const testing::TestParamInfo<CatalogEntry>& chosen) {
  std::string name = chosen.param.name;
  std::ranges::replace_if(name, [](char c) { return c == '-' || c == '/'; }, '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Catalog, Bundled, testing::ValuesIn(catalog()), test_name);
INSTANTIATE_TEST_SUITE_P(Catalog, Flawed, testing::ValuesIn(flawed()), test_name);

}  // namespace
}  // namespace odradek::scenarios
