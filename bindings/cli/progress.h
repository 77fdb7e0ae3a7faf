// One line on standard error that says how a sweep is getting on: rewritten in place on a terminal, now and
// then a new one elsewhere.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "bindings/cli/campaign.h"

namespace odradek::cli {

class Progress {
 public:
  struct Aim {
    std::optional<std::uint64_t> runs;  ///< in all
    std::optional<Duration> time;
  };
  /// `before`: runs that were there before this process began.
  Progress(const Aim& aim, std::uint64_t before);

  void show(const Campaign& campaign);
  void finish() const;

  /// "[00:12] 1,204/10,000 runs  98/s  3 failed (2 unique)  simulated 6.7 h  probes 21/29  to go 01:29".
  [[nodiscard]] std::string line(const Campaign& campaign, Duration spent) const;

 private:
  Aim aim_;
  std::uint64_t before_;
  bool tty_;
  Duration start_;
  Duration last_;
  bool shown_ = false;
};

}  // namespace odradek::cli
