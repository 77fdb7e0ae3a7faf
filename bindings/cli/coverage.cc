#include "bindings/cli/coverage.h"

#include <fmt/format.h>

#include "engine/api/error_code.h"
#include "engine/base/probes.h"
#include "engine/io/event.h"
#include "sim/checkers/findings.h"
#include "sim/checkers/registry.h"
#include "sim/faults/plan.h"

namespace odradek::cli {

std::vector<CoveragePoint> coverage_points() {
  std::vector<CoveragePoint> points;
  for (const ProbeInfo& probe : kProbes)
    points.push_back(
        {.kind = "probe", .name = std::string(probe.name.substr(1)), .doc = std::string(probe.doc)});
  for (const sim::FaultInfo& fault : sim::kFaults) {
    points.push_back(
        {.kind = "fault", .name = "fault:" + std::string(fault.name), .doc = std::string(fault.doc)});
  }
  for (const std::string_view event : io::kEventNames)
    points.push_back({.kind = "event", .name = fmt::format("event:{}", event), .doc = "a process emits it"});
  for (const api::ErrorInfo& error : api::kErrorCodes) {
    if (error.code == api::ErrorCode::kNone) continue;
    points.push_back(
        {.kind = "error", .name = fmt::format("error:{}", error.name), .doc = "it is answered to a request"});
  }
  for (const std::string_view counter : sim::kCounterNames)
    points.push_back({.kind = "counter", .name = std::string(counter), .doc = "counted in each run"});
  for (const sim::InvariantInfo& info : sim::invariants())
    points.push_back(
        {.kind = "invariant", .name = std::string(info.id), .doc = "a case of " + std::string(info.name)});
  return points;
}

std::vector<CoveragePoint> unreached(const Campaign& campaign) {
  std::vector<CoveragePoint> points = coverage_points();
  std::erase_if(points, [&campaign](const CoveragePoint& point) {
    const auto& counts = point.kind == "probe" ? campaign.sometimes : campaign.exercised;
    const auto at = counts.find(point.name);
    return at != counts.end() && at->second > 0;
  });
  return points;
}

}  // namespace odradek::cli
