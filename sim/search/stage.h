// Stage: the hands of the harness. What faults and clients' drivers may see of a run and do to it, for the
// time of one step; it keeps nothing.
#pragma once

#include "sim/faults/world_site.h"
#include "sim/search/simulation.h"
#include "sim/workload/desk.h"

namespace odradek::sim {

class Stage final : public WorldSite<node::Process>, public ClientPort {
 public:
  Stage(Simulation& run, Tracer* tracer) : WorldSite<node::Process>(run.world_), run_(run), tracer_(tracer) {}

  [[nodiscard]] Instant now() const override { return run_.world_.now(); }

  // For faults.
  [[nodiscard]] const Topology& topology() const override { return run_.topology_; }
  [[nodiscard]] std::optional<NodeId> active_controller() const override;
  [[nodiscard]] std::optional<PartitionTruth> partition(const io::NamedPartition& name) const override;
  [[nodiscard]] std::optional<std::string> topic_name(TopicId id) const override;
  [[nodiscard]] Result<void> may_end(const std::vector<NodeId>& nodes, bool loses,
                                     const std::set<NodeId>& doomed) const override;
  [[nodiscard]] Result<void> may_forget(NodeId controller) const override;
  [[nodiscard]] Result<api::RemoveRaftVoterRequest> removal_of(NodeId controller) const override;
  void crash(NodeId node) override;
  void lose_power(NodeId node, Survival survival) override;
  std::optional<DecayedPlace> decay_disk(NodeId node, Decay kind, const std::string& path) override;
  [[nodiscard]] DiskRuleId misplace_write(NodeId node, Decay kind, WhichWrite which) override;
  void drop_cache(NodeId node) override;
  void empty_disk(NodeId node) override;
  void boot(NodeId node) override;
  void administer(api::Request request) override { call_admin(std::move(request)); }
  [[nodiscard]] bool send_records(const io::NamedPartition& to, std::int32_t records) override;
  void strike_at(Instant at, std::uint32_t entry) override;
  void end_at(Instant at, std::uint32_t entry) override;
  void note(std::string line) override { say("fault", line); }

  // For drivers.
  [[nodiscard]] bool runs(NodeId client) const override { return state(client) == NodeState::kUp; }
  void call(NodeId client, CallId id, io::Call call) override;
  void wake_at(Instant at, NodeId client) override;

  // For the run.
  /// What whoever operates the cluster would ask for next: that a controller which runs becomes a voter, in
  /// place of the one that had its id and lost its disk. Absent when all are.
  [[nodiscard]] std::optional<api::Request> next_membership() const;
  /// An error that says why the metadata quorum cannot do without this controller.
  [[nodiscard]] Result<void> can_spare(NodeId controller) const;
  CallId call_admin(api::Request request);
  [[nodiscard]] bool is_traced() const { return tracer_ != nullptr; }
  void say(std::string_view who, std::string_view what) const;

 private:
  /// As the controller knows them that has the longest log of those that run; nobody while none does.
  [[nodiscard]] raft::VoterSet latest_voters() const;
  /// Whom any controller takes for the voters: which of their changes will be committed is open.
  [[nodiscard]] std::vector<raft::VoterSet> possible_voters() const;
  [[nodiscard]] Result<void> can_remove(NodeId controller, const raft::VoterSet& voters) const;
  [[nodiscard]] bool holds(const raft::ReplicaKey& voter) const;

  Simulation& run_;
  Tracer* tracer_;
};

}  // namespace odradek::sim
