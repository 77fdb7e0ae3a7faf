// Input: everything that a node can come to know, besides its clocks and its disk.
#pragma once

#include <variant>

#include "engine/api/messages.h"
#include "engine/base/ids.h"
#include "engine/base/random.h"
#include "engine/io/call.h"
#include "engine/io/lane.h"
#include "engine/io/timer.h"

namespace odradek::io {

/// The process started. All of its own random choices derive from `key`, fresh for each incarnation.
struct Booted {
  Key key;
  FIELDS(key)
  friend bool operator==(const Booted&, const Booted&) = default;
};

struct TimerFired {
  Timer timer;
  FIELDS(timer)
  friend bool operator==(const TimerFired&, const TimerFired&) = default;
};

struct WorkDue {
  Work work{};
  FIELDS(work)
  friend bool operator==(const WorkDue&, const WorkDue&) = default;
};

/// One's own connection: what it was opened for and to whom.
struct Link {
  ConnectionId connection;
  NodeId peer;
  Purpose purpose{};
  FIELDS(connection, peer, purpose)
  friend bool operator==(const Link&, const Link&) = default;
};

struct ConnectionOpened {
  Link link;
  FIELDS(link)
  friend bool operator==(const ConnectionOpened&, const ConnectionOpened&) = default;
};

enum class CloseReason : std::uint8_t { kRefused, kFin, kReset, kTimeout };

/// One's own connection ended, or could not be opened.
struct ConnectionLost {
  Link link;
  CloseReason reason{};
  FIELDS(link, reason)
  friend bool operator==(const ConnectionLost&, const ConnectionLost&) = default;
};

/// A connection that a peer had opened ended: nothing can be answered on it any more.
struct PeerGone {
  ConnectionId connection;
  CloseReason reason{};
  FIELDS(connection, reason)
  friend bool operator==(const PeerGone&, const PeerGone&) = default;
};

struct RequestReceived {
  ConnectionId connection;
  CorrelationId correlation;
  api::Request request;
  FIELDS(connection, correlation, request)
  friend bool operator==(const RequestReceived&, const RequestReceived&) = default;
};

struct ResponseReceived {
  Link link;
  CorrelationId correlation;
  api::Response response;
  FIELDS(link, correlation, response)
  friend bool operator==(const ResponseReceived&, const ResponseReceived&) = default;
};

struct FsyncFinished {
  FsyncTicket ticket;
  bool ok = true;
  FIELDS(ticket, ok)
  friend bool operator==(const FsyncFinished&, const FsyncFinished&) = default;
};

struct ClientCall {
  CallId id;
  Call call;
  FIELDS(id, call)
  friend bool operator==(const ClientCall&, const ClientCall&) = default;
};

/// SIGTERM: the process is asked to shut down in good order.
struct ShutdownRequested {
  FIELDS()
  friend bool operator==(const ShutdownRequested&, const ShutdownRequested&) = default;
};

using Input = std::variant<Booted, TimerFired, WorkDue, ConnectionOpened, ConnectionLost, PeerGone,
                           RequestReceived, ResponseReceived, FsyncFinished, ClientCall, ShutdownRequested>;

}  // namespace odradek::io
