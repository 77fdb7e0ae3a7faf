// How an explanation names things.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/ids.h"
#include "engine/base/time.h"
#include "sim/checkers/violation.h"
#include "sim/kernel/virtual_time.h"

namespace odradek::sim {

/// "broker 2", "controller 101", "client 1001", "the administrator".
[[nodiscard]] std::string person(NodeId node);
/// "broker 1", "brokers 1 and 2", "nobody".
[[nodiscard]] std::string people(std::span<const NodeId> nodes);
/// "{1, 2}".
[[nodiscard]] std::string set_text(std::span<const NodeId> nodes);
/// "a, b and c".
[[nodiscard]] std::string and_list(const std::vector<std::string>& words);
/// The first letter as at the beginning of a sentence.
[[nodiscard]] std::string capital(std::string text);
/// "3 s", "250 ms", "1.5 s".
[[nodiscard]] std::string span_text(Duration span);
/// "3.414 s" since the beginning.
[[nodiscard]] std::string moment_text(Instant at);
/// "I10 LeaderCompleteness"; of what is no invariant, its id alone.
[[nodiscard]] std::string name_of(const Violation& violation);
/// "1 message", "3 messages".
[[nodiscard]] std::string count_text(std::uint64_t n, std::string_view noun);

}  // namespace odradek::sim
