// Readers of nodes and faults as scenario files spell them.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "scenarios/parse.h"
#include "sim/faults/plan.h"

namespace odradek::scenarios {

/// "broker:1", "client:2", "controller": nodes by name, each once.
[[nodiscard]] std::vector<NodeId> to_nodes(const Value& value, std::string_view what, const Roster& roster,
                                           Problems& problems);

/// "Fetch": an API by Kafka's name.
[[nodiscard]] std::optional<api::ApiKey> to_api(const Value& value, std::string_view what,
                                                Problems& problems);

/// The fault that `do` of this entry names; reports what is none. Null when there is none.
[[nodiscard]] const sim::FaultInfo* parse_deed(Reader& entry, const Roster& roster, sim::Fault& out);

}  // namespace odradek::scenarios
