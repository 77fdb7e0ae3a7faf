#include "sim/trace/leaves.h"

#include <map>

namespace odradek::sim {

namespace detail {

std::string leaf_text(const Bytes& bytes) {
  return fmt::format("<{} bytes, {:016x}>", bytes.size(), digest_of(bytes).low);
}

}  // namespace detail

std::vector<Difference> differences(std::span<const Leaf> left, std::span<const Leaf> right) {
  constexpr std::string_view kAbsent = "absent";
  std::map<std::string_view, std::string_view> unmatched;
  for (const Leaf& leaf : right) unmatched.emplace(leaf.path, leaf.value);
  std::vector<Difference> found;
  const auto note = [&found](const std::string& path, std::string_view a, std::string_view b) {
    found.push_back({.path = path, .left = std::string(a), .right = std::string(b)});
  };
  for (const Leaf& leaf : left) {
    const auto other = unmatched.find(leaf.path);
    if (other == unmatched.end()) {
      note(leaf.path, leaf.value, kAbsent);
      continue;
    }
    if (other->second != leaf.value) note(leaf.path, leaf.value, other->second);
    unmatched.erase(other);
  }
  for (const Leaf& leaf : right) {
    if (unmatched.contains(leaf.path)) note(leaf.path, kAbsent, leaf.value);
  }
  return found;
}

}  // namespace odradek::sim
