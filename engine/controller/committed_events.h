// What a committed batch means, as events: one for each broker or partition that it changes.
//
// A restarted controller reads its log from the beginning and tells it again, before its ElectController: it
// cannot know what its predecessor still told. An event's offset in the metadata log (a registration's broker
// epoch) tells what was told before.
#pragma once

#include "engine/io/effects.h"
#include "engine/metadata/image.h"

namespace odradek::controller {

/// Replays the batch on the image of what is committed, and emits what it changed.
void commit(metadata::MetadataImage& image, const metadata::RecordBatch& batch, io::Effects& out);

}  // namespace odradek::controller
