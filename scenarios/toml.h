// TOML text to a tree of values. The only place that knows the TOML library.
#pragma once

#include <string_view>

#include "scenarios/value.h"

namespace odradek::scenarios {

/// A whole file; `file` stands in messages. Refuses what is empty, no UTF-8, or too large to be a scenario.
[[nodiscard]] Result<Table> parse_toml(std::string_view text, std::string_view file);

/// One value as it may stand behind `key =`; what is no TOML value is taken as a string, so that `acks=all`
/// works.
[[nodiscard]] Value parse_override_value(std::string_view text, Where where);

}  // namespace odradek::scenarios
