// The level of kraft.version, and how it is raised from 0 to 1 while the cluster runs (KIP-853, Kafka 4.1).
//
// At level 0 the voters are those that are configured, by their ids, and no log says what each of them is.
// They tell each new leader (UpdateRaftVoter), which keeps it in memory; once it has heard from all of them
// it can write down one batch, level and voters with their directories. From there on the voters may change.
//
// Source: org.apache.kafka.raft.LeaderState.maybeAppendUpgradedKRaftVersion, internals.KRaftVersionUpgrade.
#include <utility>

#include "engine/base/ensure.h"
#include "engine/raft/quorum_replica.h"

namespace odradek::raft {

std::int16_t QuorumReplica::kraft_version_within_reach() const {
  const auto* leader = std::get_if<Leader>(&role_);
  const bool is_in_reach =
      leader != nullptr && leader->volatile_voters && leader->volatile_voters->all_support(1);
  return is_in_reach ? std::int16_t{1} : kraft_version();
}

bool QuorumReplica::raise_kraft_version(const Context& ctx) {
  ENSURE(is_active(), "kraft.version is raised where nobody leads");
  ENSURE(kraft_version() < kraft_version_within_reach(), "kraft.version {} cannot be raised",
         kraft_version());
  const VoterSet voters = *std::exchange(std::get<Leader>(role_).volatile_voters, std::nullopt);
  return append_control({wire::KRaftVersion{.kraft_version = 1}, voters.to_record()}, ctx);
}

}  // namespace odradek::raft
