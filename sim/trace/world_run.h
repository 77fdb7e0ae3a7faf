// WorldRun: a world of any process as something to record. Nobody acts on it from outside.
#pragma once

#include <utility>

#include "sim/kernel/world.h"
#include "sim/trace/recording.h"

namespace odradek::sim {

template <Steppable Process>
class WorldRun final : public Recordable {
 public:
  /// The run is over after so many events, or when nothing is scheduled any more.
  WorldRun(World<Process> world, std::uint64_t events_max)
      : world_(std::move(world)), events_max_(events_max) {}

  bool step(Sight* seen) override {
    if (world_.events() >= events_max_ || world_.failure()) return false;
    const StepReport report = world_.step();
    if (seen != nullptr) *seen = sight_of(report);
    return report.kind != StepKind::kIdle && report.kind != StepKind::kQuiet;
  }
  [[nodiscard]] std::uint64_t event() const override { return world_.events(); }
  [[nodiscard]] Instant now() const override { return world_.now(); }
  [[nodiscard]] Digest happened() const override { return world_.fingerprint(); }
  [[nodiscard]] Digest digest() const override { return world_.state_digest(); }
  [[nodiscard]] Leaves state() const override { return leaves_of("world", world_); }

 private:
  World<Process> world_;
  std::uint64_t events_max_;
};

}  // namespace odradek::sim
