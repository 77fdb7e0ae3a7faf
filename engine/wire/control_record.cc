#include "engine/wire/control_record.h"

#include <array>
#include <utility>

#include "engine/wire/reader.h"
#include "engine/wire/writer.h"

namespace odradek::wire {
namespace {

constexpr std::int16_t kKeyVersion = 0;
constexpr std::int16_t kLeaderChangeVersion = 0;  // version 1 adds the voters' directory ids (KIP-853)

Bytes encode_key(ControlType type) {
  Writer out;
  out.int16(kKeyVersion);
  out.int16(std::to_underlying(type));
  return out.take();
}

void write_voters(Writer& out, const std::vector<NodeId>& voters) {
  out.compact_array_length(static_cast<std::uint32_t>(voters.size()));
  for (const NodeId voter : voters) {
    out.int32(voter.value());
    out.tagged_fields({});
  }
}

Result<std::vector<NodeId>> read_voters(Reader& in) {
  TRY(count, in.compact_array_length());
  std::vector<NodeId> voters;
  for (std::uint32_t i = 0; i < count; ++i) {
    TRY(voter, in.int32());
    TRY_DO(in.tagged_fields());
    voters.emplace_back(voter);
  }
  return voters;
}

}  // namespace

Bytes encode_control_batch(BatchSpec spec, const LeaderChange& change, Timestamp timestamp) {
  Writer value;
  value.int16(kLeaderChangeVersion);
  value.int32(change.leader_id.value());
  write_voters(value, change.voters);
  write_voters(value, change.granting_voters);
  value.tagged_fields({});
  spec.control = true;
  const std::array records{
      Record{.key = encode_key(ControlType::kLeaderChange), .value = value.take(), .timestamp = timestamp}};
  return encode_batch(spec, records);
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

Result<LeaderChange> decode_leader_change(const Record& record) {
  if (!record.value) return fail("byte 0: expected a LeaderChangeMessage, got null");
  Reader in(record.value->span());
  TRY(version, in.int16());
  if (version != kLeaderChangeVersion) {
    return fail("byte 0: expected version {} of LeaderChangeMessage, got {}", kLeaderChangeVersion, version);
  }
  TRY(leader, in.int32());
  TRY(voters, read_voters(in));
  TRY(granting, read_voters(in));
  TRY_DO(in.tagged_fields());
  TRY_DO(in.expect_end());
  return LeaderChange{
      .leader_id = NodeId(leader), .voters = std::move(voters), .granting_voters = std::move(granting)};
}

}  // namespace odradek::wire
