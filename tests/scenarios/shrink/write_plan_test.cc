// What a plan may hold a file can say: entries written down and read again are the same.
#include "scenarios/write_plan.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>

#include "engine/base/describe.h"
#include "scenarios/layout.h"
#include "scenarios/parse.h"
#include "scenarios/scenario_file.h"
#include "scenarios/toml.h"
#include "sim/faults/expand.h"
#include "sim/search/cluster.h"

namespace odradek::scenarios {
namespace {

/// Room for faults of every kind: four brokers for a ring, racks in regions, clients.
constexpr std::string_view kRoomy = R"(title = "roomy"
[cluster]
brokers = 4
[[topic]]
name = "orders"
partitions = 3
[[client]]
kind = "producer"
topic = "orders"
count = 3
config = { "enable.idempotence" = false }
[[rack]]
name = "a"
region = "eu"
nodes = ["broker:1", "broker:2"]
[[rack]]
name = "b"
region = "us"
nodes = ["broker:3", "client:1"]
[run]
faults_until = "60s"
)";

ScenarioFile valid(const std::string& text) {
  auto file = ScenarioFile::parse(text, "t", "t.toml");
  EXPECT_TRUE(file.has_value()) << file.error().message << "\n" << text;
  return *std::move(file);
}

sim::Scenario roomy() { return *valid(std::string(kRoomy)).for_seed(1); }

/// All kinds, composites too, over and over.
std::vector<sim::PlanEntry> random_plan(std::uint64_t seed) {
  sim::Scenario scenario = roomy();
  const auto add = [&](const auto& infos) {
    for (const auto& info : infos)
      scenario.faults.push_back({.kind = std::string(info.name), .mean_every = seconds(10)});
  };
  add(sim::kFaults);
  add(sim::kCompositeFaults);
  std::vector<sim::PlanEntry> plan = sim::plan_of(scenario, sim::topology_of(scenario), sim::make_key(seed));
  // Composites may go on behind the end of the faults, where no file may plan anything.
  std::erase_if(plan, [&](const sim::PlanEntry& entry) {
    const auto* time = std::get_if<Duration>(&entry.when);
    return time != nullptr && *time >= scenario.faults_until;
  });
  return plan;
}

/// The one entry of the roomy file that says so.
Result<sim::PlanEntry> read_again(const sim::PlanEntry& entry) {
  Table root = *parse_toml(kRoomy, "t.toml");
  root.set("at", {.data = List{{.data = write_entry(entry), .where = {}}}, .where = {}});
  TRY(written, parse_toml(lay_out(root), "t.toml"));
  Problems problems;
  const Parsed parsed = parse(written, problems);
  if (!problems.empty()) return std::unexpected(problems.error("t.toml", {}));
  return parsed.scenario.script.at(0);
}

/// Draws may hit what has not got what they break; a file must not say such a thing.
bool is_harmless(const sim::PlanEntry& entry) {
  const auto hits = [&entry]<class Kind>(std::type_identity<Kind>, auto... kinds) {
    const auto* fault = std::get_if<Kind>(&entry.fault);
    return fault != nullptr && ((fault->node.kind == kinds) || ...);
  };
  using enum sim::NodeSelector::Kind;
  return hits(std::type_identity<sim::DiskErrorFault>(), kAnyClient) ||
         hits(std::type_identity<sim::DiskFullFault>(), kAnyClient) ||
         hits(std::type_identity<sim::DiskStallFault>(), kAnyClient) ||
         hits(std::type_identity<sim::DiskThrottleFault>(), kAnyClient) ||
         hits(std::type_identity<sim::DiskEmptyFault>(), kAnyClient);
}

RC_GTEST_PROP(WrittenEntry, ReadsAgainAsItself, (std::uint64_t seed)) {
  for (const sim::PlanEntry& entry : random_plan(seed)) {
    const auto again = read_again(entry);
    RC_ASSERT(again.has_value() != is_harmless(entry));
    if (again) RC_ASSERT(first_difference(*again, entry).value_or("") == "");
  }
}

TEST(WrittenEntry, IsTriedForEveryKind) {
  std::set<std::string_view> seen;
  for (const sim::PlanEntry& entry : random_plan(1)) seen.insert(sim::info_of(entry.fault).name);
  for (const sim::FaultInfo& info : sim::kFaults) EXPECT_TRUE(seen.contains(info.name)) << info.name;
}

TEST(WrittenEntry, LeavesOutWhatGoesWithoutSaying) {
  const auto written = [](const sim::PlanEntry& entry) {
    return print_inline({.data = write_entry(entry), .where = {}});
  };
  EXPECT_EQ(written({.when = milliseconds(1500),
                     .after = {},
                     .fault = sim::CrashFault{{.kind = sim::NodeSelector::Kind::kAnyBroker, .choice = 6}},
                     .duration = seconds(2)}),
            R"({ do = { crash = "any-broker:7" }, for = "2s", time = "1500ms" })");
  EXPECT_EQ(written({.when = sim::EventCondition{.event = "BecomeLeader", .topic = "orders"},
                     .after = milliseconds(5),
                     .fault = sim::PartitionFault{{.node = NodeId(2)}, {.node = NodeId(1001)}},
                     .duration = {}}),
            R"({ after = "5ms", do = { partition = ["broker:2", "client:1"] }, )"
            R"(on = { event = "BecomeLeader", topic = "orders" } })");
}

TEST(WrittenEntry, SaysWhichMessageItWaitsFor) {
  const sim::PlanEntry entry{
      .when = sim::MessageCondition{.delivered = true,
                                    .message = {.api = api::ApiKey::kFetch, .response = true},
                                    .between = {.from = NodeId(1), .to = NodeId(2)},
                                    .nth = 3},
      .after = milliseconds(5),
      .fault = sim::CrashFault{{.node = NodeId(2)}},
      .duration = seconds(1)};
  EXPECT_EQ(print_inline({.data = write_entry(entry), .where = {}}),
            R"({ after = "5ms", do = { crash = "broker:2" }, for = "1s", on = { deliver = "Fetch", )"
            R"(from = "broker:1", nth = 3, response = true, to = "broker:2" } })");
  const auto again = read_again(entry);
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(*again, entry);
}

std::string refusal(std::string_view deed) {
  const auto file = ScenarioFile::parse(
      fmt::format("{}[[at]]\ntime = \"1s\"\ndo = {{ crash = \"{}\" }}\n", kRoomy, deed), "t", "t.toml");
  return file ? "accepted" : file.error().message;
}

TEST(Selector, MayNameOneOfSeveral) {
  for (const auto* fine : {"any-broker:1", "any-broker:4294967296", "any-client:2", "follower:orders-0:2"})
    EXPECT_EQ(refusal(fine), "accepted");
  EXPECT_EQ(refusal("any-broker:0"),
            "t.toml:24:16: crash = \"any-broker:0\", expected a number from 1 to 4294967296 at its end");
  EXPECT_EQ(refusal("leader:orders-0:2"),
            "t.toml:24:16: crash = \"leader:orders-0:2\", expected a partition such as \"orders-0\"");
}

}  // namespace
}  // namespace odradek::scenarios
