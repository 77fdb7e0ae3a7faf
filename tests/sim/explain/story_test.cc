#include "sim/explain/story.h"

#include <gtest/gtest.h>

#include "sim/explain/chronicler.h"
#include "sim/explain/glossary.h"
#include "sim/explain/quorum_picture.h"
#include "sim/search/run.h"
#include "tests/sim/search/small_scenario.h"

namespace odradek::sim {
namespace {

TEST(Chronicler, ChangesNothingInARun) {
  const Scenario scenario = small_chaos();
  for (const std::uint64_t seed : {1, 2, 3}) {
    Chronicler chronicler;
    EXPECT_EQ(run(scenario, seed, {.tracer = &chronicler}), run(scenario, seed)) << seed;
  }
}

TEST(Chronicler, KnowsForEveryStepWhatItGoesBackTo) {
  Chronicler chronicler;
  const RunResult result = run(small_chaos(), 1, {.tracer = &chronicler});
  const Chronicle chronicle = std::move(chronicler).chronicle();
  ASSERT_EQ(chronicle.steps.size(), result.events);
  for (std::uint64_t n = 1; n <= chronicle.steps.size(); ++n) {
    const ChronicleStep& step = chronicle.step(n);
    ASSERT_LT(step.cause, n);
    const bool outside = step.spur == Spur::kBoot || step.spur == Spur::kCall || step.spur == Spur::kShutdown;
    if (step.spur != Spur::kConnection) {
      ASSERT_EQ(step.cause == 0, outside) << n;
    }
    if (step.spur != Spur::kMessage && step.spur != Spur::kTimer) continue;
    ASSERT_EQ(chronicle.step(step.cause).node == step.node, step.spur == Spur::kTimer) << n;
  }
}

TEST(Chronicler, TellsFaultsWithTheirVictimsAndTheirEnds) {
  Scenario scenario = small_scenario();
  scenario.script = {
      {.when = seconds(1), .fault = CrashFault{.node = {.node = NodeId(2)}}, .duration = seconds(1)},
      {.when = seconds(4),
       .fault = HoldFault{.api = api::ApiKey::kFetch, .from = {.node = NodeId(1)}, .to = {.node = NodeId(3)}},
       .duration = seconds(1)}};
  Chronicler chronicler;
  (void)run(scenario, 1, {.tracer = &chronicler});
  const Chronicle chronicle = std::move(chronicler).chronicle();
  std::vector<FaultStruck> struck;
  std::vector<std::uint32_t> ended;
  std::vector<NodeId> died;
  for (const Happening& happening : chronicle.happenings) {
    if (const auto* fault = std::get_if<FaultStruck>(&happening.what)) struck.push_back(*fault);
    if (const auto* end = std::get_if<FaultEnded>(&happening.what)) ended.push_back(end->entry);
    if (std::holds_alternative<NodeDied>(happening.what)) died.push_back(happening.node);
  }
  ASSERT_EQ(struck.size(), 2U);
  EXPECT_EQ(struck[0].nodes, std::vector{NodeId(2)});
  EXPECT_EQ(struck[1].paths, (std::vector{Path{.from = NodeId(1), .to = NodeId(3)}}));
  EXPECT_EQ(ended, (std::vector{0U, 1U}));
  EXPECT_EQ(died, std::vector{NodeId(2)});
}

TEST(Chronicler, KnowsWhatLiesInEachMetadataLog) {
  Scenario scenario = small_scenario();
  scenario.cluster.controllers = 3;
  scenario.script = {
      {.when = seconds(1), .fault = CrashFault{.node = {.node = NodeId(101)}}, .duration = seconds(3)}};
  Chronicler chronicler;
  ASSERT_EQ(run(scenario, 1, {.tracer = &chronicler}).verdict, Verdict::kPass);
  const Chronicle chronicle = std::move(chronicler).chronicle();
  QuorumPicture picture;
  for (const Happening& happening : chronicle.happenings) {
    picture.apply(happening);
    const auto* seen = std::get_if<MetadataSeen>(&happening.what);
    if (seen == nullptr) continue;
    const MemberPicture& member = picture.member(happening.node);
    Offset end = seen->log_start;
    for (const Entry& entry : member.log) {
      ASSERT_EQ(entry.base, end);
      ASSERT_FALSE(entry.records.empty());
      end = entry.end;
    }
    ASSERT_EQ(end, seen->log_end);
  }
  const MemberPicture& first = picture.member(NodeId(101));
  ASSERT_FALSE(first.log.empty());
  for (const auto& [node, member] : picture.members())
    EXPECT_TRUE(member.has(first.log.front())) << node.value();
  EXPECT_EQ(first.log.front().records, "LeaderChange, KRaftVersion and KRaftVoters");
}

TEST(Glossary, FindsNoTermInsideAnotherWord) {
  Glossary glossary;
  EXPECT_EQ(glossary.explain("Broker 1 is unfenced."), "Broker 1 is unfenced.");
  EXPECT_NE(glossary.explain("Broker 1 is fenced."), "Broker 1 is fenced.");
}

TEST(Glossary, ExplainsATermBehindTheSentenceThatUsesItFirst) {
  Glossary glossary;
  const std::string first = glossary.explain("Its ISR is {1}. It leads.");
  EXPECT_TRUE(first.starts_with("Its ISR is {1}. (The ISR are")) << first;
  EXPECT_TRUE(first.ends_with(".) It leads.")) << first;
  EXPECT_EQ(glossary.explain("The ISR grows."), "The ISR grows.");
}

TEST(Story, OfARunThatHeldSaysSo) {
  const Scenario scenario = small_scenario();
  const RunResult result = run(scenario, 1);
  ASSERT_EQ(result.verdict, Verdict::kPass);
  const Story story = tell_held(scenario, result);
  EXPECT_TRUE(story.promise.starts_with("Everything held")) << story.promise;
  EXPECT_TRUE(story.steps.empty());
}

}  // namespace
}  // namespace odradek::sim
