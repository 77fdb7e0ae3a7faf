// Network: hosts, the TCP connections between their processes, and what is done to them.
//
// What a process observes:
// 1. Within one direction of a connection, order is kept; between connections there is none.
// 2. A server reads one request at a time: while one is in service, later ones and the end of the connection
// wait
//    unread (Kafka's SocketServer mutes the channel until the response is sent).
// 3. Closing does not recall what was sent: it arrives, then the FIN. A request whose sender is gone is still
//    executed; its response meets a closed port, and the RST that answers it drops what was still unread.
// 4. A blocked path stalls whatever is under way in that direction. Once it heals, TCP sends it again after a
// drawn
//    delay; if it takes longer than a drawn patience, both sides see a timeout. A handshake stalls without
//    limit.
// 5. When a process dies, its kernel closes its connections: FIN, or RST when it leaves bytes unread. What
// was read
//    but not handled, or not read, is lost. Nothing is delivered to a dead process or to a later incarnation
//    of it.
// 6. After its own close, and after it was told of the end, a process hears no more of a connection.
// 7. A process may connect to itself. It closes such a connection as the one that has opened it; what faults
// do to
//    the network passes by.
//
// The network schedules arrivals in the world's queue and turns them into `Delivery`; it knows no nodes.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "engine/base/cow.h"
#include "engine/io/input.h"
#include "sim/kernel/event_queue.h"
#include "sim/kernel/seed.h"
#include "sim/net/connection.h"
#include "sim/net/host.h"
#include "sim/net/rules.h"

namespace odradek::sim {

struct NetworkConfig {
  /// Each link's own base latency, drawn per seed: between hosts of one rack, of two, and of two regions.
  DurationRange latency{microseconds(200), milliseconds(2)};
  DurationRange between_racks{microseconds(500), milliseconds(3)};
  DurationRange between_regions{milliseconds(10), milliseconds(60)};
  std::uint32_t slow_pairs_percent = 0;  ///< of all pairs of hosts, which are slow for good
  std::int32_t slow_factor = 20;         ///< how many times longer their latency is
  std::int64_t bytes_per_second = 0;     ///< that leave a host; 0: at once
  std::int32_t jitter_percent = 10;      ///< mean of the exponential jitter, as a share of the base latency
  Duration retransmit_min = milliseconds(10);
  Duration retransmit_max = milliseconds(400);
  Duration tcp_timeout_min = seconds(8);
  Duration tcp_timeout_max = seconds(15);
  std::uint32_t in_flight_max = 10'000;  ///< segments in one direction; more is a finding

  FIELDS(latency, between_racks, between_regions, slow_pairs_percent, slow_factor, bytes_per_second,
         jitter_percent, retransmit_min, retransmit_max, tcp_timeout_min, tcp_timeout_max, in_flight_max)
  friend bool operator==(const NetworkConfig&, const NetworkConfig&) = default;
};

/// Something that a process is to learn.
struct Delivery {
  std::uint16_t host = 0;
  io::Input input;
  Digest body;  ///< of the message in it; zero if there is none

  /// Input and digest are replaced together, so that nothing stays of what was here before.
  template <class Input, class... Parts>
  void put(const Digest& digest, Parts&&... parts) {
    body = digest;
    input.template emplace<Input>(std::forward<Parts>(parts)...);
  }
};

/// Where and when an operation of the network happens.
struct Moment {
  Instant now;
  const Seed& seed;
  EventQueue& queue;
};

struct NetworkCounters {
  std::uint64_t sent = 0;       ///< requests and responses
  std::uint64_t delivered = 0;  ///< the same, arrived at a process
  std::uint64_t dropped = 0;    ///< the same, on a connection that was over
  std::uint64_t opened = 0;     ///< connections
  std::uint64_t refused = 0;
  std::uint64_t reset = 0;
  std::uint64_t timed_out = 0;

  FIELDS(sent, delivered, dropped, opened, refused, reset, timed_out)
  friend bool operator==(const NetworkCounters&, const NetworkCounters&) = default;
};

/// How often a host has dialled another for one purpose: names a connection for its draws.
struct Dialled {
  Path path;
  io::Purpose purpose{};
  std::uint32_t times = 0;

  FIELDS(path, purpose, times)
  friend bool operator==(const Dialled&, const Dialled&) = default;
};

class Network {
 public:
  Network() = default;
  explicit Network(NetworkConfig config) : config_(config) {}

  /// Hosts are numbered from 0 in the order in which they are added.
  void add_host(NodeId node, HostPlace place = {}) {
    hosts_.push_back({.node = node, .place = place, .bytes_per_second = config_.bytes_per_second});
  }
  void set_listening(std::uint16_t host, bool listening) { hosts_[host].listening = listening; }

  // What a process wants done. What is wanted of a connection that is over is dropped: the news is on its
  // way.
  void connect(const io::Link& link, std::uint16_t from, Moment at);
  void send(ConnectionId id, std::uint16_t from, CorrelationId correlation, api::Request request,
            Digest digest, Moment at);
  void respond(ConnectionId id, CorrelationId correlation, api::Response response, Digest digest, Moment at);
  /// A connection of a host with itself is closed by its initiator.
  void close(ConnectionId id, std::uint16_t host, Moment at);
  /// The request in service is done with. True when the next input of this connection, which has waited
  /// unread, is in `out` now.
  [[nodiscard]] bool finish_request(ConnectionId id, Delivery& out);

