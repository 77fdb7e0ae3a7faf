#include "sim/workload/consumer_driver.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace odradek::sim {
namespace {

constexpr std::int64_t kPollTimeoutMs = 500;
constexpr std::uint64_t kPollsPerReread = 25;

}  // namespace

ConsumerDriver::ConsumerDriver(NodeId client, std::vector<io::NamedPartition> partitions, ConsumerSpec spec)
    : client_(client), partitions_(std::move(partitions)), spec_(spec) {}

void ConsumerDriver::begin(const Desk& desk) {
  goal_ = Goal::kRead;
  act(desk);
}

void ConsumerDriver::follow(const std::map<io::NamedPartition, TopicId>& partitions) {
  for (const auto& [partition, topic] : partitions) {
    const auto [known, is_new] = topics_.try_emplace(partition, topic);
    if (is_new || known->second == topic) continue;
    known->second = topic;
    next_.erase(partition);
    may_have_skipped_ = true;
  }
  is_gone_ = partitions.empty();
  if (!is_gone_) change_assignment(partitions);
}

void ConsumerDriver::change_assignment(const std::map<io::NamedPartition, TopicId>& partitions) {
  std::vector<io::NamedPartition> names;
  for (const auto& [partition, topic] : partitions) names.push_back(partition);
  if (names == partitions_) return;
  partitions_ = std::move(names);
  assigned_ = false;
  std::erase_if(seeks_, [&partitions](const io::Seek& seek) { return !partitions.contains(seek.partition); });
}

void ConsumerDriver::read_to_end(const Desk& desk) {
  goal_ = Goal::kReachEnd;
  ends_.reset();
  if (is_gone_) partitions_.clear();
  if (may_lack_records() && assigned_) seek_everything_to_the_beginning();
  act(desk);
}

void ConsumerDriver::seek_everything_to_the_beginning() {
  seeks_.clear();
  for (const auto& partition : partitions_) {
    seeks_.push_back({.partition = partition, .target = {.to = api::OffsetSpec::kEarliest}});
  }
}

/// Makes the next call, if one is due and none is open.
void ConsumerDriver::act(const Desk& desk) {
  if (goal_ == Goal::kRest || open_ || is_at_end()) return;
  if (partitions_.empty() || !desk.port.runs(client_)) return sleep(spec_.poll_interval, desk);
  if (!assigned_) return call(io::Assign{.partitions = partitions_}, MoveOp{.partitions = partitions_}, desk);
  if (seeks_.empty() && goal_ == Goal::kRead) maybe_plan_reread(desk);
  if (!seeks_.empty()) {
    const io::Seek seek = seeks_.front();
    next_.erase(seek.partition);
    return call(seek, MoveOp{.partitions = {seek.partition}}, desk);
  }
  if (goal_ == Goal::kReachEnd && !ends_)
    return call(io::EndOffsets{.partitions = partitions_}, std::nullopt, desk);
  call(io::Poll{.max_records = spec_.max_poll_records, .timeout_ms = kPollTimeoutMs}, PollOp{}, desk);
}

void ConsumerDriver::sleep(Duration time, const Desk& desk) {
  due_ = desk.port.now() + time + nanoseconds(1);
  desk.port.wake_at(*due_, client_);
}

void ConsumerDriver::call(io::Call call, std::optional<std::variant<SendOp, PollOp, MoveOp>> what,
                          const Desk& desk) {
  open_ = OpenCall{.id = next_call_, .assigns = std::holds_alternative<io::Assign>(call)};
  next_call_ = CallId(next_call_.value() + 1);
  if (what) {
    open_->place = desk.history.invoke({.process = client_,
                                        .incarnation = incarnation_,
                                        .invoked = desk.port.now(),
                                        .what = *std::move(what)});
  }
  desk.port.call(client_, open_->id, std::move(call));
}

void ConsumerDriver::on_wake(const Desk& desk) {
  if (due_ == desk.port.now()) act(desk);
}

void ConsumerDriver::on_returned(CallId id, const io::CallResult& result, const Desk& desk) {
  if (!open_ || open_->id != id) return;
  const OpenCall returned = *std::exchange(open_, std::nullopt);
  const bool ok = result.status == io::CallStatus::kOk;
  Op* op = returned.place ? &complete(*returned.place, result, desk) : nullptr;

  if (op == nullptr) {
    if (const auto* found = std::get_if<io::FoundOffsets>(&result.value); ok && found != nullptr) {
      ends_.emplace(found->offsets.begin(), found->offsets.end());
    }
  } else if (auto* poll = std::get_if<PollOp>(&op->what)) {
    if (const auto* polled = std::get_if<io::Polled>(&result.value)) on_polled(*polled, *poll);
  } else if (returned.assigns) {
    assigned_ = ok && std::get<MoveOp>(op->what).partitions == partitions_;
    const bool may_skip = spec_.config.auto_offset_reset != io::OffsetReset::kEarliest;
    if (assigned_ && (may_skip || (goal_ == Goal::kReachEnd && may_lack_records())))
      seek_everything_to_the_beginning();
  } else if (!seeks_.empty() && seeks_.front().partition == std::get<MoveOp>(op->what).partitions.front()) {
    // A reader on its way to the end must not leave out what it failed to go back to.
    if (ok || goal_ != Goal::kReachEnd) seeks_.pop_front();
  }
  if (goal_ != Goal::kRest) sleep(spec_.poll_interval, desk);
}

