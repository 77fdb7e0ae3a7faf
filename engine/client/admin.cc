#include "engine/client/admin.h"

#include <algorithm>
#include <type_traits>
#include <utility>
#include <vector>

#include "engine/base/ensure.h"

namespace odradek::client {
namespace {

template <class T, class... Ts>
constexpr bool is_one_of = (std::is_same_v<T, Ts> || ...);

bool is_administrative(const api::Request& request) {
  return std::visit(
      []<class R>(const R&) {
        return is_one_of<R, api::CreateTopicsRequest, api::CreatePartitionsRequest, api::DeleteTopicsRequest,
                         api::ElectLeadersRequest, api::IncrementalAlterConfigsRequest,
                         api::AlterPartitionReassignmentsRequest, api::ListPartitionReassignmentsRequest,
                         api::UpdateFeaturesRequest, api::UnregisterBrokerRequest, api::AddRaftVoterRequest,
                         api::RemoveRaftVoterRequest, api::DescribeQuorumRequest>;
      },
      request);
}

/// NOT_CONTROLLER, where it stands with each part of an answer.
template <class Part>
api::ErrorCode error_of_all(const std::vector<Part>& parts) {
  const bool refused = std::ranges::any_of(parts, [](const Part& part) {
    if constexpr (requires { part.error_code; }) return part.error_code == api::ErrorCode::kNotController;
    return false;
  });
  return refused ? api::ErrorCode::kNotController : api::ErrorCode::kNone;
}

/// There is one partition, and what is wrong with it is what is wrong
/// (KafkaAdminClient.describeMetadataQuorum).
api::ErrorCode error_of_quorum(const api::DescribeQuorumResponse& response) {
  if (response.error_code != api::ErrorCode::kNone) return response.error_code;
  if (response.topics.size() != 1 || response.topics.front().partitions.size() != 1)
    return api::ErrorCode::kUnknownServerError;
  return response.topics.front().partitions.front().error_code;
}

/// The error of the request as a whole. Some responses have no place for one: what refuses all of the request
/// stands with each part of it.
api::ErrorCode error_of(const api::Response& response) {
  return std::visit(
      []<class R>(const R& r) {
        if constexpr (std::is_same_v<R, api::DescribeQuorumResponse>) {
          return error_of_quorum(r);
        } else if constexpr (requires { r.error_code; }) {
          return r.error_code;
        } else if constexpr (requires { r.topics; }) {
          return error_of_all(r.topics);
        } else if constexpr (requires { r.results; }) {
          return error_of_all(r.results);
        } else {
          return error_of_all(r.responses);
        }
      },
      response);
}

/// Another controller has to be asked. Those of the quorum's own APIs say that they do not lead it.
bool is_elsewhere(api::ErrorCode error) {
  return error == api::ErrorCode::kNotController || error == api::ErrorCode::kNotLeaderOrFollower;
}

io::CallResult result_of(const api::Response& response, bool in_doubt) {
  const api::ErrorCode error = error_of(response);
  io::CallStatus status = io::CallStatus::kOk;
  if (error != api::ErrorCode::kNone) {
    const bool certain = !in_doubt && api::info_of(error).definite;
    status = certain ? io::CallStatus::kFailed : io::CallStatus::kUnknown;
  }
  return {.status = status, .error = error, .value = io::Administered{.response = response}};
}

}  // namespace

Admin::Admin(AdminSetup setup)
    : setup_(std::move(setup)),
      pool_({.purpose = io::Purpose::kAdmin,
             .max_in_flight = 1,
             .request_timeout = milliseconds(setup_.config.request_timeout_ms)}) {
  ENSURE(!setup_.bootstrap.empty(), "an admin client without bootstrap.controllers");
}

void Admin::step(const Now& now, const io::Input& input, io::Effects& out) {
  if (std::holds_alternative<io::Booted>(input)) {
    *this = Admin(std::move(setup_));
    return;
  }
  if (const auto* call = std::get_if<io::ClientCall>(&input)) on_call(now, *call, out);
  static_cast<void>(alarm_.on(input));
  const Arrivals arrivals = pool_.step(now, input, out);
  if (arrivals.disconnected) try_next_controller_after(*arrivals.disconnected);
  for (const Completion& completion : arrivals.completions) complete(now, completion, out);
  run(now, out);
}

void Admin::on_call(const Now& now, const io::ClientCall& call, io::Effects& out) {
  const auto* administer = std::get_if<io::Administer>(&call.call);
  if (administer == nullptr || !is_administrative(administer->request)) {
    out.return_call(
        call.id, {.status = io::CallStatus::kFailed, .error = api::ErrorCode::kInvalidRequest, .value = {}});
    return;
  }
  calls_.push_back({.id = call.id,
                    .request = administer->request,
                    .deadline = now.monotonic + milliseconds(setup_.config.default_api_timeout_ms)});
}

void Admin::complete(const Now& now, const Completion& completion, io::Effects& out) {
  const auto found = std::ranges::find(calls_, std::optional(completion.request), &ParkedCall::in_flight);
  if (found == calls_.end()) return;  // it timed out meanwhile
  found->in_flight.reset();
  found->not_before = now.monotonic + milliseconds(setup_.config.retry_backoff_ms);
  if (!completion.response) {
    found->in_doubt = true;
  } else if (is_elsewhere(error_of(*completion.response))) {
    found->in_doubt = true;  // a controller that resigns says so of what it had appended
    try_next_controller_after(completion.request.peer);
  } else {
    out.return_call(found->id, result_of(*completion.response, found->in_doubt));
    calls_.erase(found);
  }
}

void Admin::run(const Now& now, io::Effects& out) {
  std::erase_if(calls_, [&](const ParkedCall& call) {
    if (call.deadline > now.monotonic) return false;
    const bool in_doubt = call.in_doubt || call.in_flight;
    out.return_call(call.id, {.status = in_doubt ? io::CallStatus::kUnknown : io::CallStatus::kFailed,
                              .error = api::ErrorCode::kRequestTimedOut,
                              .value = {}});
    return true;
  });
  Earliest earliest(now);
  for (ParkedCall& call : calls_) {
    earliest.consider(call.deadline);
    if (call.in_flight) continue;
    if (call.not_before) earliest.consider(*call.not_before);
    const bool may_send = !call.not_before || *call.not_before <= now.monotonic;
    if (may_send && pool_.ready(controller(), now, out)) {
      call.in_flight = pool_.send(now, controller(), call.request, out);
    }
  }
  alarm_.set(now, earliest.time(), out);
}

/// Several requests may be refused by one controller; that is one reason to move on, not several.
void Admin::try_next_controller_after(NodeId refused) {
  if (controller() == refused) ++controller_;
}

}  // namespace odradek::client
