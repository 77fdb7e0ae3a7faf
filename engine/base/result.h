// Result<T>: bad input is a value, with a message that says what, where and what was expected.
#pragma once

#include <fmt/core.h>

#include <expected>
#include <string>
#include <utility>

#include "engine/base/fields.h"

namespace odradek {

/// Why an input was refused, for the person or program that sent it.
struct Error {
  std::string message;

  FIELDS(message)
  friend bool operator==(const Error&, const Error&) = default;
};

template <class T>
using Result = std::expected<T, Error>;

/// `return fail("expected {} bytes, got {}", want, got);`
template <class... Args>
[[nodiscard]] std::unexpected<Error> fail(fmt::format_string<Args...> format, Args&&... args) {
  return std::unexpected(Error{fmt::format(format, std::forward<Args>(args)...)});
}

/// Declares `name` as the value of `expression`, or returns its error from the enclosing function.
#define TRY(name, expression)                                                   \
  auto name##_result = (expression);                                            \
  if (!name##_result) return std::unexpected(std::move(name##_result).error()); \
  auto& name = *name##_result

/// Like TRY, for an expression whose success has no value to name.
#define TRY_DO(expression)                                      \
  do {                                                          \
    if (auto try_do_result = (expression); !try_do_result)      \
      return std::unexpected(std::move(try_do_result).error()); \
  } while (false)

}  // namespace odradek
