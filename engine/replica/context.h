// What the replica code needs of its surroundings during one step.
#pragma once

#include <optional>

#include "engine/base/time.h"
#include "engine/io/disk.h"
#include "engine/io/effects.h"
#include "engine/metadata/image.h"

namespace odradek::replica {

struct Context {
  const Now& now;
  io::Disk& disk;
  io::Effects& out;
  const metadata::MetadataImage& image;  ///< the broker's metadata cache
};

}  // namespace odradek::replica
