// Notes: chronicles written by hand, one line per thing that happens. Times count up by a millisecond.
#pragma once

#include <utility>

#include "sim/explain/chronicle.h"

namespace odradek::sim {

inline constexpr NodeId kController{101};
inline constexpr NodeId kClient{1001};

class Notes {
 public:
  explicit Notes(TopicPartition tp) : tp_(tp) { chronicle_.topics[tp.topic_id] = "orders"; }

  /// A step of this node that a message made it take; `sender` is the step that sent it. Returns its number.
  std::uint64_t hears(NodeId node, std::uint64_t sender, api::ApiKey api, bool response = false) {
    return step({.node = node, .spur = Spur::kMessage, .cause = sender, .api = api, .response = response});
  }
  std::uint64_t step(ChronicleStep step) {
    now_ = now_ + milliseconds(1);
    step.at = now_;
    chronicle_.steps.push_back(step);
    return chronicle_.steps.size();
  }
  /// Something that the last step emitted.
  template <class Event>
  void emits(Event event) {
    add(chronicle_.steps.back().node, io::Event(std::move(event)));
  }
  /// What is seen of its node when the last step is over.
  void shows(decltype(Happening::what) what) { add(chronicle_.steps.back().node, std::move(what)); }
  void happens(NodeId node, decltype(Happening::what) what) {
    now_ = now_ + milliseconds(1);
    add(node, std::move(what));
  }
  void wait(Duration time) { now_ = now_ + time; }
  [[nodiscard]] Instant now() const { return now_; }

  // What most stories have.
  /// The controller commits a leader and an ISR of a partition with the replicas 1 and 2.
  std::uint64_t elects(BrokerId leader, std::int32_t epoch, std::vector<BrokerId> isr) {
    const std::uint64_t n = step({.node = kController, .spur = Spur::kTimer});
    emits(io::ChangePartition{.tp = tp_,
                              .topic = "orders",
                              .replicas = {BrokerId(1), BrokerId(2)},
                              .isr = std::move(isr),
                              .leader = leader,
                              .leader_epoch = LeaderEpoch(epoch),
                              .partition_epoch = PartitionEpoch(++partition_epoch_),
                              .leader_changed = leader != leader_});
    leader_ = leader;
    return n;
  }
  std::uint64_t writes(BrokerId leader, std::int32_t epoch, std::int64_t base, std::int64_t end) {
    const std::uint64_t sent = step({.node = kClient, .spur = Spur::kCall});
    const std::uint64_t n = hears(leader, sent, api::ApiKey::kProduce);
    emits(io::AppendLog{tp_, Offset(base), Offset(end), LeaderEpoch(epoch), /*as_leader=*/true});
    return n;
  }
  /// The follower gets what the leader's step answered.
  std::uint64_t copies(BrokerId follower, std::uint64_t answer, std::int32_t epoch, std::int64_t base,
                       std::int64_t end) {
    const std::uint64_t n = hears(follower, answer, api::ApiKey::kFetch, /*response=*/true);
    emits(io::AppendLog{tp_, Offset(base), Offset(end), LeaderEpoch(epoch), /*as_leader=*/false});
    return n;
  }

  [[nodiscard]] const Chronicle& chronicle() const { return chronicle_; }
  [[nodiscard]] Chronicle& chronicle() { return chronicle_; }

 private:
  void add(NodeId node, decltype(Happening::what) what) {
    chronicle_.happenings.push_back(
        {.at = now_, .step = chronicle_.steps.size(), .node = node, .what = std::move(what)});
  }

  TopicPartition tp_;
  Chronicle chronicle_;
  Instant now_;
  std::int32_t partition_epoch_ = 0;
  std::optional<BrokerId> leader_;
};

}  // namespace odradek::sim
