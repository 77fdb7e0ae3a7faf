#include "tests/engine/raft/api_play.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string_view>
#include <utility>

namespace odradek::raft {
namespace {

using testing::bad_command;
using testing::TextCommand;

/// The value of `key=value` among the command's words.
std::optional<std::string> option(const TextCommand& command, std::string_view key) {
  for (const std::string& word : command.words) {
    if (word.starts_with(key) && word.substr(key.size()).starts_with('=')) return word.substr(key.size() + 1);
  }
  return std::nullopt;
}

std::optional<int> number(const TextCommand& command, std::string_view key) {
  const auto text = option(command, key);
  return text ? std::optional(std::stoi(*text)) : std::nullopt;
}

Uuid cluster(const TextCommand& command) {
  return option(command, "cluster") ? Uuid{.high = 9, .low = 9} : kCluster;
}

/// "17/3"
std::optional<OffsetAndEpoch> place(const TextCommand& command, std::string_view key) {
  const auto text = option(command, key);
  if (!text) return std::nullopt;
  return OffsetAndEpoch{.offset = Offset(std::stoll(*text)),
                        .epoch = LeaderEpoch(std::stoi(text->substr(text->find('/') + 1)))};
}

std::string place_text(const OffsetAndEpoch& place) {
  return fmt::format("{}/{}", place.offset.value(), place.epoch.value());
}

std::string answer(api::ErrorCode error, std::string_view message = "") {
  std::string text = error == api::ErrorCode::kNone ? "ok" : std::string(api::name_of(error));
  if (!message.empty()) text += fmt::format(": {}", message);
  return text;
}

std::string leader_text(const std::optional<api::LeaderIdAndEpoch>& leader) {
  if (!leader) return "";
  return fmt::format(", leader {} of epoch {}",
                     leader->leader_id ? std::to_string(leader->leader_id->value()) : "none",
                     leader->leader_epoch.value());
}

template <class Response>
std::string told(const std::optional<Response>& response, std::string_view more = "") {
  if (!response) return "no answer\n";
  return answer(response->error_code) + leader_text(response->current_leader) + std::string(more) + "\n";
}

template <class Response>
std::string told_with_message(const std::optional<Response>& response) {
  return response ? answer(response->error_code, response->error_message) + "\n" : "no answer\n";
}

}  // namespace

std::string ApiPlay::act(const TextCommand& command) {
  const std::string& verb = command.verb();
  if (verb == "quorum") {
    begin(command);
    return fmt::format("{} leads epoch {}\n", leader_, quorum_->replica(leader_).epoch().value());
  }
  if (!quorum_) bad_command("a play begins with: quorum N");
  if (verb == "vote") return vote(command);
  if (verb == "begin") return begin_epoch(command);
  if (verb == "end") return end_epoch(command);
  if (verb == "fetch") return fetch(command);
  if (verb == "fetch-snapshot") return fetch_snapshot(command);
  if (verb == "add") return add(command);
  if (verb == "remove") return remove(command);
  if (verb == "update") return update(command);
  if (verb == "describe") return describe(command);
  if (verb == "observe") {
    const NodeId node(static_cast<std::int32_t>(command.number(1)));
    quorum_->add(node, true);
    quorum_->boot(node);
    quorum_->run(2'000);
  } else if (verb == "append") {
    for (std::int64_t i = 0; i < command.number(1); ++i) {
      (void)quorum_->append(leader_);
      quorum_->run(50);
    }
  } else if (verb == "run") {
    quorum_->run(command.duration(1).ms());
  } else {
    bad_command("no such command; see tests/engine/raft/api_play.h");
  }
  return "";
}

void ApiPlay::begin(const TextCommand& command) {
  io::QuorumConfig config{.controller_quorum_election_timeout_ms = 300,
                          .controller_quorum_fetch_timeout_ms = 1'000,
                          .controller_quorum_request_timeout_ms = 1'000};
  if (command.has("static")) config.kraft_version = 0;
  if (command.has("snapshots")) config.metadata_log_max_record_bytes_between_snapshots = 300;
  quorum_.emplace(static_cast<int>(command.number(1)), config);
  quorum_->boot_all();
  leader_ = quorum_->run_until_active();
  quorum_->run(500);
}

int ApiPlay::to(const TextCommand& command) {
  const std::string& word = command.word(1);
  if (word == "leader") return leader_;
  if (word == "follower") return leader_ == 101 ? 102 : 101;
  return std::stoi(word);
}

LeaderEpoch ApiPlay::epoch(const TextCommand& command) {
  return quorum_->replica(leader_).epoch() + number(command, "epoch").value_or(0);
}

ReplicaKey ApiPlay::key(const TextCommand& command, int node) {
  const auto directory = option(command, "directory");
  if (directory == "none") return {.id = NodeId(node), .directory_id = {}};
  if (directory) return {.id = NodeId(node), .directory_id = Uuid{.high = 9, .low = 9}};
  return {.id = NodeId(node), .directory_id = Uuid{.high = 7, .low = static_cast<std::uint64_t>(node)}};
}

std::string ApiPlay::vote(const TextCommand& command) {
  const int candidate = number(command, "candidate").value_or(103);
  const auto response = quorum_->ask<api::VoteResponse>(
      to(command),
      api::VoteRequest{
          .cluster_id = cluster(command),
          .voter = key(command, number(command, "voter").value_or(to(command))),
          .replica_epoch = epoch(command),
          .replica = {.id = NodeId(candidate),
                      .directory_id = Uuid{.high = 7, .low = static_cast<std::uint64_t>(candidate)}},
          .last_offset = place(command, "end").value_or(quorum_->replica(leader_).log().end()),
          .pre_vote = command.has("pre")});
  return told(response, response && response->vote_granted ? ", granted" : "");
}

template <class Response>
std::string ApiPlay::told_or_ended(const TextCommand& command, const std::optional<Response>& response) {
  const std::optional<std::string>& exit = quorum_->at(to(command)).exit;
  return !response && exit ? fmt::format("no answer, and it ends: {}\n", *exit) : told(response);
}

std::string ApiPlay::begin_epoch(const TextCommand& command) {
  return told_or_ended(
      command, quorum_->ask<api::BeginQuorumEpochResponse>(
                   to(command), api::BeginQuorumEpochRequest{
                                    .cluster_id = cluster(command),
                                    .voter = key(command, number(command, "voter").value_or(to(command))),
                                    .leader_id = NodeId(number(command, "leader").value_or(leader_)),
                                    .leader_epoch = epoch(command)}));
}

std::string ApiPlay::end_epoch(const TextCommand& command) {
  return told_or_ended(command,
                       quorum_->ask<api::EndQuorumEpochResponse>(
                           to(command), api::EndQuorumEpochRequest{
                                            .cluster_id = cluster(command),
                                            .leader_id = NodeId(number(command, "leader").value_or(leader_)),
                                            .leader_epoch = epoch(command),
                                            .preferred_candidates = {}}));
}

std::string ApiPlay::fetch(const TextCommand& command) {
  const OffsetAndEpoch end = quorum_->replica(leader_).log().end();
  const int by = number(command, "by").value_or(1);
  const auto last = number(command, "last");
  const api::FetchPartition partition{
      .partition = PartitionId(0),
      .current_leader_epoch = epoch(command),
      .fetch_offset = Offset(number(command, "from").value_or(static_cast<int>(end.offset.value()))),
      .last_fetched_epoch = last ? LeaderEpoch(*last) : end.epoch,
      .replica_directory_id = key(command, by).directory_id,
      .high_watermark = Offset(0)};
  const auto response = quorum_->ask<api::FetchResponse>(
      to(command),
      api::FetchRequest{.replica_state = api::ReplicaState{.replica_id = BrokerId(by), .replica_epoch = {}},
                        .topics = {{.topic_id = api::kMetadataTopicId, .partitions = {partition}}},
                        .cluster_id = cluster(command)});
  if (!response) return "no answer\n";
  if (response->error_code != api::ErrorCode::kNone) return answer(response->error_code) + "\n";
  const api::FetchPartitionData& data = response->responses.at(0).partitions.at(0);
  std::string text = answer(data.error_code) + leader_text(data.current_leader);
  if (data.error_code == api::ErrorCode::kNone) {
    text += fmt::format(", high watermark {}, {} batches", data.high_watermark.value(), data.records.size());
  }
  if (data.diverging_epoch) {
    text += fmt::format(", diverging epoch {} ends at {}", data.diverging_epoch->epoch.value(),
                        data.diverging_epoch->end_offset.value());
  }
  if (data.snapshot_id) text += fmt::format(", snapshot {}", place_text(*data.snapshot_id));
  return text + "\n";
}

std::string ApiPlay::fetch_snapshot(const TextCommand& command) {
  const auto& ids = quorum_->replica(leader_).log().snapshots().ids();
  const SnapshotId latest = ids.empty() ? SnapshotId{} : *ids.rbegin();
  const auto response = quorum_->ask<api::FetchSnapshotResponse>(
      to(command), api::FetchSnapshotRequest{.cluster_id = cluster(command),
                                             .replica = key(command, number(command, "by").value_or(1)),
                                             .current_leader_epoch = epoch(command),
                                             .snapshot_id = place(command, "snapshot").value_or(latest),
                                             .position = number(command, "position").value_or(0)});
  const bool has_bytes = response && !response->unaligned_records.empty();
  return told(response, has_bytes ? ", bytes" : "");
}

std::string ApiPlay::add(const TextCommand& command) {
  return told_with_message(quorum_->ask<api::AddRaftVoterResponse>(
      to(command), api::AddRaftVoterRequest{.cluster_id = cluster(command),
                                            .voter = key(command, static_cast<int>(command.number(2)))}));
}

std::string ApiPlay::remove(const TextCommand& command) {
  return told_with_message(quorum_->ask<api::RemoveRaftVoterResponse>(
      to(command), api::RemoveRaftVoterRequest{.cluster_id = cluster(command),
                                               .voter = key(command, static_cast<int>(command.number(2)))}));
}

std::string ApiPlay::update(const TextCommand& command) {
  const std::string versions = option(command, "versions").value_or("0-1");
  return told(quorum_->ask<api::UpdateRaftVoterResponse>(
      to(command), api::UpdateRaftVoterRequest{
                       .cluster_id = cluster(command),
                       .current_leader_epoch = epoch(command),
                       .voter = key(command, static_cast<int>(command.number(2))),
                       .kraft_version_feature = {.min = static_cast<std::int16_t>(versions.front() - '0'),
                                                 .max = static_cast<std::int16_t>(versions.back() - '0')}}));
}

std::string ApiPlay::describe(const TextCommand& command) {
  const api::DescribeQuorumRequest request{
      .topics = {{.topic_name = option(command, "topic").value_or(std::string(api::kMetadataTopicName)),
                  .partitions = {PartitionId(number(command, "partition").value_or(0))}}}};
  const auto response = quorum_->ask<api::DescribeQuorumResponse>(to(command), request);
  if (!response) return "no answer\n";
  const api::DescribeQuorumTopicResponse& topic = response->topics.at(0);
  const api::DescribeQuorumPartitionData& quorum = topic.partitions.at(0);
  if (quorum.error_code != api::ErrorCode::kNone) {
    return fmt::format("{}-{}: {}\n", topic.topic_name, quorum.partition_index.value(),
                       answer(quorum.error_code, quorum.error_message));
  }
  std::string text = fmt::format(
      "ok, leader {} of epoch {}, high watermark {}\n", quorum.leader_id ? quorum.leader_id->value() : -1,
      quorum.leader_epoch.value(), quorum.high_watermark ? quorum.high_watermark->value() : -1);
  const auto ago = [&](const std::optional<Timestamp>& then) {
    return then ? fmt::format("{} ms ago", quorum_->replica(to(command)).time() - *then) : "never";
  };
  const auto add = [&](std::string_view what, const std::vector<api::QuorumReplicaState>& states) {
    for (const api::QuorumReplicaState& state : states) {
      text += fmt::format("{} {} in {}: end {}, fetched {}, caught up {}\n", what, state.replica_id.value(),
                          state.replica_directory_id.is_zero() ? "an unknown directory" : "its directory",
                          state.log_end_offset ? state.log_end_offset->value() : -1,
                          ago(state.last_fetch_timestamp), ago(state.last_caught_up_timestamp));
    }
  };
  add("voter", quorum.current_voters);
  add("observer", quorum.observers);
  return text;
}

// The .txt files of apis/.
TEST(RaftApis, AnswerAsTheirTextsTell) {
  testing::play_texts(ODRADEK_SOURCE_DIR "/tests/engine/raft/apis", [] {
    return [play = ApiPlay()](const TextCommand& command) mutable { return play.act(command); };
  });
}

}  // namespace odradek::raft
