#include "sim/kernel/taped_disk.h"

namespace odradek::sim {

TapedDisk::Prefix TapedDisk::prefix(std::uint64_t length) const {
  std::uint64_t kept = 0;
  while (kept < tape_.size() && tape_[kept].effects_before + kept < length) ++kept;
  return {.disk = kept == 0 ? before_ : tape_[kept - 1].disk, .effects = length - kept};
}

}  // namespace odradek::sim
