#include "engine/raft/quorum_state.h"

#include <fmt/core.h>

#include <charconv>

#include "engine/base/uuid_text.h"

namespace odradek::raft {
namespace {

constexpr std::int32_t kVersion = 1;

std::int32_t id_or_none(std::optional<NodeId> id) { return id ? id->value() : -1; }

std::optional<NodeId> optional_id(std::int32_t id) {
  return id < 0 ? std::nullopt : std::optional(NodeId(id));
}

/// Reads `"name":value` pairs in their fixed order, and says where it could not.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text), rest_(text) {}

  [[nodiscard]] Result<void> expect(std::string_view literal) {
    if (!rest_.starts_with(literal)) return fail("byte {}: expected {}", position(), literal);
    rest_.remove_prefix(literal.size());
    return {};
  }
  [[nodiscard]] Result<std::int32_t> number(std::string_view before) {
    TRY_DO(expect(before));
    std::int32_t value = 0;
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
    if (error != std::errc{}) return fail("byte {}: expected a number", position());
    rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
    return value;
  }
  [[nodiscard]] Result<Uuid> uuid(std::string_view before) {
    TRY_DO(expect(before));
    const auto quote = rest_.find('"');
    if (quote == std::string_view::npos) return fail("byte {}: expected a quoted uuid", position());
    const auto value = parse_uuid(rest_.substr(0, quote));
    if (!value) return fail("byte {}: {}", position(), value.error().message);
    rest_.remove_prefix(quote);
    return *value;
  }
  [[nodiscard]] Result<void> expect_end() const {
    if (rest_ != "}") return fail("byte {}: expected }} and the end", position());
    return {};
  }

 private:
  [[nodiscard]] std::size_t position() const { return text_.size() - rest_.size(); }

  std::string_view text_;
  std::string_view rest_;
};

}  // namespace

std::string format_election_state(const ElectionState& state) {
  const api::ReplicaKey nobody{.id = NodeId(-1), .directory_id = {}};
  const api::ReplicaKey& voted = state.voted_key ? *state.voted_key : nobody;
  return fmt::format(
      R"({{"leaderId":{},"leaderEpoch":{},"votedId":{},"votedDirectoryId":"{}","data_version":{}}})",
      id_or_none(state.leader_id), state.epoch.value(), voted.id.value(),
      to_text(voted.directory_id.value_or(Uuid{})), kVersion);
}

Result<ElectionState> parse_election_state(std::string_view text) {
  Reader in(text);
  TRY(leader, in.number(R"({"leaderId":)"));
  TRY(epoch, in.number(R"(,"leaderEpoch":)"));
  TRY(voted, in.number(R"(,"votedId":)"));
  TRY(directory, in.uuid(R"(,"votedDirectoryId":")"));
  TRY(version, in.number(R"(","data_version":)"));
  TRY_DO(in.expect_end());
  if (version != kVersion) return fail("data_version is {}, expected {}", version, kVersion);
  if (epoch < 0) return fail("leaderEpoch is {}, expected 0 or more", epoch);
  ElectionState state{.epoch = LeaderEpoch(epoch), .leader_id = optional_id(leader), .voted_key = {}};
  if (voted >= 0) {
    state.voted_key = {.id = NodeId(voted),
                       .directory_id = directory.is_zero() ? std::nullopt : std::optional(directory)};
  }
  return state;
}

Result<std::optional<ElectionState>> load_election_state(const log::DurableFile& file, const io::Disk& disk) {
  const io::DiskResult<Bytes> content = file.load(disk);
  if (!content && content.error() == io::DiskError::kNotFound) return std::nullopt;
  if (!content) return fail("{}: {}", file.path(), name_of(content.error()));
  const Result<ElectionState> state = parse_election_state(content->text());
  if (!state) return fail("{}: {}", file.path(), state.error().message);
  return *state;
}

}  // namespace odradek::raft
