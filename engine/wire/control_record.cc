#include "engine/wire/control_record.h"

#include <string_view>
#include <utility>

#include "engine/wire/reader.h"
#include "engine/wire/writer.h"

namespace odradek::wire {
namespace {

constexpr std::int16_t kKeyVersion = 0;
/// All of these messages are at their first version; version 1 of LeaderChange adds directory ids (KIP-853).
constexpr std::int16_t kValueVersion = 0;

ControlType type_of(const LeaderChange&) { return ControlType::kLeaderChange; }
ControlType type_of(const SnapshotHeader&) { return ControlType::kSnapshotHeader; }
ControlType type_of(const SnapshotFooter&) { return ControlType::kSnapshotFooter; }
ControlType type_of(const KRaftVersion&) { return ControlType::kKRaftVersion; }
ControlType type_of(const KRaftVoters&) { return ControlType::kKRaftVoters; }

Bytes encode_key(ControlType type) {
  Writer out;
  out.int16(kKeyVersion);
  out.int16(std::to_underlying(type));
  return out.take();
}

void write_ids(Writer& out, const std::vector<NodeId>& ids) {
  out.compact_array_length(static_cast<std::uint32_t>(ids.size()));
  for (const NodeId id : ids) {
    out.int32(id.value());
    out.tagged_fields({});
  }
}

void write(Writer& out, const LeaderChange& change) {
  out.int32(change.leader_id.value());
  write_ids(out, change.voters);
  write_ids(out, change.granting_voters);
}

void write(Writer& out, const SnapshotHeader& header) {
  out.int64(header.last_contained_log_timestamp.value());
}

void write(Writer&, const SnapshotFooter&) {}

void write(Writer& out, const KRaftVersion& version) { out.int16(version.kraft_version); }

void write(Writer& out, const KRaftVoters& voters) {
  out.compact_array_length(static_cast<std::uint32_t>(voters.voters.size()));
  for (const KRaftVoters::Voter& voter : voters.voters) {
    out.int32(voter.voter_id.value());
    out.uuid(voter.voter_directory_id);
    out.compact_array_length(0);  // endpoints: a node's id is its address
    out.int16(voter.min_kraft_version);
    out.int16(voter.max_kraft_version);
    out.tagged_fields({});  // of the range
    out.tagged_fields({});
  }
}

Bytes encode_value(const ControlRecord& record) {
  Writer out;
  out.int16(kValueVersion);
  std::visit([&out](const auto& r) { write(out, r); }, record);
  out.tagged_fields({});
  return out.take();
}

Result<std::vector<NodeId>> read_ids(Reader& in) {
  TRY(count, in.compact_array_length());
  std::vector<NodeId> ids;
  for (std::uint32_t i = 0; i < count; ++i) {
    TRY(id, in.int32());
    TRY_DO(in.tagged_fields());
    ids.emplace_back(id);
  }
  return ids;
}

Result<ControlRecord> read_leader_change(Reader& in) {
  TRY(leader, in.int32());
  TRY(voters, read_ids(in));
  TRY(granting, read_ids(in));
  return LeaderChange{
      .leader_id = NodeId(leader), .voters = std::move(voters), .granting_voters = std::move(granting)};
}

Result<ControlRecord> read_snapshot_header(Reader& in) {
  TRY(timestamp, in.int64());
  return SnapshotHeader{.last_contained_log_timestamp = Timestamp(timestamp)};
}

Result<ControlRecord> read_kraft_version(Reader& in) {
  TRY(level, in.int16());
  return KRaftVersion{.kraft_version = level};
}

Result<ControlRecord> read_kraft_voters(Reader& in) {
  KRaftVoters voters;
  TRY(count, in.compact_array_length());
  for (std::uint32_t i = 0; i < count; ++i) {
    TRY(id, in.int32());
    TRY(directory, in.uuid());
    TRY(endpoints, in.compact_array_length());
    if (endpoints != 0)
      return fail("byte {}: expected a voter without endpoints, got {}", in.position(), endpoints);
    TRY(min, in.int16());
    TRY(max, in.int16());
    TRY_DO(in.tagged_fields());
    TRY_DO(in.tagged_fields());
    voters.voters.push_back({.voter_id = NodeId(id),
                             .voter_directory_id = directory,
                             .min_kraft_version = min,
                             .max_kraft_version = max});
  }
  return voters;
}

Result<ControlRecord> read_value(Reader& in, ControlType type) {
  switch (type) {
    case ControlType::kLeaderChange: return read_leader_change(in);
    case ControlType::kSnapshotHeader: return read_snapshot_header(in);
    case ControlType::kKRaftVersion: return read_kraft_version(in);
    case ControlType::kKRaftVoters: return read_kraft_voters(in);
    default: return SnapshotFooter{};
  }
}

}  // namespace

Bytes encode_control_batch(BatchSpec spec, std::span<const ControlRecord> records, Timestamp timestamp) {
  spec.control = true;
  std::vector<Record> encoded;
  for (const ControlRecord& record : records) {
    const ControlType type = std::visit([](const auto& r) { return type_of(r); }, record);
    encoded.push_back({.key = encode_key(type), .value = encode_value(record), .timestamp = timestamp});
  }
  return encode_batch(spec, encoded);
}

Result<ControlType> control_type_of(const Record& record) {
  if (!record.key) return fail("byte 0: expected the key of a control record, got null");
  Reader in(record.key->span());
  TRY(version, in.int16());
  if (version < 0) return fail("byte 0: expected a version of at least 0, got {}", version);
  TRY(type, in.int16());
  if (type < 0 || type > std::to_underlying(ControlType::kKRaftVoters)) {
    return fail("byte 2: expected a type of control record, got {}", type);
  }
  return static_cast<ControlType>(type);
}

Result<std::optional<ControlRecord>> decode_control_record(const Record& record) {
  TRY(type, control_type_of(record));
  if (type == ControlType::kAbort || type == ControlType::kCommit) return std::nullopt;
  if (!record.value) return fail("byte 0: expected the value of a control record, got null");
  Reader in(record.value->span());
  TRY(version, in.int16());
  if (version != kValueVersion) {
    return fail("byte 0: expected version {} of control record type {}, got {}", kValueVersion,
                std::to_underlying(type), version);
  }
  TRY(decoded, read_value(in, type));
  TRY_DO(in.tagged_fields());
  TRY_DO(in.expect_end());
  return decoded;
}

}  // namespace odradek::wire
