// What counts as an exhibit that was found, and that each can be planted elsewhere and taken out.
#include "bindings/cli/museum.h"

#include <gtest/gtest.h>

namespace odradek::cli {
namespace {

sim::Scenario permitted_by(std::vector<std::string> settings) {
  sim::Scenario scenario;
  scenario.expect_permitted = std::move(settings);
  return scenario;
}

sim::RunResult lost_by(const std::vector<std::string>& settings) {
  sim::RunResult result;
  for (const std::string& setting : settings) result.permitted.push_back({.setting = setting});
  return result;
}

TEST(Museum, AFlawIsFoundByAViolation) {
  sim::Scenario flawed;
  flawed.expect_violation = true;
  sim::RunResult result;
  EXPECT_FALSE(ends_as_expected(flawed, result));
  result.verdict = sim::Verdict::kInconclusive;
  EXPECT_FALSE(ends_as_expected(flawed, result));
  result.verdict = sim::Verdict::kViolation;
  EXPECT_TRUE(ends_as_expected(flawed, result));
}

TEST(Museum, ASettingIsFoundByALossThatItPermits) {
  const sim::Scenario both = permitted_by({"acks=1", "min.insync.replicas=1"});
  EXPECT_FALSE(ends_as_expected(both, lost_by({})));
  EXPECT_FALSE(ends_as_expected(both, lost_by({"acks=1"})));
  EXPECT_TRUE(ends_as_expected(both, lost_by({"min.insync.replicas=1", "acks=1"})));
  sim::RunResult violated = lost_by({"min.insync.replicas=1", "acks=1"});
  violated.verdict = sim::Verdict::kViolation;
  EXPECT_FALSE(ends_as_expected(both, violated));
}

TEST(Museum, EveryExhibitCanBePlantedAndTakenOut) {
  ASSERT_GE(exhibit_names().size(), 8u);
  for (const std::string& name : exhibit_names()) {
    const auto script = load_scenario("museum/" + name, {});
    ASSERT_TRUE(script.has_value()) << script.error().message;
    EXPECT_FALSE(script->plant().empty()) << name;
    EXPECT_FALSE(script->removal().empty()) << name;
    EXPECT_TRUE(script->with(script->removal()).has_value()) << name;
    for (const std::string_view chaos : kGenericChaos) {
      const auto clean = load_scenario(std::string(chaos), {});
      const auto planted = load_scenario(std::string(chaos), script->plant());
      ASSERT_TRUE(planted.has_value()) << planted.error().message;
      EXPECT_NE(planted->hash(), clean->hash()) << name;
    }
  }
}

TEST(Museum, ShowsAFlawAndItsAbsence) {
  const auto shown = exhibit("R01", {.workers = 2, .budget = seconds(0)});
  ASSERT_TRUE(shown.has_value()) << shown.error().message;
  EXPECT_TRUE(shown->directed);
  EXPECT_TRUE(shown->clean_with_flaw_off);
  EXPECT_FALSE(shown->found);
  EXPECT_EQ(shown->problems, std::vector<std::string>());
}

}  // namespace
}  // namespace odradek::cli
