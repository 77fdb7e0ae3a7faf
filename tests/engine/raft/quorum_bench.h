// A quorum of replicas by hand: messages arrive at once and in order unless two nodes are cut off from each
// other, fsyncs finish unless a node's disk is held, and time passes when the test says so.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "engine/raft/quorum_replica.h"
#include "engine/raft/snapshot_content.h"
#include "tests/support/memory_disk.h"

namespace odradek::raft {

inline constexpr Uuid kCluster{.high = 1, .low = 1};

/// The effects of one kind.
template <class Kind>
std::vector<Kind> effects_of(const io::Effects& out) {
  std::vector<Kind> found;
  for (const io::Effect& effect : out.list()) {
    if (const auto* match = std::get_if<Kind>(&effect)) found.push_back(*match);
  }
  return found;
}

class Quorum {
 public:
  struct Member {
    QuorumReplica replica;
    testing::MemoryDisk disk;
    Uuid directory;
    Listener listener;
    std::vector<metadata::RecordBatch> taken;
    std::map<io::Timer, std::int64_t> timers;  ///< when they fire, in ms
    std::deque<FsyncTicket> fsyncs;
    io::Names names;
    bool up = false;
    bool disk_held = false;
    bool cuts_held = false;  ///< the same, while a truncation is being made durable
    std::optional<std::string> exit;
    std::vector<Probe> probes;
    std::uint64_t boots = 0;
  };

  /// Controllers 101 …, all of them voters.
  explicit Quorum(int controllers, io::QuorumConfig config = {}, io::Flaws flaws = {})
      : config_(config), flaws_(flaws) {
    for (int i = 0; i < controllers; ++i) ids_.push_back(NodeId(101 + i));
    for (const NodeId id : ids_) add(id, true);
    VoterSet::Nodes voters;
    for (const NodeId id : ids_) voters.emplace(id, VoterNode{.directory_id = at(id).directory});
    if (config_.kraft_version > 0) {
      const SnapshotContent content{.kraft_version = 1, .voters = VoterSet(voters), .records = {}};
      for (const NodeId id : ids_) {
        at(id).disk.put(snapshot_path(kMetadataDirectory, kBootstrapSnapshot),
                        encode_snapshot(kBootstrapSnapshot, content, Timestamp(0)));
      }
    }
  }
  /// A replica that is no voter: a broker, or a controller that is to join.
  void add(NodeId id, bool is_controller) {
    Member& member = members_[id];
    member.directory = {.high = 7, .low = static_cast<std::uint64_t>(id.value())};
    member.replica = QuorumReplica({.id = id,
                                    .cluster_id = kCluster,
                                    .controllers = ids_,
                                    .can_be_voter = is_controller,
                                    .quorum = config_,
                                    .flaws = flaws_});
  }

  Member& at(NodeId id) { return members_.at(id); }
  Member& at(int id) { return members_.at(NodeId(id)); }
  const QuorumReplica& replica(int id) { return at(id).replica; }
  RoleKind role(int id) { return kind_of(replica(id).role()); }

  void boot(NodeId id) {
    Member& member = at(id);
    member.up = true;
    member.listener = {};
    member.taken.clear();
    member.exit.reset();
    const Key key{.high = 99, .low = static_cast<std::uint64_t>(id.value()) * 100 + member.boots++};
    step(id, [&](const Context& ctx) { member.replica.on_boot(key, member.directory, ctx); });
  }
  void boot_all() {
    for (auto& [id, member] : members_) boot(id);
  }
  /// The process dies; what it wrote is on the disk, as far as the disk pleases.
  void crash(NodeId id) {
    Member& member = at(id);
    member.up = false;
    member.timers.clear();
    member.fsyncs.clear();
    std::erase_if(wires_, [id](const Wire& wire) { return wire.from == id || wire.to == id; });
    for (auto& [other, peer] : members_) {
      if (other != id) lose_connections(other, id);
    }
    connections_.erase(id);
  }

  void cut(int a, int b) {
    cut_.insert({NodeId(a), NodeId(b)});
    cut_.insert({NodeId(b), NodeId(a)});
  }
  void isolate(int node) {
    for (auto& [id, member] : members_) {
      if (id != NodeId(node)) cut(node, id.value());
    }
  }
  void heal() { cut_.clear(); }

