// Tally: which kinds of things a run has seen: events that processes emitted, and errors that were answered
// and arrived. It is coverage: what never occurs in many runs has not been tested.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <variant>

#include "engine/api/error_code.h"
#include "engine/api/messages.h"
#include "engine/base/fields.h"
#include "engine/io/event.h"

namespace odradek::sim {

class Tally {
 public:
  void count(const io::Event& event) { ++events_[event.index()]; }
  /// Every error code in it, of the whole and of single partitions.
  void count_errors(const api::Response& response);

  /// "event:BecomeLeader", "error:NOT_LEADER_OR_FOLLOWER"; kinds that did not occur are left out.
  void add_to(std::map<std::string, std::uint64_t>& exercised) const;

  FIELDS(events_, errors_)
  friend bool operator==(const Tally&, const Tally&) = default;

 private:
  std::array<std::uint64_t, std::variant_size_v<io::Event>> events_{};
  std::array<std::uint64_t, api::kErrorCodes.size()> errors_{};  ///< by place in the list
};

}  // namespace odradek::sim
