#include "engine/controller/committed_events.h"

#include <algorithm>
#include <optional>

#include "engine/controller/partition_change_builder.h"

namespace odradek::controller {
namespace {

using metadata::MetadataImage;

/// Everybody who was to come is there, everybody who was to go is gone.
bool has_moved(const metadata::PartitionRegistration& old, const metadata::PartitionRegistration& now) {
  const bool was_moving = !old.adding_replicas.empty() || !old.removing_replicas.empty();
  const auto is_replica = [&now](BrokerId broker) { return contains(now.replicas, broker); };
  return was_moving && std::ranges::all_of(old.adding_replicas, is_replica) &&
         std::ranges::none_of(old.removing_replicas, is_replica);
}

/// One record, told as the difference between the images before and after it.
class Teller {
 public:
  Teller(const MetadataImage& before, const MetadataImage& after, Offset offset, io::Effects& out)
      : before_(before), after_(after), offset_(offset), out_(out) {}

  void operator()(const metadata::RegisterBrokerRecord& record) {
    out_.emit(io::RegisterBroker{.broker = record.broker_id,
                                 .broker_epoch = record.broker_epoch,
                                 .incarnation = record.incarnation_id});
  }
  void operator()(const metadata::BrokerRegistrationChangeRecord& record) {
    if (!record.fenced) return;
    if (*record.fenced == metadata::FencingChange::kFence) {
      out_.emit(io::FenceBroker{record.broker_id, record.broker_epoch, offset_});
    } else {
      out_.emit(io::UnfenceBroker{record.broker_id, record.broker_epoch, offset_});
    }
  }
  void operator()(const metadata::PartitionRecord& record) {
    tell_partition({record.topic_id, record.partition_id});
  }
  void operator()(const metadata::PartitionChangeRecord& record) {
    tell_partition({record.topic_id, record.partition_id});
  }
  void operator()(const metadata::RemoveTopicRecord& record) {
    out_.emit(io::RemoveTopic{.topic_id = record.topic_id,
                              .name = before_.topic(record.topic_id)->name,
                              .metadata_offset = offset_});
  }
  void operator()(const metadata::UnregisterBrokerRecord&) {}
  void operator()(const metadata::FeatureLevelRecord&) {}
  void operator()(const metadata::TopicRecord&) {}
  void operator()(const metadata::ConfigRecord&) {}
  void operator()(const metadata::NoOpRecord&) {}

 private:
  void tell_partition(const TopicPartition& tp) {
    const metadata::PartitionRegistration* old = before_.partition(tp);
    const metadata::PartitionRegistration& now = *after_.partition(tp);
    const bool leader_changed = old == nullptr || old->leader != now.leader;
    const bool is_outsider =
        old != nullptr && leader_changed && now.leader && !contains(old->isr, *now.leader);
    // A replica may join the ISR in the very change that ends a move, and lead since the old leader goes.
    const bool is_eligible = is_outsider && contains(old->elr, *now.leader);
    const bool unclean =
        is_outsider && !is_eligible && now.leader_recovery_state == api::LeaderRecoveryState::kRecovering;
    if (unclean) sometimes(out_, Probe::kUncleanElection);
    if (old != nullptr && has_moved(*old, now)) sometimes(out_, Probe::kReassignmentCompleted);
    if (is_eligible) sometimes(out_, Probe::kElectedFromElr);
    if (!now.leader) sometimes(out_, Probe::kNoLeaderAvailable);
    out_.emit(io::ChangePartition{.tp = tp,
                                  .metadata_offset = offset_,
                                  .topic = after_.topic(tp.topic_id)->name,
                                  .replicas = now.replicas,
                                  .isr = now.isr,
                                  .elr = now.elr,
                                  .last_known_elr = now.last_known_elr,
                                  .adding_replicas = now.adding_replicas,
                                  .removing_replicas = now.removing_replicas,
                                  .leader = now.leader,
                                  .leader_epoch = now.leader_epoch,
                                  .partition_epoch = now.partition_epoch,
                                  .leader_changed = leader_changed,
                                  .unclean = unclean});
  }

  const MetadataImage& before_;
  const MetadataImage& after_;
  Offset offset_;
  io::Effects& out_;
};

}  // namespace

void commit(MetadataImage& image, const metadata::RecordBatch& batch, io::Effects& out) {
  metadata::ImageDelta delta;
  Offset offset = batch.base;
  for (const metadata::MetadataRecord& record : batch.records) {
    const MetadataImage before = image;
    image.replay(record, delta);
    std::visit(Teller(before, image, offset, out), record);
    ++offset;
  }
  image.finish_batch({.offset = batch.end, .epoch = batch.epoch});
}

}  // namespace odradek::controller
