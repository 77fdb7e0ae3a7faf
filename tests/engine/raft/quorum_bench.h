// A voter and what it needs, by hand: its disk, its effects, and fsyncs that finish when the test says so.
#pragma once

#include <optional>
#include <vector>

#include "engine/base/describe.h"
#include "engine/raft/voter.h"
#include "tests/support/memory_disk.h"

namespace odradek::raft {

inline constexpr NodeId kController{100};

/// The effects of one kind.
template <class Kind>
std::vector<Kind> effects_of(const io::Effects& out) {
  std::vector<Kind> found;
  for (const io::Effect& effect : out.list()) {
    if (const auto* match = std::get_if<Kind>(&effect)) found.push_back(*match);
  }
  return found;
}

class VoterBench {
 public:
  void boot() {
    voter_ = Voter(kController, {kController});
    out_.restart(out_.next());
    voter_.on_boot(now_, disk_, out_);
  }
  /// Boots and lets every fsync finish: the voter leads and its epoch is established.
  void lead() {
    boot();
    finish_all();
  }
  /// Finishes the oldest fsync under way; false when there is none.
  bool finish_one(bool ok = true) {
    const auto asked = effects_of<io::Fsync>(out_);
    if (finished_ >= asked.size()) return false;
    const FsyncTicket ticket = asked[finished_].ticket;
    ++finished_;
    voter_.on_fsync(now_, {.ticket = ticket, .ok = ok}, disk_, out_);
    voter_.complete_fetches(disk_, out_);
    return true;
  }
  void finish_all() {
    while (finish_one()) {
    }
  }
  /// The process dies and starts anew; `disk_` stays as it is.
  void restart() {
    finished_ = 0;
    boot();
  }
  Offset append() { return voter_.append(now_, {metadata::NoOpRecord{}}, disk_, out_)->base; }

  std::optional<api::FetchPartitionData> fetch(const api::FetchPartition& wanted,
                                               std::int32_t max_wait_ms = 500) {
    api::FetchRequest request{.replica_state =
                                  api::ReplicaState{.replica_id = BrokerId(1), .replica_epoch = {}}};
    request.max_wait_ms = max_wait_ms;
    request.topics.push_back({.topic_id = api::kMetadataTopicId, .partitions = {wanted}});
    const std::size_t before = answers().size();
    voter_.handle_fetch({.connection = ConnectionId(1), .correlation = CorrelationId(1)}, request, disk_,
                        out_);
    const auto after = answers();
    return after.size() > before ? std::optional(after.back()) : std::nullopt;
  }
  /// All answers so far.
  std::vector<api::FetchPartitionData> answers() {
    std::vector<api::FetchPartitionData> data;
    for (const io::Respond& respond : effects_of<io::Respond>(out_)) {
      const auto& response = std::get<api::FetchResponse>(respond.response);
      data.push_back(response.responses.empty() ? api::FetchPartitionData{.error_code = response.error_code}
                                                : response.responses.front().partitions.front());
    }
    return data;
  }
  /// What a fetcher wants whose log is a copy of the voter's, up to its end.
  api::FetchPartition at_end() {
    return {.partition = PartitionId(0),
            .current_leader_epoch = voter_.epoch(),
            .fetch_offset = voter_.log().log_end_offset(),
            .last_fetched_epoch = voter_.log().latest_epoch()};
  }

  Now now_;
  testing::MemoryDisk disk_;
  io::Effects out_{io::Names{}};
  Voter voter_;
  std::size_t finished_ = 0;
};

}  // namespace odradek::raft
