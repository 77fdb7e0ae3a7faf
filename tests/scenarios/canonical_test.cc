// The canonical form identifies a scenario: layout, comments and order do not matter, and it reads back as
// itself.
#include <gtest/gtest.h>

#include "scenarios/catalog.h"
#include "scenarios/layout.h"
#include "scenarios/scenario_file.h"
#include "scenarios/suggest.h"

namespace odradek::scenarios {
namespace {

constexpr std::string_view kOne = R"(title = "a \"quoted\" title"
[cluster]
brokers = { one_of = [2, 3] }   # a comment
config = { "min.insync.replicas" = 1 }
[[topic]]
name = "t"
replication = 1
)";

constexpr std::string_view kOther = R"(
topic = [ { replication = 1, name = "t" } ]
title = "a \"quoted\" title"

[cluster.config]
"min.insync.replicas" = 1
[cluster]
brokers = { one_of = [ 2,
                       3 ] }
)";

ScenarioFile valid(std::string_view text) {
  auto file = ScenarioFile::parse(text, "t", "t.toml");
  EXPECT_TRUE(file.has_value()) << file.error().message;
  return *std::move(file);
}

TEST(Canonical, DoesNotDependOnLayout) {
  EXPECT_EQ(valid(kOne).canonical(), valid(kOther).canonical());
  EXPECT_EQ(valid(kOne).hash(), valid(kOther).hash());
}

TEST(Canonical, IsStable) {
  EXPECT_EQ(valid(kOne).canonical(),
            "title = \"a \\\"quoted\\\" title\"\n\n[cluster]\nbrokers = { one_of = [2, 3] }\n"
            "config = { \"min.insync.replicas\" = 1 }\n\n[[topic]]\nname = \"t\"\nreplication = 1\n");
}

TEST(Canonical, ReadsBackAsItself) {
  for (const CatalogEntry& entry : catalog()) {
    const auto file = find_scenario(entry.name);
    ASSERT_TRUE(file.has_value()) << file.error().message;
    const ScenarioFile again = valid(file->canonical());
    EXPECT_EQ(again.canonical(), file->canonical());
    EXPECT_EQ(again.hash(), file->hash());
  }
}

TEST(Layout, ReadsBackAsItself) {
  for (const CatalogEntry& entry : catalog()) {
    const auto file = find_scenario(entry.name);
    ASSERT_TRUE(file.has_value()) << file.error().message;
    EXPECT_EQ(valid(lay_out(file->root())).canonical(), file->canonical()) << entry.name;
  }
}

TEST(Layout, IsAsPeopleWriteFiles) {
  const ScenarioFile file = valid(R"(title = "t"
description = "two\nlines"
topic = [ { name = "orders" } ]
client = [ { kind = "producer", topic = "orders", config = { "enable.idempotence" = false } } ]
at = [ { do = { extra = "1ms", delay = ["broker:1", "broker:2"] }, for = "2s", time = "1s" } ]
)");
  EXPECT_EQ(lay_out(file.root()), R"(title = "t"
description = """
two
lines"""

[[topic]]
name = "orders"

[[client]]
kind = "producer"
topic = "orders"

[client.config]
"enable.idempotence" = false

[[at]]
time = "1s"
do = { delay = ["broker:1", "broker:2"], extra = "1ms" }
for = "2s"
)");
}

TEST(Hash, ChangesWithContentButNotWithTheTitle) {
  const ScenarioFile file = valid(kOne);
  EXPECT_EQ(file.with({"title=\"another\""})->hash(), file.hash());
  EXPECT_NE(file.with({"topic.0.partitions=2"})->hash(), file.hash());
}

TEST(Overrides, ReachEveryKindOfPath) {
  const auto file = valid(kOne).with({"cluster.brokers=5", "cluster.config.replica.lag.time.max.ms=1000",
                                      "run.settle=9s", "topic.0.config.segment.bytes=2048"});
  ASSERT_TRUE(file.has_value()) << file.error().message;
  const auto scenario = file->for_seed(1);
  EXPECT_EQ(scenario->cluster.brokers, 5);
  EXPECT_EQ(scenario->cluster.broker.replica_lag_time_max_ms, 1000);
  EXPECT_EQ(scenario->settle, seconds(9));
  EXPECT_EQ(scenario->topics[0].configs.at("segment.bytes"), "2048");
}

TEST(Overrides, MayBeRanges) {
  const auto file = valid(kOne).with({"run.settle={ uniform = [\"5s\", \"9s\"] }"});
  ASSERT_TRUE(file.has_value()) << file.error().message;
  EXPECT_NE(file->for_seed(1)->settle, file->for_seed(2)->settle);
}

TEST(Overrides, AreRefusedWithASuggestion) {
  const auto message = [](const std::string& override) {
    return valid(kOne).with({override}).error().message;
  };
  EXPECT_EQ(message("clster.brokers=5"),
            "-p clster.brokers=5: unknown key \"clster\" in the scenario; did you mean \"cluster\"?");
  EXPECT_EQ(message("brokers"), "-p brokers: no key=value, such as cluster.brokers=5");
  EXPECT_EQ(message("topic.1.name=x"),
            "-p topic.1.name=x: topic is a list, expected an index from 0 to 0 behind it, such as topic.0");
  EXPECT_EQ(message("title.x=1"), "-p title.x=1: title is one value, expected no further part behind it");
  EXPECT_EQ(message("cluster..brokers=1"),
            "-p cluster..brokers=1: an empty part in its path, expected such as cluster.brokers=5");
}

TEST(Repro, TravelsWithTheFileAndIsNoPartOfIt) {
  const std::string stored =
      valid(kOne).canonical() +
      "\n[repro]\nseed = \"18446744073709551615\"\nfingerprint = \"ab\"\nbuild = \"c\"\n";
  const ScenarioFile file = valid(stored);
  ASSERT_TRUE(file.repro().has_value());
  EXPECT_EQ(*file.repro(), (Repro{.seed = ~std::uint64_t{0}, .fingerprint = "ab", .build = "c"}));
  EXPECT_EQ(file.hash(), valid(kOne).hash());
}

TEST(Suggest, KnowsTyposAndParts) {
  EXPECT_EQ(edit_distance("abc", "abc"), 0);
  EXPECT_EQ(edit_distance("abc", "acb"), 1);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3);
  EXPECT_EQ(did_you_mean("chaos", {"steady-state", "replication-chaos"}),
            "; did you mean \"replication-chaos\"?");
  EXPECT_EQ(did_you_mean("xyz", {"brokers", "run"}), "");
  EXPECT_EQ(did_you_mean("a", {"b"}), "");
}

}  // namespace
}  // namespace odradek::scenarios
