// DiskPlay: text tests on one disk. What is shown: "name  content", zeros as dots, runs as 4096*a.
//
// Commands: disk                           a fresh one
//           append PATH TEXT | N*c …       each word one append; `-` appends nothing
//           truncate PATH SIZE | rename FROM TO | remove PATH | read PATH POSITION LENGTH
//           fsync PATH                     of a file or a directory (. is the root)
//           begin TICKET PATH | finish TICKET | process-crash
//           power-loss HOW [ORDINAL]       in the words of survival.h
//           drop-cache | empty | swap      swap: with a second, blank disk
//           fail OPERATION PREFIX ERROR | lost-write PREFIX | misdirected-write PREFIX
//             after=N times=N              (* is every path)
//           lift | touched                 of the newest rule
//           rot PREFIX ORDINAL | unreadable PREFIX ORDINAL
//           limit BYTES | size PATH | list DIRECTORY | show | counters
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "sim/disk/sim_disk.h"
#include "tests/support/text_test.h"

namespace odradek::sim {

class DiskPlay {
 public:
  std::string act(const testing::TextCommand& command);

 private:
  std::string mutate(const testing::TextCommand& command);
  std::string sync(const testing::TextCommand& command);
  std::string harm(const testing::TextCommand& command);
  [[nodiscard]] std::string show(const testing::TextCommand& command) const;

  SimDisk disk_;
  SimDisk other_;
  std::vector<DiskRuleId> rules_;
  std::uint64_t ticket_ = 1000;
};

}  // namespace odradek::sim
