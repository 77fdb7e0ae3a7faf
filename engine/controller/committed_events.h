// What a committed batch means, as events: one for each broker or partition that it changes.
//
// A restarted controller reads its log from the beginning and tells it again, before its ElectController: it
// cannot know what its predecessor still told. A broker's epoch or a partition's epoch identifies what was
// told before.
#pragma once

#include "engine/io/effects.h"
#include "engine/metadata/image.h"

namespace odradek::controller {

/// Replays the batch on the image of what is committed, and emits what it changed.
void commit(metadata::MetadataImage& image, const metadata::RecordBatch& batch, io::Effects& out);

}  // namespace odradek::controller
