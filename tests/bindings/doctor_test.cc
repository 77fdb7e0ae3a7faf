// The doctor finds a planted leak of every kind, at its event and by its member, and is silent without one.
#include "bindings/cli/doctor.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "bindings/cli/divergence_report.h"
#include "tests/bindings/leaky.h"

namespace odradek::cli {
namespace {

Result<std::unique_ptr<sim::Recordable>> make_leaky(const Subject& subject) {
  return leaky_run(leak_of(subject.text), subject.seed);
}

// The other end of the tests below: they start this program again, with this test alone.
TEST(Side, ServesOnlyWhenADoctorHasStartedIt) {
  const bool is_started = std::getenv("ODRADEK_SIDE_SOCKET") != nullptr;
  EXPECT_EQ(serve_side(make_leaky), is_started);
}

Doctor a_doctor() {
  return Doctor({"--gtest_brief=1", "--gtest_filter=Side.ServesOnlyWhenADoctorHasStartedIt"});
}

Subject subject_with(Leak leak, std::uint64_t seed = 7) {
  return {.name = "leaky", .text = std::string(name_of(leak)), .seed = seed};
}

struct Planted {
  Leak leak;
  std::string path;              ///< the member that is to be named first
  bool needs_allocator = false;  ///< shows only where an allocator hands out last what was freed first
};

void PrintTo(const Planted& planted, std::ostream* out) { *out << name_of(planted.leak); }

constexpr bool has_own_allocator() {
#if defined(__SANITIZE_ADDRESS__)
  return true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
  return true;
#else
  return false;
#endif
#else
  return false;
#endif
}

class PlantedLeak : public testing::TestWithParam<Planted> {};

TEST_P(PlantedLeak, IsFoundAtItsEventAndByItsMember) {
  const Planted& planted = GetParam();
  if (planted.needs_allocator && has_own_allocator()) {
    GTEST_SKIP() << "AddressSanitizer hands out addresses in an order of its own";
  }
  Doctor doctor = a_doctor();
  const std::vector<Subject> subjects = {subject_with(Leak::kNone, 6), subject_with(planted.leak)};
  const Examination examination = doctor.examine(subjects);
  EXPECT_EQ(examination.runs, 1u);
  ASSERT_TRUE(examination.finding);
  EXPECT_EQ(examination.finding->subject, subjects[1]);
  ASSERT_TRUE(examination.finding->divergence) << examination.finding->problem;
  const sim::Divergence& divergence = *examination.finding->divergence;
  EXPECT_EQ(divergence.left.mark.event, Leaky::kFirstLeakEvent);
  EXPECT_EQ(divergence.left.sight.title, "b1 lifecycle TimerFired Heartbeat");
  ASSERT_FALSE(divergence.members.empty());
  EXPECT_EQ(divergence.members[0].path, planted.path) << divergence.members[0].left;
}

INSTANTIATE_TEST_SUITE_P(EachKind, PlantedLeak,
                         testing::Values(Planted{Leak::kAddressOrder, "effects[1].timer.entity", true},
                                         Planted{Leak::kHashOrder, "effects[1].timer.entity"},
                                         Planted{Leak::kUninitialisedByte, "world.nodes[0].process.byte"},
                                         Planted{Leak::kWallClock, "effects[1].after.ns"},
                                         Planted{Leak::kPointerSet, "effects[1].timer.entity", true}));

TEST(Doctor, IsSilentWithoutALeak) {
  Doctor doctor = a_doctor();
  const std::vector<Subject> subjects = {subject_with(Leak::kNone, 1), subject_with(Leak::kNone, 2)};
  const Examination examination = doctor.examine(subjects);
  EXPECT_FALSE(examination.finding);
  EXPECT_EQ(examination.runs, 2u);
  EXPECT_EQ(examination.events, 4'000u);
}

TEST(Doctor, ReportsASideThatDies) {
  Doctor doctor({"--gtest_brief=1", "--gtest_filter=No.SuchTest"});
  const Examination examination = doctor.examine(std::vector{subject_with(Leak::kNone)});
  ASSERT_TRUE(examination.finding);
  EXPECT_EQ(examination.finding->problem, "its process died: exit 0");
}

TEST(Doctor, NamesSeedEventAndMemberInItsReport) {
  Doctor doctor = a_doctor();
  DoctorReport report{.scenarios = {"leaky"},
                      .examination = doctor.examine(std::vector{subject_with(Leak::kUninitialisedByte)}),
                      .repro = "odradek doctor leaky --seeds 7..7"};
  const std::string text = describe_doctor(report, Style(false));
  EXPECT_NE(text.find("0.700000s  event 701    b1 lifecycle TimerFired Heartbeat"), std::string::npos)
      << text;
  EXPECT_NE(text.find("\n  world.nodes[0].process.byte: "), std::string::npos) << text;
  EXPECT_TRUE(
      text.ends_with("FAIL  leaky  seed 7 is not deterministic\nrepro odradek doctor leaky --seeds 7..7\n"));
  const std::string json = doctor_json(report);
  EXPECT_NE(json.find("\"deterministic\": false"), std::string::npos);
  EXPECT_NE(json.find("\"path\": \"world.nodes[0].process.byte\""), std::string::npos);
}

TEST(SideMessage, ReadsBackWhatItWrites) {
  const Question question{
      .subject = subject_with(Leak::kNone), .window = {.from = 1, .to = 9, .every = 2}, .look = 5};
  const auto read = parse_question(question_text(question));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->subject, question.subject);
  EXPECT_EQ(read->window.to, 9u);
  EXPECT_EQ(read->look, 5u);
  auto run = leaky_run(Leak::kNone, 1);
  const Told told{.marks = record(*leaky_run(Leak::kNone, 1), {.every = 100}), .look = look(*run, 30)};
  ASSERT_TRUE(told.look);
  EXPECT_EQ(*parse_told(told_text(told)), told);
  EXPECT_EQ(parse_told(told_text(fail("no such scenario"))).error().message, "no such scenario");
  EXPECT_FALSE(parse_told("{}"));
}

}  // namespace
}  // namespace odradek::cli
