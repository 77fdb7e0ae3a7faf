#include "sim/disk/disk_rules.h"

#include <algorithm>
#include <utility>

#include "engine/base/ensure.h"

namespace odradek::sim {

std::uint64_t DiskRule::affected() const {
  const std::uint64_t beyond = met > scope.passed_over ? met - scope.passed_over : 0;
  return scope.times ? std::min(beyond, *scope.times) : beyond;
}

DiskRuleId DiskRules::add(DiskScope scope, DiskEffect effect, Chance chance) {
  const DiskRuleId id = next_;
  next_ = DiskRuleId(next_.value() + 1);
  rules_.push_back({.id = id, .scope = std::move(scope), .effect = effect, .chance = chance});
  return id;
}

void DiskRules::lift(DiskRuleId rule) {
  std::erase_if(rules_, [rule](const DiskRule& each) { return each.id == rule; });
}

std::uint64_t DiskRules::affected(DiskRuleId rule) const {
  const auto found = std::ranges::find(rules_, rule, &DiskRule::id);
  return found == rules_.end() ? 0 : found->affected();
}

const DiskRule* DiskRules::find_biting(DiskOperation operation, std::string_view path) {
  for (DiskRule& rule : rules_) {
    if (!rule.covers(operation, path)) continue;
    const std::uint64_t before = rule.affected();
    ++rule.met;
    if (rule.affected() > before) return &rule;
  }
  return nullptr;
}

}  // namespace odradek::sim
