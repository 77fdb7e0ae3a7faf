#include "tests/sim/support/puppet.h"

#include <fmt/format.h>

#include <sstream>
#include <variant>

#include "engine/base/ensure.h"

namespace odradek::sim {
namespace {

std::string_view reason_name(io::CloseReason reason) {
  switch (reason) {
    case io::CloseReason::kRefused: return "refused";
    case io::CloseReason::kFin: return "fin";
    case io::CloseReason::kReset: return "reset";
    case io::CloseReason::kTimeout: return "timeout";
  }
  return "?";
}

struct Words {
  std::string operator()(const io::Booted&) const { return ""; }
  std::string operator()(const io::TimerFired& fired) const {
    return fmt::format("timer {}", fired.timer.entity);
  }
  std::string operator()(const io::WorkDue&) const { return "work"; }
  std::string operator()(const io::ConnectionOpened& opened) const {
    return fmt::format("opened {}", opened.link.peer.value());
  }
  std::string operator()(const io::ConnectionLost& lost) const {
    return fmt::format("lost {}", reason_name(lost.reason));
  }
  std::string operator()(const io::PeerGone& gone) const {
    return fmt::format("gone {}", reason_name(gone.reason));
  }
  std::string operator()(const io::RequestReceived& request) const {
    return fmt::format("request {}", request.correlation.value());
  }
  std::string operator()(const io::ResponseReceived& response) const {
    return fmt::format("response {}", response.correlation.value());
  }
  std::string operator()(const io::FsyncFinished&) const { return "fsynced"; }
  std::string operator()(const io::ClientCall&) const { return ""; }
  std::string operator()(const io::ShutdownRequested&) const { return "shutdown"; }
};

}  // namespace

void Puppet::step(const Now&, const io::Input& input, io::Disk& disk, io::Effects& out) {
  if (std::string words = std::visit(Words{}, input); !words.empty()) heard_.push_back(std::move(words));
  if (const auto* booted = std::get_if<io::Booted>(&input)) key_ = booted->key;
  if (const auto* call = std::get_if<io::ClientCall>(&input)) {
    std::istringstream orders(std::get<io::SendRecord>(call->call).topic);
    for (std::string order; std::getline(orders, order, ';');) obey(order, disk, out);
  }
  if (const auto* due = std::get_if<io::WorkDue>(&input); due && due->work == io::Work::kApplyMetadata)
    out.continue_with(due->work);
  if (const auto* request = std::get_if<io::RequestReceived>(&input)) {
    ENSURE(!serving_ || serving_->connection != request->connection, "two requests at a time");
    serving_ = *request;
    accepted_ = request->connection;
    if (responds_) respond(out);
  }
}

void Puppet::obey(const std::string& order, io::Disk& disk, io::Effects& out) {
  std::istringstream words(order);
  std::string verb;
  words >> verb;
  const auto number = [&words] {
    std::uint64_t n = 0;
    words >> n;
    return n;
  };
  const auto text = [&words] {
    std::string word;
    words >> word;
    return word;
  };
  const auto timer = [](std::uint64_t entity) {
    return io::Timer{.kind = io::TimerKind::kNoOpRecord, .entity = entity};
  };
  if (verb == "connect") {
    opened_.push_back(
        out.connect(NodeId(static_cast<std::int32_t>(number())), io::Purpose::kHeartbeat).connection);
  } else if (verb == "send") {
    send(opened_.at(number()), api::BrokerHeartbeatRequest{}, out);
  } else if (verb == "fetch") {
    send(opened_.at(number()), api::FetchRequest{}, out);
  } else if (verb == "respond") {
    respond(out);
  } else if (verb == "finish") {
    out.finish_request(serving_->connection);
    serving_.reset();
  } else if (verb == "close") {
    out.close(opened_.at(number()));
  } else if (verb == "close-peer") {
    out.close(*accepted_);
  } else if (verb == "timer") {
    const std::uint64_t entity = number();
    out.set_timer(timer(entity), milliseconds(static_cast<std::int64_t>(number())));
  } else if (verb == "cancel") {
    out.cancel_timer(timer(number()));
  } else if (verb == "write") {
    const std::string path = text();
    const std::string content = text();
    ENSURE(disk.append(path, Bytes(std::string_view(content))).has_value(), "a write failed");
  } else if (verb == "fsync") {
    const std::string path = text();
    static_cast<void>(out.fsync(path == "." ? "" : path));
  } else if (verb == "work") {
    out.continue_with(io::Work::kPublishMetadata);
  } else if (verb == "work-always") {
    out.continue_with(io::Work::kApplyMetadata);
  } else if (verb == "exit") {
    out.exit("told to");
  } else {
    ENSURE(verb != "break", "told to break");
    ENSURE(false, "no such order: {}", order);
  }
}

void Puppet::send(ConnectionId connection, api::Request request, io::Effects& out) {
  const CorrelationId correlation = next_correlation_;
  ++next_correlation_;
  out.send(connection, correlation, std::move(request));
}

void Puppet::respond(io::Effects& out) {
  const bool fetch = std::holds_alternative<api::FetchRequest>(serving_->request);
  api::Response response = api::BrokerHeartbeatResponse{};
  if (fetch) response = api::FetchResponse{};
  out.respond(serving_->connection, serving_->correlation, std::move(response));
  serving_.reset();
}

PuppetStage::PuppetStage(WorldConfig config, bool responds, Calm calm)
    : world(Seed(Key{.high = 0, .low = 7}, calm), config) {
  for (const std::int32_t node : {1, 2, 3}) {
    world.add_node(NodeId(node), Puppet(responds));
    world.boot(NodeId(node));
  }
  run(milliseconds(1));
}

WorldConfig PuppetStage::steady() {
  WorldConfig config;
  config.network.latency = {milliseconds(1), milliseconds(1)};
  config.network.jitter_percent = 0;
  return config;
}

void PuppetStage::tell(int node, std::string order) {
  ENSURE(world.call(NodeId(node), CallId(0), io::SendRecord{.topic = std::move(order)}), "node {} is down",
         node);
  run(microseconds(10));
}

std::string PuppetStage::heard(int node) const {
  return fmt::format("{}", fmt::join(world.process(NodeId(node)).heard(), ", "));
}

void PuppetStage::open(int from, int to) {
  tell(from, fmt::format("connect {}", to));
  run(milliseconds(3));
}

}  // namespace odradek::sim
