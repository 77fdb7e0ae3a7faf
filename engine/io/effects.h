// Effects: everything that a node can want done, in the order in which it wants it.
//
// A step appends to one list. The names of connections and fsync tickets are handed out here, as an operating
// system hands out descriptors, so that a node never reuses one of an earlier incarnation.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "engine/base/probes.h"
#include "engine/io/event.h"
#include "engine/io/input.h"

namespace odradek::io {

struct Connect {
  Link link;
  FIELDS(link)
  friend bool operator==(const Connect&, const Connect&) = default;
};

struct Send {
  ConnectionId connection;
  CorrelationId correlation;
  api::Request request;
  FIELDS(connection, correlation, request)
  friend bool operator==(const Send&, const Send&) = default;
};

struct Respond {
  ConnectionId connection;
  CorrelationId correlation;
  api::Response response;
  FIELDS(connection, correlation, response)
  friend bool operator==(const Respond&, const Respond&) = default;
};

/// The request in service needs no response (produce with acks=0): the next one may be read.
struct FinishRequest {
  ConnectionId connection;
  FIELDS(connection)
  friend bool operator==(const FinishRequest&, const FinishRequest&) = default;
};

struct Close {
  ConnectionId connection;
  FIELDS(connection)
  friend bool operator==(const Close&, const Close&) = default;
};

struct SetTimer {
  Timer timer;
  Duration after;
  FIELDS(timer, after)
  friend bool operator==(const SetTimer&, const SetTimer&) = default;
};

struct CancelTimer {
  Timer timer;
  FIELDS(timer)
  friend bool operator==(const CancelTimer&, const CancelTimer&) = default;
};

struct Fsync {
  FsyncTicket ticket;
  std::string path;
  FIELDS(ticket, path)
  friend bool operator==(const Fsync&, const Fsync&) = default;
};

struct Continue {
  Work work{};
  FIELDS(work)
  friend bool operator==(const Continue&, const Continue&) = default;
};

struct CallReturned {
  CallId id;
  CallResult result;
  FIELDS(id, result)
  friend bool operator==(const CallReturned&, const CallReturned&) = default;
};

struct Emit {
  Event event;
  FIELDS(event)
  friend bool operator==(const Emit&, const Emit&) = default;
};

struct Reach {
  Probe probe{};
  FIELDS(probe)
  friend bool operator==(const Reach&, const Reach&) = default;
};

/// The process ends by its own decision.
struct Exit {
  std::string reason;
  FIELDS(reason)
  friend bool operator==(const Exit&, const Exit&) = default;
};

using Effect = std::variant<Connect, Send, Respond, FinishRequest, Close, SetTimer, CancelTimer, Fsync,
                            Continue, CallReturned, Emit, Reach, Exit>;

/// The next free names of one host.
struct Names {
  ConnectionId connection;
  FsyncTicket ticket;
  FIELDS(connection, ticket)
  friend bool operator==(const Names&, const Names&) = default;
};

class Effects {
 public:
  explicit Effects(Names next);
  Effects(const Effects&);
  Effects(Effects&&) noexcept;
  Effects& operator=(const Effects&);
  Effects& operator=(Effects&&) noexcept;
  ~Effects();

  [[nodiscard]] Link connect(NodeId peer, Purpose purpose);
  void send(ConnectionId connection, CorrelationId correlation, api::Request request);
  void respond(ConnectionId connection, CorrelationId correlation, api::Response response);
  void finish_request(ConnectionId connection);
  void close(ConnectionId connection);
  void set_timer(Timer timer, Duration after);
  void cancel_timer(Timer timer);
  /// What was written to the file before this point becomes durable; FsyncFinished tells when.
  [[nodiscard]] FsyncTicket fsync(std::string path);
  void continue_with(Work work);
  void return_call(CallId id, CallResult result);
  void emit(Event event);
  void reach(Probe probe);
  void exit(std::string reason);

  [[nodiscard]] const std::vector<Effect>& list() const { return list_; }
  [[nodiscard]] std::vector<Effect>& list() { return list_; }
  [[nodiscard]] Names next() const { return next_; }

  /// Empties the list and keeps its memory, for the next step of some node.
  void restart(Names next);

 private:
  std::vector<Effect> list_;
  Names next_;
};

/// Marks a branch that only faults reach.
inline void sometimes(Effects& out, Probe probe) { out.reach(probe); }

}  // namespace odradek::io