  // What happens.
  /// A scheduled arrival is due. True when a process is to learn something: it is in `out` now.
  [[nodiscard]] bool arrive(const QueueEntry& entry, Moment at, Delivery& out);
  /// A direction has been stalled for too long.
  void give_up(const QueueEntry& entry, Moment at);
  /// The kernel of this host closes all connections of the process that died.
  void process_died(std::uint16_t host, Moment at);
  /// The host's power is gone, and with it its side of all connections: nobody is told. What it has sent
  /// still arrives; what is sent to it waits until somebody there says that the connection is no more.
  void cut_off_host(std::uint16_t host, Moment at);
  void restore_host(std::uint16_t host, Moment at);

  // Faults.
  void block(Path path);
  void unblock(Path path, Moment at);
  /// Both sides see a reset at once; what was under way is lost.
  void reset(ConnectionId id, Moment at);
  /// Returns how many connections there were.
  std::uint32_t reset_between(NodeId a, NodeId b, Moment at);
  /// Nothing that is sent over the connections of the two arrives any more, though paths are open: a firewall
  /// or a load balancer has forgotten them. New connections are as good as any. Returns how many there were.
  std::uint32_t black_hole(NodeId a, NodeId b);
  /// `loser` has lost its end of its connections with `other`, which learns of it when it sends something.
  std::uint32_t half_open(NodeId loser, NodeId other, Moment at);
  /// What has been given to the host already leaves it at the old rate.
  void throttle(std::uint16_t host, std::int64_t bytes_per_second) {
    hosts_[host].bytes_per_second = bytes_per_second;
  }
  RuleId delay(RuleScope scope, Duration extra);
  RuleId hold(RuleScope scope, HeldMessages messages);
  /// Held messages are released together.
  void lift(RuleId rule, Moment at);

  // What is.
  [[nodiscard]] bool is_blocked(Path path) const;
  [[nodiscard]] std::uint64_t stalled(Path path) const;
  /// Messages that a rule in force has touched so far; 0 once it is lifted.
  [[nodiscard]] std::uint64_t affected(RuleId rule) const;
  [[nodiscard]] const std::vector<Cow<Connection>>& connections() const { return connections_; }
  [[nodiscard]] const NetworkCounters& counters() const { return counters_; }
  [[nodiscard]] const NetworkConfig& config() const { return config_; }
  [[nodiscard]] const Host& host(std::uint16_t place) const { return hosts_[place]; }
  /// From who has opened a connection to who has accepted it; absent once it is over.
  [[nodiscard]] std::optional<Path> ends(ConnectionId id) const;
  /// How long a small message takes from one node to another, without jitter and faults. REQUIRES: both are
  /// hosts.
  [[nodiscard]] Duration base_latency(NodeId from, NodeId to, const Seed& seed) const;
  /// Requests and responses that were sent and have not come to their end.
  [[nodiscard]] std::uint64_t messages_under_way() const;

  FIELDS(config_, hosts_, connections_, dialled_, blockades_, rules_, next_rule_, counters_)
  friend bool operator==(const Network&, const Network&) = default;

 private:
  // connections.cc
  [[nodiscard]] std::optional<std::uint32_t> place_of(ConnectionId id) const;
  [[nodiscard]] Connection* find(ConnectionId id);
  [[nodiscard]] Path path_to(const Connection& c, Side side) const;
  [[nodiscard]] std::uint32_t dial(Path path, io::Purpose purpose);
  void erase_if_over(ConnectionId id);
  /// They will not be delivered.
  void count_dropped(const Fifo<Segment>& segments);
  void close_side(Connection& c, Side side, Moment at);
  void fail_side(Connection& c, Side side, io::CloseReason reason, Moment at);
  void fail_both(Connection& c, io::CloseReason reason, Moment at);
  [[nodiscard]] std::vector<ConnectionId> connections_of(std::uint16_t host) const;
  [[nodiscard]] Duration link_latency(const Host& from, const Host& to, const Seed& seed) const;

  // network.cc
  void transmit(Connection& c, Side to, Segment segment, Moment at);
  [[nodiscard]] Instant departure(Host& sender, const Segment& segment, Instant now) const;
  void schedule(Connection& c, Side to, Moment at);
  [[nodiscard]] bool stops(Connection& c, Side to, Moment at);
  [[nodiscard]] bool receive(Connection& c, Side side, Segment segment, Moment at, Delivery& out);
  [[nodiscard]] bool accept(Connection& c, Moment at);
  [[nodiscard]] bool read(Connection& c, Segment segment, Delivery& out);
  [[nodiscard]] bool end(Connection& c, Side side, io::CloseReason reason, Delivery& out);
  [[nodiscard]] Rule* hold_on(const Segment& segment, Path path);

  // faults.cc
  [[nodiscard]] bool joins(const Connection& c, NodeId a, NodeId b) const;
  Blockade& blockade(Path path);
  RuleId add_rule(Rule rule);

  NetworkConfig config_;
  std::vector<Host> hosts_;
  std::vector<Cow<Connection>> connections_;  ///< ascending by id
  std::vector<Dialled> dialled_;              ///< ascending by path and purpose
  std::vector<Blockade> blockades_;           ///< ascending by path
  std::vector<Rule> rules_;                   ///< ascending by id
  RuleId next_rule_;
  NetworkCounters counters_;
};

}  // namespace odradek::sim
