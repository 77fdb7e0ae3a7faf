#include "engine/controller/broker_sessions.h"

#include <algorithm>

namespace odradek::controller {

BrokerSessions::BrokerSessions(Duration timeout, const metadata::MetadataImage& image, MonotonicTime now)
    : timeout_(timeout) {
  for (const auto& [id, registration] : image.brokers()) start(id, now);
}

void BrokerSessions::start(BrokerId broker, MonotonicTime now) {
  sessions_[broker] = {.last_contact = now, .metadata_offset = Offset(0), .controlled_shutdown_offset = {}};
}

void BrokerSessions::touch(BrokerId broker, MonotonicTime now, Offset metadata_offset) {
  Session& session = sessions_[broker];
  session.last_contact = now;
  session.metadata_offset = std::max(session.metadata_offset, metadata_offset);
}

void BrokerSessions::begin_controlled_shutdown(BrokerId broker, Offset offset) {
  sessions_[broker].controlled_shutdown_offset = offset;
}

void BrokerSessions::end_controlled_shutdown(BrokerId broker) {
  sessions_[broker].controlled_shutdown_offset.reset();
}

bool BrokerSessions::is_valid(BrokerId broker, MonotonicTime now) const {
  const auto found = sessions_.find(broker);
  return found != sessions_.end() && now < found->second.last_contact + timeout_;
}

bool BrokerSessions::is_in_controlled_shutdown(BrokerId broker) const {
  const auto found = sessions_.find(broker);
  return found != sessions_.end() && found->second.controlled_shutdown_offset.has_value();
}

bool BrokerSessions::may_shut_down(BrokerId broker, const metadata::MetadataImage& image) const {
  const Offset everybody_at = *sessions_.at(broker).controlled_shutdown_offset;
  return std::ranges::all_of(sessions_, [&](const auto& entry) {
    return !image.is_active(entry.first) || entry.second.metadata_offset >= everybody_at;
  });
}

std::optional<BrokerId> BrokerSessions::find_one_stale(const metadata::MetadataImage& image,
                                                       MonotonicTime now) const {
  const std::optional<BrokerId> silent = longest_silent(image);
  return silent && !is_valid(*silent, now) ? silent : std::nullopt;
}

std::optional<MonotonicTime> BrokerSessions::next_expiry(const metadata::MetadataImage& image) const {
  const std::optional<BrokerId> silent = longest_silent(image);
  if (!silent) return std::nullopt;
  return sessions_.at(*silent).last_contact + timeout_;
}

std::optional<BrokerId> BrokerSessions::longest_silent(const metadata::MetadataImage& image) const {
  std::optional<BrokerId> silent;
  for (const auto& [id, session] : sessions_) {
    const metadata::BrokerRegistration* registration = image.broker(id);
    if (registration == nullptr || registration->fenced) continue;
    if (!silent || session.last_contact < sessions_.at(*silent).last_contact) silent = id;
  }
  return silent;
}

}  // namespace odradek::controller
