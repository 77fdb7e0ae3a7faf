// The story as a sequence diagram: who is in it from left to right, and its steps from top to bottom.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "bindings/cli/story_text.h"
#include "sim/explain/words.h"
#include "sim/faults/topology.h"
#include "sim/trace/line.h"

namespace odradek::cli {
namespace {

/// Characters that end or change a line of Mermaid become ones that do not.
std::string plain(std::string text) {
  for (char& c : text) {
    if (c == ';' || c == ':') c = ',';
    if (c == '#' || c == '"' || c == '<' || c == '>' || c == '\n') c = ' ';
    if (c == '{') c = '(';
    if (c == '}') c = ')';
  }
  return text;
}

/// Brokers first, in the order of their ids; then controllers and clients.
std::set<NodeId> participants(const sim::Story& story) {
  std::set<NodeId> nodes;
  for (const sim::StoryStep& step : story.steps) {
    nodes.insert(step.who.begin(), step.who.end());
    if (step.arrow) nodes.insert({step.arrow->from, step.arrow->to});
  }
  return nodes;
}

/// Names of nodes have a dash in them, which Mermaid takes for the beginning of an arrow.
std::string id_of(NodeId node) {
  std::string id = sim::node_name(node);
  std::erase(id, '-');
  return id;
}

std::string line_of(const sim::StoryStep& step, std::size_t number, const std::set<NodeId>& everybody) {
  const std::string what = plain(fmt::format("{}. {}", number, step.label));
  if (step.arrow && step.arrow->from != step.arrow->to) {
    return fmt::format("{}{}{}: {}", id_of(step.arrow->from), step.arrow->arrives ? "->>" : "-x",
                       id_of(step.arrow->to), what);
  }
  if (step.who.size() == 1) return fmt::format("Note over {}: {}", id_of(step.who.front()), what);
  const NodeId first = step.who.empty() ? *everybody.begin() : std::ranges::min(step.who);
  const NodeId last = step.who.empty() ? *everybody.rbegin() : std::ranges::max(step.who);
  if (first == last) return fmt::format("Note over {}: {}", id_of(first), what);
  return fmt::format("Note over {},{}: {}", id_of(first), id_of(last), what);
}

}  // namespace

std::string story_mermaid(const sim::Story& story) {
  const std::set<NodeId> nodes = participants(story);
  std::string out = "sequenceDiagram\n";
  if (nodes.empty())
    return out + "  participant run\n  Note over run: nothing that the story tells of happened at a node\n";
  for (const NodeId node : nodes)
    out += fmt::format("  participant {} as {}\n", id_of(node), sim::person(node));
  for (std::size_t i = 0; i < story.steps.size(); ++i)
    out += "  " + line_of(story.steps[i], i + 1, nodes) + "\n";
  return out;
}

}  // namespace odradek::cli
