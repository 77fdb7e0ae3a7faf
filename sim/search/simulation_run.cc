#include "sim/search/simulation_run.h"

#include <fmt/format.h>

#include <utility>

#include "engine/base/ensure.h"

namespace odradek::sim {
namespace {

class SightTracer final : public Tracer {
 public:
  explicit SightTracer(Sight& seen) : seen_(seen) {}
  void line(std::string_view text) override { seen_.lines.emplace_back(text); }
  void step(const StepReport& report) override {
    Sight sight = sight_of(report);
    sight.lines = std::move(seen_.lines);
    seen_ = std::move(sight);
  }

 private:
  Sight& seen_;
};

}  // namespace

bool SimulationRun::step(Sight* seen) {
  if (simulation_.is_over()) return false;
  // A failed ENSURE of the harness ends a run as a finding (run.cc), and so it does here.
  try {
    if (seen == nullptr) return simulation_.step(Instant::never(), nullptr);
    SightTracer tracer(*seen);
    return simulation_.step(Instant::never(), &tracer);
  } catch (const EnsureFailure& failed) {
    simulation_.give_up("ENSURE", fmt::format("{}: {}", failed.condition, failed.message));
    return true;
  }
}

}  // namespace odradek::sim
