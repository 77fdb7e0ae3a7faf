// PuppetPlay: text tests on a stage of three puppets.
//
// Commands: stage [responds]                a fresh stage: nodes 1, 2 and 3, each path takes one millisecond
//           1 ORDER[; ORDER…]               an order to node 1, in the words of puppet.h
//           run TIME                        shows who hears what meanwhile, and when
//           crash|boot|restart|pause|resume NODE
//           block|unblock FROM TO           one direction
//           reset A B                       all connections between them
//           delay FROM TO TIME              a node or * at either end
//           hold FROM TO request|response   of Fetch
//           lift                            the newest delay or hold
//           power-loss NODE                 only what was synced is left
//           cut NODE N                      it dies in the middle of its next step that writes, after N
//           things stall|unstall NODE              its disk throttle NODE BYTES             per second, to
//           its disk slow NODE FACTOR                all of its lanes hold-network|release-network N  the
//           lane that takes what its own connections bring show counters|connections|touched | show stalled
//           FROM TO | show file NODE PATH
#pragma once

#include <map>
#include <string>
#include <vector>

#include "tests/sim/support/puppet.h"
#include "tests/support/text_test.h"

namespace odradek::sim {

class PuppetPlay {
 public:
  PuppetPlay() { begin({}); }

  std::string act(const testing::TextCommand& command);

 private:
  void begin(const testing::TextCommand& command);
  void tell(const testing::TextCommand& command);
  std::string run(Duration time);
  [[nodiscard]] std::string show(const testing::TextCommand& command) const;

  PuppetStage stage_;
  Instant start_;
  std::map<int, std::size_t> shown_;  ///< how much of what each node heard
  std::vector<RuleId> rules_;
};

}  // namespace odradek::sim
