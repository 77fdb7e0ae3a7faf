#include "engine/base/ensure.h"

#include <utility>

namespace odradek {

void ensure_failed(std::string_view condition, std::string_view file, int line, std::string message) {
  throw EnsureFailure{.condition = std::string(condition),
                      .message = std::move(message),
                      .file = std::string(file),
                      .line = line};
}

}  // namespace odradek
