// NaiveNetwork: what processes may hear of their connections, and what they are owed, from a bare history.
//
// For each end of a connection it keeps all that was ever sent to it and how much of that it has read; for
// each path, when it was blocked; for each host, when nobody listened. It decides nothing. It is told what is
// done and what is heard, objects to what cannot be, and names who has waited for longer than can be.
// Start here: naive_hearing.cc, then naive_debts.cc.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sim/net/network.h"

namespace odradek::sim {

/// Closed intervals: at the ends both is possible, before and after what was done at that instant.
struct Span {
  Instant since;
  Instant until = Instant::never();

  friend bool operator==(const Span&, const Span&) = default;
};

enum class NaiveKind : std::uint8_t { kSyn, kSynAck, kMessage, kEnd };

/// Something that was sent to an end.
struct NaiveItem {
  NaiveKind kind{};
  Instant sent;
  Instant earliest;  ///< it cannot arrive sooner
  io::Input input;   ///< of a SYN-ACK and a message: what the receiver hears
  Digest digest;     ///< of a message
  bool may_be_fin = false;
  bool may_be_reset = false;
  bool may_be_lost = false;  ///< it may have been unread when its receiver ended

  friend bool operator==(const NaiveItem&, const NaiveItem&) = default;
};

/// How a connection came to be over for one of its ends.
enum class NaiveEnding : std::uint8_t { kClosed, kTold, kDied, kCutOff };

struct NaiveEnd {
  std::uint16_t host = 0;
  bool aware = false;  ///< the process knows that there is such a connection
  std::optional<NaiveEnding> over;
  Instant over_since;
  std::vector<NaiveItem> sent_to_it;
  std::size_t read = 0;

  [[nodiscard]] const NaiveItem* next() const {
    return read < sent_to_it.size() ? &sent_to_it[read] : nullptr;
  }
  friend bool operator==(const NaiveEnd&, const NaiveEnd&) = default;
};

struct NaiveConnection {
  io::Link link;
  std::array<NaiveEnd, 2> ends;
  bool accepted = false;
  bool opened = false;  ///< the initiator has heard so
  std::optional<CorrelationId> serving;
  Instant finished;                        ///< when no request was in service any more
  std::optional<io::CloseReason> failure;  ///< as a whole: both ends are told at once
  Instant failed_at;

  [[nodiscard]] NaiveEnd& end(Side side) { return ends[static_cast<std::size_t>(side)]; }
  [[nodiscard]] const NaiveEnd& end(Side side) const { return ends[static_cast<std::size_t>(side)]; }
  [[nodiscard]] bool is_loopback() const { return ends[0].host == ends[1].host; }
  friend bool operator==(const NaiveConnection&, const NaiveConnection&) = default;
};

/// Host n is node n.
class NaiveNetwork {
 public:
  NaiveNetwork(const NetworkConfig& config, std::uint16_t hosts);

  // What is done.
  void boot(std::uint16_t host, Instant now);
  void die(std::uint16_t host, Instant now);
  void cut_off(std::uint16_t host, Instant now);
  void connect(const io::Link& link, std::uint16_t from, Instant now);
  void send(ConnectionId id, const io::RequestReceived& request, Digest digest, Instant now);
  void respond(ConnectionId id, const io::ResponseReceived& response, Digest digest, Instant now);
  void finish(ConnectionId id, Instant now);
  void close(ConnectionId id, Side side, Instant now);
  void block(Path path, Instant now);
  void unblock(Path path, Instant now);
  void delay(RuleId id, RuleScope scope, Duration extra);
  void hold(RuleId id, RuleScope scope, HeldMessages held, Instant now);
  void lift(RuleId id, Instant now);
  void reset(ConnectionId id, Instant now);

  // What happens: why it cannot, or nothing if it may.
  /// The kernel of the acceptor's host completes its part of a handshake.
  [[nodiscard]] std::string accept(ConnectionId id, Instant now);
  /// A process hears something: just arrived, or read only now because a request was in service.
  [[nodiscard]] std::string hear(const Delivery& heard, Instant now, bool waited);

