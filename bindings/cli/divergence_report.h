// How a step at which two runs part is shown to people and to scripts.
#pragma once

#include <string>
#include <string_view>

#include "bindings/cli/doctor.h"
#include "bindings/cli/terminal.h"

namespace odradek::cli {

struct DivergenceNames {
  std::string left;
  std::string right;
};

/// What came before, the step, and the members that differ; what is too much is counted.
[[nodiscard]] std::string describe_divergence(const sim::Divergence& divergence, const DivergenceNames& names,
                                              const Style& style);

struct DoctorReport {
  std::vector<std::string> scenarios;
  Examination examination;
  std::string repro;  ///< one line to paste; empty without a finding
  bool interrupted = false;
};
[[nodiscard]] std::string describe_doctor(const DoctorReport& report, const Style& style);
[[nodiscard]] std::string doctor_json(const DoctorReport& report);

struct DiffReport {
  DivergenceNames runs;
  std::uint64_t events = 0;  ///< that both have in common
  std::optional<sim::Divergence> divergence;
};
[[nodiscard]] std::string describe_diff(const DiffReport& report, const Style& style);
[[nodiscard]] std::string diff_json(const DiffReport& report);

}  // namespace odradek::cli
