#include "sim/checkers/registry.h"

#include <array>
#include <utility>

namespace odradek::sim {

namespace {

constexpr std::array kInvariants = {
#define X(constant, id, name, mood, visible, source, doc) \
  InvariantInfo{id, name, Mood::mood, visible, source, doc},
    ODRADEK_INVARIANTS(X)
#undef X
};

}  // namespace

std::span<const InvariantInfo> invariants() { return kInvariants; }

const InvariantInfo& info_of(Invariant invariant) { return kInvariants[std::to_underlying(invariant)]; }

}  // namespace odradek::sim
