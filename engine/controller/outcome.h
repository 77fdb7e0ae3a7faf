// What a request came to: records to append as one atomic batch, and the answer that leaves once they, and
// all that was appended before them, are committed. Source: org.apache.kafka.controller.ControllerResult.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "engine/api/messages.h"
#include "engine/metadata/records.h"

namespace odradek::controller {

using Records = std::vector<metadata::MetadataRecord>;

struct Outcome {
  Records records;
  api::Response response;
  /// Before the records, the quorum raises kraft.version to this level; what says so is no record of the
  /// controller's.
  std::optional<std::int16_t> kraft_version = std::nullopt;

  FIELDS(records, response, kraft_version)
  friend bool operator==(const Outcome&, const Outcome&) = default;
};

}  // namespace odradek::controller
