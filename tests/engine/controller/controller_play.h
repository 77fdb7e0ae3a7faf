// ControllerPlay: text tests on a controller with one partition, orders-0. What it appends is committed at
// once.
//
// Commands: cluster LEVEL MIN [unclean]    a fresh controller: eligible.leader.replicas.version,
//                                          min.insync.replicas, unclean.leader.election.enable
//           start BROKER…                  they register and are unfenced
//           topic BROKER…                  creates orders with these replicas
//           register BROKER [clean]        a new incarnation, after a clean shutdown or not
//           heartbeat BROKER [leaving]     caught up
//           fence BROKER                   its session expires while the others' go on
//           silence                        as long as a session, but nobody has looked yet
//           isr BROKER…                    the leader proposes this ISR
//           elect preferred|unclean        an administrator does
//           fail-over                      another controller takes over: soft state is gone
//           show
//
// Each tells what was answered, and the partition if that changed:
//   orders-0: leader=1 isr=[1 2] elr=[3] last_known=[] epochs=0/1      (leader epoch / partition epoch)
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "tests/engine/controller/controller_bench.h"
#include "tests/support/text_test.h"

namespace odradek::controller {

class ControllerPlay {
 public:
  std::string act(const testing::TextCommand& command);

 private:
  std::string perform(const testing::TextCommand& command);
  std::string create(const testing::TextCommand& command);
  std::string register_again(const testing::TextCommand& command);
  std::string heartbeat(const testing::TextCommand& command);
  std::string alter(const testing::TextCommand& command);
  std::string elect(const testing::TextCommand& command);
  void expire(std::int32_t broker);
  [[nodiscard]] std::string partition_line();

  ControllerBench bench_;
  TopicPartition tp_;
  std::string shown_;
  std::uint64_t incarnations_ = 1;
};

}  // namespace odradek::controller
