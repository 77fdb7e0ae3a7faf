// Stage: the hands of the harness. What faults and clients' drivers may see of a run and do to it, for the
// time of one step; it keeps nothing.
#pragma once

#include "sim/faults/site.h"
#include "sim/search/simulation.h"
#include "sim/workload/desk.h"

namespace odradek::sim {

class Stage final : public FaultSite, public ClientPort {
 public:
  Stage(Simulation& run, Tracer* tracer) : run_(run), tracer_(tracer) {}

  [[nodiscard]] Instant now() const override { return run_.world_.now(); }

  // For faults.
  [[nodiscard]] const Topology& topology() const override { return run_.topology_; }
  [[nodiscard]] NodeState state(NodeId node) const override { return run_.world_.state(node); }
  [[nodiscard]] std::optional<PartitionTruth> partition(const io::NamedPartition& name) const override;
  [[nodiscard]] std::optional<std::string> topic_name(TopicId id) const override;
  [[nodiscard]] std::uint64_t stalled(Path path) const override {
    return run_.world_.network().stalled(path);
  }
  [[nodiscard]] std::uint64_t affected(RuleId rule) const override {
    return run_.world_.network().affected(rule);
  }
  void crash(NodeId node) override;
  void boot(NodeId node) override;
  void pause(NodeId node) override { run_.world_.pause(node); }
  void resume(NodeId node) override;
  void block(Path path) override { run_.world_.block(path); }
  void unblock(Path path) override { run_.world_.unblock(path); }
  std::uint32_t reset_between(NodeId a, NodeId b) override { return run_.world_.reset_between(a, b); }
  [[nodiscard]] RuleId delay(RuleScope scope, Duration extra) override {
    return run_.world_.delay(scope, extra);
  }
  [[nodiscard]] RuleId hold(RuleScope scope, HeldMessages messages) override {
    return run_.world_.hold(scope, messages);
  }
  void lift(RuleId rule) override { run_.world_.lift(rule); }
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
  CallId call_admin(api::Request request);
  [[nodiscard]] bool is_traced() const { return tracer_ != nullptr; }
  void say(std::string_view who, std::string_view what) const;

 private:
  Simulation& run_;
  Tracer* tracer_;
};

}  // namespace odradek::sim
