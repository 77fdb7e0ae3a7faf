// What the harness asks the world to wake it for, packed into the token that the world hands back.
#pragma once

#include <cstdint>
#include <utility>

#include "sim/kernel/step_report.h"

namespace odradek::sim {

enum class Wakeup : std::uint8_t {
  kPhase,   ///< see whether the phase is over
  kStrike,  ///< a fault; entity: its entry in the plan
  kEnd,     ///< the end of a fault; likewise
  kDriver,  ///< a driver of the workload; entity: its client
  kRestart  ///< a supervisor starts a process again; entity: its node
};

[[nodiscard]] constexpr HarnessToken token_for(Wakeup wakeup, std::uint32_t entity) {
  return HarnessToken((std::uint64_t{std::to_underlying(wakeup)} << 32) | entity);
}
[[nodiscard]] constexpr Wakeup wakeup_of(HarnessToken token) {
  return static_cast<Wakeup>(token.value() >> 32);
}
[[nodiscard]] constexpr std::uint32_t entity_of(HarnessToken token) {
  return static_cast<std::uint32_t>(token.value());
}

}  // namespace odradek::sim
