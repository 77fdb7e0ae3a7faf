// Texts over a socket between two processes of this program: length first, then the text.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace odradek::cli {

/// False when the other end is gone.
bool write_message(int socket, std::string_view text);

/// Appends what has come; false at the end of the stream.
bool read_some(int socket, std::string& into);

/// The first whole message of `received`, taken out of it.
[[nodiscard]] std::optional<std::string> take_message(std::string& received);

}  // namespace odradek::cli
