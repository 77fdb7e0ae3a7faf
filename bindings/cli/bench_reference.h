// The profiles of `odradek bench` that measure one larger cluster.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "bindings/cli/commands.h"
#include "engine/base/result.h"

namespace odradek::cli {

/// Figures by name.
using Profile = std::map<std::string, double>;

/// Simulated seconds and events per CPU-second of a scenario, seeds 1 to 5.
[[nodiscard]] Result<Profile> bench_runs(std::string_view text, const BenchCommand& command);
/// The same of a busy cluster of three brokers with eight partitions.
[[nodiscard]] Result<Profile> bench_reference(const BenchCommand& command);
/// The same of five brokers with five hundred partitions, most of which are idle.
[[nodiscard]] Result<Profile> bench_wide(const BenchCommand& command);
/// What a copy of the reference run at half its time costs, and what it costs that the two go on apart.
[[nodiscard]] Result<Profile> bench_fork(const BenchCommand& command);
/// From nothing to the first acknowledged record.
[[nodiscard]] Result<Profile> bench_boot(const BenchCommand& command);

}  // namespace odradek::cli
