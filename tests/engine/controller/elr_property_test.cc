// What eligible leader replicas are for, on arbitrary lives of three brokers: whoever stands in ISR or ELR
// holds every committed record, though brokers that shut down uncleanly lose theirs.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <set>

#include "tests/engine/controller/controller_bench.h"

namespace odradek::controller {
namespace {

constexpr std::int32_t kBrokers = 3;

/// A partition under fire, and who holds all that is committed. A record is committed after each event for
/// which the ISR suffices, so that whoever is outside then lacks one.
class Walk {
 public:
  explicit Walk(std::int32_t min_isr)
      : min_isr_(static_cast<std::size_t>(min_isr)), bench_({}, {.min_insync_replicas = min_isr}) {
    for (std::int32_t id = 1; id <= kBrokers; ++id) bench_.start_broker(id);
    tp_ = bench_.create("orders", brokers({1, 2, 3}));
    settle(partition());
  }

  void do_something() {
    const metadata::PartitionRegistration before = partition();
    const std::int32_t id = *rc::gen::inRange(1, kBrokers + 1);
    switch (*rc::gen::inRange(0, 5)) {
      case 0: bench_.fence_broker(id); break;
      case 1: (void)bench_.heartbeat(id); break;
      case 2: come_back(id, /*clean=*/true); break;
      case 3: come_back(id, /*clean=*/false); break;
      default: propose_isr(); break;
    }
    settle(before);
  }

  [[nodiscard]] const metadata::PartitionRegistration& partition() { return bench_.partition(tp_); }
  [[nodiscard]] bool holds(BrokerId id) const { return holders_.contains(id); }

  void check() {
    const metadata::PartitionRegistration& p = partition();
    // RC_ASSERT evaluates both sides of an `||`.
    const bool is_led_from_within = !p.leader || contains(p.isr, *p.leader);
    const bool is_elr_needed = p.isr.size() < min_isr_ || p.elr.empty();
    RC_ASSERT(is_led_from_within);
    RC_ASSERT(is_elr_needed);
    for (const BrokerId id : p.isr) {
      RC_ASSERT(!contains(p.elr, id));
      RC_ASSERT(holds(id));
    }
    for (const BrokerId id : p.elr) RC_ASSERT(holds(id));
    if (p.leader && p.isr.size() >= min_isr_) holders_ = {p.isr.begin(), p.isr.end()};
  }

 private:
  void come_back(std::int32_t id, bool clean) {
    if (!bench_.image().broker(BrokerId(id))->fenced) return;
    if (!clean) holders_.erase(BrokerId(id));
    ++incarnations_;
    (void)bench_.register_broker(id, incarnations_,
                                 clean ? std::optional(bench_.epoch_of(id)) : std::nullopt);
  }

  void propose_isr() {
    const metadata::PartitionRegistration now = partition();
    if (!now.leader) return;
    api::AlterPartitionData data{.partition_index = tp_.partition,
                                 .leader_epoch = now.leader_epoch,
                                 .new_isr_with_epochs = {{*now.leader, {}}},
                                 .partition_epoch = now.partition_epoch};
    for (const BrokerId id : now.replicas) {
      if (id != now.leader && *rc::gen::arbitrary<bool>()) data.new_isr_with_epochs.push_back({id, {}});
    }
    (void)bench_.call<api::AlterPartitionResponse>(
        api::AlterPartitionRequest{.broker_id = *now.leader,
                                   .broker_epoch = bench_.epoch_of(now.leader->value()),
                                   .topics = {{.topic_id = tp_.topic_id, .partitions = {data}}}});
  }

  /// Who joins an ISR has caught up with its leader; after an unclean election what the leader has is what
  /// counts.
  void settle(const metadata::PartitionRegistration& before) {
    const metadata::PartitionRegistration& now = partition();
    const bool is_new = now.partition_epoch != before.partition_epoch;
    if (is_new && bench_.events<io::ChangePartition>().back().unclean) {
      holders_ = {now.isr.begin(), now.isr.end()};
    } else if (now.leader && now.leader == before.leader) {
      for (const BrokerId id : now.isr) {
        if (!contains(before.isr, id) && holds(*now.leader)) holders_.insert(id);
      }
    }
  }

  std::size_t min_isr_;
  ControllerBench bench_;
  TopicPartition tp_;
  std::set<BrokerId> holders_ = {BrokerId(1), BrokerId(2), BrokerId(3)};
  std::uint64_t incarnations_ = 1;
};

RC_GTEST_PROP(EligibleLeaderReplicas, HoldWhatIsCommitted, ()) {
  Walk walk(*rc::gen::inRange(1, kBrokers + 1));
  for (int step = 0; step < 60; ++step) {
    walk.do_something();
    walk.check();
  }
}

}  // namespace
}  // namespace odradek::controller