  /// Who should have heard something before `now`; nothing if nobody has to complain.
  [[nodiscard]] std::string overdue(Instant now) const;

  // What is.
  [[nodiscard]] const std::map<ConnectionId, NaiveConnection>& connections() const { return connections_; }
  [[nodiscard]] bool is_up(std::uint16_t host) const { return hosts_[host].up; }
  [[nodiscard]] bool is_cut_off(std::uint16_t host) const { return hosts_[host].cut_off; }
  /// Nothing being under way, whether the network may forget the connection; absent: it may do either.
  [[nodiscard]] std::optional<bool> is_forgotten(ConnectionId id) const;

  friend bool operator==(const NaiveNetwork&, const NaiveNetwork&) = default;

 private:
  struct Host {
    bool up = false;
    bool cut_off = false;
    std::vector<Span> down;
    friend bool operator==(const Host&, const Host&) = default;
  };
  struct Way {
    int blockades = 0;
    std::vector<Span> blocked;
    Instant changed;  ///< last time that something may have begun to stop or to go on
    friend bool operator==(const Way&, const Way&) = default;
  };

  // naive_network.cc
  [[nodiscard]] static Path path_to(const NaiveConnection& c, Side side);
  /// The shortest way of a segment: there is hardly any from a process to itself.
  [[nodiscard]] Duration quickest(const NaiveConnection& c) const;
  [[nodiscard]] const Way& way_to(const NaiveConnection& c, Side side) const;
  [[nodiscard]] bool is_held(const NaiveItem& item, Path path) const;
  [[nodiscard]] bool is_any_held(const NaiveConnection& c, Side side) const;
  void put(NaiveConnection& c, Side to, NaiveItem item, Instant now);
  void end(NaiveConnection& c, Side side, NaiveEnding how, Instant now);
  void fail(NaiveConnection& c, io::CloseReason reason, Instant now);
  void change(RuleScope scope, Instant now);

  // naive_hearing.cc
  [[nodiscard]] std::string objection_to_arrival(const NaiveConnection& c, Side side, const NaiveItem& item,
                                                 Instant now) const;
  [[nodiscard]] std::string hear_message(NaiveConnection& c, Side side, const Delivery& heard, Instant now,
                                         bool waited);
  [[nodiscard]] std::string hear_end(NaiveConnection& c, Side side, io::CloseReason reason, Instant now,
                                     bool waited);
  [[nodiscard]] bool may_hear_fin(const NaiveConnection& c, Side side, Instant now, bool waited) const;
  [[nodiscard]] bool may_hear_reset(const NaiveConnection& c, Side side, Instant now) const;
  [[nodiscard]] bool may_hear_refusal(const NaiveConnection& c, Side side, Instant now) const;
  [[nodiscard]] bool may_time_out(const NaiveConnection& c, Instant now) const;
  [[nodiscard]] std::optional<Instant> earliest_answer(const NaiveConnection& c, Side side) const;
  [[nodiscard]] std::vector<Instant> stallable(const NaiveConnection& c, Side side) const;

  // naive_debts.cc
  [[nodiscard]] Duration slowest() const;
  [[nodiscard]] Instant arrival_due(const NaiveConnection& c, Side side) const;
  [[nodiscard]] Instant handshake_due(const NaiveConnection& c) const;
  [[nodiscard]] Instant answer_due(const NaiveConnection& c, Side side) const;
  [[nodiscard]] Instant due(const NaiveConnection& c, Side side) const;
  [[nodiscard]] bool may_have_failed_unheard(const NaiveConnection& c) const;

  NetworkConfig config_;
  std::vector<Host> hosts_;
  std::map<Path, Way> ways_;
  std::map<RuleId, Rule> rules_;
  Duration delays_;  ///< of all rules that there ever were
  std::map<ConnectionId, NaiveConnection> connections_;
};

}  // namespace odradek::sim
