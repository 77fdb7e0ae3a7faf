// Which lane takes an input, by what the input says of itself: a timer's kind, a connection's purpose.
// Requests and the ends of peers' connections go to the request handlers, so that they stay in order.
#pragma once

#include "engine/io/input.h"

namespace odradek::io {

[[nodiscard]] Lane default_lane_of(const Input& input);

}  // namespace odradek::io
