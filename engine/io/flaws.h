// Flaws: historic mistakes of Kafka, kept as switches. Each is one boolean, read at exactly one decision
// point, off by default, per node, and part of the configuration's digest. Scenarios name them by exhibit id.
#pragma once

#include <array>
#include <string_view>

#include "engine/base/fields.h"

namespace odradek::io {

struct Flaws {
  bool truncate_to_high_watermark = false;    ///< R01
  bool expand_isr_at_high_watermark = false;  ///< R06
  bool count_diverging_fetch = false;         ///< R11
  bool show_below_min_isr = false;            ///< R19

  FIELDS(truncate_to_high_watermark, expand_isr_at_high_watermark, count_diverging_fetch, show_below_min_isr)
  friend constexpr bool operator==(const Flaws&, const Flaws&) = default;
};

struct FlawInfo {
  std::string_view exhibit;
  bool Flaws::* flag;
  std::string_view doc;
  std::string_view source;
};

inline constexpr std::array kFlaws = {
    FlawInfo{"R01", &Flaws::truncate_to_high_watermark,
             "a new follower truncates to its own high watermark, which lags one fetch behind, and drops "
             "records that "
             "were acknowledged",
             "KAFKA-1211, KIP-101; fixed in 0.11"},
    FlawInfo{
        "R06", &Flaws::expand_isr_at_high_watermark,
        "a follower joins the ISR once it reaches the leader's high watermark, though a new leader's high "
        "watermark is stale, so that it may lack records that were acknowledged",
        "KAFKA-7128; fixed in 2.1"},
    FlawInfo{"R11", &Flaws::count_diverging_fetch,
             "the leader counts the fetch offset of a follower whose log diverges, and moves the high "
             "watermark over "
             "records that the follower does not have",
             "KAFKA-13141; fixed in 3.0"},
    FlawInfo{
        "R19", &Flaws::show_below_min_isr,
        "a leader moves its high watermark though fewer than min.insync.replicas replicas are in sync, and "
        "consumers read what a power loss of that leader takes away",
        "KAFKA-15583, KIP-966; fixed in 3.7"},
};

}  // namespace odradek::io
