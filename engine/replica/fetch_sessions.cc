#include "engine/replica/fetch_sessions.h"

#include <limits>
#include <optional>
#include <tuple>

namespace odradek::replica {
namespace {

enum class Purpose : std::uint16_t { kFetchSessionId = 0x0501 };

/// FetchSessionCache's min.incremental.fetch.session.eviction.ms, which is no property of brokers.
constexpr std::int64_t kEvictionMs = 120'000;

/// Who gives way first: consumers before followers, small sessions before large ones.
using EvictableKey = std::tuple<bool, std::size_t, FetchSessions::Number>;

std::size_t size_of(const api::FetchRequest& request) {
  std::size_t size = 0;
  for (const api::FetchTopic& topic : request.topics) size += topic.partitions.size();
  return size;
}

}  // namespace

std::expected<FetchSessions::Number, api::ErrorCode> FetchSessions::take_up(const api::FetchRequest& request,
                                                                            Timestamp now, io::Effects& out) {
  Number number = request.session.id;
  if (request.session.is_full()) {
    close(number);
    number = open(request, now, out);
  }
  FetchSession* session = find(number);
  if (session == nullptr) {
    sometimes(out, Probe::kFetchSessionLost);
    return std::unexpected(api::ErrorCode::kFetchSessionIdNotFound);
  }
  if (!request.session.is_full()) {
    if (session->epoch != request.session.epoch)
      return std::unexpected(api::ErrorCode::kInvalidFetchSessionEpoch);
    session->epoch = request.session.next().epoch;
  }
  session->parked.reset();
  session->update(request, now);
  for (const api::FetchTopic& topic : request.topics) {
    for (const api::FetchPartition& wanted : topic.partitions)
      watchers_[{.topic_id = topic.topic_id, .partition = wanted.partition}].insert(number);
  }
  for (const api::ForgottenTopic& topic : request.forgotten_topics) {
    for (const PartitionId id : topic.partitions)
      unwatch({.topic_id = topic.topic_id, .partition = id}, number);
  }
  return number;
}

FetchSessions::Number FetchSessions::open(const api::FetchRequest& request, Timestamp now, io::Effects& out) {
  const bool wants_one = request.session.epoch == api::FetchSessionPlace::kOpens && size_of(request) > 0;
  const bool gets_one = wants_one && make_room(request, now, out);
  if (wants_one && !gets_one) sometimes(out, Probe::kFetchSessionRefused);
  const Number number = gets_one ? unused_id() : --without_id_;
  sessions_.emplace(number, FetchSession(request.replica_state, now));
  return number;
}

/// Source: FetchSessionCache.tryEvict: the session that was used longest ago, if that is long ago; otherwise
/// the least of those that have had their time, or have to make way for a follower, unless it is more than
/// the new.
bool FetchSessions::make_room(const api::FetchRequest& request, Timestamp now, io::Effects& out) {
  const auto first = sessions_.upper_bound(0);
  if (std::distance(first, sessions_.end()) < slots_) return true;
  const bool is_replica = request.replica_state.has_value();
  std::optional<std::pair<Timestamp, Number>> oldest;
  std::optional<EvictableKey> least;
  for (auto it = first; it != sessions_.end(); ++it) {
    const auto& [number, session] = *it;
    const std::pair age{session.last_used(), number};
    if (!oldest || age < *oldest) oldest = age;
    const bool had_its_time = session.last_used() - session.created() > kEvictionMs;
    const bool makes_way = is_replica && !session.replica();
    const EvictableKey key{session.replica().has_value(), session.partitions().size(), number};
    if ((had_its_time || makes_way) && (!least || key < *least)) least = key;
  }
  const EvictableKey proposed{is_replica, size_of(request), std::numeric_limits<Number>::max()};
  if (oldest && now - oldest->first > kEvictionMs) {
    close(oldest->second);
  } else if (least && *least < proposed) {
    close(std::get<Number>(*least));
  } else {
    return false;
  }
  sometimes(out, Probe::kFetchSessionEvicted);
  return true;
}

FetchSessions::Number FetchSessions::unused_id() {
  while (true) {
    const Number id = draw(key_, Purpose::kFetchSessionId, {.entity = 0, .ordinal = draws_++})
                          .between(1, std::numeric_limits<std::int32_t>::max());
    if (!sessions_.contains(id)) return id;
  }
}

std::int32_t FetchSessions::finish(Number number) {
  const FetchSession* session = find(number);
  if (session != nullptr && outlives_its_request(number) && !session->partitions().empty())
    return static_cast<std::int32_t>(number);
  close(number);
  return api::FetchSessionPlace::kNoSession;
}

void FetchSessions::close(Number number) {
  const auto gone = sessions_.extract(number);
  if (gone.empty()) return;
  for (const auto& [tp, partition] : gone.mapped().partitions()) unwatch(tp, number);
}

void FetchSessions::unwatch(const TopicPartition& tp, Number number) {
  const auto watchers = watchers_.find(tp);
  if (watchers == watchers_.end()) return;
  watchers->second.erase(number);
  if (watchers->second.empty()) watchers_.erase(watchers);
}

FetchSession* FetchSessions::find(Number number) {
  const auto found = sessions_.find(number);
  return found == sessions_.end() ? nullptr : &found->second;
}

std::vector<FetchSessions::Number> FetchSessions::watching(const TopicPartition& tp) const {
  const auto found = watchers_.find(tp);
  if (found == watchers_.end()) return {};
  return {found->second.begin(), found->second.end()};
}

std::vector<FetchSessions::Number> FetchSessions::of_replicas() const {
  std::vector<Number> numbers;
  for (const auto& [number, session] : sessions_) {
    if (session.replica()) numbers.push_back(number);
  }
  return numbers;
}

}  // namespace odradek::replica
