#include "engine/raft/snapshot_content.h"

#include <algorithm>

#include "engine/metadata/record_codec.h"
#include "engine/wire/writer.h"

namespace odradek::raft {
namespace {

/// Records of one batch: what is larger is cut into several.
constexpr std::size_t kRecordsPerBatch = 1'000;

class Writer {
 public:
  explicit Writer(LeaderEpoch epoch) : epoch_(epoch) {}

  void add(const Bytes& batch) {
    const Bytes stamped = wire::stamp_batch(batch, next_, epoch_, std::nullopt);
    next_ = wire::read_batch_header(stamped.span())->next_offset();
    out_.raw(stamped.span());
  }
  [[nodiscard]] Bytes take() { return out_.take(); }

 private:
  LeaderEpoch epoch_;
  Offset next_;
  wire::Writer out_;
};

/// A header and a footer, without which a snapshot is not whole.
struct Seen {
  bool header = false;
  bool footer = false;
};

void take(const wire::ControlRecord& record, SnapshotContent& content, Seen& seen) {
  if (std::holds_alternative<wire::SnapshotHeader>(record)) seen.header = true;
  if (std::holds_alternative<wire::SnapshotFooter>(record)) seen.footer = true;
  if (const auto* version = std::get_if<wire::KRaftVersion>(&record))
    content.kraft_version = version->kraft_version;
  if (const auto* voters = std::get_if<wire::KRaftVoters>(&record)) content.voters = VoterSet::of(*voters);
}

Result<void> take_batch(const Bytes& batch, bool is_control, SnapshotContent& content, Seen& seen) {
  if (!is_control) {
    TRY(decoded, metadata::decode_batch(batch));
    std::ranges::move(decoded.records, std::back_inserter(content.records));
    return {};
  }
  TRY(decoded, wire::decode_batch(batch));
  for (const wire::DecodedRecord& each : decoded) {
    TRY(record, wire::decode_control_record(each.record));
    if (record) take(*record, content, seen);
  }
  return {};
}

}  // namespace

Bytes encode_snapshot(const SnapshotId& id, const SnapshotContent& content, Timestamp last_contained) {
  Writer out(id.epoch);
  std::vector<wire::ControlRecord> head{wire::SnapshotHeader{.last_contained_log_timestamp = last_contained}};
  if (content.kraft_version > 0) head.emplace_back(wire::KRaftVersion{content.kraft_version});
  if (content.voters) head.emplace_back(content.voters->to_record());
  out.add(wire::encode_control_batch({}, head, last_contained));
  std::span<const metadata::MetadataRecord> rest(content.records);
  while (!rest.empty()) {
    const std::size_t count = std::min(rest.size(), kRecordsPerBatch);
    out.add(metadata::encode_batch(rest.first(count), last_contained));
    rest = rest.subspan(count);
  }
  const std::vector<wire::ControlRecord> foot{wire::SnapshotFooter{}};
  out.add(wire::encode_control_batch({}, foot, last_contained));
  return out.take();
}

Result<SnapshotContent> decode_snapshot(const Bytes& bytes) {
  SnapshotContent content;
  Seen seen;
  std::uint32_t position = 0;
  const auto size = static_cast<std::uint32_t>(bytes.size());
  while (position < size) {
    const Bytes rest = bytes.slice(position, size - position);
    const auto head = wire::read_batch_header(rest.span());
    if (!head) return fail("byte {}: {}", position, head.error().message);
    if (head->size() > rest.size()) return fail("byte {}: a batch that ends behind the snapshot", position);
    const Bytes batch = rest.slice(0, head->size());
    if (const auto valid = wire::check_batch_crc(batch.span()); !valid)
      return fail("byte {}: {}", position, valid.error().message);
    if (const Result<void> taken = take_batch(batch, head->is_control(), content, seen); !taken)
      return fail("byte {}: {}", position, taken.error().message);
    position += head->size();
  }
  if (!seen.header || !seen.footer) return fail("byte {}: a snapshot without header or footer", position);
  return content;
}

}  // namespace odradek::raft
