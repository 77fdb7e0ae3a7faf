// Leaky: a process that ticks, and from some tick on lets in one thing that no seed decides. One leak of each
// kind that the engine is kept free of, so that a doctor can be seen to find it. Nothing of this may ever be
// linked into a layer.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "engine/io/disk.h"
#include "engine/io/effects.h"
#include "sim/trace/recording.h"

namespace odradek::cli {

enum class Leak : std::uint8_t {
  kNone,
  kAddressOrder,       ///< which of two objects lies first in memory
  kHashOrder,          ///< std::hash of an address
  kUninitialisedByte,  ///< shows in the state only, in nothing that happens
  kWallClock,
  kPointerSet,  ///< iteration over a set of addresses
};

[[nodiscard]] Leak leak_of(std::string_view name);
[[nodiscard]] std::string_view name_of(Leak leak);

class Leaky {
 public:
  /// The first tick that leaks, and the event that it is: booting was the first.
  static constexpr std::uint64_t kFirstLeak = 700;
  static constexpr std::uint64_t kFirstLeakEvent = kFirstLeak + 1;

  Leaky() = default;
  explicit Leaky(Leak leak) : leak_(leak) {}

  void step(const Now& now, const io::Input& input, io::Disk& disk, io::Effects& out);

  FIELDS(leak_, ticks_, byte_)
  friend bool operator==(const Leaky&, const Leaky&) = default;

 private:
  void let_in(io::Effects& out);

  Leak leak_ = Leak::kNone;
  std::uint64_t ticks_ = 0;
  std::uint8_t byte_ = 0;
};

/// A world of one such process that ticks two thousand times.
[[nodiscard]] std::unique_ptr<sim::Recordable> leaky_run(Leak leak, std::uint64_t seed);

}  // namespace odradek::cli
