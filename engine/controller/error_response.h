// The response that refuses a whole request with one error, in the shape that the request's API has for it.
// Source: AbstractRequest.getErrorResponse.
#pragma once

#include "engine/api/messages.h"

namespace odradek::controller {

[[nodiscard]] api::Response error_response(const api::Request& request, api::ErrorCode error_code);

}  // namespace odradek::controller
