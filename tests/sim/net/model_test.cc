// Whatever is done to a network, processes hear of it what a naive reference allows, and all that is owed to
// them.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cstddef>
#include <ostream>
#include <vector>

#include "tests/sim/net/twin_networks.h"

namespace odradek::sim {
namespace {

/// A network, and what is done to it.
struct Run {
  std::int32_t jitter_percent = 0;
  std::uint64_t seed = 0;
  std::vector<Deed> deeds;

  /// Patience and retransmissions are short, so that they meet whatever else goes on.
  [[nodiscard]] TwinNetworks begin() const {
    NetworkConfig config;
    config.jitter_percent = jitter_percent;
    config.retransmit_min = milliseconds(1);
    config.retransmit_max = milliseconds(10);
    config.tcp_timeout_min = milliseconds(20);
    config.tcp_timeout_max = milliseconds(60);
    return {config, {.high = 3, .low = seed}};
  }
};

std::ostream& operator<<(std::ostream& out, const Run& run) {
  out << "jitter " << run.jitter_percent << ", seed " << run.seed << ": ";
  for (const Deed& deed : run.deeds) out << deed << "; ";
  return out;
}

/// Uniform below n: as wide in the first case of a property as in its last.
template <class T>
rc::Gen<T> below(T n) {
  return rc::gen::resize(rc::kNominalSize, rc::gen::inRange<T>(0, n));
}

rc::Gen<Deed> deed_in(bool storm) {
  const auto kind = rc::gen::weightedElement<DeedKind>({
#define X(name, calm, stormy) {storm ? stormy : calm, DeedKind::name},
      ODRADEK_NETWORK_DEEDS(X)
#undef X
  });
  return rc::gen::build<Deed>(rc::gen::set(&Deed::kind, kind), rc::gen::set(&Deed::a, below(1000u)),
                              rc::gen::set(&Deed::b, below(1000u)));
}

rc::Gen<Run> run() {
  const auto calm = rc::gen::container<std::vector<Deed>>(deed_in(false));
  const auto storm = rc::gen::container<std::vector<Deed>>(deed_in(true));
  return rc::gen::build<Run>(rc::gen::set(&Run::jitter_percent, rc::gen::element(10, 0, 300)),
                             rc::gen::set(&Run::seed, below<std::uint64_t>(1000)),
                             rc::gen::set(&Run::deeds, rc::gen::resize(300, rc::gen::oneOf(calm, storm))));
}

/// Up to thirty: a property that fails is left with one of them.
std::vector<Run> runs() { return *rc::gen::resize(30, rc::gen::container<std::vector<Run>>(run())); }

RC_GTEST_PROP(NetworkModel, IsWhatTheReferenceAllows, ()) {
  for (const Run& each : runs()) {
    TwinNetworks twins = each.begin();
    for (const Deed& deed : each.deeds) twins.act(deed);
    twins.settle();
    RC_ASSERT(twins.objection() == "");
  }
}

RC_GTEST_PROP(NetworkModel, IsTheSameAfterTheSameDeeds, ()) {
  const Run drawn = *run();
  TwinNetworks a = drawn.begin();
  TwinNetworks b = drawn.begin();
  for (const Deed& deed : drawn.deeds) {
    a.act(deed);
    b.act(deed);
    if (!(a == b)) RC_FAIL("they part");
  }
}

RC_GTEST_PROP(NetworkModel, GoesOnInACopyAsInTheOriginal, ()) {
  const Run drawn = *run();
  const std::size_t half = *below(drawn.deeds.size() + 1);
  TwinNetworks original = drawn.begin();
  for (std::size_t i = 0; i < half; ++i) original.act(drawn.deeds[i]);
  TwinNetworks copy = original;
  const TwinNetworks kept = original;
  const auto go_on = [&](TwinNetworks& twins) {
    for (std::size_t i = half; i < drawn.deeds.size(); ++i) twins.act(drawn.deeds[i]);
    twins.settle();
  };
  go_on(original);
  if (!(copy == kept)) RC_FAIL("the copy feels what is done to the original");
  go_on(copy);
  if (!(copy == original)) RC_FAIL("they part");
  RC_ASSERT(copy.objection() == "");
}

}  // namespace
}  // namespace odradek::sim
