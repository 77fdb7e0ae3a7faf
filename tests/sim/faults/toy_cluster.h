// A small cluster of processes that talk to each other all the time, so that faults have something to bite.
//
// Each process asks each other one a question every 20 ms over a connection that it opens again when it is
// lost, and emits one event per round. Partition orders-0 has replicas 1, 2, 3; its leader is what the test
// says.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/io/channel.h"
#include "sim/faults/fault_run.h"
#include "sim/faults/world_site.h"
#include "sim/kernel/world.h"

namespace odradek::sim {

inline constexpr TopicId kToyTopic{.high = 1, .low = 1};

class Talker {
 public:
  Talker() = default;
  explicit Talker(const std::vector<NodeId>& peers);

  void step(const Now& now, const io::Input& input, io::Disk& disk, io::Effects& out);

  [[nodiscard]] std::int64_t rounds() const { return rounds_; }
  /// Answers of this peer.
  [[nodiscard]] std::int64_t answers(NodeId peer) const {
    const auto found = answers_.find(peer);
    return found == answers_.end() ? 0 : found->second;
  }
  [[nodiscard]] std::int64_t losses() const { return losses_; }  ///< connections that ended

  FIELDS(channels_, rounds_, answers_, losses_)
  friend bool operator==(const Talker&, const Talker&) = default;

 private:
  void talk(const Now& now, io::Effects& out);

  std::map<NodeId, io::Channel> channels_;
  std::int64_t rounds_ = 0;
  std::map<NodeId, std::int64_t> answers_;
  std::int64_t losses_ = 0;
};

/// A base, so that the world is there before the site over it.
struct ToyWorld {
  World<Talker> toy;
};

/// The world, and what faults may do to it; brokers 1 to 3, controller 101, client 1001.
class ToyCluster final : private ToyWorld, public WorldSite<Talker> {
 public:
  explicit ToyCluster(std::vector<PlanEntry> plan, FaultBudget budget = {}, std::uint64_t seed = 1);

  /// Lets everybody connect, then opens the plan.
  void open();
  /// Goes on for this long, serving the plan.
  void run_for(Duration time);
  void close() { faults_.close(*this); }

  [[nodiscard]] const FaultRun& faults() const { return faults_; }
  using WorldSite<Talker>::world;
  [[nodiscard]] const Talker& talker(std::int32_t node) const { return world().process(NodeId(node)); }
  /// How many answers `from` gets from `to` in that time.
  [[nodiscard]] std::int64_t answers_within(Duration time, std::int32_t from, std::int32_t to);
  void set_leader(std::optional<BrokerId> leader) { leader_ = leader; }

  std::vector<api::Request> administered;
  std::int32_t records_sent = 0;
  bool producers_run = true;
  std::vector<std::string> notes;

  [[nodiscard]] const Topology& topology() const override { return topology_; }
  [[nodiscard]] std::optional<NodeId> active_controller() const override { return NodeId(101); }
  [[nodiscard]] std::optional<PartitionTruth> partition(const io::NamedPartition& name) const override;
  [[nodiscard]] std::optional<std::string> topic_name(TopicId id) const override;
  [[nodiscard]] Result<void> may_end(const std::vector<NodeId>&, bool,
                                     const std::set<NodeId>&) const override {
    return {};
  }
  [[nodiscard]] Result<void> may_forget(NodeId) const override { return {}; }
  [[nodiscard]] Result<api::RemoveRaftVoterRequest> removal_of(NodeId controller) const override {
    return api::RemoveRaftVoterRequest{.cluster_id = Uuid{.high = 1, .low = 1},
                                       .voter = {.id = controller, .directory_id = {}}};
  }
  void administer(api::Request request) override { administered.push_back(std::move(request)); }
  [[nodiscard]] bool send_records(const io::NamedPartition&, std::int32_t records) override {
    if (producers_run) records_sent += records;
    return producers_run;
  }
  void strike_at(Instant at, std::uint32_t entry) override {
    world().schedule(at, HarnessToken(2ull * entry));
  }
  void end_at(Instant at, std::uint32_t entry) override {
    world().schedule(at, HarnessToken(2ull * entry + 1));
  }
  void note(std::string line) override { notes.push_back(std::move(line)); }

 private:
  Topology topology_;
  FaultRun faults_;
  std::optional<BrokerId> leader_{BrokerId(1)};
};

}  // namespace odradek::sim
