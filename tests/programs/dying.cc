// The program with a `run` that ends in every way in which a run can end its process, by its seed. Linked
// ahead of the library, it takes the place of sim/search/run.cc; tests/bindings/sweep_test.py demands that a
// sweep attributes each death to its seed and goes on.
#include <unistd.h>

#include <csignal>
#include <new>

#include "sim/search/run.h"

namespace odradek::sim {

RunResult run(const Scenario& scenario, std::uint64_t seed, const RunOptions& options) {
  switch (seed % 10) {
    case 3:
      std::signal(SIGSEGV, SIG_DFL);  // a sanitizer would catch it otherwise
      std::raise(SIGSEGV);
      break;
    case 4: throw std::bad_alloc();
    case 5: std::raise(SIGKILL); break;  // as the kernel does when there is no memory left
    case 6: _exit(7);
    case 7:  // the wall limit
      while (!options.interrupted || !options.interrupted()) usleep(1000);
      return {.scenario = scenario.name, .seed = seed, .verdict = Verdict::kInconclusive};
    default: break;
  }
  return {.scenario = scenario.name, .seed = seed, .events = seed, .simulated = seconds(1)};
}

}  // namespace odradek::sim
