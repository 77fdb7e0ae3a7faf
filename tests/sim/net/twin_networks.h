// TwinNetworks: a network and its naive reference, to which the same happens.
//
// A deed is data: whatever its two numbers are, it becomes something that a caller of the network may do, so
// any list of deeds is a run, and a shorter list is a simpler one.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/sim/net/naive_network.h"

namespace odradek::sim {

/// Name, and how often it is drawn in calm weather and in a storm.
#define ODRADEK_NETWORK_DEEDS(X) \
  X(kStep, 30, 30)               \
  X(kWait, 6, 6)                 \
  X(kConnect, 10, 30)            \
  X(kSend, 30, 30)               \
  X(kRespond, 20, 20)            \
  X(kFinish, 4, 4)               \
  X(kClose, 3, 8)                \
  X(kDie, 1, 6)                  \
  X(kCutOff, 1, 6)               \
  X(kBoot, 12, 30)               \
  X(kBlock, 3, 8)                \
  X(kUnblock, 6, 12)             \
  X(kDelay, 1, 2)                \
  X(kHold, 2, 3)                 \
  X(kLift, 6, 8)                 \
  X(kReset, 1, 8)                \
  X(kResetBetween, 1, 3)

enum class DeedKind : std::uint8_t {
#define X(name, calm, storm) name,
  ODRADEK_NETWORK_DEEDS(X)
#undef X
};

struct Deed {
  DeedKind kind{};
  std::uint32_t a = 0;
  std::uint32_t b = 0;
};

std::ostream& operator<<(std::ostream& out, const Deed& deed);

class TwinNetworks {
 public:
  /// All hosts listen.
  TwinNetworks(const NetworkConfig& config, Key seed);

  void act(const Deed& deed);
  /// Everything is mended, and time goes on until nothing is under way and no request in service.
  void settle();

  /// What went wrong first; empty if nothing did.
  [[nodiscard]] const std::string& objection() const { return objection_; }
  friend bool operator==(const TwinNetworks&, const TwinNetworks&) = default;

 private:
  using Heard = std::pair<Instant, io::Input>;

  void dispatch(const Deed& deed);
  void connect(const Deed& deed);
  void send(const Deed& deed);
  void respond(ConnectionId id);
  void finish(ConnectionId id);
  void close(const Deed& deed);
  void hold(const Deed& deed);
  void unblock(std::size_t place);
  void lift(std::size_t place);
  void boot(std::uint16_t host);

  void step();
  void run_until(Instant limit);
  void go_on_to(Instant instant);
  void hear(const Delivery& delivery, bool waited);
  void object(std::string_view what, const std::string& why);
  void check_counters();
  void check_what_is_left();

  template <class Predicate>
  [[nodiscard]] std::optional<ConnectionId> choose(std::uint32_t n, Predicate suits) const;
  [[nodiscard]] bool is_served(const NaiveConnection& c) const;
  [[nodiscard]] Moment moment() { return {.now = now_, .seed = seed_, .queue = queue_}; }

  Seed seed_;
  Instant now_;
  EventQueue queue_;
  Network network_;
  NaiveNetwork naive_;
  std::vector<Path> blocked_;
  std::vector<RuleId> rules_;
  std::uint64_t connections_ = 0;
  std::int32_t messages_ = 0;
  NetworkCounters expected_;
  std::vector<Heard> heard_;
  std::string objection_;
};

}  // namespace odradek::sim
