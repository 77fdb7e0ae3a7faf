#include "sim/faults/fault_run.h"

#include <algorithm>
#include <utility>

#include "sim/faults/event_condition.h"

namespace odradek::sim {
namespace {

std::uint64_t stalled_on(const std::vector<Path>& paths, const FaultSite& site) {
  std::uint64_t sum = 0;
  for (const Path path : paths) sum += site.stalled(path);
  return sum;
}

/// Messages that the fault kept waiting, and processes that it stopped.
std::uint64_t bites_of(const Damage& damage, const FaultSite& site) {
  std::uint64_t bites = damage.bites + stalled_on(damage.blocked, site) - damage.stalled_before;
  for (const RuleId rule : damage.rules) bites += site.affected(rule);
  for (const Repair& repair : damage.repairs) {
    if (repair.kind == Repair::Kind::kLiftDiskRule) bites += site.affected(repair.node, repair.rule);
  }
  for (const NodeId node : damage.doomed) bites += site.state(node) == NodeState::kDown ? 1 : 0;
  return bites;
}

/// " (b2)", " (b1>b2 b2>b1)": whom it turned out to hit.
std::string victims(const Damage& damage) {
  std::string out;
  const auto add = [&out](const std::string& word) { out += out.empty() ? word : " " + word; };
  for (const auto& nodes : {damage.crashed, damage.doomed, damage.paused, damage.isolated}) {
    for (const NodeId node : nodes) add(node_name(node));
  }
  if (damage.doomed.empty() && damage.crashed.empty()) {
    for (const Repair& repair : damage.repairs) add(node_name(repair.node));
  }
  constexpr std::size_t kNamed = 6;  // more paths say less than their number
  if (damage.blocked.size() > kNamed && damage.isolated.empty()) {
    add(fmt::format("{} paths", damage.blocked.size()));
  } else if (damage.isolated.empty()) {
    for (const Path path : damage.blocked) add(node_name(path.from) + ">" + node_name(path.to));
  }
  return out.empty() ? out : " (" + out + ")";
}

void mend(const Repair& repair, FaultSite& site) {
  switch (repair.kind) {
    case Repair::Kind::kLiftDiskRule: {
      const bool failed = site.affected(repair.node, repair.rule) > 0;
      site.lift(repair.node, repair.rule);
      if (failed && repair.loses && site.state(repair.node) == NodeState::kDown) site.drop_cache(repair.node);
      break;
    }
    case Repair::Kind::kUnlimitDisk: site.limit_disk(repair.node, std::nullopt); break;
    case Repair::Kind::kUnstallDisk: site.stall_disk(repair.node, false); break;
    case Repair::Kind::kUnthrottleDisk: site.throttle_disk(repair.node, 0); break;
    case Repair::Kind::kSpeedUp: site.slow_down(repair.node, repair.lane, 1); break;
    case Repair::Kind::kReleaseApp: site.hold_app(repair.node, false); break;
    case Repair::Kind::kUnthrottleNetwork: site.throttle_network(repair.node, std::nullopt); break;
    case Repair::Kind::kSwapDisks: site.swap_disks(repair.node, repair.other); break;
  }
}

}  // namespace

FaultRun::FaultRun(std::vector<PlanEntry> plan, FaultBudget budget)
    : plan_(std::move(plan)), budget_(budget), progress_(plan_->size()) {}

void FaultRun::open(FaultSite& site) {
  open_ = true;
  opened_ = site.now();
  for (std::uint32_t entry = 0; entry < plan_->size(); ++entry) {
    const auto& when = (*plan_)[entry].when;
    if (std::holds_alternative<EventCondition>(when)) waiting_for_events_.push_back(entry);
    if (std::holds_alternative<MessageCondition>(when)) waiting_for_messages_.push_back(entry);
    const auto* time = std::get_if<Duration>(&when);
    if (time == nullptr) continue;
    progress_[entry].stage = Stage::kDue;
    site.strike_at(site.now() + *time + (*plan_)[entry].after, entry);
  }
}

template <class Condition, class Matches>
void FaultRun::meet(std::vector<std::uint32_t>& waiting, FaultSite& site, Matches matches) {
  std::erase_if(waiting, [&](std::uint32_t entry) {
    const PlanEntry& planned = (*plan_)[entry];
    const auto& condition = std::get<Condition>(planned.when);
    if (!matches(condition)) return false;
    if (++progress_[entry].events_seen < condition.nth) return false;
    progress_[entry].stage = Stage::kDue;
    site.strike_at(site.now() + planned.after, entry);
    return true;
  });
}

void FaultRun::on_event(NodeId emitter, const io::Event& event, FaultSite& site) {
  meet<EventCondition>(waiting_for_events_, site, [&](const EventCondition& condition) {
    return matches(condition, emitter, event, site);
  });
}

void FaultRun::on_message(const MessageEvent& message, FaultSite& site) {
  meet<MessageCondition>(waiting_for_messages_, site, [&message](const MessageCondition& condition) {
    return condition.delivered == message.delivered && condition.message == message.message &&
           condition.between.covers(message.path);
  });
}

void FaultRun::strike(std::uint32_t entry, FaultSite& site) {
  if (!open_ || progress_[entry].stage != Stage::kDue) return;
  const PlanEntry& planned = (*plan_)[entry];
  const std::set<NodeId> down = brokers_down(site.topology());
  std::set<NodeId> doomed;
  for (const Progress& other : progress_)
    doomed.insert(other.damage.doomed.begin(), other.damage.doomed.end());
  const Strike moment{.budget = budget_, .down = down, .doomed = doomed, .site = site};
  auto damage = std::visit([&](const auto& fault) { return sim::strike(fault, moment); }, planned.fault);
  if (!damage) return skip(entry, damage.error().message, site);

  progress_[entry].struck = site.now() - *opened_;
  damage->stalled_before = stalled_on(damage->blocked, site);
  for (const Path path : damage->blocked) site.block(path);
  site.note(fmt::format("{}{}", text(planned.fault), victims(*damage)));
  if (!damage->is_lasting()) {
    progress_[entry].stage = Stage::kOver;
    if (damage->bites > 0) count_bite(planned.fault);
    return;
  }
  progress_[entry].stage = Stage::kActive;
  progress_[entry].damage = std::move(*damage);
  if (planned.duration) site.end_at(site.now() + *planned.duration, entry);
}

void FaultRun::end(std::uint32_t entry, FaultSite& site) {
  if (progress_[entry].stage == Stage::kActive) undo(entry, site);
}

void FaultRun::close(FaultSite& site) {
  if (!open_) return;
  for (std::uint32_t entry = 0; entry < plan_->size(); ++entry) {
    switch (progress_[entry].stage) {
      case Stage::kActive: undo(entry, site); break;
      case Stage::kWaiting: skip(entry, "what it waited for did not happen", site); break;
      case Stage::kDue: skip(entry, "the faults ended before it was due", site); break;
      case Stage::kOver:
      case Stage::kSkipped: break;
    }
  }
  waiting_for_events_.clear();
  waiting_for_messages_.clear();
  open_ = false;
}

std::vector<Struck> FaultRun::struck() const {
  std::vector<Struck> struck;
  for (std::uint32_t entry = 0; entry < progress_.size(); ++entry) {
    if (const auto at = progress_[entry].struck) struck.push_back({.entry = entry, .at = *at});
  }
  return struck;
}

bool FaultRun::keeps_down(NodeId node) const {
  return std::ranges::any_of(progress_, [node](const Progress& progress) {
    const Damage& damage = progress.damage;
    return std::ranges::count(damage.crashed, node) > 0 || std::ranges::count(damage.doomed, node) > 0;
  });
}

bool FaultRun::keeps_unseated(NodeId controller) const {
  return std::ranges::any_of(progress_, [controller](const Progress& progress) {
    return progress.stage == Stage::kActive && std::ranges::count(progress.damage.unseated, controller) > 0;
  });
}

std::set<NodeId> FaultRun::brokers_down(const Topology& topology) const {
  std::set<NodeId> down;
  for (const Progress& progress : progress_) {
    if (progress.stage != Stage::kActive) continue;
    for (const auto* nodes : {&progress.damage.crashed, &progress.damage.doomed, &progress.damage.paused,
                              &progress.damage.isolated}) {
      for (const NodeId node : *nodes) {
        if (topology.is_broker(node)) down.insert(node);
      }
    }
  }
  return down;
}

void FaultRun::undo(std::uint32_t entry, FaultSite& site) {
  Progress& progress = progress_[entry];
  const Damage damage = std::exchange(progress.damage, {});
  progress.stage = Stage::kOver;
  const Fault& fault = (*plan_)[entry].fault;
  if (bites_of(damage, site) > 0) count_bite(fault);

  for (const Path path : damage.blocked) site.unblock(path);
  for (const RuleId rule : damage.rules) site.lift(rule);
  for (const Repair& repair : damage.repairs) mend(repair, site);
  for (const NodeId node : damage.paused) site.resume(node);
  const auto boot = [&](NodeId node) {
    const bool held = std::ranges::any_of(progress_, [node](const Progress& other) {
      return std::ranges::count(other.damage.crashed, node) > 0;
    });
    if (!held) site.boot(node);
  };
  for (const NodeId node : damage.doomed) {
    if (site.state(node) == NodeState::kDown) {
      boot(node);
    } else {
      site.crash_inside(node, std::nullopt);
    }
  }
  for (const NodeId node : damage.crashed) boot(node);
  site.note(fmt::format("end of {}{}", text(fault), victims(damage)));
}

void FaultRun::count_bite(const Fault& fault) { ++bitten_[std::string(info_of(fault).name)]; }

void FaultRun::skip(std::uint32_t entry, std::string_view reason, FaultSite& site) {
  progress_[entry].stage = Stage::kSkipped;
  skipped_.push_back(fmt::format("{}: {}", text((*plan_)[entry].fault), reason));
  site.note("skipped " + skipped_.back());
}

}  // namespace odradek::sim
