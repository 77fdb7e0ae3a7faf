// ApiPlay: text tests on what a replica of the metadata log answers, one file for each API.
//
// Controllers are 101 102 103 …, and whatever node 1 asks it asks from outside. Words in brackets may be left
// out; `cluster=other` and `directory=other` name ones that do not exist, `none` leaves a field empty.
//
// Commands: quorum N [static] [snapshots] N controllers, of which one is elected; static: kraft.version 0;
//                                         snapshots: one every few records
//           observe NODE                  a controller that is no voter starts
//           append [N]                    the leader appends so many records, and they are committed
//           run DURATION
//           vote TO [cluster=C] [voter=N] [directory=D] [candidate=N] [epoch=±N] [end=OFFSET/EPOCH] [pre]
//           begin TO [cluster=C] [voter=N] [directory=D] [leader=N] [epoch=±N]
//           end TO [cluster=C] [leader=N] [epoch=±N]
//           fetch TO [cluster=C] [by=N] [epoch=±N] [from=OFFSET] [last=EPOCH]
//           fetch-snapshot TO [cluster=C] [by=N] [epoch=±N] [snapshot=OFFSET/EPOCH] [position=N]
//           add TO NODE [cluster=C] [directory=D]
//           remove TO NODE [cluster=C] [directory=D]
//           describe TO [topic=NAME] [partition=N]
//           update TO NODE [cluster=C] [directory=D] [epoch=±N] [versions=MIN-MAX]
//
// TO is a node, "leader" or "follower". Epochs are relative to the one that is led: -1, 0, +1. Each tells the
// answer, "ok" if nothing is wrong, and what the answer says of the leader.
#pragma once

#include <optional>
#include <string>

#include "tests/engine/raft/quorum_bench.h"
#include "tests/support/text_test.h"

namespace odradek::raft {

class ApiPlay {
 public:
  std::string act(const testing::TextCommand& command);

 private:
  void begin(const testing::TextCommand& command);
  std::string vote(const testing::TextCommand& command);
  std::string begin_epoch(const testing::TextCommand& command);
  std::string end_epoch(const testing::TextCommand& command);
  std::string fetch(const testing::TextCommand& command);
  std::string fetch_snapshot(const testing::TextCommand& command);
  std::string add(const testing::TextCommand& command);
  std::string remove(const testing::TextCommand& command);
  std::string update(const testing::TextCommand& command);
  std::string describe(const testing::TextCommand& command);

  template <class Response>
  [[nodiscard]] std::string told_or_ended(const testing::TextCommand& command,
                                          const std::optional<Response>& response);
  [[nodiscard]] int to(const testing::TextCommand& command);
  [[nodiscard]] LeaderEpoch epoch(const testing::TextCommand& command);
  [[nodiscard]] ReplicaKey key(const testing::TextCommand& command, int node);

  std::optional<Quorum> quorum_;
  int leader_ = 0;
};

}  // namespace odradek::raft
