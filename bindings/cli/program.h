// The program: from its arguments to its exit code.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "bindings/cli/commands.h"

namespace odradek::cli {

/// The arguments have been answered: by a help text, or by an error.
struct Answered {
  Exit exit = Exit::kUsage;
  std::string out;      ///< for standard output
  std::string problem;  ///< for standard error
};

using Command = std::variant<Answered, RunCommand, ReplayCommand, SweepCommand, ExplainCommand, ShrinkCommand,
                             DiffCommand, DoctorCommand, SideCommand, ListCommand, ScenarioCheckCommand,
                             ScenarioShowCommand, MuseumCommand, BenchCommand, VersionCommand>;

/// Without the program's own name.
[[nodiscard]] Command parse_arguments(const std::vector<std::string>& arguments);

[[nodiscard]] Exit carry_out(const Command& command);

}  // namespace odradek::cli
