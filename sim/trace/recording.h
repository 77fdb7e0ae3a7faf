// Recording: a run told in marks, so that two tellings of what should be one run can be compared; and the one
// step at which they part, told in full.
//
//   record(run, {.every = 512})          a mark after every 512th step: digests of all that happened and all
//   that is first_disagreement(one, other)       which mark differs first look(run, step) that step: what it
//   was, and every value before and after it divergence(one_look, other_look)     the members that differ, by
//   path
//
// A run is taken through its one face, `Recordable`: the simulator's runs (sim/search/simulation_run.h), and
// worlds of any process (world_run.h). Recording changes nothing in what is recorded.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/base/hash.h"
#include "sim/kernel/step_report.h"
#include "sim/trace/leaves.h"

namespace odradek::sim {

/// Where a run stands.
struct Mark {
  std::uint64_t step = 0;   ///< steps of the run so far: those of nodes, and moments of the harness
  std::uint64_t event = 0;  ///< steps of nodes so far
  Instant at;
  Digest happened;  ///< the fingerprint: of every input, effect and operation so far
  Digest is;        ///< of the whole state

  FIELDS(step, event, at, happened, is)
  friend bool operator==(const Mark&, const Mark&) = default;
};

/// What one step was.
struct Sight {
  std::string title = "the harness";  ///< "b2 fetcher ResponseReceived"
  Leaves leaves;                      ///< node, lane, input, effects: none when no node took the step
  std::vector<std::string> lines;     ///< what a trace says of it

  FIELDS(title, leaves, lines)
  friend bool operator==(const Sight&, const Sight&) = default;
};

/// Of messages that are sent only the kind is told: they have moved on into the network, which is part of the
/// state.
[[nodiscard]] Sight sight_of(const StepReport& report);

class Recordable {
 public:
  Recordable() = default;
  Recordable(const Recordable&) = delete;
  Recordable& operator=(const Recordable&) = delete;
  virtual ~Recordable() = default;

  /// False when the run was over. `seen` may be null; otherwise it is told what the step was.
  virtual bool step(Sight* seen) = 0;
  [[nodiscard]] virtual std::uint64_t event() const = 0;
  [[nodiscard]] virtual Instant now() const = 0;
  /// Of all that happened; cheap.
  [[nodiscard]] virtual Digest happened() const = 0;
  /// Of all that is; as much work as the state is large.
  [[nodiscard]] virtual Digest digest() const = 0;
  [[nodiscard]] virtual Leaves state() const = 0;
};

/// Marks after every `every`-th step of (from, to], and after the last one.
struct Window {
  std::uint64_t from = 0;
  std::uint64_t to = std::numeric_limits<std::uint64_t>::max();
  std::uint64_t every = 512;
};

/// REQUIRES: the run is at its beginning, as in `look`.
[[nodiscard]] std::vector<Mark> record(Recordable& run, const Window& window);

/// The place of the first mark that differs or that only one of them has.
[[nodiscard]] std::optional<std::size_t> first_disagreement(std::span<const Mark> one,
                                                            std::span<const Mark> other);

struct Look {
  Mark mark;  ///< after the step
  Sight sight;
  Leaves before;  ///< the whole state; empty when that was not asked for
  Leaves after;
  std::vector<std::string> context;  ///< titles of the steps before it, the last one last

  FIELDS(mark, sight, before, after, context)
  friend bool operator==(const Look&, const Look&) = default;
};

struct LookOptions {
  bool before = true;         ///< not needed when the runs are known to be equal up to there
  std::uint64_t context = 8;  ///< so many steps are told by their titles
};

/// Absent when the run is over before that step.
[[nodiscard]] std::optional<Look> look(Recordable& run, std::uint64_t step, const LookOptions& options = {});

/// The step at which two runs part.
struct Divergence {
  Look left;
  Look right;
  std::vector<Difference>
      members;  ///< of the step first, then of the state, as far as they were equal before

  FIELDS(left, right, members)
  friend bool operator==(const Divergence&, const Divergence&) = default;
};

[[nodiscard]] Divergence divergence(Look left, Look right);

}  // namespace odradek::sim
