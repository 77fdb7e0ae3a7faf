#include "engine/io/effects.h"

namespace odradek::io {

// Out of line, so that the variants behind an effect are instantiated here and not in every file that has
// one.
Effects::Effects(Names next) : next_(next) {}
Effects::Effects(const Effects&) = default;
Effects::Effects(Effects&&) noexcept = default;
Effects& Effects::operator=(const Effects&) = default;
Effects& Effects::operator=(Effects&&) noexcept = default;
Effects::~Effects() = default;

Link Effects::connect(NodeId peer, Purpose purpose) {
  const Link link{.connection = next_.connection, .peer = peer, .purpose = purpose};
  next_.connection = ConnectionId(next_.connection.value() + 1);
  list_.emplace_back(Connect{link});
  return link;
}

void Effects::send(ConnectionId connection, CorrelationId correlation, api::Request request) {
  list_.emplace_back(Send{connection, correlation, std::move(request)});
}

void Effects::respond(ConnectionId connection, CorrelationId correlation, api::Response response) {
  list_.emplace_back(Respond{connection, correlation, std::move(response)});
}

void Effects::finish_request(ConnectionId connection) { list_.emplace_back(FinishRequest{connection}); }

void Effects::close(ConnectionId connection) { list_.emplace_back(Close{connection}); }

void Effects::set_timer(Timer timer, Duration after) { list_.emplace_back(SetTimer{timer, after}); }

void Effects::cancel_timer(Timer timer) { list_.emplace_back(CancelTimer{timer}); }

FsyncTicket Effects::fsync(std::string path) {
  const FsyncTicket ticket = next_.ticket;
  ++next_.ticket;
  list_.emplace_back(Fsync{ticket, std::move(path)});
  return ticket;
}

void Effects::continue_with(Work work) { list_.emplace_back(Continue{work}); }

void Effects::return_call(CallId id, CallResult result) {
  list_.emplace_back(CallReturned{id, std::move(result)});
}

void Effects::emit(Event event) { list_.emplace_back(Emit{std::move(event)}); }

void Effects::reach(Probe probe) { list_.emplace_back(Reach{probe}); }

void Effects::exit(std::string reason) { list_.emplace_back(Exit{std::move(reason)}); }

void Effects::restart(Names next) {
  list_.clear();
  next_ = next;
}

}  // namespace odradek::io
