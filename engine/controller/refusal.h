// Why a part of a request is refused: Kafka's code and message.
#pragma once

#include <expected>
#include <string>
#include <utility>

#include "engine/api/error_code.h"

namespace odradek::controller {

struct Refusal {
  api::ErrorCode error_code{};
  std::string message;
};

/// What a check lets through, or why it does not.
template <class T>
using Checked = std::expected<T, Refusal>;

[[nodiscard]] inline std::unexpected<Refusal> refuse(api::ErrorCode error_code, std::string message) {
  return std::unexpected(Refusal{.error_code = error_code, .message = std::move(message)});
}

/// Writes the refusal, if there is one, into the part of a response that is about it.
template <class T, class Result>
void tell(const Checked<T>& checked, Result& result) {
  if (checked) return;
  result.error_code = checked.error().error_code;
  result.error_message = checked.error().message;
}

}  // namespace odradek::controller
