// Probes: branches that only faults reach. A campaign that never reaches one has not tested what lies behind
// it.
//
// All probes stand in this one list. The engine reports one by the effect `sometimes(out, Probe::kX)`.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace odradek {

#define ODRADEK_PROBES(X)                                                                         \
  X(kFollowerTruncated, "a follower truncated a divergent suffix")                                \
  X(kFetchDiverged, "a leader answered a fetch with a diverging epoch")                           \
  X(kFetchOutOfRange, "a follower's fetch offset was outside the leader's log")                   \
  X(kFetchFenced, "a fetch was refused because one side's leader epoch was older")                \
  X(kFetchStaleBrokerEpoch, "a fetch came from an earlier incarnation of its broker")             \
  X(kFetchSessionLost, "a fetcher named a session that the broker does not know (any more)")      \
  X(kFetchSessionEvicted, "a fetch session made room for another")                                \
  X(kFetchSessionRefused, "a fetcher got no session: all slots were taken")                       \
  X(kProduceParkedThenLost, "a parked produce ended because its leader was deposed")              \
  X(kProduceTimedOut, "a produce with acks=all timed out in purgatory")                           \
  X(kNotEnoughReplicas, "a produce with acks=all was refused: too few in-sync replicas")          \
  X(kNotEnoughReplicasAfterAppend, "the in-sync replicas fell below the minimum after an append") \
  X(kIsrShrinkProposed, "a leader proposed to drop a lagging replica")                            \
  X(kIsrExpandProposed, "a leader proposed to add a replica that caught up")                      \
  X(kAlterPartitionRejected, "the controller refused an ISR change")                              \
  X(kAlterPartitionOvertaken, "metadata arrived while an ISR change was in flight")               \
  X(kIneligibleReplica, "an ISR change named a replica that is fenced or rebooted")               \
  X(kStaleBrokerEpoch, "the controller refused a request of an earlier incarnation")              \
  X(kDuplicateRegistration, "a broker tried to register while its earlier session lived")         \
  X(kBrokerFenced, "a broker's session expired")                                                  \
  X(kNoLeaderAvailable, "a partition had no electable replica")                                   \
  X(kUncleanElection, "a leader was elected outside ISR and ELR")                                 \
  X(kElectedFromElr, "a partition with an empty ISR got a leader from its ELR")                   \
  X(kLogRecoveryTruncated, "log recovery cut an invalid tail")                                    \
  X(kStrayLog, "a broker started with a log of a topic that was deleted or moved away meanwhile") \
  X(kOwnerlessDirectory, "a broker started with what a deletion or a power loss left of a log")   \
  X(kProduceParkedThenDeleted, "a parked produce ended because its topic was deleted")            \
  X(kInconsistentTopicId, "a fetch named a topic whose name a broker still had for another one")  \
  X(kOffsetNotAvailable, "a new leader did not yet know its high watermark")                      \
  X(kProducerRetried, "a producer sent a batch again")                                            \
  X(kProducerExpired, "a producer gave up on a batch at its delivery timeout")                    \
  X(kProducerBufferFull, "a producer had no memory left for a record")                            \
  X(kConsumerReset, "a consumer reset its position by policy")                                    \
  X(kConsumerTruncated, "a consumer found that its position had been truncated")                  \
  X(kRequestTimedOut, "a client gave up waiting for a response and closed the connection")        \
  X(kControllerReelected, "a controller restarted that had led the quorum")                       \
  X(kPreVoteGranted, "a voter would have voted for another one")                                  \
  X(kPreVoteLost, "a voter learnt that it would not be elected")                                  \
  X(kLeaderResigned, "a leader of the metadata quorum resigned")                                  \
  X(kMetadataTruncated, "a replica of the metadata log truncated a divergent suffix")             \
  X(kSnapshotFetched, "a replica of the metadata log took a snapshot in place of its log")        \
  X(kVotersChanged, "the set of voters of the metadata quorum changed")                           \
  X(kAnswersLostWithLeadership, "a controller resigned while answers waited for a commit")        \
  X(kReassignmentCompleted, "a partition moved: all of its new replicas were in sync")

enum class Probe : std::uint16_t {
#define X(name, doc) name,
  ODRADEK_PROBES(X)
#undef X
};

struct ProbeInfo {
  std::string_view name;  ///< with the leading k removed by `name_of`
  std::string_view doc;
};

inline constexpr std::array kProbes = {
#define X(name, doc) ProbeInfo{#name, doc},
    ODRADEK_PROBES(X)
#undef X
};

[[nodiscard]] constexpr std::string_view name_of(Probe probe) {
  return kProbes[static_cast<std::size_t>(probe)].name.substr(1);
}

}  // namespace odradek
