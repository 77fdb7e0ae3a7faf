#include "sim/search/message_events.h"

#include <optional>

namespace odradek::sim {
namespace {

Path reversed(Path path) { return {.from = path.to, .to = path.from}; }

class Collector {
 public:
  explicit Collector(const Network& network) : network_(network) {}

  void request(bool delivered, ConnectionId connection, const api::Request& request) {
    if (const auto path = network_.ends(connection))
      found_.push_back({delivered, {.api = api::api_key_of(request), .response = false}, *path});
  }
  void response(bool delivered, ConnectionId connection, const api::Response& response) {
    if (const auto path = network_.ends(connection))
      found_.push_back({delivered, {.api = api::api_key_of(response), .response = true}, reversed(*path)});
  }
  [[nodiscard]] std::vector<MessageEvent> take() { return std::move(found_); }

 private:
  const Network& network_;
  std::vector<MessageEvent> found_;
};

}  // namespace

std::vector<MessageEvent> messages_of(const StepReport& report, const Network& network) {
  Collector found(network);
  if (const auto* request = std::get_if<io::RequestReceived>(report.input))
    found.request(true, request->connection, request->request);
  if (const auto* response = std::get_if<io::ResponseReceived>(report.input))
    found.response(true, response->link.connection, response->response);
  for (const io::Effect& effect : report.effects) {
    if (const auto* send = std::get_if<io::Send>(&effect))
      found.request(false, send->connection, send->request);
    if (const auto* respond = std::get_if<io::Respond>(&effect))
      found.response(false, respond->connection, respond->response);
  }
  return found.take();
}

}  // namespace odradek::sim
