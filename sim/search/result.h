// How one run ended.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "engine/base/hash.h"
#include "sim/checkers/violation.h"
#include "sim/faults/fault_run.h"
#include "sim/kernel/virtual_time.h"

namespace odradek::sim {

enum class Verdict : std::uint8_t { kPass, kViolation, kInconclusive };

[[nodiscard]] constexpr std::string_view name_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::kPass: return "pass";
    case Verdict::kViolation: return "violation";
    case Verdict::kInconclusive: return "inconclusive";
  }
  return "inconclusive";
}

struct RunResult {
  std::string scenario;
  std::uint64_t seed = 0;
  Verdict verdict = Verdict::kPass;
  Digest fingerprint;
  std::uint64_t events = 0;
  Duration simulated;
  std::vector<Violation> violations;  ///< in the order in which they were seen
  std::vector<Permission> permitted;
  std::map<std::string, std::uint64_t>
      exercised;  ///< elections, isr-shrinks, …, cases per invariant, faults that bit
  std::map<std::string, std::uint64_t> sometimes;  ///< probes reached
  std::vector<std::string> skipped;  ///< faults that the budget or the situation refused, with the reason
  std::vector<Struck> struck;        ///< entries of the plan that struck, in its order
  std::vector<std::string> pending;  ///< what never finished, with its reason

  FIELDS(scenario, seed, verdict, fingerprint, events, simulated, violations, permitted, exercised, sometimes,
         skipped, struck, pending)
  friend bool operator==(const RunResult&, const RunResult&) = default;
};

}  // namespace odradek::sim
