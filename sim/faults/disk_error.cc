// Disk error: operations of one kind fail with EIO. A broker ends at the first one, since its only log
// directory is gone. What a failed fsync should have written is gone for good once the host is mended.
#include <array>

#include "sim/faults/fault.h"

namespace odradek::sim {

namespace {

constexpr std::array kOperations = {DiskOperation::kAppend, DiskOperation::kRead,     DiskOperation::kFsync,
                                    DiskOperation::kRename, DiskOperation::kTruncate, DiskOperation::kRemove};

}  // namespace

Result<Damage> strike(const DiskErrorFault& fault, const Strike& moment) {
  const bool loses = fault.operation == DiskOperation::kFsync;
  TRY(nodes, moment.running_hosts(fault.node));
  TRY_DO(moment.allow_end(nodes, loses));
  Damage damage{.doomed = nodes};
  for (const NodeId node : nodes) {
    const DiskRuleId rule =
        moment.site.fail_disk(node, {.operation = fault.operation, .passed_over = fault.passed_over});
    damage.repairs.push_back(
        {.kind = Repair::Kind::kLiftDiskRule, .node = node, .rule = rule, .loses = loses});
  }
  return damage;
}

std::string text(const DiskErrorFault& fault) {
  return fmt::format("{}: {} fails after {} times", text(fault.node), name_of(fault.operation),
                     fault.passed_over);
}

DiskErrorFault random_disk_error(const Dice& dice, const Targets& targets) {
  return {.node = random_node(dice, targets),
          .operation = kOperations[dice.about(Aspect::kShape).below(kOperations.size())],
          .passed_over = dice.about(Aspect::kAmount).below(10)};
}

}  // namespace odradek::sim
