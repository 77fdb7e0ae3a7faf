// Tracer: whoever wants to follow a run, line by line or step by step.
#pragma once

#include <string_view>

#include "sim/kernel/step_report.h"

namespace odradek::sim {

class Simulation;

class Tracer {
 public:
  Tracer() = default;
  Tracer(const Tracer&) = delete;
  Tracer& operator=(const Tracer&) = delete;
  virtual ~Tracer() = default;

  virtual void line(std::string_view text) = 0;
  /// What the world did, before anything follows from it; the lines that it gives rise to come after.
  virtual void step(const StepReport&) {}
  /// All that followed from the step has happened: checks, faults, phases.
  virtual void followed(const Simulation&) {}
};

}  // namespace odradek::sim
