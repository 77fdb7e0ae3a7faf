#include "bindings/cli/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "bindings/cli/process.h"
#include "bindings/cli/terminal.h"
#include "engine/base/probes.h"

namespace odradek::cli {
namespace {

std::string clock(Duration d) {
  return fmt::format("{:02}:{:02}", d.ns() / seconds(60).ns(), d.ns() / seconds(1).ns() % 60);
}

}  // namespace

Progress::Progress(const Aim& aim, std::uint64_t before)
    : aim_(aim), before_(before), tty_(isatty(STDERR_FILENO) != 0), start_(wall_time()), last_(start_) {}

void Progress::show(const Campaign& campaign) {
  const Duration now = wall_time();
  if (now - last_ < (tty_ ? milliseconds(200) : seconds(2))) return;
  last_ = now;
  fmt::print(stderr, "{}{}{}", tty_ ? "\r" : "", line(campaign, now - start_), tty_ ? "\x1b[K" : "\n");
  std::fflush(stderr);
  shown_ = true;
}

void Progress::finish() const {
  if (tty_ && shown_) fmt::print(stderr, "\r\x1b[K");
}

std::string Progress::line(const Campaign& campaign, Duration spent) const {
  const double s = std::max(static_cast<double>(spent.ns()) / 1e9, 1e-3);
  const double rate = static_cast<double>(campaign.seeds_run - before_) / s;
  std::string out = fmt::format("[{}] {}", clock(spent), grouped(campaign.seeds_run));
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
  if (left) out += "  to go " + clock(std::max(*left, nanoseconds(0)));
  return out;
}

}  // namespace odradek::cli
