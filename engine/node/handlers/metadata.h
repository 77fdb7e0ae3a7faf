// Metadata: what one broker's metadata cache knows. Source: kafka.server.metadata.KRaftMetadataCache.
#pragma once

#include "engine/api/metadata.h"
#include "engine/metadata/image.h"

namespace odradek::node {

[[nodiscard]] api::MetadataResponse handle_metadata(const api::MetadataRequest& request,
                                                    const metadata::MetadataImage& image);

}  // namespace odradek::node
