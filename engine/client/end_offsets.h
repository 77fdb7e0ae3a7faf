// EndOffsetsFinder: KafkaConsumer.endOffsets. Asks each partition's leader for its latest offset until all
// are known or default.api.timeout.ms has passed; the call then fails, and nothing has happened.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <vector>

#include "engine/client/position_finder.h"

namespace odradek::client {

class EndOffsetsFinder {
 public:
  void begin(const Now& now, CallId id, const io::EndOffsets& call, const ConsumerEnvironment& env);
  void run(const Now& now, const ConsumerEnvironment& env);
  void complete(const Now& now, const Completion& completion, const ConsumerEnvironment& env);
  void consider_due(Earliest& earliest) const;

  struct ParkedCall {
    std::vector<io::NamedPartition> partitions;  ///< in the order of the call
    MonotonicTime deadline;
    std::optional<MonotonicTime> not_before;
    std::set<io::NamedPartition> asked;
    std::map<io::NamedPartition, Offset> found;

    FIELDS(partitions, deadline, not_before, asked, found)
    friend bool operator==(const ParkedCall&, const ParkedCall&) = default;
  };

  struct Asked {
    CallId call;
    std::vector<io::NamedPartition> partitions;

    FIELDS(call, partitions)
    friend bool operator==(const Asked&, const Asked&) = default;
  };

  FIELDS(calls_, in_flight_)
  friend bool operator==(const EndOffsetsFinder&, const EndOffsetsFinder&) = default;

 private:
  void ask(const Now& now, CallId id, ParkedCall& call, const ConsumerEnvironment& env);

  std::map<CallId, ParkedCall> calls_;
  std::map<RequestKey, Asked> in_flight_;
};

}  // namespace odradek::client
