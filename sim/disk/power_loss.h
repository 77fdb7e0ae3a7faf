// What a power loss leaves of one file.
//
// Length and content persist separately: the length is in the journal of the file system, pages are written
// when the kernel likes (Pillai et al., "All File Systems Are Not Created Equal", OSDI 2014). So a file may
// have grown over pages that were never written, and read as zeros there, or hold new pages under an old
// length.
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

/// The old length, the new one, or one in between: at a page, or where an append began. What was truncated
/// and written anew may have any length from where the two contents part.
[[nodiscard]] std::uint64_t surviving_length(const File& platter, const File& cached, const FileBlow& blow);

/// `old`, `fresh`, or the sectors of one in front of those of the other.
[[nodiscard]] Bytes surviving_page(const Bytes& old, const Bytes& fresh, const FileBlow& blow,
                                   std::uint64_t page);

/// The content of the file once the power is back.
[[nodiscard]] File surviving_file(const FileState& file, const FileBlow& blow);

}  // namespace odradek::sim
