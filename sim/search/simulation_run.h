// SimulationRun: a run of the simulator as something to record.
#pragma once

#include "sim/search/simulation.h"
#include "sim/trace/recording.h"

namespace odradek::sim {

class SimulationRun final : public Recordable {
 public:
  SimulationRun(const Scenario& scenario, std::uint64_t seed) : simulation_(scenario, seed) {}

  bool step(Sight* seen) override;
  [[nodiscard]] std::uint64_t event() const override { return simulation_.events(); }
  [[nodiscard]] Instant now() const override { return simulation_.now(); }
  [[nodiscard]] Digest happened() const override { return simulation_.world().fingerprint(); }
  [[nodiscard]] Digest digest() const override { return digest_of(simulation_); }
  [[nodiscard]] Leaves state() const override { return leaves_of("", simulation_); }

  [[nodiscard]] const Simulation& simulation() const { return simulation_; }

 private:
  Simulation simulation_;
};

}  // namespace odradek::sim