void ConsumerDriver::on_polled(const io::Polled& polled, PollOp& op) {
  for (const io::ConsumerRecord& read : polled.records) {
    const wire::Record& record = read.record;
    const bool goes_on = !op.reads.empty() && op.reads.back().partition == read.partition &&
                         op.reads.back().topic_id == read.topic_id;
    if (!goes_on) {
      const auto rest = std::ranges::count(polled.records, read.partition, &io::ConsumerRecord::partition);
      op.reads.push_back({.partition = read.partition, .topic_id = read.topic_id, .records = {}});
      op.reads.back().records.reserve(static_cast<std::size_t>(rest));
    }
    op.reads.back().records.push_back(
        {.offset = read.offset,
         .id = record.value ? decode_record_value(record.value->span()) : std::nullopt,
         .content = content_of(record.key, record.value, record.headers)});
    const auto topic = topics_.find(read.partition);
    const bool is_old = topic != topics_.end() && topic->second != read.topic_id;
    if (!is_old) next_[read.partition] = read.offset + 1;
    first_time_ = std::min(first_time_.value_or(record.timestamp), record.timestamp);
    last_time_ = std::max(last_time_.value_or(record.timestamp), record.timestamp);
  }
}

void ConsumerDriver::maybe_plan_reread(const Desk& desk) {
  if (!spec_.reread || next_.empty()) return;
  const Subject subject{.entity = static_cast<std::uint64_t>(client_.value()), .ordinal = polls_++};
  if (!draw(desk.key, WorkloadPurpose::kRereadChance, subject).chance(1, kPollsPerReread)) return;
  const std::uint64_t which =
      draw(desk.key, WorkloadPurpose::kRereadPartition, subject).below(partitions_.size());
  const io::NamedPartition& partition = partitions_[which];
  seeks_.push_back({.partition = partition, .target = random_target(partition, desk)});
}

io::SeekTarget ConsumerDriver::random_target(const io::NamedPartition& partition, const Desk& desk) const {
  const Subject subject{.entity = static_cast<std::uint64_t>(client_.value()), .ordinal = polls_};
  const Draw place = draw(desk.key, WorkloadPurpose::kRereadPlace, subject);
  switch (draw(desk.key, WorkloadPurpose::kRereadTarget, subject).below(4)) {
    case 0: return {.to = api::OffsetSpec::kEarliest};
    case 1: return {.to = api::OffsetSpec::kLatest};
    case 2: return {.to = Timestamp(place.between(first_time_->value(), last_time_->value()))};
    default: return {.to = Offset(place.between(0, next_of(partition).value()))};
  }
}

Offset ConsumerDriver::next_of(const io::NamedPartition& partition) const {
  const auto found = next_.find(partition);
  return found == next_.end() ? Offset() : found->second;
}

void ConsumerDriver::on_crash() {
  open_.reset();
  assigned_ = false;
  may_have_skipped_ = false;
  seeks_.clear();
  next_.clear();
  ++incarnation_;
}

void ConsumerDriver::on_boot(const Desk& desk) {
  if (goal_ != Goal::kRest) sleep(spec_.poll_interval, desk);
}

bool ConsumerDriver::is_at_end() const {
  if (goal_ == Goal::kReachEnd && partitions_.empty()) return true;
  if (goal_ != Goal::kReachEnd || !ends_ || !assigned_ || !seeks_.empty()) return false;
  return std::ranges::all_of(*ends_, [this](const auto& end) { return next_of(end.first) >= end.second; });
}

std::vector<io::NamedPartition> ConsumerDriver::finished() const {
  std::vector<io::NamedPartition> out;
  if (goal_ != Goal::kReachEnd || !ends_) return out;
  for (const auto& [partition, end] : *ends_) {
    if (next_of(partition) >= end) out.push_back(partition);
  }
  return out;
}

std::vector<std::string> ConsumerDriver::missing() const {
  std::vector<std::string> out;
  if (is_at_end()) return out;
  if (!assigned_) return {"has no assignment"};
  if (!ends_) return {"does not know the end offsets"};
  for (const auto& [partition, end] : *ends_) {
    if (next_of(partition) >= end) continue;
    out.push_back(fmt::format("has read {}-{} up to {} of {}", partition.topic, partition.partition.value(),
                              next_of(partition).value(), end.value()));
  }
  return out;
}

}  // namespace odradek::sim
