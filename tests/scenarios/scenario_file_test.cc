// A scenario file is read strictly: what is wrong is named with its place, and what is right means one thing.
#include "scenarios/scenario_file.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <string>

#include "sim/search/cluster.h"

namespace odradek::scenarios {
namespace {

constexpr std::string_view kSmall = R"(title = "small"
[cluster]
brokers = 3
[cluster.config]
"min.insync.replicas" = 2
[[topic]]
name = "orders"
partitions = 2
[[client]]
kind = "producer"
topic = "orders"
config = { acks = "all", "enable.idempotence" = false }
[run]
faults_until = "10s"
)";

std::string small_with(std::string_view more) { return std::string(kSmall) + std::string(more); }

ScenarioFile valid(std::string_view text) {
  auto file = ScenarioFile::parse(text, "t", "t.toml");
  EXPECT_TRUE(file.has_value()) << file.error().message;
  return *std::move(file);
}

std::string refusal(std::string_view text) {
  const auto file = ScenarioFile::parse(text, "t", "t.toml");
  return file ? "accepted" : file.error().message;
}

std::string refusal_of_override(const std::string& override) {
  const auto file = valid(kSmall).with({override});
  return file ? "accepted" : file.error().message;
}

sim::Scenario scenario_of(std::string_view text, std::uint64_t seed = 1) {
  auto scenario = valid(text).for_seed(seed);
  EXPECT_TRUE(scenario.has_value()) << scenario.error().message;
  return *std::move(scenario);
}

TEST(ScenarioFile, BecomesAScenario) {
  const sim::Scenario scenario = scenario_of(kSmall);
  EXPECT_EQ(scenario.name, "t");
  EXPECT_EQ(scenario.title, "small");
  EXPECT_EQ(scenario.cluster.brokers, 3);
  EXPECT_EQ(scenario.cluster.topic_defaults.min_insync_replicas, 2);
  ASSERT_EQ(scenario.topics.size(), 1u);
  EXPECT_EQ(scenario.topics[0].partitions, 2);
  EXPECT_EQ(scenario.topics[0].replication_factor, 3);
  ASSERT_EQ(scenario.clients.size(), 1u);
  EXPECT_EQ(std::get<sim::ProducerSpec>(scenario.clients[0].kind).config.acks, -1);
  EXPECT_EQ(scenario.faults_until, seconds(10));
}

TEST(ScenarioFile, RefusesAnUnknownKeyWithASuggestion) {
  EXPECT_EQ(refusal(small_with("setle = \"9s\"\n")),
            "t.toml:15:1: unknown key \"setle\" in [run]; did you mean \"settle\"?");
}

TEST(ScenarioFile, NamesTheKnownKeysWhenNoneIsNear) {
  EXPECT_EQ(refusal(small_with("xyzzy = 1\n")),
            "t.toml:15:1: unknown key \"xyzzy\" in [run]; known are \"faults_until\", \"settle\", "
            "\"core_only\", \"left_behind\", \"calm\"");
}

TEST(ScenarioFile, KnowsWhatCanBeCalm) {
  const sim::Calm calm = scenario_of(small_with("calm = [\"delivery\", \"fsync-time\"]\n")).calm;
  for (const sim::PurposeInfo& info : sim::kPurposes) {
    const bool named = info.purpose == sim::Purpose::kDelivery || info.purpose == sim::Purpose::kFsyncTime;
    EXPECT_EQ(calm.has(info.purpose), named) << info.name;
  }
  const sim::Calm all = scenario_of(small_with("calm = \"everything\"\n")).calm;
  for (const sim::PurposeInfo& info : sim::kPurposes)
    EXPECT_EQ(all.has(info.purpose), info.calm_draw != sim::CalmDraw::kNone) << info.name;
  const std::string refused = refusal(small_with("calm = [\"delivry\"]\n"));
  EXPECT_TRUE(refused.starts_with("t.toml:15:8: calm = \"delivry\", expected one of ")) << refused;
  EXPECT_TRUE(refused.ends_with("did you mean \"delivery\"?")) << refused;
}

TEST(ScenarioFile, RefusesAWrongType) {
  EXPECT_EQ(refusal(small_with("settle = 9\n")),
            "t.toml:15:10: settle = 9, expected a duration from 1s to 1h, such as \"250ms\" (units: ns, us, "
            "ms, s, m, h)");
}

TEST(ScenarioFile, RefusesAWrongUnit) {
  EXPECT_EQ(refusal(small_with("settle = \"9 sec\"\n")),
            "t.toml:15:10: settle = \"9 sec\", expected a duration from 1s to 1h, such as \"250ms\" (units: "
            "ns, us, ms, "
            "s, m, h)");
}

TEST(ScenarioFile, RefusesAValueOutOfRange) {
  EXPECT_EQ(refusal(small_with("settle = \"2h\"\n")),
            "t.toml:15:10: settle = \"2h\", expected a duration from 1s to 1h");
  EXPECT_EQ(refusal_of_override("cluster.brokers=0"),
            "-p cluster.brokers=0: brokers = 0, expected an integer from 1 to 9");
}

TEST(ScenarioFile, RefusesFloats) {
  EXPECT_EQ(refusal_of_override("topic.0.partitions=1.5"),
            "-p topic.0.partitions=1.5: partitions = 1.5, expected an integer from 1 to 100");
}

TEST(ScenarioFile, ReportsAllProblemsInTheOrderOfTheirLines) {
  const std::string all = refusal("title = 5\n[cluster]\nbrokers = 0\nbrokrs = 1\n[[topic]]\nname = \"t\"\n");
  EXPECT_EQ(all,
            "t.toml:1:9: title = 5, expected a string\n"
            "t.toml:3:11: brokers = 0, expected an integer from 1 to 9\n"
            "t.toml:4:1: unknown key \"brokrs\" in [cluster]; did you mean \"brokers\"?");
}

TEST(ScenarioFile, RefusesWhatIsNoToml) {
  EXPECT_TRUE(refusal("title = \n").starts_with("t.toml:1:9: no valid TOML: ")) << refusal("title = \n");
  EXPECT_TRUE(refusal("title = \"\xff\xfe\"\n").starts_with("t.toml:1:9: no valid TOML: "));
  EXPECT_TRUE(refusal("title = \"a\"\ntitle = \"b\"\n").starts_with("t.toml:2:"));
}

TEST(ScenarioFile, RefusesAnEmptyFile) {
  EXPECT_EQ(refusal(""), "t.toml:1:1: an empty file, expected a scenario with at least a [[topic]]");
  EXPECT_EQ(refusal("# nothing\n"),
            "t.toml:1:1: an empty file, expected a scenario with at least a [[topic]]");
}

TEST(ScenarioFile, RefusesAFileThatCannotBeRead) {
  EXPECT_EQ(ScenarioFile::load("/nowhere/x.toml").error().message, "/nowhere/x.toml: no such file");
  EXPECT_EQ(ScenarioFile::load("/tmp").error().message, "/tmp: a directory, expected a .toml file");
}

TEST(ScenarioFile, RefusesAFileThatIsTooLarge) {
  EXPECT_EQ(refusal(std::string((1 << 20) + 1, '#')),
            "t.toml: 1048577 bytes, expected a scenario of at most 1 MiB");
}

TEST(ScenarioFile, RefusesMoreControllersThanAQuorumHas) {
  EXPECT_EQ(refusal_of_override("cluster.controllers=10"),
            "-p cluster.controllers=10: controllers = 10, expected an integer from 1 to 9");
}

TEST(ScenarioFile, MakesTheFirstBrokersControllersToo) {
  const auto file = valid(kSmall).with({"cluster.controllers=3", "cluster.combined=2"});
  ASSERT_TRUE(file.has_value()) << file.error().message;
  const sim::Topology topology = sim::topology_of(*file->for_seed(1));
  EXPECT_EQ(topology.brokers, (std::vector<NodeId>{NodeId(1), NodeId(2), NodeId(3)}));
  EXPECT_EQ(topology.controllers, (std::vector<NodeId>{NodeId(1), NodeId(2), NodeId(103)}));
  EXPECT_TRUE(topology.is_combined(NodeId(2)));
  EXPECT_FALSE(topology.is_combined(NodeId(3)) || topology.is_combined(NodeId(103)));
}

TEST(ScenarioFile, RefusesMoreCombinedServersThanThereAreOfEitherKind) {
  EXPECT_EQ(refusal_of_override("cluster.combined=2"),
            "-p cluster.combined=2: combined = 2, expected at most the number of brokers, 3, and of "
            "controllers, 1");
  EXPECT_EQ(refusal_of_override("cluster.combined=10"),
            "-p cluster.combined=10: combined = 10, expected an integer from 0 to 9");
}

TEST(ScenarioFile, KnowsThatACombinedServerIsOneNode) {
  const auto file = valid(kSmall).with({"cluster.controllers=3", "cluster.combined=2"});
  ASSERT_TRUE(file.has_value()) << file.error().message;
  const auto refusal_of = [&file](const std::string& more) {
    const auto changed = file->with({more});
    return changed ? "accepted" : changed.error().message;
  };
  EXPECT_EQ(refusal_of("cluster.hosts=[[\"broker:2\", \"controller:3\"]]"), "accepted");
  EXPECT_EQ(
      refusal_of("cluster.hosts=[[\"broker:2\", \"controller:2\"]]"),
      "-p cluster.hosts=[[\"broker:2\", \"controller:2\"]]: hosts = \"controller:2\", expected a node by "
      "its name, such as \"broker:1\" or \"controller\", once");
  EXPECT_EQ(
      refusal_of("at=[{ on = { event = \"ElectController\", node = 2 }, do = { crash = \"broker:1\" } }]"),
      "accepted");
  EXPECT_NE(
      refusal_of("at=[{ on = { event = \"ElectController\", node = 3 }, do = { crash = \"broker:1\" } }]"),
      "accepted");
}

TEST(ScenarioFile, DemandsThatIdempotenceIsOffAloud) {
  EXPECT_EQ(refusal_of_override("client.0.config.enable.idempotence=true"),
            "-p client.0.config.enable.idempotence=true: idempotence does not exist yet: set "
            "\"enable.idempotence\" = false");
  EXPECT_EQ(
      refusal_of_override("client.0.config={ acks = 1 }"),
      "-p client.0.config={ acks = 1 }: idempotence does not exist yet: set \"enable.idempotence\" = false");
}

TEST(ScenarioFile, ReadsKafkasPropertiesUnderTheirOwnNames) {
  EXPECT_EQ(refusal_of_override("cluster.config.log.segment.bytes=4096"),
            "-p cluster.config.log.segment.bytes=4096: unknown key \"log.segment.bytes\" in "
            "[cluster.config]; did you mean "
            "\"segment.bytes\"?");
  EXPECT_EQ(refusal_of_override("client.0.config.acks=2"),
            "-p client.0.config.acks=2: acks = 2, expected \"all\", 1, 0 or -1");
  EXPECT_EQ(refusal_of_override("client.0.config.linger.ms=-1"),
            "-p client.0.config.linger.ms=-1: linger.ms = -1, expected an integer from 0 to 86400000");
}

TEST(ScenarioFile, HoldsKafkasRulesAcrossProperties) {
  EXPECT_EQ(
      refusal_of_override("client.0.config.delivery.timeout.ms=1000"),
      "t.toml:12:10: delivery.timeout.ms = 1000, expected at least linger.ms + request.timeout.ms = 30005");
  EXPECT_EQ(refusal_of_override("client.0.config.buffer.memory=4096"),
            "t.toml:12:10: buffer.memory = 4096, expected at least batch.size = 16384");
  EXPECT_EQ(refusal_of_override("cluster.config.replica.lag.time.max.ms=100"),
            "t.toml:4:1: replica.fetch.wait.max.ms = 500, expected at most replica.lag.time.max.ms = 100");
}

TEST(ScenarioFile, HoldsReplicationAgainstTheBrokers) {
  EXPECT_EQ(refusal_of_override("topic.0.replication=4"),
            "-p topic.0.replication=4: replication = 4, expected at most the number of brokers, 3");
  EXPECT_EQ(refusal_of_override("topic.0.replication=1"),
            "t.toml:6:1: min.insync.replicas = 2, expected at most the topic's replication, 1");
}

TEST(ScenarioFile, KnowsItsTopics) {
  EXPECT_EQ(refusal_of_override("client.0.topic=order"),
            "-p client.0.topic=order: topic = \"order\", expected \"orders\"; did you mean \"orders\"?");
  EXPECT_EQ(refusal(small_with("[[at]]\ntime = \"1s\"\ndo = { crash = \"leader:orders-2\" }\n")),
            "t.toml:17:16: crash = \"leader:orders-2\", expected a partition of orders below 2");
  EXPECT_EQ(refusal(small_with("[[at]]\ntime = \"1s\"\ndo = { crash = \"leader:clicks-0\" }\n")),
            "t.toml:17:16: crash = \"clicks\", expected \"orders\"");
}

TEST(ScenarioFile, KnowsItsNodes) {
  const std::string at = small_with("[[at]]\ntime = \"1s\"\n");
  EXPECT_EQ(refusal(at + "do = { crash = \"broker:4\" }\n"),
            "t.toml:17:16: crash = \"broker:4\", expected a number from 1 to 3");
  EXPECT_EQ(refusal(at + "do = { crash = \"client:0\" }\n"),
            "t.toml:17:16: crash = \"client:0\", expected a number from 1 to 1");
  EXPECT_EQ(
      refusal(at + "do = { isolate = \"folower:orders-0\" }\n"),
      "t.toml:17:18: isolate = \"folower:orders-0\", expected \"broker:1\", \"client:1\", "
      "\"leader:orders-0\", "
      "\"follower:orders-0\", \"rack:a\", \"region:eu\", \"controller\", \"controller:1\", \"any-broker\", "
      "\"any-client\" or \"everybody\"; did you mean "
      "\"follower\"?");
}

TEST(ScenarioFile, KnowsItsFaultsAndEvents) {
  EXPECT_EQ(refusal(small_with("[[at]]\ntime = \"1s\"\ndo = { crsh = \"broker:1\" }\n")),
            "t.toml:17:8: unknown key \"crsh\" in do; did you mean \"crash\"?");
  EXPECT_EQ(refusal(small_with("[[at]]\non = { event = \"ShrinkISR\" }\ndo = { crash = \"broker:1\" }\n"))
                .substr(0, 46),
            "t.toml:16:16: event = \"ShrinkISR\", expected on");
  EXPECT_EQ(refusal(small_with("[faults]\ncrsh = { mean_every = \"1s\" }\n")),
            "t.toml:16:1: unknown key \"crsh\" in [faults]; did you mean \"crash\"?");
}

TEST(ScenarioFile, WantsOneConditionForEachEntry) {
  EXPECT_EQ(refusal(small_with("[[at]]\ndo = { crash = \"broker:1\" }\n")),
            "t.toml:15:1: [[at]] has no time, expected either time = \"3s\" or on = { event = … }");
  EXPECT_EQ(
      refusal(small_with("[[at]]\ntime = \"1s\"\ndo = { elect-preferred = \"orders-0\" }\nfor = \"1s\"\n")),
      "t.toml:18:7: for = \"1s\", expected no duration: this happens at one instant");
}

TEST(ScenarioFile, RefusesFaultsWhereThereIsNothingToBreak) {
  const std::string at = small_with("[[at]]\ntime = \"1s\"\n");
  EXPECT_EQ(refusal(at + "do = { disk-stall = \"client:1\" }\n"),
            "t.toml:17:21: disk-stall = \"client:1\", expected a node with a disk: a broker or a controller");
  EXPECT_EQ(refusal(at + "do = { pause-app = \"any-broker\" }\n"),
            "t.toml:17:20: pause-app = \"any-broker\", expected a client");
  EXPECT_EQ(refusal(at + "do = { partition = [\"broker:1\", \"broker:1\"] }\n"),
            "t.toml:17:20: partition = [\"broker:1\", \"broker:1\"], expected two different nodes");
  EXPECT_EQ(refusal(at + "do = { reorder = \"orders-0\", replicas = [1, 2, 1] }\n"),
            "t.toml:17:48: replicas = 1, expected each broker once");
}

TEST(ScenarioFile, RefusesEventConditionsThatNothingCanMeet) {
  const auto refusal_of = [](std::string_view on) {
    return refusal(small_with(fmt::format("[[at]]\non = {{ {} }}\ndo = {{ crash = \"broker:1\" }}\n", on)));
  };
  EXPECT_EQ(refusal_of("event = \"ElectController\", topic = \"orders\""),
            "t.toml:16:43: topic = \"orders\", expected no topic: ElectController is not about a partition");
  EXPECT_EQ(refusal_of("event = \"BecomeLeader\", node = 101"),
            "t.toml:16:39: node = 101, expected the id of a broker, whom BecomeLeader is about");
  EXPECT_EQ(refusal_of("event = \"BecomeLeader\", node = 4"),
            "t.toml:16:39: node = 4, expected the id of a broker, whom BecomeLeader is about");
  EXPECT_EQ(refusal_of("event = \"ResetPosition\", node = 1"),
            "t.toml:16:40: node = 1, expected the id of a client, whom ResetPosition is about");
  EXPECT_EQ(refusal_of("event = \"BecomeLeader\", node = 3, topic = \"orders\", partition = 1"), "accepted");
  EXPECT_EQ(refusal_of("send = \"Fetch\", to = \"broker:1\", nth = 2"), "accepted");
  EXPECT_EQ(refusal_of("deliver = \"Fetch\", response = true, from = \"controller\""), "accepted");
  EXPECT_TRUE(
      refusal_of("send = \"Fetched\"").starts_with("t.toml:16:15: send = \"Fetched\", expected one of"));
  EXPECT_EQ(refusal_of("send = \"Fetch\", to = \"broker:9\""),
            "t.toml:16:29: to = \"broker:9\", expected a number from 1 to 3");
}

TEST(ScenarioFile, HoldsTimesAgainstTheFaultPhase) {
  const std::string crash = "do = { crash = \"broker:1\" }\n";
  EXPECT_EQ(refusal(small_with("[[at]]\ntime = \"10s\"\n" + crash)),
            "t.toml:16:8: time = \"10s\", expected less than [run] faults_until, 10s");
  EXPECT_EQ(refusal(small_with("[[at]]\non = { event = \"BecomeLeader\" }\nafter = \"11s\"\n" + crash)),
            "t.toml:17:9: after = \"11s\", expected less than [run] faults_until, 10s");
  EXPECT_EQ(refusal(small_with("[[at]]\ntime = \"1s\"\n" + crash + "for = \"10s\"\n")),
            "t.toml:18:7: for = \"10s\", expected less than [run] faults_until, 10s");
  EXPECT_EQ(refusal(small_with("[[at]]\ntime = \"1s\"\n" + crash + "for = \"0s\"\n")),
            "t.toml:18:7: for = \"0s\", expected a duration from 1ms to 10m");
}

TEST(ScenarioFile, RefusesEntriesThatContradictEachOther) {
  const auto refusal_of = [](std::string_view first, std::string_view second) {
    return refusal(small_with(fmt::format("[[at]]\n{}\n[[at]]\n{}\n", first, second)));
  };
  constexpr std::string_view kCrash = "time = \"1s\"\ndo = { crash = \"broker:1\" }\nfor = \"2s\"";
  EXPECT_EQ(
      refusal_of(kCrash, "time = \"2s\"\ndo = { shutdown = \"broker:1\" }"),
      "t.toml:19:1: shutdown b1 at 2s cannot happen: since 1s the [[at]] of line 15 has b1 down, expected "
      "another time or node");
  EXPECT_EQ(refusal_of(kCrash, "time = \"1s\"\ndo = { pause = \"broker:1\" }"),
            "t.toml:19:1: pause b1 at 1s cannot happen: since 1s the [[at]] of line 15 has b1 down, expected "
            "another time or node");
  EXPECT_EQ(refusal_of("time = \"1s\"\ndo = { pause = \"broker:1\" }",
                       "time = \"9s\"\ndo = { power-loss = \"broker:1\" }"),
            "t.toml:18:1: power-loss b1 at 9s cannot happen: since 1s the [[at]] of line 15 has b1 paused, "
            "expected another time or node");
  EXPECT_EQ(refusal_of("time = \"1s\"\ndo = { disk-swap = [\"broker:2\", \"broker:1\"] }\nfor = \"2s\"",
                       "time = \"2s\"\ndo = { crash = \"broker:1\" }"),
            "t.toml:19:1: crash b1 at 2s cannot happen: since 1s the [[at]] of line 15 has b1 down, expected "
            "another time or node");
  EXPECT_EQ(refusal_of(kCrash, "time = \"3s\"\ndo = { shutdown = \"broker:1\" }"), "accepted");
  EXPECT_EQ(refusal_of(kCrash, "time = \"2s\"\ndo = { shutdown = \"broker:2\" }"), "accepted");
  EXPECT_EQ(refusal_of(kCrash, "time = \"2s\"\ndo = { isolate = \"broker:1\" }"), "accepted");
}

TEST(ScenarioFile, RepeatsAnEntry) {
  const std::string crash = "[[at]]\ntime = \"1s\"\ndo = { crash = \"broker:1\" }\nfor = \"200ms\"\n";
  const sim::Scenario scenario = scenario_of(small_with(crash + "every = \"2s\"\ntimes = 4\n"));
  ASSERT_EQ(scenario.script.size(), 4u);
  EXPECT_EQ(std::get<Duration>(scenario.script[3].when), seconds(7));
  EXPECT_EQ(scenario.script[3].duration, milliseconds(200));
  EXPECT_EQ(refusal(small_with(crash + "every = \"2s\"\n")),
            "t.toml:15:1: [[at]] has no times, expected both: every = \"500ms\" and times = 5, or neither");
  EXPECT_EQ(
      refusal(small_with(crash + "every = \"3s\"\ntimes = 4\n")),
      "t.toml:19:9: every = \"3s\", expected the last of 4 times before [run] faults_until, 10s; it would "
      "be at 10s");
  EXPECT_EQ(
      refusal(small_with(crash + "every = \"100ms\"\ntimes = 2\n")),
      "t.toml:15:1: crash b1 at 1100ms cannot happen: since 1s the [[at]] of line 15 has b1 down, expected "
      "another time or node");
}

TEST(ScenarioFile, PlacesNodesInRacksAndRegions) {
  const std::string a = "[[rack]]\nname = \"a\"\nregion = \"eu\"\nnodes = [\"broker:1\", \"client:1\"]\n";
  const std::string b = "[[rack]]\nname = \"b\"\nnodes = [\"broker:2\", \"controller\"]\n";
  const sim::Scenario scenario = scenario_of(
      small_with(a + b +
                 "[network]\nbetween_racks = [\"1ms\", \"2ms\"]\n[[at]]\ntime = \"1s\"\ndo = { cut-off = "
                 "\"region:eu\" }\n"));
  ASSERT_EQ(scenario.racks.size(), 2u);
  EXPECT_EQ(scenario.racks[0].nodes, (std::vector{NodeId(1), NodeId(1001)}));
  EXPECT_EQ(scenario.racks[1].nodes, (std::vector{NodeId(2), NodeId(101)}));
  EXPECT_EQ(scenario.network.between_racks.max, milliseconds(2));
  const std::string cut = "[[at]]\ntime = \"1s\"\ndo = { cut-off = \"rack:aa\" }\n";
  EXPECT_EQ(refusal(small_with(a + cut)),
            "t.toml:21:18: cut-off = \"rack:aa\", expected the name of a [[rack]]");
  EXPECT_EQ(
      refusal(small_with(a + a)),
      "t.toml:20:8: name = \"a\", expected a name that no other rack has\n"
      "t.toml:22:9: nodes = [\"broker:1\", \"client:1\"], expected each node in one rack, and b1 is in two\n"
      "t.toml:22:9: nodes = [\"broker:1\", \"client:1\"], expected each node in one rack, and c1001 is in "
      "two");
  EXPECT_EQ(refusal(small_with("[[rack]]\nname = \"c\"\nnodes = [\"broker:9\"]\n")),
            "t.toml:17:10: nodes = \"broker:9\", expected a number from 1 to 3");
  EXPECT_EQ(refusal(small_with("[[rack]]\nname = \"c\"\nnodes = [\"any-broker\"]\n")),
            "t.toml:17:10: nodes = \"any-broker\", expected a node by its name, such as \"broker:1\" or "
            "\"controller\", once");
}

TEST(ScenarioFile, LetsNodesShareAHost) {
  EXPECT_EQ(refusal_of_override("cluster.hosts=[[\"broker:1\", \"controller\"]]"), "accepted");
  EXPECT_EQ(refusal_of_override("cluster.hosts=[[\"broker:1\"], [\"broker:1\"]]"),
            "-p cluster.hosts=[[\"broker:1\"], [\"broker:1\"]]: hosts = [\"broker:1\"], expected brokers and "
            "controllers, each on one host");
  EXPECT_EQ(refusal_of_override("cluster.hosts=[[\"client:1\"]]"),
            "-p cluster.hosts=[[\"client:1\"]]: hosts = [\"client:1\"], expected brokers and controllers, "
            "each on one host");
}

TEST(ScenarioFile, KnowsWhenARingIsNone) {
  EXPECT_EQ(refusal(small_with("[[at]]\ntime = \"1s\"\ndo = { ring = \"brokers\" }\n")),
            "t.toml:17:15: ring = \"brokers\", expected at least 4 brokers, not 3: in a smaller ring "
            "everybody is a neighbour");
}

TEST(ScenarioFile, ReadsTheTimeline) {
  const sim::Scenario scenario = scenario_of(small_with(R"(
[[at]]
time = "3s"
do = { hold = "Fetch", response = true, from = "broker:1", to = "broker:2" }
for = "2s"
[[at]]
on = { event = "BecomeLeader", topic = "orders", partition = 1, node = 2, nth = 2 }
after = "5ms"
do = { crash = "client:1" }
)"));
  ASSERT_EQ(scenario.script.size(), 2u);
  const auto& hold = std::get<sim::HoldFault>(scenario.script[0].fault);
  EXPECT_EQ(std::get<Duration>(scenario.script[0].when), seconds(3));
  EXPECT_EQ(hold.api, api::ApiKey::kFetch);
  EXPECT_TRUE(hold.response);
  EXPECT_EQ(hold.to.node, NodeId(2));
  EXPECT_EQ(scenario.script[0].duration, seconds(2));
  const auto& on = std::get<sim::EventCondition>(scenario.script[1].when);
  EXPECT_EQ(on.event, "BecomeLeader");
  EXPECT_EQ(on.partition, PartitionId(1));
  EXPECT_EQ(on.nth, 2);
  EXPECT_EQ(scenario.script[1].after, milliseconds(5));
  EXPECT_EQ(std::get<sim::CrashFault>(scenario.script[1].fault).node.node, NodeId(1001));
  EXPECT_FALSE(scenario.script[1].duration.has_value());
}

TEST(ScenarioFile, TurnsFaultsOffWithNever) {
  const sim::Scenario scenario = scenario_of(
      small_with("[faults]\ncrash = { mean_every = \"never\" }\nleader-move = { mean_every = \"2s\" }\n"));
  ASSERT_EQ(scenario.faults.size(), 1u);
  EXPECT_EQ(scenario.faults[0].kind, "leader-move");
  EXPECT_EQ(scenario.faults[0].mean_every, seconds(2));
}

TEST(ScenarioFile, PlantsFlawsByExhibit) {
  const auto flawed = valid(kSmall).with({"flaws=R01"});
  ASSERT_TRUE(flawed.has_value());
  EXPECT_TRUE(flawed->for_seed(1)->cluster.flaws.truncate_to_high_watermark);
  EXPECT_EQ(refusal_of_override("flaws=R1"),
            "-p flaws=R1: flaws = \"R1\", expected one of \"R01\", \"R06\", \"R11\", \"R19\", \"K01\", "
            "\"K02\", \"K03\", \"K05\", \"K07\", \"K14\"; did you mean "
            "\"R01\"?");
}

TEST(ScenarioFile, NamesThePermittingSettingWhenALossIsExpected) {
  EXPECT_EQ(refusal_of_override("expect=permitted"),
            "t.toml:1:1: the scenario has no permits, expected both: permits = [\"acks=1\"] names the "
            "settings that permit "
            "the loss which is expected");
  const auto file = valid(kSmall).with({"expect=permitted", "permits=[\"acks=1\"]"});
  ASSERT_TRUE(file.has_value()) << file.error().message;
  EXPECT_EQ(file->for_seed(1)->expect_permitted, std::vector<std::string>{"acks=1"});
}

}  // namespace
}  // namespace odradek::scenarios
