// Single arguments: how they are read, and how a command line is written so that a shell reads it back.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "bindings/cli/commands.h"
#include "engine/base/hash.h"
#include "engine/base/result.h"

namespace odradek::cli {

[[nodiscard]] Result<std::uint64_t> seed_argument(std::string_view text);
/// "1..1000", both ends included, or a single seed.
[[nodiscard]] Result<SeedRange> seed_range_argument(std::string_view text);
[[nodiscard]] Result<Duration> duration_argument(std::string_view option, std::string_view text);
/// 8 to 32 hexadecimal digits.
[[nodiscard]] Result<std::string> fingerprint_argument(std::string_view text);

/// "replication-chaos@7,flaws=R01,cluster.brokers=5"; a comma begins a new value where a key and "=" follow.
[[nodiscard]] Result<RunArgument> run_argument(std::string_view text);

/// 32 hexadecimal digits.
[[nodiscard]] std::string print_fingerprint(Digest digest);
/// What `print_fingerprint` printed.
[[nodiscard]] Digest parse_fingerprint(std::string_view text);

/// In single quotes where a shell would see more than a word.
[[nodiscard]] std::string shell_quote(std::string_view word);
/// `odradek replay SCENARIO --seed S --expect FINGERPRINT -p key=value`: one line to paste.
[[nodiscard]] std::string replay_line(std::string_view scenario, std::uint64_t seed, Digest fingerprint,
                                      const scenarios::Overrides& overrides);

}  // namespace odradek::cli
