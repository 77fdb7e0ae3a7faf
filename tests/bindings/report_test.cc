// What the program makes of results: sums, signatures, JSON, JUnit, lines to paste.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "bindings/cli/arguments.h"
#include "bindings/cli/campaign.h"
#include "bindings/cli/json.h"
#include "bindings/cli/junit.h"
#include "bindings/cli/process.h"
#include "bindings/cli/program.h"
#include "bindings/cli/progress.h"
#include "engine/base/probes.h"

namespace odradek::cli {
namespace {

Outcome passed(std::uint64_t seed) {
  Outcome outcome{.result = {.scenario = "s", .seed = seed}, .cpu = milliseconds(20)};
  outcome.result.fingerprint = {.high = 0xFEDCBA9876543210u, .low = seed};
  outcome.result.events = 1000;
  outcome.result.simulated = nanoseconds(41'200'000'001);
  outcome.result.exercised = {{"I1", 5}, {"records-acked", 3}};
  outcome.result.sometimes = {{"FollowerTruncated", 1}};
  return outcome;
}

Outcome failed(std::uint64_t seed, std::uint64_t events, std::string witness = "w") {
  Outcome outcome = passed(seed);
  outcome.result.verdict = sim::Verdict::kViolation;
  outcome.result.events = events;
  outcome.result.violations = {{.invariant = "I10",
                                .at = sim::Instant(7),
                                .event = 8,
                                .message = "a <b> & \"c\"",
                                .witness = std::move(witness)},
                               {.invariant = "I13",
                                .at = sim::Instant(9),
                                .event = 10,
                                .message = "m",
                                .witness = "v",
                                .client_visible = true}};
  outcome.result.permitted = {{.setting = "acks=1",
                               .tp = {.topic_id = {}, .partition = PartitionId(2)},
                               .begin = Offset(3),
                               .end = Offset(4),
                               .at = sim::Instant(5),
                               .message = "p"}};
  outcome.result.skipped = {"x"};
  outcome.result.pending = {"y"};
  return outcome;
}

TEST(Outcomes, SurviveTheirLine) {
  for (const Outcome& outcome : {passed(~std::uint64_t{0}), failed(3, 5)}) {
    const auto again = parse_outcome(outcome_line(outcome));
    ASSERT_TRUE(again.has_value()) << again.error().message;
    EXPECT_EQ(*again, outcome);
  }
}

TEST(Outcomes, RefuseOtherLines) {
  for (const auto* line : {"", "{", "{}", "[]", "{\"scenario\": 5}"})
    EXPECT_FALSE(parse_outcome(line).has_value()) << line;
}

TEST(Outcomes, KeepTheNamesOfTheirFields) {
  const std::string json = run_json(failed(3, 5), "odradek replay s");
  for (const auto* field :
       {"scenario", "seed", "verdict", "fingerprint", "events", "sim_seconds", "cpu_seconds", "violations",
        "invariant", "sim_time_ns", "event", "message", "permitted", "exercised", "sometimes", "repro"}) {
    EXPECT_NE(json.find("\"" + std::string(field) + "\": "), std::string::npos) << field;
  }
  EXPECT_NE(json.find("\"verdict\": \"violation\""), std::string::npos);
  EXPECT_NE(json.find("\"fingerprint\": \"fedcba98765432100000000000000003\""), std::string::npos);
}

TEST(Campaign, GroupsByTheEarliestInvariantAndItsWitness) {
  Campaign campaign;
  campaign.add("s", passed(1));
  campaign.add("s", failed(2, 900));
  campaign.add("s", failed(3, 500));
  campaign.add("s", failed(4, 700, "another cause"));
  campaign.add("t", failed(5, 700));
  EXPECT_EQ(campaign.seeds_run, 5u);
  EXPECT_EQ(campaign.passed, 1u);
  EXPECT_EQ(campaign.failed(), 4u);
  EXPECT_EQ(campaign.exercised.at("I1"), 25u);
  EXPECT_EQ(campaign.permitted.at("acks=1"), 4u);
  ASSERT_EQ(campaign.failures().size(), 3u);
  EXPECT_EQ(campaign.failures()[0].seeds, (std::vector<std::uint64_t>{2, 3}));
  EXPECT_EQ(campaign.failures()[0].shortest.result.seed, 3u);
  EXPECT_EQ(campaign.failures()[0].invariant, "I10");
  EXPECT_NE(campaign.failures()[0].signature, campaign.failures()[1].signature);
  EXPECT_EQ(campaign.failures()[0].signature, campaign.failures()[2].signature);
}

TEST(Campaign, KeepsNoMoreOfManyFailuresThanItShows) {
  Campaign campaign;
  for (std::uint64_t seed = 0; seed < kSeedsKept + 10; ++seed)
    campaign.add("s", failed(seed, 900 - seed % 2));
  ASSERT_EQ(campaign.failures().size(), 1u);
  EXPECT_EQ(campaign.failures()[0].count, kSeedsKept + 10);
  EXPECT_EQ(campaign.failures()[0].seeds.size(), kSeedsKept);
  EXPECT_EQ(campaign.failures()[0].seeds.back(), kSeedsKept - 1);
  EXPECT_EQ(campaign.failures()[0].shortest.result.seed, 1u);
  for (std::uint64_t n = 0; n < kGroupsKept + 4; ++n) campaign.add("s", failed(n, 5, std::to_string(n)));
  EXPECT_EQ(campaign.failures().size(), kGroupsKept);
  EXPECT_EQ(campaign.ungrouped, 5u);
  EXPECT_EQ(campaign.failed(), kSeedsKept + kGroupsKept + 14);
}

TEST(Progress, IsOneLineOfAllThatMatters) {
  Campaign campaign;
  for (std::uint64_t seed = 0; seed < 30; ++seed) campaign.add("s", passed(seed));
  campaign.add("s", failed(30, 5));
  const Progress progress({.runs = 100, .time = std::nullopt}, 11);
  EXPECT_EQ(progress.line(campaign, seconds(10)),
            fmt::format(
                "[00:10] 31/100 runs  2/s  1 failed (1 unique)  simulated 21.3 min  probes 1/{}  to go 00:34",
                kProbes.size()));
}

TEST(Junit, HasOneCaseForEachScenarioAndInvariant) {
  Campaign campaign;
  campaign.add("s", failed(2, 900));
  Outcome crash = failed(3, 1);
  crash.result.violations = {{.invariant = "H-crash", .message = "died", .witness = "signal 11"}};
  campaign.add("s", crash);
  const std::string xml = junit_xml({.scenarios = {"s"}, .campaign = campaign, .overrides = {}});
  EXPECT_NE(xml.find("<testcase classname=\"s\" name=\"I1\"/>"), std::string::npos);
  EXPECT_NE(xml.find("<testcase classname=\"s\" name=\"I10\">"), std::string::npos);
  EXPECT_NE(xml.find("message=\"a &lt;b&gt; &amp; &quot;c&quot;\""), std::string::npos);
  EXPECT_NE(xml.find("<testcase classname=\"s\" name=\"H-crash\">"), std::string::npos);
  EXPECT_NE(xml.find("failures=\"2\""), std::string::npos);
}

TEST(Arguments, ReplayLineCanBePasted) {
  EXPECT_EQ(replay_line("museum/R01", 7, {.high = 1, .low = 2}, {"flaws=R01", "topic.0={ name = 'x y' }"}),
            "odradek replay museum/R01 --seed 7 --expect 0000000000000001 -p flaws=R01 -p 'topic.0={ name = "
            "'\\''x y'\\'' }'");
}

TEST(RunArgument, IsAScenarioWithSeedAndOverrides) {
  EXPECT_EQ(*run_argument("small"), (RunArgument{.scenario = "small", .seed = 1, .overrides = {}}));
  EXPECT_EQ(
      *run_argument("a/b.toml@0x10,flaws=R01,R06,cluster.brokers=5"),
      (RunArgument{.scenario = "a/b.toml", .seed = 16, .overrides = {"flaws=R01,R06", "cluster.brokers=5"}}));
  EXPECT_EQ(run_argument("@7").error().message,
            "a run without a scenario, expected SCENARIO[@SEED][,key=value...]");
  EXPECT_EQ(run_argument("small,R01").error().message, "\"R01\", expected key=value");
  EXPECT_FALSE(run_argument("small@").has_value());
  EXPECT_FALSE(run_argument("").has_value());
}

TEST(Arguments, ReadRangesOfSeeds) {
  EXPECT_EQ(seed_range_argument("3..0x10")->count(), 14u);
  EXPECT_EQ(seed_range_argument("5")->count(), 1u);
  EXPECT_EQ(seed_range_argument("5..4").error().message, "seeds 5..4, expected the lower seed first");
  EXPECT_EQ(seed_range_argument("1..x").error().message,
            "seed \"x\", expected a number from 0 to 2^64 - 1, decimal or 0x…");
  EXPECT_FALSE(seed_range_argument("0..18446744073709551615").has_value());
  EXPECT_FALSE(seed_range_argument("..").has_value());
}

TEST(Arguments, AreRefusedWithASuggestion) {
  const auto problem = [](const std::vector<std::string>& arguments) {
    const Command command = parse_arguments(arguments);
    const auto* answered = std::get_if<Answered>(&command);
    return answered == nullptr ? "accepted" : answered->problem;
  };
  EXPECT_EQ(problem({"rum"}), "unknown command \"rum\"; did you mean \"run\"? (odradek --help)");
  EXPECT_EQ(problem({"scenario", "chek", "x"}),
            "unknown command \"chek\"; did you mean \"check\"? (odradek --help)");
  EXPECT_EQ(problem({"run", "--sed", "5"}),
            "unknown option \"--sed\" of run; did you mean \"--seed\"? (odradek --help)");
  EXPECT_EQ(problem({"list", "invariant"}).substr(0, 24), "list \"invariant\", expect");
  EXPECT_EQ(problem({"sweep", "x"}), "a sweep needs --seeds A..B or --time 60s (odradek --help)");
}

TEST(Arguments, DoNotSwallowTheScenarioAfterAnOverride) {
  const Command command = parse_arguments({"run", "-p", "flaws=R01", "steady-state", "-p", "run.settle=9s"});
  const auto* run = std::get_if<RunCommand>(&command);
  ASSERT_NE(run, nullptr);
  EXPECT_EQ(run->scenario, "steady-state");
  EXPECT_EQ(run->overrides, (scenarios::Overrides{"flaws=R01", "run.settle=9s"}));
}

TEST(Version, IsTheOneOfTheBuild) {
  std::ifstream in(std::string(ODRADEK_SOURCE_DIR) + "/CMakeLists.txt");
  std::stringstream text;
  text << in.rdbuf();
  EXPECT_NE(text.str().find("project(odradek VERSION " + std::string(kVersion) + " "), std::string::npos);
}

}  // namespace
}  // namespace odradek::cli
