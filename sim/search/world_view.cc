#include "sim/search/world_view.h"

#include "engine/replica/partition_metadata_file.h"
#include "engine/wire/record_batch.h"
#include "sim/disk/peek.h"

namespace odradek::sim {
namespace {

constexpr std::int32_t kReadBytes = 64 << 10;

/// The records in [from, to).
std::vector<LogRecord> read_records(const log::Log& log, const io::Disk& disk, Offset from, Offset to) {
  std::vector<LogRecord> records;
  // Batches come whole, and `to` may lie within one: the end of the log bounds the reading, not `to`.
  for (Offset next = from; next < to;) {
    const auto batches = log.read(disk, next, log.log_end_offset(), kReadBytes, /*at_least_one=*/true);
    if (!batches || batches->empty()) return records;
    for (const Bytes& batch : *batches) {
      const auto header = wire::read_batch_header(batch.span());
      const auto views = wire::view_records(batch.span());
      if (!header || !views) return records;  // the gap is what the checkers report
      for (const wire::RecordView& record : *views) {
        if (record.offset < from || record.offset >= to) continue;
        records.push_back({.offset = record.offset,
                           .epoch = header->partition_leader_epoch.value_or(LeaderEpoch(-1)),
                           .content = content_of(record),
                           .id = record.value ? decode_record_value(*record.value) : std::nullopt});
      }
      next = header->next_offset();
    }
  }
  return records;
}

}  // namespace

const replica::Partition* WorldView::find(BrokerId broker, const TopicPartition& tp) const {
  if (!is_up(broker)) return nullptr;
  const node::BrokerNode* process = world_.process(broker).broker();
  return process == nullptr ? nullptr : process->replicas().find(tp);
}

std::optional<ReplicaView> WorldView::replica(BrokerId broker, const TopicPartition& tp) const {
  const replica::Partition* partition = find(broker, tp);
  if (partition == nullptr) return std::nullopt;
  ReplicaView view{.log_start = partition->log().log_start_offset(),
                   .log_end = partition->log().log_end_offset(),
                   .high_watermark = partition->high_watermark(),
                   .leader_epoch = partition->leader_epoch()};
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

BuriedLog WorldView::buried_log(BrokerId broker, const TopicPartition& tp) const {
  SimDisk disk = world_.disk(broker).without_rules();
  const auto name = truth_.topic_names().find(tp.topic_id);
  if (name == truth_.topic_names().end()) return {};
  const auto log =
      log::Log::open(disk, replica::partition_directory(name->second, tp.partition), io::TopicConfig{});
  if (!log) return {};
  return {.log_start = log->log_start_offset(),
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

bool WorldView::is_metadata_current(BrokerId broker) const {
  const node::BrokerNode* process = world_.process(broker).broker();
  if (process == nullptr || !process->is_metadata_applied()) return false;
  const metadata::MetadataImage& image = process->image();
  return image.brokers() == truth_.image().brokers() && image.topics() == truth_.image().topics();
}

}  // namespace odradek::sim
