#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "engine/controller/refusal.h"
#include "engine/controller/topic_control.h"

namespace odradek::controller {
namespace {

using enum api::ErrorCode;

/// What one entry of the request names. An id and a name may lead to the same topic.
Checked<TopicId> resolve(const metadata::MetadataImage& image, const api::DeleteTopicState& wanted) {
  if (wanted.name && wanted.topic_id)
    return refuse(kInvalidRequest, "You may not specify both topic name and topic id.");
  if (!wanted.name && !wanted.topic_id)
    return refuse(kInvalidRequest, "Neither topic name nor id were specified.");
  const metadata::TopicImage* topic = wanted.name ? image.topic(*wanted.name) : image.topic(*wanted.topic_id);
  if (topic != nullptr) return topic->id;
  if (wanted.name) return refuse(kUnknownTopicOrPartition, "This server does not host this topic-partition.");
  return refuse(kUnknownTopicId, "This server does not host this topic ID.");
}

/// Why an entry that names a topic cannot be granted: the request names the topic elsewhere too.
Checked<void> check_unique(const api::DeleteTopicsRequest& request, const api::DeleteTopicState& wanted,
                           bool is_named_again) {
  if (std::ranges::count(request.topics, wanted) > 1) {
    return refuse(kInvalidRequest, wanted.name ? "Duplicate topic name." : "Duplicate topic id.");
  }
  if (!is_named_again) return {};
  return refuse(kInvalidRequest, "The provided topic name maps to an ID that was already supplied.");
}

}  // namespace

Outcome delete_topics(ClusterView view, const api::DeleteTopicsRequest& request) {
  Records records;
  api::DeleteTopicsResponse response;
  std::map<TopicId, int> times_named;
  for (const api::DeleteTopicState& wanted : request.topics) {
    if (const Checked<TopicId> id = resolve(view.image, wanted)) ++times_named[*id];
  }
  std::vector<api::DeleteTopicState> answered;
  for (const api::DeleteTopicState& wanted : request.topics) {
    if (std::ranges::count(answered, wanted) > 0) continue;
    answered.push_back(wanted);
    api::DeletableTopicResult& result = response.responses.emplace_back();
    result.name = wanted.name;
    result.topic_id = wanted.topic_id;
    const Checked<TopicId> id = resolve(view.image, wanted);
    tell(id, result);
    if (!id) continue;
    const Checked<void> unique = check_unique(request, wanted, times_named[*id] > 1);
    tell(unique, result);
    if (!unique) continue;
    result.name = view.image.topic(*id)->name;
    result.topic_id = *id;
    records.emplace_back(metadata::RemoveTopicRecord{.topic_id = *id});
  }
  return {.records = std::move(records), .response = std::move(response)};
}

}  // namespace odradek::controller
