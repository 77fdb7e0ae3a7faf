// The simulator with one lie in its harness: before the final polls a client is told that a record was
// written which no broker ever saw. Linked ahead of the library, this `run` takes the place of
// sim/search/run.cc, so nothing in the product has to be opened for it; tests/bindings/lie_test.py demands
// that run, sweep and replay find it.
#include <optional>
#include <tuple>
#include <variant>

#include "sim/search/run.h"
#include "sim/search/simulation.h"

namespace odradek::sim {
namespace {

/// The last acknowledgement so far, once more: for another record, at the next offset.
void lie(History& history) {
  std::optional<Op> last;
  for (std::uint32_t place = 0; place < history.size(); ++place) {
    const auto* send = std::get_if<SendOp>(&history.at(place).what);
    if (send != nullptr && send->offset) last = history.at(place);
  }
  if (!last) return;
  auto& send = std::get<SendOp>(last->what);
  send.id.number += 1'000'000;
  send.offset = *send.offset + 1;
  send.content = content_of({}, encode_record_value(send.id, 8), {});
  history.invoke(*last);
}

}  // namespace

RunResult run(const Scenario& scenario, std::uint64_t seed, const RunOptions& options) {
  Simulation simulation(scenario, seed);
  while (simulation.phase() < Phase::kReading) simulation.step(Instant::never(), options.tracer);
  lie(field_of<History>(field_of<Workload>(simulation)));
  while (!simulation.is_over()) simulation.step(Instant::never(), options.tracer);
  return simulation.result();
}

}  // namespace odradek::sim
