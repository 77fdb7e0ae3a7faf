#include "sim/search/quorum_sight.h"

#include <algorithm>

namespace odradek::sim {
namespace {

std::optional<QuorumFetches> fetches_of(const raft::QuorumReplica& replica, const raft::Leader& leader) {
  const raft::VoterSet& voters = replica.voters();
  const std::uint32_t needed = voters.majority() - (voters.is_voter(replica.self()) ? 1 : 0);
  if (needed == 0 || replica.is_blocked()) return std::nullopt;
  QuorumFetches fetches{.time = replica.time(), .needed = needed};
  for (const auto& [id, progress] : leader.voters()) {
    if (id != replica.self().id) fetches.last.emplace(id, progress.last_fetch);
  }
  return fetches;
}

bool names_voters(const Bytes& batch) {
  const auto records = wire::decode_batch(batch);
  if (!records) return false;
  return std::ranges::any_of(*records, [](const wire::DecodedRecord& each) {
    const auto type = wire::control_type_of(each.record);
    return type && *type == wire::ControlType::kKRaftVoters;
  });
}

}  // namespace

QuorumReplicaView look_at(const raft::QuorumReplica& replica, std::uint32_t incarnation) {
  QuorumReplicaView view{.node = replica.self().id,
                         .incarnation = incarnation,
                         .directory_id = replica.self().directory_id,
                         .role = raft::kind_of(replica.role()),
                         .epoch = replica.epoch(),
                         .leader = replica.leader(),
                         .voted = replica.election().voted_key,
                         .is_state_durable = replica.is_election_durable(),
                         .can_be_voter = replica.config().can_be_voter,
                         .voters = replica.voters(),
                         .is_voter = replica.is_voter(),
                         .may_stand = replica.may_stand(),
                         .log_start = replica.log().start_offset(),
                         .log_end = replica.log().end_offset(),
                         .durable_end = replica.log().durable_end(),
                         .last_epoch = replica.log().last_epoch(),
                         .high_watermark = replica.high_watermark().value_or(Offset(0))};
  if (const auto* leader = std::get_if<raft::Leader>(&replica.role())) {
    view.epoch_start = leader->epoch_start_offset();
    view.committed_as_leader = leader->high_watermark();
    view.fetches = fetches_of(replica, *leader);
  }
  return view;
}

std::vector<MetadataBatch> QuorumSight::batches(Offset from, Offset to) const {
  std::vector<MetadataBatch> batches;
  while (from < to) {
    const auto read = replica_.log().log().read(disk_, from, to, 1 << 20, true);
    if (!read || read->empty()) break;
    for (const Bytes& batch : *read) {
      const auto header = wire::read_batch_header(batch.span());
      if (!header) return batches;
      batches.push_back({.base = header->base_offset,
                         .next = header->next_offset(),
                         .epoch = header->partition_leader_epoch.value_or(LeaderEpoch(0)),
                         .content = digest_of(batch),
                         .names_voters = header->is_control() && names_voters(batch)});
      from = header->next_offset();
    }
  }
  return batches;
}

bool QuorumSight::has_snapshot_to(Offset end) const {
  return std::ranges::any_of(replica_.log().snapshots().ids(),
                             [end](const raft::SnapshotId& id) { return id.offset == end; });
}

}  // namespace odradek::sim
