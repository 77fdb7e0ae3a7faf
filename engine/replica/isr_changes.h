// IsrChanges: carries proposals of leaders to the controller, many partitions in one request, one request at
// a time.
//
// A proposal is sent again, unchanged, until the controller has answered it or the partition has moved on.
// Source: kafka.server.AlterPartitionManager (KIP-497).
#pragma once

#include <map>
#include <optional>
#include <set>
#include <vector>

#include "engine/io/channel.h"
#include "engine/replica/fetcher.h"

namespace odradek::replica {

class IsrChanges {
 public:
  static constexpr std::uint64_t kChannelId = 1'000'001;

  IsrChanges() = default;
  explicit IsrChanges(const ReplicaConfig& self);

  /// The partition has a proposal that the controller must hear of.
  void enqueue(const TopicPartition& tp) { waiting_.insert(tp); }
  /// REQUIRES: broker_epoch is that of the present registration.
  void maybe_send(const Partitions& partitions, std::optional<BrokerEpoch> broker_epoch,
                  const ReplicaConfig& self, const Context& ctx);

  /// The metadata quorum has another leader, or none that is known.
  void on_controller(std::optional<NodeId> controller, const Context& ctx);
  void on_opened(const io::Link& link, const Context& ctx) { channel_.on_opened(link, ctx.now, ctx.out); }
  void on_lost(const io::Link& link, const Context& ctx);
  void on_channel_timeout(const Context& ctx);
  void on_channel_backoff() { channel_.on_backoff_over(); }

  /// One partition's proposal and what the controller said to it.
  struct Answer {
    TopicPartition tp;
    IsrProposal proposal;
    api::AlterPartitionDataResponse response;
  };
  /// What was answered; proposals that the controller did not get to are queued again.
  [[nodiscard]] std::vector<Answer> on_response(const io::ResponseReceived& received, const Context& ctx);
  void on_retry_timer() { retry_armed_ = false; }
  void retry_later(const TopicPartition& tp, const Context& ctx);

  FIELDS(channel_, waiting_, in_flight_, retry_armed_)
  friend bool operator==(const IsrChanges&, const IsrChanges&) = default;

 private:
  void requeue(const Context& ctx);

  io::Channel channel_;
  std::set<TopicPartition> waiting_;
  std::map<TopicPartition, IsrProposal> in_flight_;
  bool retry_armed_ = false;
};

}  // namespace odradek::replica
