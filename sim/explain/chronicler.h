// Chronicler: follows a run and writes its chronicle. Whoever does not want one pays nothing.
//
//   Chronicler chronicler;
//   const RunResult result = run(scenario, seed, {.tracer = &chronicler});
//   const Chronicle chronicle = std::move(chronicler).chronicle();
//
// It finds causes by name: a request by its connection and correlation id, a timer by its node and kind.
// Faults, deaths, starts and metadata logs show as differences between the run after one step and after the
// next.
#pragma once

#include <map>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

#include "sim/explain/chronicle.h"
#include "sim/explain/metadata_sight.h"
#include "sim/faults/fault_run.h"
#include "sim/search/tracer.h"

namespace odradek::sim {

class Chronicler final : public Tracer {
 public:
  void line(std::string_view) override {}
  void step(const StepReport& report) override;
  void followed(const Simulation& run) override;

  /// What was written so far; what is still under way counts as lost.
  [[nodiscard]] Chronicle chronicle() &&;

 private:
  [[nodiscard]] ChronicleStep step_of(const StepReport& report);
  void note_effects(const StepReport& report);
  void note_metadata(const Simulation& run);
  void note_nodes(const Simulation& run);
  void note_faults(const Simulation& run);
  [[nodiscard]] FaultStruck struck(std::uint32_t entry, const Simulation& run) const;
  void add(NodeId node, decltype(Happening::what) what);

  using Letter = std::tuple<ConnectionId, CorrelationId, bool>;  ///< a message under way; true: a response
  struct Dialled {
    std::uint64_t step = 0;
    NodeId from;
    NodeId to;
  };
  template <class Message>
  void post(const Message& message, const auto& body, NodeId from, bool response);

  Chronicle chronicle_;
  Instant now_;
  std::uint64_t step_ = 0;
  std::optional<NodeId> stepped_;  ///< by this step; absent: it was the harness's
  bool in_safety_ = false;
  std::map<Letter, LostLetter> letters_;  ///< lost so far
  std::map<std::pair<NodeId, io::Timer>, std::uint64_t> timers_;
  std::map<std::pair<NodeId, FsyncTicket>, std::uint64_t> fsyncs_;
  std::map<ConnectionId, Dialled> dialled_;
  std::map<std::pair<NodeId, io::Work>, std::vector<std::uint64_t>> work_;
  std::map<NodeId, std::uint32_t> incarnations_;
  std::map<NodeId, NodeState> states_;
  std::map<NodeId, std::string> exits_;
  std::vector<FaultRun::Stage> stages_;
  std::map<NodeId, MetadataSight> metadata_;
};

}  // namespace odradek::sim
