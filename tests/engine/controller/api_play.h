// ApiPlay: text tests on the answers of the controller, one file for each API. What it appends is committed.
//
// Brokers are 1 2 3 …, lists are written 1,2,3. Words in brackets may be left out.
//
// Commands: cluster [elr=0] [min=N] [unclean]                    a fresh controller and its topics' defaults
//                   [kraft=0] [silent-voters]                    the quorum's kraft.version, and whether all
//                   voters
//                                                                have told that they speak a higher one
//           start BROKER [rack=R] [dirs=A,B]                     it registers and is unfenced
//           register BROKER [cluster=other] [incarnation=N] [rack=R] [dirs=A,B] [feature=NAME:MIN:MAX]
//           heartbeat BROKER [epoch=N] [offline=A,B] [fence] [leaving]
//           unregister BROKER
//           create NAME [partitions=N] [factor=N] [on=1,2;2,3] [config=KEY:VALUE]
//           grow NAME count=N [on=1,2;2,3] [validate]            grow NAME,NAME: in one request
//           delete NAME…                                         NAME, id:NAME, id:none, both:NAME or neither
//           reassign TOPIC PARTITION to=1,2
//           cancel TOPIC PARTITION
//           reassignments [TOPIC PARTITION]
//           alter topic|broker NAME [set KEY VALUE]… [delete KEY] [append KEY VALUE] [subtract KEY VALUE]
//                                                                broker all: those that all inherit; validate
//           feature NAME LEVEL upgrade|safe|unsafe|unknown [validate]
//           elect preferred|unclean TOPIC PARTITION
//           isr TOPIC PARTITION 1,2 [by=N] [epoch=N] [leader-epoch=N] [partition-epoch=N] [member-epoch=N]
//               [recovering]                                     AlterPartition, by the leader as things are
//           fail-over
//
// Each tells the answer, "ok" if nothing is wrong, and then the partitions that changed:
//   t-0: leader=1 isr=[1 2] replicas=[1 2 3] adding=[3] removing=[] elr=[] epochs=0/1
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "tests/engine/controller/controller_bench.h"
#include "tests/support/text_test.h"

namespace odradek::controller {

class ApiPlay {
 public:
  std::string act(const testing::TextCommand& command);

 private:
  std::string perform(const testing::TextCommand& command);
  std::string register_broker(const testing::TextCommand& command);
  std::string heartbeat(const testing::TextCommand& command);
  std::string unregister(const testing::TextCommand& command);
  std::string create(const testing::TextCommand& command);
  std::string grow(const testing::TextCommand& command);
  std::string remove(const testing::TextCommand& command);
  std::string reassign(const testing::TextCommand& command);
  std::string list(const testing::TextCommand& command);
  std::string alter(const testing::TextCommand& command);
  std::string update(const testing::TextCommand& command);
  std::string elect(const testing::TextCommand& command);
  std::string propose_isr(const testing::TextCommand& command);
  [[nodiscard]] TopicId id_of(std::string_view topic);
  /// What each partition looks like, by name.
  [[nodiscard]] std::map<std::string, std::string> partitions();

  ControllerBench bench_;
  std::map<std::string, std::string> shown_;
};

}  // namespace odradek::controller
