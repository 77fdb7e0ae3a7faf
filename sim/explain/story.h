// Story: an explanation as people follow it, before it is laid out: who takes part, what happened in numbered
// steps, what should have held, where it broke, and what to look at next.
//
//   const Chronicle chronicle = …;
//   if (const auto subject = subject_of(result)) story = tell(chronicle, *subject, scenario, result);
//
// Sentences are whole and plain; terms are explained where they come up first. Programs lay it out as text,
// Markdown, a diagram or JSON.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/explain/slice.h"
#include "sim/search/result.h"
#include "sim/search/scenario.h"

namespace odradek::sim {

struct Character {
  std::string name;
  std::string text;

  FIELDS(name, text)
  friend bool operator==(const Character&, const Character&) = default;
};

/// A message that carried a step, for diagrams.
struct Arrow {
  NodeId from;
  NodeId to;
  bool arrives = true;

  FIELDS(from, to, arrives)
  friend bool operator==(const Arrow&, const Arrow&) = default;
};

struct StoryStep {
  Instant at;
  std::uint64_t event = 0;  ///< as in traces and `replay`
  BeatKind kind{};
  std::vector<NodeId> who;  ///< whose step it is; none: the harness's
  std::string text;
  std::string label;                   ///< a few words for diagrams
  std::optional<Arrow> arrow;          ///< absent: it happened at one place
  std::vector<std::string> logs;       ///< one phrase per replica, where they have changed
  std::vector<std::uint32_t> follows;  ///< numbers of earlier steps, from 1
  bool breaks = false;                 ///< the earliest invariant was broken here

  FIELDS(at, event, kind, who, text, label, arrow, logs, follows, breaks)
  friend bool operator==(const StoryStep&, const StoryStep&) = default;
};

struct Story {
  std::string title;
  std::vector<Character> cast;
  std::vector<StoryStep> steps;
  std::string promise;             ///< what should have held, or what a setting permits
  std::string source;              ///< where that is written
  std::vector<std::string> broke;  ///< the earliest inside the cluster, and what clients saw
  std::vector<std::string> next;   ///< what to look at
  std::optional<Instant> look_at;  ///< the moment to look at first

  FIELDS(title, cast, steps, promise, source, broke, next, look_at)
  friend bool operator==(const Story&, const Story&) = default;
};

/// A run in which nothing was violated and nothing lost: a title, and what was looked at.
[[nodiscard]] Story tell_held(const Scenario& scenario, const RunResult& result);

[[nodiscard]] Story tell(const Chronicle& chronicle, const Subject& subject, const Scenario& scenario,
                         const RunResult& result);

}  // namespace odradek::sim
