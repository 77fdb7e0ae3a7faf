// Tracer: whoever wants to follow a run, line by line.
#pragma once

#include <string_view>

namespace odradek::sim {

class Tracer {
 public:
  Tracer() = default;
  Tracer(const Tracer&) = delete;
  Tracer& operator=(const Tracer&) = delete;
  virtual ~Tracer() = default;

  virtual void line(std::string_view text) = 0;
};

}  // namespace odradek::sim
