#include "sim/explain/words.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/checkers/registry.h"
#include "sim/faults/topology.h"

namespace odradek::sim {
namespace {

bool is_broker(NodeId node) { return node.value() >= kFirstBroker && node.value() < kFirstController; }
bool is_controller(NodeId node) { return node.value() >= kFirstController && node.value() < kAdmin.value(); }

}  // namespace

std::string person(NodeId node) {
  if (node == kAdmin) return "the administrator";
  if (node == kCanaryProducer) return "the canary's producer";
  if (node == kCanaryConsumer) return "the canary's consumer";
  if (is_broker(node)) return fmt::format("broker {}", node.value());
  return fmt::format("{} {}", node.value() >= kFirstClient ? "client" : "controller", node.value());
}

std::string people(std::span<const NodeId> nodes) {
  if (nodes.empty()) return "nobody";
  if (nodes.size() == 1) return person(nodes.front());
  std::vector<std::string> names;
  const bool brokers = std::ranges::all_of(nodes, is_broker);
  const bool controllers = std::ranges::all_of(nodes, is_controller);
  for (const NodeId node : nodes)
    names.push_back(brokers || controllers ? fmt::format("{}", node.value()) : person(node));
  return (brokers ? "brokers " : controllers ? "controllers " : "") + and_list(names);
}

std::string set_text(std::span<const NodeId> nodes) {
  std::string out;
  for (const NodeId node : nodes) out += fmt::format("{}{}", out.empty() ? "" : ", ", node.value());
  return "{" + out + "}";
}

std::string and_list(const std::vector<std::string>& words) {
  std::string out;
  for (std::uint32_t i = 0; i < words.size(); ++i) {
    const bool last = i + 1 == words.size();
    if (i > 0) out += last ? " and " : ", ";
    out += words[i];
  }
  return out;
}

std::string capital(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text;
}

std::string span_text(Duration span) {
  const std::int64_t ms = span.ms();
  if (ms < 1000) return fmt::format("{} ms", ms);
  std::string fraction = fmt::format("{:03}", ms % 1000);
  while (fraction.ends_with('0')) fraction.pop_back();
  return fmt::format("{}{}{} s", ms / 1000, fraction.empty() ? "" : ".", fraction);
}

std::string moment_text(Instant at) {
  const std::int64_t ms = at.since_start().ms();
  return fmt::format("{}.{:03} s", ms / 1000, ms % 1000);
}

std::string name_of(const Violation& violation) {
  const InvariantInfo* info = find_invariant(violation.invariant);
  return info == nullptr ? violation.invariant : fmt::format("{} {}", violation.invariant, info->name);
}

std::string count_text(std::uint64_t n, std::string_view noun) {
  return fmt::format("{} {}{}", n, noun, n == 1 ? "" : "s");
}

}  // namespace odradek::sim
