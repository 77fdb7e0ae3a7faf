// Uuids as Kafka prints them: 22 characters of URL-safe base64 without padding
// (org.apache.kafka.common.Uuid).
#pragma once

#include <string>
#include <string_view>

#include "engine/base/ids.h"
#include "engine/base/result.h"

namespace odradek {

[[nodiscard]] std::string to_text(const Uuid& uuid);
[[nodiscard]] Result<Uuid> parse_uuid(std::string_view text);

}  // namespace odradek
