// WorldSite: the part of FaultSite that is plain operations of a world, whatever its processes are.
#pragma once

#include <utility>

#include "sim/faults/site.h"
#include "sim/kernel/world.h"

namespace odradek::sim {

template <class Process>
class WorldSite : public FaultSite {
 public:
  explicit WorldSite(World<Process>& world) : world_(world) {}

  [[nodiscard]] Instant now() const override { return world_.now(); }
  [[nodiscard]] NodeState state(NodeId node) const override { return world_.state(node); }
  [[nodiscard]] std::uint64_t stalled(Path path) const override { return world_.network().stalled(path); }
  [[nodiscard]] std::uint64_t affected(RuleId rule) const override { return world_.network().affected(rule); }
  [[nodiscard]] std::uint64_t affected(NodeId node, DiskRuleId rule) const override {
    return world_.disk(node).affected(rule);
  }

  void crash(NodeId node) override { world_.crash(node); }
  void boot(NodeId node) override {
    if (state(node) == NodeState::kDown) world_.boot(node);
  }
  void pause(NodeId node) override { world_.pause(node); }
  void resume(NodeId node) override {
    if (state(node) == NodeState::kPaused) world_.resume(node);
  }
  void block(Path path) override { world_.block(path); }
  void unblock(Path path) override { world_.unblock(path); }
  std::uint32_t reset_between(NodeId a, NodeId b) override { return world_.reset_between(a, b); }
  std::uint32_t black_hole(NodeId a, NodeId b) override { return world_.black_hole(a, b); }
  std::uint32_t half_open(NodeId loser, NodeId other) override { return world_.half_open(loser, other); }
  void throttle_network(NodeId node, std::optional<std::int64_t> bytes_per_second) override {
    world_.throttle_network(node, bytes_per_second.value_or(world_.config().network.bytes_per_second));
  }
  [[nodiscard]] RuleId delay(RuleScope scope, Duration extra) override { return world_.delay(scope, extra); }
  [[nodiscard]] RuleId hold(RuleScope scope, HeldMessages messages) override {
    return world_.hold(scope, messages);
  }
  void lift(RuleId rule) override { world_.lift(rule); }

  void lose_power(NodeId node, Survival survival) override { world_.lose_power(node, survival); }
  void crash_inside(NodeId node, std::optional<MidStep> where) override {
    world_.crash_inside_step(node, where);
  }
  void shut_down(NodeId node) override { world_.shut_down(node); }
  [[nodiscard]] DiskRuleId fail_disk(NodeId node, DiskScope scope) override {
    return world_.disturb(
        node, [&](SimDisk& disk) { return disk.fail(std::move(scope), io::DiskError::kInputOutput); });
  }
  void lift(NodeId node, DiskRuleId rule) override {
    world_.disturb(node, [rule](SimDisk& disk) { disk.lift(rule); });
  }
  void limit_disk(NodeId node, std::optional<std::uint64_t> headroom) override {
    world_.disturb(node, [headroom](SimDisk& disk) {
      disk.limit(headroom ? std::optional(disk.bytes_used() + *headroom) : std::nullopt);
    });
  }
  void stall_disk(NodeId node, bool stalled) override { world_.stall_disk(node, stalled); }
  void throttle_disk(NodeId node, std::int64_t bytes_per_second) override {
    world_.throttle_disk(node, bytes_per_second);
  }
  void drop_cache(NodeId node) override {
    world_.lose_unsynced(node, [](SimDisk& disk) { disk.drop_cache(); });
  }
  void empty_disk(NodeId node) override {
    world_.lose_unsynced(node, [](SimDisk& disk) { disk.empty(); });
  }
  std::optional<DecayedPlace> decay_disk(NodeId node, Decay kind, const std::string& path) override {
    return world_.decay_disk(node, kind, path);
  }
  [[nodiscard]] DiskRuleId misplace_write(NodeId node, Decay kind, WhichWrite which) override {
    return world_.misplace_write(node, kind, std::move(which));
  }
  void swap_disks(NodeId a, NodeId b) override { world_.swap_disks(a, b); }
  void slow_down(NodeId node, std::optional<io::Lane> lane, std::int32_t factor) override {
    world_.slow_down(node, lane, static_cast<std::uint32_t>(factor));
  }
  void hold_app(NodeId node, bool held) override { world_.hold_lane(node, io::Lane::kApplication, held); }
  void jump_clock(NodeId node, Duration by) override { world_.jump_wall_clock(node, by); }

 protected:
  [[nodiscard]] World<Process>& world() { return world_; }
  [[nodiscard]] const World<Process>& world() const { return world_; }

 private:
  World<Process>& world_;
};

}  // namespace odradek::sim
