// Coverage: all that a campaign can reach, from the lists that name it, and what of it a campaign did not.
#pragma once

#include <string>
#include <vector>

#include "bindings/cli/campaign.h"

namespace odradek::cli {

/// A branch that only faults reach, a fault that bites ("fault:crash"), an event that a process emits
/// ("event:BecomeLeader"), an error that is answered ("error:NOT_CONTROLLER"), something else that a run
/// counts
/// ("leader-elections"), or a case of an invariant ("I10").
struct CoveragePoint {
  std::string kind;  ///< "probe", "fault", "event", "error", "counter", "invariant"
  std::string name;
  std::string doc;
};

[[nodiscard]] std::vector<CoveragePoint> coverage_points();

/// In the order of the lists.
[[nodiscard]] std::vector<CoveragePoint> unreached(const Campaign& campaign);

}  // namespace odradek::cli
