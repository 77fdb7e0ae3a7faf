#include "engine/io/fetch_session_handler.h"

#include <vector>

namespace odradek::io {

void FetchSessionHandler::begin(api::FetchRequest& request) {
  request.session = next_;
  if (next_.is_full()) wanted_.clear();
}

void FetchSessionHandler::want(const TopicPartition& tp, const api::FetchPartition& wanted,
                               api::FetchRequest& request) {
  const auto [held, is_new] = wanted_.try_emplace(tp, wanted);
  if (!is_new && held->second == wanted) return;
  held->second = wanted;
  if (request.topics.empty() || request.topics.back().topic_id != tp.topic_id)
    request.topics.push_back({.topic_id = tp.topic_id, .partitions = {}});
  request.topics.back().partitions.push_back(wanted);
}

void FetchSessionHandler::forget(const TopicPartition& tp, api::FetchRequest& request) {
  if (wanted_.erase(tp) == 0) return;
  auto& topics = request.forgotten_topics;
  if (topics.empty() || topics.back().topic_id != tp.topic_id)
    topics.push_back({.topic_id = tp.topic_id, .partitions = {}});
  topics.back().partitions.push_back(tp.partition);
}

void FetchSessionHandler::forget_all_but(const std::set<TopicPartition>& wanted, api::FetchRequest& request) {
  std::vector<TopicPartition> gone;
  for (const auto& [tp, held] : wanted_) {
    if (!wanted.contains(tp)) gone.push_back(tp);
  }
  for (const TopicPartition& tp : gone) forget(tp, request);
}

const api::FetchPartition* FetchSessionHandler::wanted(const TopicPartition& tp) const {
  const auto held = wanted_.find(tp);
  return held == wanted_.end() ? nullptr : &held->second;
}

bool FetchSessionHandler::on_response(const api::FetchResponse& response) {
  constexpr api::FetchSessionPlace kOpen{.id = api::FetchSessionPlace::kNoSession,
                                         .epoch = api::FetchSessionPlace::kOpens};
  if (response.error_code != api::ErrorCode::kNone) {
    const bool is_gone = response.error_code == api::ErrorCode::kFetchSessionIdNotFound;
    next_ = is_gone ? kOpen : next_.anew();
    return false;
  }
  if (response.session_id == api::FetchSessionPlace::kNoSession) {
    next_ = kOpen;  // no room for a session, or this one was closed
  } else if (next_.is_full()) {
    next_ = {.id = response.session_id, .epoch = 1};
  } else {
    next_ = next_.next();
  }
  return true;
}

}  // namespace odradek::io
