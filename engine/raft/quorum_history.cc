#include "engine/raft/quorum_history.h"

namespace odradek::raft {

const VoterSet& QuorumHistory::voters() const {
  const auto* last = voters_.last();
  return last == nullptr ? static_voters_ : last->value;
}

std::optional<Offset> QuorumHistory::voters_offset() const {
  const auto* last = voters_.last();
  return last == nullptr ? std::nullopt : std::optional(last->offset);
}

std::int16_t QuorumHistory::kraft_version() const {
  const auto* last = kraft_versions_.last();
  return last == nullptr ? std::int16_t{0} : last->value;
}

std::optional<VoterSet> QuorumHistory::voters_at(Offset offset) const {
  const auto* entry = voters_.at(offset);
  return entry == nullptr ? std::nullopt : std::optional(entry->value);
}

std::int16_t QuorumHistory::kraft_version_at(Offset offset) const {
  const auto* entry = kraft_versions_.at(offset);
  return entry == nullptr ? std::int16_t{0} : entry->value;
}

VoterSet QuorumHistory::voters_before(Offset offset) const {
  return voters_at(offset - 1).value_or(static_voters_);
}

void QuorumHistory::add(Offset offset, const wire::ControlRecord& record) {
  if (const auto* voters = std::get_if<wire::KRaftVoters>(&record)) {
    voters_.add(offset, VoterSet::of(*voters));
  } else if (const auto* version = std::get_if<wire::KRaftVersion>(&record)) {
    kraft_versions_.add(offset, version->kraft_version);
  }
}

void QuorumHistory::truncate_new(Offset end) {
  voters_.truncate_new(end);
  kraft_versions_.truncate_new(end);
}

void QuorumHistory::truncate_old(Offset start) {
  voters_.truncate_old(start);
  kraft_versions_.truncate_old(start);
}

void QuorumHistory::clear() {
  voters_.clear();
  kraft_versions_.clear();
}

}  // namespace odradek::raft
