#include "engine/base/ensure.h"

#include <utility>

namespace odradek {

void ensure_failed(std::string_view condition, std::string_view file, int line, std::string message) {
  for (const std::string_view root : {"/engine/", "/sim/", "/scenarios/", "/bindings/"}) {
    if (const auto at = file.rfind(root); at != std::string_view::npos) file.remove_prefix(at + 1);
  }
  throw EnsureFailure{
      .condition = std::string(condition), .message = std::move(message), .file = std::string(file), .line = line};
}

}  // namespace odradek
