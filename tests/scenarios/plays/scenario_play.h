// ScenarioPlay: text tests on a whole cluster. Their scenario is a file like any other; what it says of time
// counts from the cluster's readiness, and so do the times shown.
//
//   scenario [SEED [BROKERS [KEY=VALUE…]]]
//                        its lines are added to the base: three brokers, one topic `orders` of one partition,
//                        one producer that sends when an entry of the script says `send`
//   show WORD…           from now on `run` shows events and harness lines that begin with one of these
//   run TIME             goes on, and shows
//   state                every broker: its role, its log by epochs, its high watermark
//   finish               to the end; the verdict, and what was skipped or bit
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/search/simulation.h"
#include "tests/support/text_test.h"

namespace odradek::scenarios {

class ScenarioPlay {
 public:
  std::string act(const testing::TextCommand& command);

 private:
  void begin(const testing::TextCommand& command);
  std::string run(Duration time);
  [[nodiscard]] std::string state() const;
  std::string finish();

  std::optional<sim::Simulation> simulation_;
  sim::Instant ready_;
  std::vector<std::string> shown_;
};

}  // namespace odradek::scenarios
