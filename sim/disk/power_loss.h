// What a power loss leaves of one file.
//
// Length and content persist separately: the length is in the journal of the file system, pages are written
// when the kernel likes (Pillai et al., "All File Systems Are Not Created Equal", OSDI 2014). So a file may
// have grown over pages that were never written, and read as zeros there, or hold new pages under an old
// length.
//
// A truncation is an operation of the journal: blocks that it frees are never seen again behind it, and what
// is written in their place gets other blocks. So either it happened, and nothing old is left behind the
// cut, or it did not, and of what was written since only the page with the cut, which keeps its block, may be
// new (ext4, data=ordered).
#pragma once

#include <cstdint>
#include <string_view>

#include "sim/disk/chance.h"
#include "sim/disk/pages.h"
#include "sim/disk/survival.h"

namespace odradek::sim {

/// A blow to one file, known by its path.
struct FileBlow {
  Survival survival{};
  Chance chance;
  std::string_view path;

  [[nodiscard]] Draw about(Question question, std::uint64_t number = 0) const {
    return chance.about(Purpose::kPowerLoss, question, path, number);
  }
};

/// The old length, the new one, or one in between: at a page, or where an append began.
[[nodiscard]] std::uint64_t surviving_length(const File& platter, const File& cached, const FileBlow& blow);

/// Whether what was cut off is gone.
[[nodiscard]] bool truncation_survives(const FileBlow& blow);

/// `old`, `fresh`, or the sectors of one in front of those of the other.
[[nodiscard]] Bytes surviving_page(const Bytes& old, const Bytes& fresh, const FileBlow& blow,
                                   std::uint64_t page);

/// The content of the file once the power is back.
[[nodiscard]] File surviving_file(const FileState& file, const FileBlow& blow);

}  // namespace odradek::sim
