#include "sim/explain/picture.h"

#include <algorithm>
#include <utility>

namespace odradek::sim {
namespace {

/// The part of the log in [base, end).
std::vector<Stretch> part(const std::vector<Stretch>& log, Offset base, Offset end) {
  std::vector<Stretch> found;
  for (const Stretch& s : log) {
    const Offset from = std::max(s.base, base);
    const Offset to = std::min(s.end, end);
    if (from < to) found.push_back({.base = from, .end = to, .origin = s.origin});
  }
  return found;
}

}  // namespace

std::optional<std::uint32_t> ReplicaPicture::origin_at(Offset offset) const {
  for (const Stretch& s : log) {
    if (s.base <= offset && offset < s.end) return s.origin;
  }
  return std::nullopt;
}

std::vector<Stretch> ReplicaPicture::as_of(std::uint64_t step, Offset base, Offset end) const {
  std::vector<Stretch> found;
  for (const Cut& cut : cuts) {
    if (cut.step <= step) continue;
    const std::vector<Stretch> lost = part(cut.lost, base, end);
    found.insert(found.begin(), lost.begin(), lost.end());
    end = std::min(end, cut.at);
  }
  const std::vector<Stretch> kept = part(log, base, end);
  found.insert(found.begin(), kept.begin(), kept.end());
  return found;
}

void ReplicaPicture::cut(Offset end, std::uint64_t step) {
  std::vector<Stretch> lost = part(log, end, log_end);
  if (!lost.empty()) cuts.push_back({.step = step, .at = end, .lost = std::move(lost)});
  log = part(log, Offset(0), end);
  log_end = end;
}

void ReplicaPicture::append(const Stretch& stretch) {
  log.push_back(stretch);
  log_end = std::max(log_end, stretch.end);
}

const ReplicaPicture& Picture::replica(BrokerId broker) const {
  static const ReplicaPicture kUnseen{};
  const auto found = replicas_.find(broker);
  return found == replicas_.end() ? kUnseen : found->second;
}

std::vector<BrokerId> Picture::holders(const Record& record) const {
  std::vector<BrokerId> brokers;
  for (const auto& [broker, replica] : replicas_) {
    if (replica.origin_at(record.offset) == record.origin) brokers.push_back(broker);
  }
  return brokers;
}

bool Picture::is_news(const io::ChangePartition& change) const {
  return !committed_ || change.partition_epoch > committed_->partition_epoch;
}

void Picture::apply(const Chronicle& chronicle, const Happening& happening) {
  if (const auto* event = std::get_if<io::Event>(&happening.what)) return on(chronicle, happening, *event);
  const auto replica = replicas_.find(happening.node);
  if (replica == replicas_.end()) return;
  if (std::holds_alternative<NodeDied>(happening.what)) {
    replica->second.up = false;
    replica->second.leads = false;
  } else if (std::holds_alternative<NodeStarted>(happening.what)) {
    replica->second.up = true;
  }
}

void Picture::on(const Chronicle& chronicle, const Happening& happening, const io::Event& event) {
  const auto mine = [&](const auto* e) { return e != nullptr && e->tp == tp_; };
  if (const auto* change = std::get_if<io::ChangePartition>(&event); mine(change)) {
    if (is_news(*change)) committed_ = *change;
    return;
  }
  const auto replica = [&]() -> ReplicaPicture& { return replicas_[happening.node]; };
  if (const auto* opened = std::get_if<io::OpenLog>(&event); mine(opened)) {
    replica().cut(opened->log_end, happening.step);
    replica().given_up = false;
    replica().high_watermark.reset();
  } else if (const auto* appended = std::get_if<io::AppendLog>(&event); mine(appended)) {
    on_append(chronicle, happening, *appended);
  } else if (const auto* truncated = std::get_if<io::TruncateLog>(&event); mine(truncated)) {
    replica().cut(truncated->end, happening.step);
  } else if (const auto* deleted = std::get_if<io::DeleteLog>(&event); mine(deleted)) {
    replica().cut(Offset(0), happening.step);
    replica().leads = false;
    replica().given_up = true;
    replica().high_watermark.reset();
  } else if (const auto* leads = std::get_if<io::BecomeLeader>(&event); mine(leads)) {
    replica().leads = true;
    replica().leader_epoch = leads->leader_epoch;
    replica().high_watermark = leads->high_watermark;
  } else if (const auto* follows = std::get_if<io::BecomeFollower>(&event); mine(follows)) {
    replica().leads = false;
    replica().leader_epoch = follows->leader_epoch;
    replica().high_watermark = follows->high_watermark;
  } else if (const auto* advanced = std::get_if<io::AdvanceHighWatermark>(&event); mine(advanced)) {
    replica().high_watermark = advanced->to;
  }
}

void Picture::on_append(const Chronicle& chronicle, const Happening& happening, const io::AppendLog& append) {
  ReplicaPicture& replica = replicas_[happening.node];
  replica.cut(append.base, happening.step);
  if (append.as_leader) {
    origins_.push_back({.step = happening.step,
                        .leader = happening.node,
                        .epoch = append.leader_epoch,
                        .base = append.base,
                        .end = append.end});
    replica.append(
        {.base = append.base, .end = append.end, .origin = static_cast<std::uint32_t>(origins_.size() - 1)});
    return;
  }
  for (const Stretch& s : copied(chronicle, happening.step, append.base, append.end)) replica.append(s);
  replica.log_end = append.end;
}

/// What the leader's log had there when it answered, which may be long ago.
std::vector<Stretch> Picture::copied(const Chronicle& chronicle, std::uint64_t step, Offset base,
                                     Offset end) const {
  const ChronicleStep& spur = chronicle.spur_of(step);
  if (spur.spur != Spur::kMessage || spur.cause == 0) return {};
  return replica(chronicle.step(spur.cause).node).as_of(spur.cause, base, end);
}

}  // namespace odradek::sim
