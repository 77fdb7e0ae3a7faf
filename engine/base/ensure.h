// ENSURE: "we have a proof that this holds". Always on.
//
// A failed ENSURE is a bug of ours, never of a user's input and never of a simulated machine. It does not
// return: natively it throws `EnsureFailure`, which only the simulator's step catches, so that the run ends
// as a finding with its seed.
#pragma once

#include <fmt/core.h>

#include <string>
#include <string_view>

namespace odradek {

/// What a failed ENSURE leaves behind.
struct EnsureFailure {
  std::string condition;
  std::string message;
  std::string file;  ///< path from the root of the repository
  int line = 0;
};

[[noreturn]] void ensure_failed(std::string_view condition, std::string_view file, int line,
                                std::string message);

/// One condition each; the message gives the values that broke it.
#define ENSURE(cond, ...)                                                              \
  do {                                                                                 \
    if (!(cond)) [[unlikely]]                                                          \
      ::odradek::ensure_failed(#cond, __FILE__, __LINE__, ::fmt::format(__VA_ARGS__)); \
  } while (false)

}  // namespace odradek
