#include "sim/search/world_view.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/replica/partition_metadata_file.h"
#include "engine/wire/record_batch.h"
#include "sim/disk/peek.h"

namespace odradek::sim {
namespace {

constexpr std::uint32_t kReadBytes = 32 << 10;

/// The offsets in [from, to), and what is done with each record there.
template <class Visit>
struct Wanted {
  Offset from;
  Offset to;
  Visit visit;  ///< (record, leader epoch)
};

/// Visits the records of one batch; false when it is none.
template <class Visit>
bool take_batch(ByteSpan batch, LeaderEpoch epoch, Wanted<Visit>& wanted) {
  const auto views = wire::view_records(batch);
  if (!views) return false;
  for (const wire::RecordView& record : *views) {
    if (wanted.from <= record.offset && record.offset < wanted.to) wanted.visit(record, epoch);
  }
  return true;
}

/// Takes what is wanted from a segment's file, many batches at a time; false when it ends before it should.
template <class Visit>
bool take_segment(const log::Segment& segment, const io::Disk& disk, Wanted<Visit>& wanted) {
  const auto first = segment.find(disk, std::max(wanted.from, segment.base_offset()));
  if (!first) return false;
  std::uint32_t position = first->position;
  std::uint32_t length = kReadBytes;
  while (position < segment.size()) {
    const auto bytes = disk.read(segment.path(), position, std::min(length, segment.size() - position));
    if (!bytes) return false;
    ByteSpan rest = bytes->span();
    while (rest.size() >= wire::kBatchOverhead) {
      const auto header = wire::read_batch_header(rest);
      if (!header) return false;
      if (header->base_offset >= wanted.to) return true;
      if (header->size() > rest.size()) break;
      if (!take_batch(rest.first(header->size()), header->partition_leader_epoch.value_or(LeaderEpoch(-1)),
                      wanted))
        return false;
      rest = rest.subspan(header->size());
    }
    const auto taken = static_cast<std::uint32_t>(bytes->size() - rest.size());
    if (taken == 0 && length >= segment.size() - position) return false;
    if (taken == 0) length *= 2;  // a batch larger than that
    position += taken;
  }
  return true;
}

/// Visits the records in [from, to), as far as they can be read: the gap is what the checkers report.
template <class Visit>
void visit_records(const log::Log& log, const io::Disk& disk, Wanted<Visit> wanted) {
  for (const Cow<log::Segment>& segment : log.segments()) {
    if (segment->next_offset() <= wanted.from || segment->next_offset() == segment->base_offset()) continue;
    if (segment->base_offset() >= wanted.to || !take_segment(*segment, disk, wanted)) break;
  }
}

std::vector<LogRecord> read_records(const log::Log& log, const io::Disk& disk, Offset from, Offset to) {
  std::vector<LogRecord> records;
  const auto add = [&records](const wire::RecordView& record, LeaderEpoch epoch) {
    records.push_back({.offset = record.offset, .epoch = epoch, .content = content_of(record)});
  };
  visit_records(log, disk, Wanted{.from = from, .to = to, .visit = add});
  return records;
}

}  // namespace

const node::BrokerNode* WorldView::broker(BrokerId id) const {
  return is_up(id) ? world_.process(id).broker() : nullptr;
}

const replica::Partition* WorldView::find(BrokerId broker, const TopicPartition& tp) const {
  const node::BrokerNode* process = this->broker(broker);
  return process == nullptr ? nullptr : process->replicas().find(tp);
}

std::optional<ReplicaView> WorldView::replica(BrokerId broker, const TopicPartition& tp) const {
  const replica::Partition* partition = find(broker, tp);
  if (partition == nullptr) return std::nullopt;
  ReplicaView view{.log_start = partition->log().log_start_offset(),
                   .log_end = partition->log().log_end_offset(),
                   .high_watermark = partition->high_watermark(),
                   .leader_epoch = partition->leader_epoch()};
  view.effective_min_isr = partition->effective_min_isr();
  if (const replica::Leader* leader = partition->leader()) {
    view.is_leader = true;
    view.leader_epoch_start = leader->epoch_start;
    view.isr = leader->isr;
    view.maximal_isr = leader->maximal_isr();
    if (leader->proposal) view.proposal = leader->proposal->brokers();
  }
  return view;
}

std::vector<LogRecord> WorldView::read_log(BrokerId broker, const TopicPartition& tp, Offset from,
                                           Offset to) const {
  const replica::Partition* partition = find(broker, tp);
  if (partition == nullptr) return {};
  return read_records(partition->log(), Peek(world_.disk(broker)), from, to);
}

std::optional<RecordId> WorldView::record_id(BrokerId broker, const TopicPartition& tp, Offset offset) const {
  std::optional<RecordId> id;
  const replica::Partition* partition = find(broker, tp);
  if (partition == nullptr) return id;
  const auto take = [&id](const wire::RecordView& record, LeaderEpoch) {
    if (record.value) id = decode_record_value(*record.value);
  };
  visit_records(partition->log(), Peek(world_.disk(broker)),
                Wanted{.from = offset, .to = offset + 1, .visit = take});
  return id;
}

std::optional<BuriedLog> WorldView::buried_log(BrokerId broker, const TopicPartition& tp) const {
  SimDisk disk = world_.disk(broker).without_rules();
  const auto name = truth_.topic_names().find(tp.topic_id);
  if (name == truth_.topic_names().end()) return std::nullopt;
  const std::string directory = replica::partition_directory(name->second, tp.partition);
  if (replica::topic_id_of(directory, disk).value_or(std::nullopt) != tp.topic_id) return std::nullopt;
  const auto log = log::Log::open(disk, directory, io::TopicConfig{});
  if (!log) return std::nullopt;
  return BuriedLog{.log_start = log->log_start_offset(),
                   .log_end = log->log_end_offset(),
                   .records = read_records(*log, disk, log->log_start_offset(), log->log_end_offset())};
}

std::vector<OffsetAndEpoch> WorldView::epoch_cache(BrokerId broker, const TopicPartition& tp) const {
  std::vector<OffsetAndEpoch> out;
  const replica::Partition* partition = find(broker, tp);
  if (partition == nullptr) return out;
  for (const auto& [epoch, start] : partition->log().epochs().entries()) {
    out.push_back({.offset = start, .epoch = epoch});
  }
  return out;
}

bool WorldView::is_unfenced(BrokerId broker) const {
  const metadata::BrokerRegistration* registration = truth_.image().broker(broker);
  return registration != nullptr && !registration->fenced;
}

std::vector<BrokerId> WorldView::fetched_from(BrokerId broker, const TopicPartition& tp) const {
  return world_.process(broker).broker()->replicas().fetched_from(tp);
}

/// Whose image ends where this one does and differs from it.
std::optional<std::string> WorldView::contradicts(const metadata::MetadataImage& image) const {
  const auto differs = [&image](const metadata::MetadataImage& other) {
    return &other != &image && other.end_offset() == image.end_offset() && other != image;
  };
  if (differs(truth_.image())) return "the controller";
  for (const BrokerId id : brokers_) {
    const node::BrokerNode* other = broker(id);
    if (other != nullptr && differs(other->image())) return fmt::format("broker {}", id.value());
  }
  for (const NodeId id : controllers_) {
    if (is_up(id) && differs(world_.process(id).controller()->committed_image()))
      return fmt::format("controller {}", id.value());
  }
  return std::nullopt;
}

std::optional<std::string> WorldView::contradicts_metadata(BrokerId broker) const {
  return contradicts(world_.process(broker).broker()->image());
}

std::optional<std::string> WorldView::contradicts_controller(NodeId controller) const {
  return contradicts(world_.process(controller).controller()->committed_image());
}

bool WorldView::is_metadata_current(BrokerId broker) const {
  const node::BrokerNode* process = world_.process(broker).broker();
  if (process == nullptr || !process->is_metadata_applied()) return false;
  const metadata::MetadataImage& image = process->image();
  const metadata::MetadataImage& truth = truth_.image();
  return image.brokers() == truth.brokers() && image.topics() == truth.topics() &&
         image.broker_configs() == truth.broker_configs();
}

}  // namespace odradek::sim
