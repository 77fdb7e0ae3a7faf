// Death in the middle of a step, wherever it may strike: at drawn steps that write, after every one of the
// things that the step writes and does, with the host's power or without. The rest of the run must be clean.
//
// A run is a value: each cut is tried on a copy of the same moment.
#include <gtest/gtest.h>

#include <algorithm>

#include "sim/search/simulation.h"
#include "tests/sim/search/small_scenario.h"

namespace odradek::sim {
namespace {

constexpr int kStepsPerSeed = 40;

/// A short run of a small cluster that appends, rolls, checkpoints, moves leaders and applies metadata.
Scenario busy_scenario() {
  Scenario scenario = small_scenario();
  scenario.cluster.topic_defaults.segment_bytes = 1'024;
  scenario.cluster.broker.replica_high_watermark_checkpoint_interval_ms = 150;
  scenario.topics.front().partitions = 1;
  for (ClientSpec& client : scenario.clients) client.count = 1;
  scenario.faults.push_back({.kind = "leader-move", .mean_every = milliseconds(400)});
  scenario.faults_until = seconds(2);
  return scenario;
}

/// Remembers the last step that wrote.
class Watch final : public Tracer {
 public:
  void line(std::string_view) override {}
  void step(const StepReport& report) override {
    const bool wrote = report.kind == StepKind::kNode && report.parts > report.effects.size();
    seen = wrote && report.node.value() < 900;
    node = report.node;
    parts = report.parts;
  }

  bool seen = false;
  NodeId node;
  std::uint64_t parts = 0;
};

std::string faults_of(Simulation run) {
  while (!run.is_over()) static_cast<void>(run.step(Instant::never(), nullptr));
  const RunResult result = run.result();
  return result.violations.empty()
             ? ""
             : result.violations.front().invariant + " " + result.violations.front().message;
}

/// How a death is tried: a crash, and a power loss of every kind.
std::vector<std::optional<Survival>> deaths() {
  std::vector<std::optional<Survival>> all = {std::nullopt};
  for (const Survival survival : kSurvivals) all.emplace_back(survival);
  return all;
}

class MidStepDeath : public testing::TestWithParam<std::uint64_t> {};

TEST_P(MidStepDeath, LosesNothingThatWasPromised) {
  const std::uint64_t seed = GetParam();
  Simulation run(busy_scenario(), seed);
  Watch watch;
  std::uint64_t writing = 0;
  int tried = 0;
  while (tried < kStepsPerSeed && run.phase() <= Phase::kSafety) {
    const Simulation before = run;
    static_cast<void>(run.step(Instant::never(), &watch));
    // Every step that writes while the cluster boots, and later about every seventh.
    if (!watch.seen || (run.phase() == Phase::kSafety && ++writing % 7 != 0)) continue;
    ++tried;
    for (std::uint64_t keep = 0; keep <= watch.parts; ++keep) {
      for (const auto& power_loss : deaths()) {
        Simulation cut = before;
        cut.crash_inside(watch.node, {.steps = 0, .keep = keep, .power_loss = power_loss});
        const std::string fault = faults_of(cut);
        ASSERT_EQ(fault, "") << "seed " << seed << ", event " << before.events() + 1 << ", "
                             << watch.node.value() << " after " << keep << " of " << watch.parts << ", "
                             << (power_loss ? name_of(*power_loss) : "crash");
      }
    }
  }
  EXPECT_EQ(tried, kStepsPerSeed);
}

INSTANTIATE_TEST_SUITE_P(Seeds, MidStepDeath, testing::Range<std::uint64_t>(1, 6));

}  // namespace
}  // namespace odradek::sim
