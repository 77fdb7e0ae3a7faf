#include "sim/kernel/fingerprint.h"

#include <variant>

namespace odradek::sim {
namespace {

/// Ids of one kind of thing, in one word: correlations are 32 bits and few connections live long enough for
/// more.
void feed_message(Hasher& h, ConnectionId connection, CorrelationId correlation, const Digest& body) {
  h.word(connection.value());
  h.word(static_cast<std::uint64_t>(static_cast<std::uint32_t>(correlation.value())) ^ body.high);
  h.word(body.low);
}

}  // namespace

void feed_input(Hasher& h, const io::Input& input, const Digest& body) {
  if (const auto* request = std::get_if<io::RequestReceived>(&input)) {
    feed_message(h, request->connection, request->correlation, body);
  } else if (const auto* response = std::get_if<io::ResponseReceived>(&input)) {
    feed_message(h, response->link.connection, response->correlation, body);
  } else {
    feed(h, input);
  }
}

Digest feed_effect(Hasher& h, const io::Effect& effect) {
  if (const auto* send = std::get_if<io::Send>(&effect)) {
    const Digest body = digest_of(send->request);
    h.word(effect.index());
    feed_message(h, send->connection, send->correlation, body);
    return body;
  }
  if (const auto* respond = std::get_if<io::Respond>(&effect)) {
    const Digest body = digest_of(respond->response);
    h.word(effect.index());
    feed_message(h, respond->connection, respond->correlation, body);
    return body;
  }
  feed(h, effect);
  return {};
}

}  // namespace odradek::sim
