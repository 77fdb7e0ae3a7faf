#include "sim/explain/metadata_sight.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/metadata/record_codec.h"
#include "engine/wire/control_record.h"
#include "sim/disk/peek.h"
#include "sim/explain/words.h"

namespace odradek::sim {
namespace {

/// Kinds of records in the order in which they come up, with their numbers.
class Kinds {
 public:
  void add(std::string_view kind) {
    const auto known = std::ranges::find(kinds_, kind, &std::pair<std::string_view, std::uint64_t>::first);
    if (known == kinds_.end()) {
      kinds_.emplace_back(kind, 1);
    } else {
      ++known->second;
    }
  }
  [[nodiscard]] std::string text() const {
    std::vector<std::string> words;
    for (const auto& [kind, n] : kinds_) words.push_back(n == 1 ? std::string(kind) : count_text(n, kind));
    return and_list(words);
  }

 private:
  std::vector<std::pair<std::string_view, std::uint64_t>> kinds_;
};

std::string_view kind_of_control(const wire::ControlRecord& record) {
  struct Namer {
    std::string_view operator()(const wire::LeaderChange&) const { return "LeaderChange"; }
    std::string_view operator()(const wire::SnapshotHeader&) const { return "SnapshotHeader"; }
    std::string_view operator()(const wire::SnapshotFooter&) const { return "SnapshotFooter"; }
    std::string_view operator()(const wire::KRaftVersion&) const { return "KRaftVersion"; }
    std::string_view operator()(const wire::KRaftVoters&) const { return "KRaftVoters"; }
  };
  return std::visit(Namer{}, record);
}

void describe(Entry& entry, const Bytes& batch, const wire::BatchHeader& header) {
  Kinds kinds;
  if (header.is_control()) {
    const auto decoded = wire::decode_batch(batch);
    if (!decoded) return;
    bool begins = false;
    bool names_voters = false;
    for (const wire::DecodedRecord& each : *decoded) {
      const auto record = wire::decode_control_record(each.record);
      if (!record || !*record) continue;
      kinds.add(kind_of_control(**record));
      begins |= std::holds_alternative<wire::LeaderChange>(**record);
      names_voters |= std::holds_alternative<wire::KRaftVoters>(**record);
    }
    entry.decides = names_voters && !begins;
  } else if (const auto decoded = metadata::decode_batch(batch)) {
    for (const metadata::MetadataRecord& record : decoded->records) {
      std::visit([&kinds](const auto& r) { kinds.add(r.kKind.name); }, record);
      entry.decides |= !std::holds_alternative<metadata::NoOpRecord>(record);
    }
  }
  entry.records = kinds.text();
}

/// What lies in [from, to) of its log; less where that cannot be read.
std::vector<Entry> entries_of(const raft::QuorumReplica& replica, const SimDisk& disk, Offset from,
                              Offset to) {
  constexpr std::uint32_t kBytesAtOnce = 1 << 20;
  std::vector<Entry> entries;
  from = std::max(from, replica.log().start_offset());
  while (from < to) {
    const auto read = replica.log().log().read(Peek(disk), from, to, kBytesAtOnce, true);
    if (!read || read->empty()) break;
    for (const Bytes& batch : *read) {
      const auto header = wire::read_batch_header(batch.span());
      if (!header) return entries;
      Entry entry{.base = header->base_offset,
                  .end = header->next_offset(),
                  .epoch = header->partition_leader_epoch.value_or(LeaderEpoch(0)),
                  .content = digest_of(batch)};
      describe(entry, batch, *header);
      from = entry.end;
      entries.push_back(std::move(entry));
    }
  }
  return entries;
}

}  // namespace

std::optional<MetadataSeen> MetadataSight::look(const raft::QuorumReplica& replica, const SimDisk& disk,
                                                std::uint32_t incarnation) {
  const bool is_known = last_ && incarnation == incarnation_;
  const auto voted = replica.election().voted_key;
  MetadataSeen seen{.restarted = !is_known,
                    .role = raft::kind_of(replica.role()),
                    .epoch = replica.epoch(),
                    .leader = replica.leader(),
                    .voted = voted ? std::optional(voted->id) : std::nullopt,
                    .voters = replica.voters().ids(),
                    .log_start = replica.log().start_offset(),
                    .log_end = replica.log().end_offset(),
                    .durable_end = replica.log().durable_end(),
                    .high_watermark = replica.high_watermark().value_or(Offset(0))};
  seen.kept_end = is_known ? std::min(last_->kept_end, seen.log_end) : seen.log_start;
  seen.appended = entries_of(replica, disk, seen.kept_end, seen.log_end);
  MetadataSeen next = seen;
  next.restarted = false;
  next.kept_end = seen.log_end;
  next.appended.clear();
  incarnation_ = incarnation;
  if (is_known && next == last_) return std::nullopt;
  last_ = std::move(next);
  return seen;
}

void MetadataSight::forget_from(Offset end) {
  if (last_) last_->kept_end = std::min(last_->kept_end, end);
}

}  // namespace odradek::sim
