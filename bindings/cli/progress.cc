#include "bindings/cli/progress.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/base/probes.h"

namespace odradek::cli {

std::string Progress::line(const Campaign& campaign, Duration spent) const {
  const double s = std::max(static_cast<double>(spent.ns()) / 1e9, 1e-3);
  const double rate = static_cast<double>(campaign.seeds_run - before_) / s;
  std::string out = fmt::format("[{}] {}", print_clock(spent), grouped(campaign.seeds_run));
  if (aim_.runs) out += "/" + grouped(*aim_.runs);
  out += fmt::format(" runs  {:.0f}/s  {} failed ({} unique)  simulated {}  probes {}/{}", rate,
                     grouped(campaign.failed()), campaign.failures().size(), print_span(campaign.simulated),
                     campaign.sometimes.size(), kProbes.size());
  std::optional<Duration> left;
  if (aim_.time) left = *aim_.time - spent;
  if (aim_.runs && rate > 0) {
    const double runs_left = static_cast<double>(*aim_.runs - campaign.seeds_run);
    const auto by_count = nanoseconds(static_cast<std::int64_t>(runs_left / rate * 1e9));
    left = left ? std::min(*left, by_count) : by_count;
  }
  if (left) out += "  to go " + print_clock(std::max(*left, nanoseconds(0)));
  return out;
}

}  // namespace odradek::cli
