#include "bindings/cli/socket_text.h"

#include <sys/socket.h>
#include <sys/types.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>

namespace odradek::cli {
namespace {

/// A message is its length, four bytes in the host's order, and its text.
using Length = std::uint32_t;

bool write_all(int socket, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

}  // namespace

bool write_message(int socket, std::string_view text) {
  const auto length = static_cast<Length>(text.size());
  std::string bytes(sizeof length, '\0');
  std::memcpy(bytes.data(), &length, sizeof length);
  return write_all(socket, bytes.append(text));
}

bool read_some(int socket, std::string& into) {
  std::array<char, 65'536> buffer{};
  const ssize_t n = read(socket, buffer.data(), buffer.size());
  if (n < 0) return errno == EINTR || errno == EAGAIN;
  into.append(buffer.data(), static_cast<std::size_t>(n));
  return n > 0;
}

std::optional<std::string> take_message(std::string& received) {
  Length length = 0;
  if (received.size() < sizeof length) return std::nullopt;
  std::memcpy(&length, received.data(), sizeof length);
  if (received.size() < sizeof length + length) return std::nullopt;
  std::string text = received.substr(sizeof length, length);
  received.erase(0, sizeof length + length);
  return text;
}

}  // namespace odradek::cli
