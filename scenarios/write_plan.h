// Entries of a plan as scenario files spell them: the inverse of parse_plan.cc and parse_deed.cc.
#pragma once

#include <string>

#include "scenarios/value.h"
#include "sim/faults/plan.h"

namespace odradek::scenarios {

/// "broker:1", "leader:orders-0", "any-broker:3".
[[nodiscard]] std::string write_selector(const sim::NodeSelector& selector);

/// `{ crash = "leader:orders-0" }`, without what goes without saying.
[[nodiscard]] Table write_deed(const sim::Fault& fault);

/// One `[[at]]`. Read again it is the same entry, if a file may say it at all: strict readers refuse what
/// can have no effect, such as a stalled disk of a client.
[[nodiscard]] Table write_entry(const sim::PlanEntry& entry);

}  // namespace odradek::scenarios
