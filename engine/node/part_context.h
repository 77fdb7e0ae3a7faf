// PartContext: what a part of a process gets for one step.
#pragma once

#include "engine/io/disk.h"
#include "engine/io/effects.h"

namespace odradek::node {

struct PartContext {
  const Now& now;
  io::Disk& disk;
  io::Effects& out;

  /// The same for the replica of the metadata log.
  template <class T>
  [[nodiscard]] T as() const {
    return {now, disk, out};
  }
};

}  // namespace odradek::node
