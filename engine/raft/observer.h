// Observer: a broker's replica of the metadata log. It fetches and never votes.
//
// It asks one voter after another until one says who leads, keeps its own copy of the log on its own disk,
// truncates where the leader tells it that the logs diverge, and hands out batches below the high watermark,
// which it learns from fetch responses. After a restart it hands out the log from its beginning, once a
// leader has told it a high watermark. The owner forwards inputs for channels that it `owns`, and asks
// `take_committed` afterwards.
//
// 1. The high watermark never decreases while the process lives, and never exceeds the log's end.
// 2. Nothing below the high watermark is ever truncated.
//
// It does not flush what it appends: it counts in no majority, and fetches again what a power loss takes.
// Source: org.apache.kafka.raft.KafkaRaftClient as an observer; KIP-595.
#pragma once

#include <optional>
#include <vector>

#include "engine/io/channel.h"
#include "engine/io/config.h"
#include "engine/log/log.h"
#include "engine/metadata/records.h"

namespace odradek::raft {

class Observer {
 public:
  /// Channels are numbered from here on, one for each voter.
  static constexpr std::uint64_t kFirstChannelId = 1'000'010;

  Observer() = default;
  Observer(NodeId self, const std::vector<NodeId>& voters, const io::BrokerConfig& config);

  void on_boot(const Now& now, io::Disk& disk, io::Effects& out);
  void on_opened(const io::Link& link, const Now& now, io::Effects& out);
  void on_lost(const io::Link& link, const Now& now, io::Effects& out);
  void on_response(const io::ResponseReceived& received, const Now& now, io::Disk& disk, io::Effects& out);
  /// kMetadataFetchRetry, and kChannelTimeout or kChannelBackoff of a channel that it owns.
  void on_timer(const io::Timer& timer, const Now& now, io::Effects& out);
  /// The broker registered: fetches name its epoch from now on (KIP-903).
  void set_replica_epoch(BrokerEpoch epoch) { replica_.replica_epoch = epoch; }

  [[nodiscard]] bool owns(std::uint64_t channel) const {
    return channel >= kFirstChannelId && channel < kFirstChannelId + channels_.size();
  }

  /// Batches that became known to be committed since the last call, in order; control batches without
  /// records.
  [[nodiscard]] std::vector<metadata::RecordBatch> take_committed(const io::Disk& disk, io::Effects& out);

  [[nodiscard]] std::optional<Offset> high_watermark() const { return high_watermark_; }
  /// There is nothing committed that has not been taken.
  [[nodiscard]] bool is_drained() const { return high_watermark_.value_or(taken_) <= taken_; }
  [[nodiscard]] std::optional<NodeId> leader() const { return leader_.leader_id; }
  [[nodiscard]] const log::Log& log() const { return log_; }

  FIELDS(replica_, fetch_wait_, retry_backoff_, channels_, log_, leader_, candidate_, waiting_,
         high_watermark_, taken_)
  friend bool operator==(const Observer&, const Observer&) = default;

 private:
  [[nodiscard]] io::Channel& current();
  void maybe_fetch(const Now& now, io::Effects& out);
  [[nodiscard]] api::FetchRequest next_fetch() const;
  void retry_later(io::Effects& out);
  void try_another();
  void learn(const api::LeaderIdAndEpoch& leader);
  [[nodiscard]] bool truncate(const api::EpochEndOffset& divergence, io::Disk& disk, io::Effects& out);
  [[nodiscard]] bool append(const std::vector<Bytes>& batches, io::Disk& disk, io::Effects& out);
  /// False when the fetcher has to wait before it tries again.
  [[nodiscard]] bool apply(const api::FetchResponse& response, io::Disk& disk, io::Effects& out);

  api::ReplicaState replica_;
  Duration fetch_wait_;
  Duration retry_backoff_;
  std::vector<io::Channel> channels_;
  log::Log log_;
  api::LeaderIdAndEpoch leader_;
  std::uint32_t candidate_ = 0;  ///< the voter to ask while no leader is known
  bool waiting_ = false;         ///< kMetadataFetchRetry is set
  std::optional<Offset> high_watermark_;
  Offset taken_;
};

}  // namespace odradek::raft
