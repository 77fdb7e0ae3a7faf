// What a request came to: records to append as one atomic batch, and the answer that leaves once they, and
// all that was appended before them, are committed. Source: org.apache.kafka.controller.ControllerResult.
#pragma once

#include <vector>

#include "engine/api/messages.h"
#include "engine/metadata/records.h"

namespace odradek::controller {

using Records = std::vector<metadata::MetadataRecord>;

struct Outcome {
  Records records;
  api::Response response;

  FIELDS(records, response)
  friend bool operator==(const Outcome&, const Outcome&) = default;
};

}  // namespace odradek::controller
