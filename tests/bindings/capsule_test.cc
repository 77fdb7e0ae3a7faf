// Stored failures: whole or refused, and on a build that runs differently told where it does.
#include "bindings/cli/capsule.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "bindings/cli/capsule_json.h"
#include "bindings/cli/commands.h"
#include "sim/search/simulation_run.h"

namespace odradek::cli {
namespace {

namespace fs = std::filesystem;

scenarios::ScenarioFile chaos(const scenarios::Overrides& overrides = {}) {
  return *load_scenario("replication-chaos", overrides);
}
constexpr std::uint64_t kSeed = 8;

std::string text_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// The first event after which not the same has happened in both.
std::uint64_t first_different_event(const sim::Scenario& one, const sim::Scenario& other) {
  sim::SimulationRun left(one, kSeed);
  sim::SimulationRun right(other, kSeed);
  while (left.step(nullptr) && right.step(nullptr)) {
    if (left.happened() != right.happened()) return left.event();
  }
  return 0;
}

class Capsules : public testing::Test {
 protected:
  Capsules() : root_(fs::temp_directory_path() / fmt::format("odradek-capsule-{}", getpid())) {
    fs::create_directories(root_);
  }
  ~Capsules() override { fs::remove_all(root_); }

  /// What a build that behaves as with flaw R01 would have stored of a scenario without it.
  std::string of_another_build() const {
    const auto flawed = chaos({"flaws=R01"}).for_seed(kSeed);
    const Outcome outcome = measure(*flawed, kSeed, {});
    const Trail trail = record_trail(*flawed, kSeed, outcome.result.events);
    const std::string folder = (root_ / "stored").string();
    EXPECT_TRUE(write_capsule(folder, chaos(), outcome, trail).has_value());
    return folder;
  }

  void edit(const std::string& folder, const std::string& name, const std::string& from,
            const std::string& to) const {
    const fs::path path = fs::path(folder) / name;
    std::string text = text_of(path);
    ASSERT_TRUE(text.contains(from)) << name;
    std::ofstream(path, std::ios::binary) << text.replace(text.find(from), from.size(), to);
  }

  fs::path root_;
};

TEST_F(Capsules, AreReadAsTheyWereWritten) {
  const std::string folder = of_another_build();
  const auto capsule = load_capsule(folder);
  ASSERT_TRUE(capsule.has_value()) << capsule.error().message;
  EXPECT_EQ(capsule->file.canonical(), chaos().canonical());
  EXPECT_EQ(capsule->file.repro()->seed, kSeed);
  EXPECT_LE(capsule->trail.size(), kTrailMarks);
  EXPECT_GT(capsule->trail.size(), kTrailMarks / 2);
  EXPECT_EQ(capsule->trail.back().event, capsule->outcome.result.events);
}

TEST_F(Capsules, AreRefusedWhenTheyWereEdited) {
  const std::string folder = of_another_build();
  edit(folder, "repro.toml", "seed = \"8\"", "seed = \"9\"");
  EXPECT_EQ(load_capsule(folder).error().message,
            folder +
                "/repro.toml: not what was stored: cut short or edited since; to run what it says now: "
                "odradek run " +
                folder + "/repro.toml --seed N");
  edit(folder, "repro.toml", "seed = \"9\"", "seed = \"8\"");
  ASSERT_TRUE(load_capsule(folder).has_value());
  edit(folder, "capsule.json", "\"event\":", "\"event\":1");
  EXPECT_EQ(load_capsule(folder).error().message,
            folder + "/capsule.json: not what was stored: edited since");
}

TEST_F(Capsules, AreRefusedWhenAnyOfTheirFilesIsCutShortOrMissing) {
  const std::string folder = of_another_build();
  for (const auto* name : {"repro.toml", "result.json", "capsule.json"}) {
    const fs::path path = fs::path(folder) / name;
    const std::string text = text_of(path);
    for (const std::size_t bytes : {text.size() - 5, text.size() / 2, std::size_t{0}}) {
      fs::resize_file(path, bytes);
      const auto refused = load_capsule(folder);
      ASSERT_FALSE(refused.has_value()) << name << " of " << bytes << " bytes";
      EXPECT_TRUE(refused.error().message.starts_with(path.string() + ": not what was stored: cut short or"))
          << refused.error().message;
      std::ofstream(path, std::ios::binary) << text;
    }
    fs::remove(path);
    EXPECT_TRUE(load_capsule(folder).error().message.starts_with(path.string() + ": cannot be read"));
    std::ofstream(path, std::ios::binary) << text;
  }
  EXPECT_TRUE(load_capsule(folder).has_value());
}

TEST_F(Capsules, OfAnotherVersionAreRefusedByName) {
  const std::string folder = of_another_build();
  std::ofstream(fs::path(folder) / "capsule.json") << R"({"version": 2, "all": "else"})";
  EXPECT_EQ(load_capsule(folder).error().message,
            folder +
                "/capsule.json: a capsule of version 2, expected version 1: replay it with the build that "
                "stored it");
  EXPECT_EQ(replay({.scenario = folder}), Exit::kUsage);
}

TEST_F(Capsules, ReplayTellsWhereAnotherBuildParts) {
  const std::string folder = of_another_build();
  const auto capsule = load_capsule(folder);
  const std::uint64_t parted =
      first_different_event(*chaos().for_seed(kSeed), *chaos({"flaws=R01"}).for_seed(kSeed));
  ASSERT_GT(parted, 0u);
  const auto parting = leave_trail(capsule->trail, *capsule->file.for_seed(kSeed), kSeed);
  ASSERT_TRUE(parting.has_value() && parting->equal.has_value());
  EXPECT_LT(parting->equal->event, parted);
  EXPECT_GE(parting->stored.event, parted);
  EXPECT_FALSE(parting->lines.empty());

  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  EXPECT_EQ(replay({.scenario = folder}), Exit::kInternal);
  testing::internal::GetCapturedStdout();
  const std::string said = testing::internal::GetCapturedStderr();
  EXPECT_TRUE(said.contains(fmt::format("equal up to event {} (t = ", parting->equal->event))) << said;
  EXPECT_TRUE(said.contains(fmt::format("then different before event {}\n", parting->stored.event + 1)))
      << said;
  EXPECT_TRUE(said.contains("\n  stored  violation after ")) << said;
  EXPECT_TRUE(said.contains("\n  here    pass after ")) << said;
}

TEST(Trail, OfTheSameRunIsNeverLeft) {
  const auto scenario = chaos().for_seed(kSeed);
  const std::uint64_t events = measure(*scenario, kSeed, {}).result.events;
  const Trail trail = record_trail(*scenario, kSeed, events);
  EXPECT_FALSE(leave_trail(trail, *scenario, kSeed).has_value());
  EXPECT_EQ(leave_trail(trail, *scenario, kSeed + 1)->equal, std::nullopt);
}

TEST(Trail, OfAShortRunMarksEveryEvent) {
  const Trail trail = record_trail(*chaos().for_seed(kSeed), kSeed, 3);
  ASSERT_EQ(trail.size(), 3u);
  EXPECT_EQ(trail[1].event, 2u);
  EXPECT_TRUE(record_trail(*chaos().for_seed(kSeed), kSeed, 0).empty());
}

}  // namespace
}  // namespace odradek::cli
