// A tree as a file that people read: the order of sections and keys that the catalogue's files have, the
// description in lines, `config` in a section of its own.
#pragma once

#include <string>

#include "scenarios/value.h"

namespace odradek::scenarios {

/// Read again it is an equal tree.
[[nodiscard]] std::string lay_out(const Table& root);

}  // namespace odradek::scenarios
