// Bytes as hexadecimal text; spaces only separate.
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <vector>

#include "engine/base/bytes.h"

namespace odradek::testing {

[[nodiscard]] inline std::string to_hex(ByteSpan bytes) {
  std::string text;
  for (const std::uint8_t byte : bytes) text += fmt::format("{:02x}", byte);
  return text;
}

[[nodiscard]] inline std::string without_spaces(std::string_view text) {
  std::string packed(text);
  std::erase(packed, ' ');
  return packed;
}

}  // namespace odradek::testing
