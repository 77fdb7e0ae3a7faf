// Admin: KafkaAdminClient with bootstrap.controllers (KIP-919), as a state machine. Its one call is
// Administer.
//
// It tries the controllers in turn until one does not answer NOT_CONTROLLER, and keeps to that one. A call
// ends
//
// 1. ok when the active controller answered without an error for the request as a whole; what became of each
//    topic or partition stands in the response;
// 2. failed for certain when no attempt can have had an effect;
// 3. unknown otherwise. A request that was lost is sent again, so that CreateTopics may find its own topic.
#pragma once

#include <deque>
#include <optional>

#include "engine/client/alarm.h"
#include "engine/client/channel_pool.h"
#include "engine/client/setup.h"

namespace odradek::client {

class Admin {
 public:
  Admin() = default;
  explicit Admin(AdminSetup setup);

  void step(const Now& now, const io::Input& input, io::Effects& out);

  struct ParkedCall {
    CallId id;
    api::Request request;
    MonotonicTime deadline;
    std::optional<MonotonicTime> not_before;
    std::optional<RequestKey> in_flight;
    bool in_doubt = false;  ///< some attempt may have had an effect

    FIELDS(id, request, deadline, not_before, in_flight, in_doubt)
    friend bool operator==(const ParkedCall&, const ParkedCall&) = default;
  };

  FIELDS(setup_, pool_, calls_, controller_, alarm_)
  friend bool operator==(const Admin&, const Admin&) = default;

 private:
  void on_call(const Now& now, const io::ClientCall& call, io::Effects& out);
  void complete(const Now& now, const Completion& completion, io::Effects& out);
  void run(const Now& now, io::Effects& out);
  void try_next_controller_after(NodeId refused);
  [[nodiscard]] NodeId controller() const { return setup_.bootstrap[controller_ % setup_.bootstrap.size()]; }

  AdminSetup setup_;
  ChannelPool pool_;
  std::deque<ParkedCall> calls_;
  std::uint32_t controller_ = 0;  ///< place in the bootstrap list, counted round
  Alarm alarm_{io::TimerKind::kAdminRetry};
};

}  // namespace odradek::client
