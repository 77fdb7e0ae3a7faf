// How a sweep is getting on, in one line.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "bindings/cli/campaign.h"
#include "bindings/cli/terminal.h"

namespace odradek::cli {

class Progress {
 public:
  struct Aim {
    std::optional<std::uint64_t> runs;  ///< in all
    std::optional<Duration> time;
  };
  /// `before`: runs that were there before this process began.
  Progress(const Aim& aim, std::uint64_t before) : aim_(aim), before_(before) {}

  void show(const Campaign& campaign) {
    if (line_.is_due()) line_.show(line(campaign, line_.spent()));
  }
  void finish() const { line_.finish(); }

  /// "[00:12] 1,204/10,000 runs  98/s  3 failed (2 unique)  simulated 6.7 h  probes 21/29  to go 01:29".
  [[nodiscard]] std::string line(const Campaign& campaign, Duration spent) const;

 private:
  Aim aim_;
  std::uint64_t before_;
  ProgressLine line_;
};

}  // namespace odradek::cli
