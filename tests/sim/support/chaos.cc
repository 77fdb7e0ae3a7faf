#include "tests/sim/support/chaos.h"

#include <algorithm>
#include <variant>

namespace odradek::sim {
namespace {

constexpr std::int32_t kNodes = 4;

enum class ChaosPurpose : std::uint16_t { kProcess = 0xF001, kFault = 0xF002 };

io::Timer timer(std::uint64_t entity) {
  return {.kind = entity % 2 == 0 ? io::TimerKind::kHeartbeat : io::TimerKind::kParkedFetch,
          .entity = entity};
}

WorldConfig config() {
  WorldConfig config;
  config.network.jitter_percent = 100;
  config.network.tcp_timeout_min = milliseconds(4);
  config.network.tcp_timeout_max = milliseconds(30);
  config.request_cost = {microseconds(1), milliseconds(1)};
  config.other_cost = {microseconds(1), microseconds(300)};
  return config;
}

}  // namespace

void Chaos::step(const Now& now, const io::Input& input, io::Disk& disk, io::Effects& out) {
  feed(seen_, now);
  feed(seen_, input);
  if (const auto* booted = std::get_if<io::Booted>(&input)) {
    key_ = booted->key;
    out.set_timer(timer(0), milliseconds(1));
  }
  if (const auto* opened = std::get_if<io::ConnectionOpened>(&input))
    open_.push_back(opened->link.connection);
  if (const auto* lost = std::get_if<io::ConnectionLost>(&input)) std::erase(open_, lost->link.connection);
  if (const auto* request = std::get_if<io::RequestReceived>(&input)) parked_.push_back(*request);
  if (const auto* fired = std::get_if<io::TimerFired>(&input); fired && fired->timer == timer(0))
    out.set_timer(timer(0), microseconds(100) + microseconds(100) * static_cast<std::int64_t>(below(20)));
  act(disk, out);
}

std::uint64_t Chaos::below(std::uint64_t n) {
  const std::uint64_t ordinal = draws_++;
  return draw(key_, ChaosPurpose::kProcess, {.ordinal = ordinal}).below(n);
}

void Chaos::act(io::Disk& disk, io::Effects& out) {
  switch (below(10)) {
    case 0: {
      const NodeId peer(1 + static_cast<std::int32_t>(below(static_cast<std::uint64_t>(nodes_))));
      const auto purpose = static_cast<io::Purpose>(below(4));
      static_cast<void>(out.connect(peer, purpose));
      break;
    }
    case 1:
    case 2:
      if (!open_.empty()) send(open_[below(open_.size())], out);
      break;
    case 3:
    case 4:
      if (!parked_.empty()) {
        const auto next = parked_.begin() + static_cast<std::int64_t>(below(parked_.size()));
        out.respond(next->connection, next->correlation, api::BrokerHeartbeatResponse{});
        parked_.erase(next);
      }
      break;
    case 5: {
      const std::uint64_t entity = 1 + below(5);
      out.set_timer(timer(entity), microseconds(static_cast<std::int64_t>(below(10'000))));
      break;
    }
    case 6: out.cancel_timer(timer(1 + below(5))); break;
    case 7:
      if (!open_.empty() && below(8) == 0) {
        out.close(open_.back());
        open_.pop_back();
      }
      break;
    case 8: touch(disk, out); break;
    default:
      if (below(20) == 0) out.continue_with(io::Work::kPublishMetadata);
      if (below(2000) == 0) out.exit("chaos");
  }
}

void Chaos::touch(io::Disk& disk, io::Effects& out) {
  const std::string path = below(2) == 0 ? "a" : "b";
  const std::uint64_t what = below(6);
  if (what == 0) {
    static_cast<void>(out.fsync(path));
  } else if (what == 1 && disk.size(path)) {
    const std::uint64_t size = below(*disk.size(path) + 1);
    static_cast<void>(disk.truncate(path, size));
  } else if (what == 2) {
    static_cast<void>(disk.rename("a", "b"));
  } else {
    static_cast<void>(disk.append(path, Bytes(std::vector<std::uint8_t>(1 + below(50), 7))));
  }
}

void Chaos::send(ConnectionId connection, io::Effects& out) {
  const CorrelationId correlation = next_;
  ++next_;
  if (below(2) == 0) {
    out.send(connection, correlation, api::FetchRequest{});
  } else {
    out.send(connection, correlation, api::BrokerHeartbeatRequest{.broker_id = NodeId(1)});
  }
}

ChaosRun::ChaosRun(std::uint64_t seed) : world_(Key{.high = 1, .low = seed}, config()) {
  for (std::int32_t node = 1; node <= kNodes; ++node) {
    const Rate rate = node == 2 ? Rate{.numerator = 1001, .denominator = 1000} : Rate{};
    world_.add_node(NodeId(node), Chaos(kNodes), {.clock_skew = milliseconds(node), .clock_rate = rate});
    world_.boot(NodeId(node));
  }
  world_.schedule(Instant(1), HarnessToken(0));
}

void ChaosRun::run(std::uint32_t reports) {
  for (std::uint32_t i = 0; i < reports; ++i) {
    const StepReport report = world_.step();
    if (report.kind == StepKind::kToken) strike();
  }
}

void ChaosRun::strike() {
  const Draw drawn = draw(world_.seed().key, ChaosPurpose::kFault, {.ordinal = ++faults_});
  const NodeId node(1 + static_cast<std::int32_t>(drawn.bits() % kNodes));
  const Path path{.from = node, .to = NodeId(1 + static_cast<std::int32_t>(drawn.uuid().low % kNodes))};
  switch ((drawn.bits() >> 32) % 9) {
    case 0: world_.restart(node); break;
    case 1:
      if (world_.state(node) == NodeState::kUp) world_.pause(node);
      break;
    case 2:
      world_.block(path);
      blocked_.push_back(path);
      break;
    case 3: world_.reset_between(path.from, path.to); break;
    case 4: rules_.push_back(world_.hold({.from = path.from}, {.api = api::ApiKey::kFetch})); break;
    case 5: rules_.push_back(world_.delay({.to = path.to}, milliseconds(3))); break;
    case 6:
      if (world_.state(node) != NodeState::kDown) world_.crash(node);
      break;
    default:
      for (const NodeId any : world_.nodes()) {
        if (world_.state(any) == NodeState::kPaused) world_.resume(any);
        if (world_.state(any) == NodeState::kDown) world_.boot(any);
      }
      for (const Path healed : blocked_) world_.unblock(healed);
      for (const RuleId rule : rules_) world_.lift(rule);
      blocked_.clear();
      rules_.clear();
  }
  world_.schedule(world_.now() + milliseconds(5), HarnessToken(faults_));
}

}  // namespace odradek::sim
