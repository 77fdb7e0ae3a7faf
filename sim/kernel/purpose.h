// What the universe draws for, in one list. A draw is `draw(seed, Purpose::kX, {.entity, .ordinal})`.
//
// Numbers are fixed, so that a new purpose leaves the decisions of the others alone. Ordinals are as narrow
// as they can be, so that taking one thing out of a run changes only what depends on it causally. The calm
// value is what a run gets that is to be as dull as possible in this respect (seed.h). Faults draw from 0x400
// on.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace odradek::sim {

#define ODRADEK_PURPOSES(X)                                                                                  \
  X(kBootKey, 0x101, "key of a process; entity: node, ordinal: incarnation", kNone, "any")                   \
  X(kMonotonicOrigin, 0x102, "monotonic clock at boot; entity: node, ordinal: incarnation", kLowest, "zero") \
  X(kStepCost, 0x103, "how long a step occupies its lane; entity: node, ordinal: step", kLowest, "shortest") \
  X(kTimerTie, 0x104, "order among events at one instant; entity: node, ordinal: timer set", kLowest,        \
    "as scheduled")                                                                                          \
  X(kLaneTie, 0x105, "order among events at one instant; entity: node, ordinal: resumption", kLowest,        \
    "as scheduled")                                                                                          \
  X(kClockSkew, 0x106, "how far a wall clock is off; entity: node, ordinal: 0", kMiddle, "right")            \
  X(kClockRate, 0x107, "how fast a host's clocks run; entity: node, ordinal: 0", kMiddle, "right")           \
  X(kLinkLatency, 0x201, "base latency of a path; entity: both hosts, ordinal: 0", kMiddle,                  \
    "the middle of the range")                                                                               \
  X(kDelivery, 0x202, "jitter and tie of a segment; entity: direction of a connection, ordinal: segment",    \
    kLowest, "no jitter, as scheduled")                                                                      \
  X(kRetransmit, 0x203, "delay after a path healed; entity: direction, ordinal: its stalls", kLowest,        \
    "shortest")                                                                                              \
  X(kTcpTimeout, 0x204, "how long TCP retransmits in vain; entity: direction, ordinal: its stalls",          \
    kHighest, "longest")                                                                                     \
  X(kSlowPair, 0x205, "whether two hosts are far apart for good; entity: both, ordinal: 0", kHighest,        \
    "no pair is, unless all are")                                                                            \
  X(kFsyncTime, 0x301, "duration and tie of an fsync; entity: node, ordinal: ticket", kLowest,               \
    "shortest, as scheduled")                                                                                \
  X(kPowerLoss, 0x302, "what a power loss leaves; entity: host, ordinal: its losses", kLowest,               \
    "nothing unsynced")                                                                                      \
  X(kDecay, 0x303, "where a disk decays; entity: host, ordinal: the fault's", kNone, "any")                  \
  X(kDirectoryId, 0x304, "id of a log directory; entity: node, ordinal: its incarnations so far", kNone,     \
    "any")

enum class Purpose : std::uint16_t {
#define X(name, number, ...) name = number,
  ODRADEK_PURPOSES(X)
#undef X
};

/// Which draw makes the samplers of a purpose give its calm value. kNone: there is no duller one.
enum class CalmDraw : std::uint8_t { kNone, kLowest, kMiddle, kHighest };

struct PurposeInfo {
  Purpose purpose{};
  std::string_view name;
  std::string_view doc;
  CalmDraw calm_draw{};
  std::string_view calm;
};

inline constexpr std::array kPurposes = {
#define X(name, number, doc, draw, calm) PurposeInfo{Purpose::name, #name, doc, CalmDraw::draw, calm},
    ODRADEK_PURPOSES(X)
#undef X
};

[[nodiscard]] constexpr std::string_view name_of(Purpose purpose) {
  for (const PurposeInfo& info : kPurposes) {
    if (info.purpose == purpose) return info.name.substr(1);
  }
  return "Unknown";
}

}  // namespace odradek::sim
