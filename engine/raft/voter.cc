#include "engine/raft/voter.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "engine/base/ensure.h"
#include "engine/metadata/record_codec.h"
#include "engine/wire/control_record.h"

namespace odradek::raft {
namespace {

constexpr std::int32_t kReadBytesMax = 1 << 20;

void exit_on(io::DiskError error, io::Effects& out) {
  out.exit(fmt::format("the metadata log failed: {}", name_of(error)));
}

bool is_metadata_fetch(const api::FetchRequest& request) {
  return request.topics.size() == 1 && request.topics.front().topic_id == api::kMetadataTopicId &&
         request.topics.front().partitions.size() == 1 &&
         request.topics.front().partitions.front().partition == PartitionId(0);
}

}  // namespace

Voter::Voter(NodeId self, std::vector<NodeId> voters)
    : self_(self), voters_(std::move(voters)), file_(fmt::format("{}/quorum-state", kMetadataDirectory)) {
  ENSURE(voters_ == std::vector{self_}, "node {} of {} voters: a quorum has one voter so far", self_.value(),
         voters_.size());
}

void Voter::on_boot(const Now&, io::Disk& disk, io::Effects& out) {
  Result<log::Log> opened = log::Log::open(disk, std::string(kMetadataDirectory), io::TopicConfig{});
  if (!opened) return out.exit(opened.error().message);
  log_ = *std::move(opened);
  const Result<std::optional<ElectionState>> saved = load_election_state(file_, disk);
  if (!saved) return out.exit(saved.error().message);

  election_ = saved->value_or(ElectionState{});
  if (election_.leader_id == self_) {
    role_ = Resigned{};
    sometimes(out, Probe::kControllerReelected);
  }
  election_.epoch = std::max(election_.epoch, log_.latest_epoch().value_or(LeaderEpoch(0)));
  become_candidate(disk, out);
}

void Voter::become(Role role) {
  const RoleKind from = kind_of(role_);
  const RoleKind to = kind_of(role);
  ENSURE(is_allowed(from, to), "role {} does not follow role {}", std::to_underlying(to),
         std::to_underlying(from));
  role_ = std::move(role);
}

void Voter::become_candidate(io::Disk& disk, io::Effects& out) {
  become(Candidate{});
  election_ = {.epoch = election_.epoch + 1, .leader_id = {}, .voted_id = self_};
  (void)save_election(disk, out);
}

void Voter::become_leader(const Now& now, io::Disk& disk, io::Effects& out) {
  const LeaderEpoch epoch = election_.epoch;
  election_ = {.epoch = epoch, .leader_id = self_, .voted_id = {}};
  if (!save_election(disk, out)) return;
  const Offset start = log_.log_end_offset();
  become(Leader({.leader_id = self_, .leader_epoch = epoch}, start));
  if (auto assigned = log_.assign_epoch(disk, epoch, start); !assigned) return exit_on(assigned.error(), out);
  const wire::LeaderChange change{.leader_id = self_, .voters = voters_, .granting_voters = voters_};
  const Bytes batch = wire::encode_control_batch({}, change, now.wall);
  const io::DiskResult<log::AppendInfo> appended = log_.append_as_leader(disk, batch, epoch, now.wall);
  if (!appended) return exit_on(appended.error(), out);
  std::get<Leader>(role_).on_append(*appended, log_, out);
}

bool Voter::save_election(io::Disk& disk, io::Effects& out) {
  const io::DiskResult<void> saved = file_.save(format_election_state(election_), disk, out);
  if (!saved) exit_on(saved.error(), out);
  return saved.has_value();
}

void Voter::on_fsync(const Now& now, const io::FsyncFinished& finished, io::Disk& disk, io::Effects& out) {
  // A failed fsync drops what it should have written, and the next one succeeds: there is no way on.
  if (!finished.ok) return exit_on(io::DiskError::kInputOutput, out);
  if (file_.awaits(finished.ticket)) {
    if (auto ok = file_.on_fsync(finished, disk, out); !ok) return exit_on(ok.error(), out);
    if (file_.is_durable() && std::holds_alternative<Candidate>(role_)) become_leader(now, disk, out);
    return;
  }
  if (Leader* leader = std::get_if<Leader>(&role_)) leader->on_fsync(finished, log_, out);
}

void Voter::complete_fetches(const io::Disk& disk, io::Effects& out) {
  Leader* leader = std::get_if<Leader>(&role_);
  if (leader != nullptr && file_.is_durable()) leader->complete_fetches(log_, disk, out);
}

void Voter::on_timer(const io::Timer& timer, const io::Disk& disk, io::Effects& out) {
  if (Leader* leader = std::get_if<Leader>(&role_)) leader->on_fetch_timeout(timer.entity, log_, disk, out);
}

void Voter::on_peer_gone(ConnectionId connection, io::Effects& out) {
  if (Leader* leader = std::get_if<Leader>(&role_)) leader->on_peer_gone(connection, out);
}

std::optional<Offset> Voter::high_watermark() const {
  const Leader* leader = std::get_if<Leader>(&role_);
  if (leader == nullptr || !file_.is_durable()) return std::nullopt;
  return leader->high_watermark();
}

api::ErrorCode Voter::validate_fetch(const api::FetchRequest& request) const {
  using enum api::ErrorCode;
  if (!is_metadata_fetch(request) || !request.replica_state) return kInvalidRequest;
  const api::FetchPartition& wanted = request.topics.front().partitions.front();
  if (wanted.fetch_offset.value() < 0) return kInvalidRequest;
  if (wanted.fetch_offset > Offset(0) && !wanted.last_fetched_epoch) return kInvalidRequest;
  if (!std::holds_alternative<Leader>(role_) || !file_.is_durable()) return kNotLeaderOrFollower;
  const LeaderEpoch believed = wanted.current_leader_epoch.value_or(election_.epoch);
  if (believed < election_.epoch) return kFencedLeaderEpoch;
  if (believed > election_.epoch) return kUnknownLeaderEpoch;
  return kNone;
}

void Voter::handle_fetch(const Requester& from, const api::FetchRequest& request, const io::Disk& disk,
                         io::Effects& out) {
  const api::ErrorCode error = validate_fetch(request);
  if (error == api::ErrorCode::kNone) {
    std::get<Leader>(role_).handle_fetch(from, request, log_, disk, out);
    return;
  }
  if (error == api::ErrorCode::kInvalidRequest) {
    out.respond(from.connection, from.correlation, api::FetchResponse{.error_code = error, .responses = {}});
    return;
  }
  api::FetchPartitionData data{.partition_index = PartitionId(0), .error_code = error};
  // Before the epoch is durable nothing may be said of it.
  if (error != api::ErrorCode::kNotLeaderOrFollower) {
    data.current_leader = api::LeaderIdAndEpoch{.leader_id = self_, .leader_epoch = election_.epoch};
  }
  out.respond(from.connection, from.correlation, metadata_fetch_response(std::move(data)));
}

std::optional<metadata::RecordBatch> Voter::append(const Now& now,
                                                   std::vector<metadata::MetadataRecord> records,
                                                   io::Disk& disk, io::Effects& out) {
  ENSURE(is_active(), "records for a log that is led by somebody else, or by nobody");
  const Bytes batch = metadata::encode_batch(records, now.wall);
  const io::DiskResult<log::AppendInfo> appended =
      log_.append_as_leader(disk, batch, election_.epoch, now.wall);
  if (!appended) {
    exit_on(appended.error(), out);
    return std::nullopt;
  }
  std::get<Leader>(role_).on_append(*appended, log_, out);
  return metadata::RecordBatch{.base = appended->first,
                               .end = appended->next,
                               .epoch = election_.epoch,
                               .records = std::move(records)};
}

std::vector<metadata::RecordBatch> Voter::take_committed(const io::Disk& disk, io::Effects& out) {
  const Offset end = high_watermark().value_or(taken_);
  Result<std::vector<metadata::RecordBatch>> batches = read_batches(log_, disk, taken_, end);
  if (!batches) {
    out.exit(batches.error().message);
    return {};
  }
  if (!batches->empty()) taken_ = batches->back().end;
  return *std::move(batches);
}

Result<std::vector<metadata::RecordBatch>> read_batches(const log::Log& log, const io::Disk& disk,
                                                        Offset from, Offset to) {
  std::vector<metadata::RecordBatch> batches;
  while (from < to) {
    const io::DiskResult<std::vector<Bytes>> encoded = log.read(disk, from, to, kReadBytesMax, true);
    if (!encoded) return fail("the metadata log at offset {}: {}", from.value(), name_of(encoded.error()));
    if (encoded->empty()) break;  // the batch that holds `from` ends beyond `to`
    for (const Bytes& batch : *encoded) {
      TRY(decoded, metadata::decode_batch(batch));
      from = decoded.end;
      batches.push_back(std::move(decoded));
    }
  }
  return batches;
}

}  // namespace odradek::raft
