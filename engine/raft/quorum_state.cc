#include "engine/raft/quorum_state.h"

#include <fmt/core.h>

#include <array>
#include <charconv>

namespace odradek::raft {
namespace {

std::int32_t id_or_none(std::optional<NodeId> id) { return id ? id->value() : -1; }

std::optional<NodeId> optional_id(std::int32_t id) {
  return id < 0 ? std::nullopt : std::optional(NodeId(id));
}

}  // namespace

std::string format_election_state(const ElectionState& state) {
  return fmt::format(R"({{"leaderId":{},"leaderEpoch":{},"votedId":{},"data_version":0}})",
                     id_or_none(state.leader_id), state.epoch.value(), id_or_none(state.voted_id));
}

Result<ElectionState> parse_election_state(std::string_view text) {
  constexpr std::array<std::string_view, 4> kBefore = {R"({"leaderId":)", R"(,"leaderEpoch":)",
                                                       R"(,"votedId":)", R"(,"data_version":)"};
  std::array<std::int32_t, 4> values{};
  std::string_view rest = text;
  for (std::uint32_t i = 0; i < kBefore.size(); ++i) {
    if (!rest.starts_with(kBefore[i]))
      return fail("byte {}: expected {}", text.size() - rest.size(), kBefore[i]);
    rest.remove_prefix(kBefore[i].size());
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), values[i]);
    if (error != std::errc{}) return fail("byte {}: expected a number", text.size() - rest.size());
    rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
  }
  if (rest != "}") return fail("byte {}: expected }} and the end", text.size() - rest.size());
  if (values[3] != 0) return fail("data_version is {}, expected 0", values[3]);
  if (values[1] < 0) return fail("leaderEpoch is {}, expected 0 or more", values[1]);
  return ElectionState{.epoch = LeaderEpoch(values[1]),
                       .leader_id = optional_id(values[0]),
                       .voted_id = optional_id(values[2])};
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
