// What shrinking came to, for people and for scripts.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "bindings/cli/outcome.h"
#include "bindings/cli/terminal.h"

namespace odradek::cli {

/// How large a run is.
struct RunSize {
  std::uint64_t plan_entries = 0;  ///< with random faults expanded
  std::uint64_t client_operations = 0;
  std::uint64_t clients = 0;
  std::uint64_t brokers = 0;
  std::uint64_t partitions = 0;
  Duration simulated;
  std::uint64_t events = 0;
};
[[nodiscard]] RunSize size_of(const sim::Scenario& scenario, const sim::RunResult& result);

struct ShrinkReport {
  std::string scenario;  ///< as the user named it
  std::uint64_t seed = 0;
  sim::Violation violation;  ///< of the shrunk run
  std::string signature;
  Digest fingerprint;  ///< of the shrunk run
  std::string file;
  RunSize before;
  RunSize after;
  std::uint64_t tries = 0;
  Duration cpu;
  bool is_minimal = false;
};

[[nodiscard]] std::string describe_shrink(const ShrinkReport& report, const Style& style);
[[nodiscard]] std::string shrink_json(const ShrinkReport& report);

}  // namespace odradek::cli