  /// Lets time pass in steps of 5 ms, and everything happen that is due.
  void run(std::int64_t ms) {
    for (const std::int64_t end = now_ms_ + ms; now_ms_ < end;) {
      now_ms_ += 5;
      settle();
      for (auto& [id, member] : members_) fire_timers(id);
      settle();
    }
  }
  /// Until somebody leads and may append; its id. Fails by returning -1.
  int run_until_active(std::int64_t limit_ms = 20'000) {
    for (std::int64_t passed = 0; passed < limit_ms; passed += 5) {
      if (const int leader = active(); leader >= 0) return leader;
      run(5);
    }
    return -1;
  }
  /// Who leads and may append; of several, the one of the highest epoch.
  int active() {
    int found = -1;
    for (auto& [id, member] : members_) {
      if (!member.up || !member.replica.is_active()) continue;
      if (found < 0 || member.replica.epoch() > at(found).replica.epoch()) found = id.value();
    }
    return found;
  }

  /// Appends one record at its leader. Returns its offset.
  std::optional<Offset> append(int leader) {
    std::optional<metadata::RecordBatch> batch;
    step(NodeId(leader),
         [&](const Context& ctx) { batch = at(leader).replica.append({metadata::NoOpRecord{}}, ctx); });
    return batch ? std::optional(batch->base) : std::nullopt;
  }

  /// Raises kraft.version at its leader; why not, if not.
  std::optional<std::string> upgrade(int leader, std::int16_t level, bool validate_only = false) {
    std::optional<std::string> refused;
    step(NodeId(leader), [&](const Context& ctx) {
      refused = at(leader).replica.upgrade_kraft_version(level, validate_only, ctx);
    });
    return refused;
  }

