#include "sim/checkers/registry.h"

#include <algorithm>
#include <array>
#include <utility>

namespace odradek::sim {

namespace {

constexpr std::array kInvariants = {
#define X(constant, id, name, mood, visible, source, doc, promise) \
  InvariantInfo{id, name, Mood::mood, visible, source, doc, promise},
    ODRADEK_INVARIANTS(X)
#undef X
};

}  // namespace

std::span<const InvariantInfo> invariants() { return kInvariants; }

const InvariantInfo& info_of(Invariant invariant) { return kInvariants[std::to_underlying(invariant)]; }

const InvariantInfo* find_invariant(std::string_view id) {
  const auto found = std::ranges::find(kInvariants, id, &InvariantInfo::id);
  return found == kInvariants.end() ? nullptr : &*found;
}

}  // namespace odradek::sim