  /// A request of somebody outside; what was answered, as soon as it is, within this time.
  template <class Response>
  std::optional<Response> ask(int node, api::Request request, std::int64_t within_ms = 5'000) {
    const ConnectionId connection{1'000'000'000 + ++asked_};
    step(NodeId(node), [&](const Context& ctx) {
      at(node).replica.on_request({.connection = connection, .correlation = CorrelationId(1)},
                                  std::move(request), ctx);
    });
    for (std::int64_t passed = 0; passed < within_ms && !answers_.contains(connection); passed += 5) run(5);
    const auto found = answers_.find(connection);
    if (found == answers_.end()) return std::nullopt;
    return std::get<Response>(found->second);
  }

  template <class Do>
  void step(NodeId id, Do&& act) {
    Member& member = at(id);
    io::Effects out(member.names);
    const Now now{.monotonic = MonotonicTime(now_ms_ * 1'000'000), .wall = Timestamp(now_ms_)};
    const Context ctx{now, member.disk, out};
    act(ctx);
    if (auto snapshot = member.replica.take_snapshot(member.listener, ctx)) member.taken.clear();
    for (auto& batch : member.replica.take_committed(member.listener, ctx)) member.taken.push_back(batch);
    member.replica.poll(ctx);
    if (member.replica.is_snapshot_due(member.listener))
      member.replica.write_snapshot(member.listener, {}, ctx);
    member.names = out.next();
    carry_out(id, out);
  }

  std::set<std::pair<NodeId, NodeId>> cut_;
  std::int64_t now_ms_ = 1'000'000;

 private:
  struct Wire {
    NodeId from;
    NodeId to;
    ConnectionId connection;  ///< of whoever opened it
    CorrelationId correlation;
    std::variant<io::Link, api::Request, api::Response> what;  ///< a link: it is to be opened
    io::Link link;
  };
  struct Connection {
    NodeId opener;
    io::Link link;
  };

  [[nodiscard]] ConnectionId served(NodeId opener, ConnectionId connection) const {
    return ConnectionId(static_cast<std::uint64_t>(opener.value()) * 1'000'000 + connection.value());
  }

  void carry_out(NodeId id, io::Effects& out) {
    Member& member = at(id);
    for (const io::Effect& effect : out.list()) {
      if (const auto* connect = std::get_if<io::Connect>(&effect)) {
        connections_[id].push_back(connect->link);
        wires_.push_back(
            {.from = id, .to = connect->link.peer, .what = connect->link, .link = connect->link});
      } else if (const auto* send = std::get_if<io::Send>(&effect)) {
        for (const io::Link& link : connections_[id]) {
          if (link.connection == send->connection) {
            wires_.push_back({.from = id,
                              .to = link.peer,
                              .connection = link.connection,
                              .correlation = send->correlation,
                              .what = send->request,
                              .link = link});
          }
        }
      } else if (const auto* respond = std::get_if<io::Respond>(&effect)) {
        respond_to(id, *respond);
      } else if (const auto* close = std::get_if<io::Close>(&effect)) {
        std::erase_if(connections_[id],
                      [&](const io::Link& link) { return link.connection == close->connection; });
      } else if (const auto* timer = std::get_if<io::SetTimer>(&effect)) {
        member.timers[timer->timer] = now_ms_ + timer->after.ms();
      } else if (const auto* cancel = std::get_if<io::CancelTimer>(&effect)) {
        member.timers.erase(cancel->timer);
      } else if (const auto* fsync = std::get_if<io::Fsync>(&effect)) {
        member.fsyncs.push_back(fsync->ticket);
      } else if (const auto* exit = std::get_if<io::Exit>(&effect)) {
        member.exit = exit->reason;
      } else if (const auto* reach = std::get_if<io::Reach>(&effect)) {
        member.probes.push_back(reach->probe);
      }
    }
  }

  void respond_to(NodeId id, const io::Respond& respond) {
    if (respond.connection.value() >= 1'000'000'000) {
      answers_.insert_or_assign(respond.connection, respond.response);
      return;
    }
    const NodeId opener{static_cast<std::int32_t>(respond.connection.value() / 1'000'000)};
    for (const io::Link& link : connections_[opener]) {
      if (served(opener, link.connection) == respond.connection) {
        wires_.push_back({.from = id,
                          .to = opener,
                          .connection = link.connection,
                          .correlation = respond.correlation,
                          .what = respond.response,
                          .link = link});
      }
    }
  }

  void lose_connections(NodeId opener, NodeId peer) {
    std::vector<io::Link> lost;
    std::erase_if(connections_[opener], [&](const io::Link& link) {
      if (link.peer == peer) lost.push_back(link);
      return link.peer == peer;
    });
    for (const io::Link& link : lost) {
      if (at(opener).up) step(opener, [&](const Context& ctx) { at(opener).replica.on_lost(link, ctx); });
    }
  }

  /// Everything that can happen without time passing.
  void settle() {
    for (bool busy = true; busy;) {
      busy = false;
      for (auto& [id, member] : members_) {
        const bool is_held = member.disk_held || (member.cuts_held && member.replica.log().is_cutting());
        if (!member.up || is_held || member.fsyncs.empty()) continue;
        const FsyncTicket ticket = member.fsyncs.front();
        member.fsyncs.pop_front();
        step(id, [&](const Context& ctx) { member.replica.on_fsync({.ticket = ticket, .ok = true}, ctx); });
        busy = true;
      }
      std::deque<Wire> waiting;
      std::swap(waiting, wires_);
      for (Wire& wire : waiting) {
        if (cut_.contains({wire.from, wire.to})) {
          wires_.push_back(std::move(wire));
        } else {
          deliver(wire);
          busy = true;
        }
      }
    }
  }

  void deliver(const Wire& wire) {
    if (const auto* opening = std::get_if<io::Link>(&wire.what)) {
      const bool accepted = at(opening->peer).up;
      step(wire.from, [&](const Context& ctx) {
        accepted ? at(wire.from).replica.on_opened(*opening, ctx)
                 : at(wire.from).replica.on_lost(*opening, ctx);
      });
      return;
    }
    if (!at(wire.to).up) return;
    if (const auto* request = std::get_if<api::Request>(&wire.what)) {
      step(wire.to, [&](const Context& ctx) {
        if (std::holds_alternative<api::ApiVersionsRequest>(*request)) {
          ctx.out.respond(
              served(wire.from, wire.connection), wire.correlation,
              api::ApiVersionsResponse{
                  .supported_features = {{.name = "kraft.version", .min_version = 0, .max_version = 1}}});
          return;
        }
        at(wire.to).replica.on_request(
            {.connection = served(wire.from, wire.connection), .correlation = wire.correlation}, *request,
            ctx);
      });
    } else {
      step(wire.to, [&](const Context& ctx) {
        at(wire.to).replica.on_response({.link = wire.link,
                                         .correlation = wire.correlation,
                                         .response = std::get<api::Response>(wire.what)},
                                        ctx);
      });
    }
  }

  void fire_timers(NodeId id) {
    Member& member = at(id);
    if (!member.up) return;
    std::vector<io::Timer> due;
    for (const auto& [timer, when] : member.timers) {
      if (when <= now_ms_) due.push_back(timer);
    }
    for (const io::Timer& timer : due) {
      member.timers.erase(timer);
      step(id, [&](const Context& ctx) { member.replica.on_timer(timer, ctx); });
    }
  }

  io::QuorumConfig config_;
  io::Flaws flaws_;
  std::vector<NodeId> ids_;
  std::map<NodeId, Member> members_;
  std::map<NodeId, std::vector<io::Link>> connections_;
  std::deque<Wire> wires_;
  std::map<ConnectionId, api::Response> answers_;
  std::uint64_t asked_ = 0;
};

}  // namespace odradek::raft
