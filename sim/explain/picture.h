// Picture: one partition as a chronicle shows it up to some point: what lies in each replica's log and whose
// append it goes back to, who leads, who is in sync. Events name offsets; the picture knows which record is
// meant.
//
//   Picture picture(tp);
//   for (const Happening& happening : chronicle.happenings) picture.apply(chronicle, happening);
//   picture.holders(Record{.offset = Offset(1), .origin = 0})
//
// A dead process keeps its log: until it is opened again nobody knows better.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "sim/explain/chronicle.h"

namespace odradek::sim {

/// One append by a leader on behalf of clients: where records come from.
struct Origin {
  std::uint64_t step = 0;
  BrokerId leader;
  LeaderEpoch epoch;
  Offset base;
  Offset end;

  FIELDS(step, leader, epoch, base, end)
  friend bool operator==(const Origin&, const Origin&) = default;
};

/// One record: who wrote it, at which offset. Another one may stand at the same offset elsewhere.
struct Record {
  Offset offset;
  std::uint32_t origin = 0;  ///< place in Picture::origins

  FIELDS(offset, origin)
  friend bool operator==(const Record&, const Record&) = default;
};

/// Offsets [base, end) of a log, written by one append.
struct Stretch {
  Offset base;
  Offset end;
  std::uint32_t origin = 0;

  FIELDS(base, end, origin)
  friend bool operator==(const Stretch&, const Stretch&) = default;
};

/// What a log lost at some step: everything from `at` on.
struct Cut {
  std::uint64_t step = 0;
  Offset at;
  std::vector<Stretch> lost;

  FIELDS(step, at, lost)
  friend bool operator==(const Cut&, const Cut&) = default;
};

struct ReplicaPicture {
  bool up = true;
  bool leads = false;
  bool given_up = false;  ///< its broker has deleted the log
  LeaderEpoch leader_epoch;
  Offset log_end;
  std::optional<Offset> high_watermark;  ///< absent: not heard of since the log was opened
  std::vector<Stretch> log;              ///< ascending; what nobody was seen to write is left out
  std::vector<Cut> cuts;                 ///< in the order of their steps

  /// Whose append stands at the offset, if it is known.
  [[nodiscard]] std::optional<std::uint32_t> origin_at(Offset offset) const;
  /// What stood in [base, end) after that step.
  [[nodiscard]] std::vector<Stretch> as_of(std::uint64_t step, Offset base, Offset end) const;
  void cut(Offset end, std::uint64_t step);
  void append(const Stretch& stretch);

  FIELDS(up, leads, given_up, leader_epoch, log_end, high_watermark, log, cuts)
  friend bool operator==(const ReplicaPicture&, const ReplicaPicture&) = default;
};

class Picture {
 public:
  explicit Picture(TopicPartition tp) : tp_(tp) {}

  void apply(const Chronicle& chronicle, const Happening& happening);

  [[nodiscard]] const TopicPartition& tp() const { return tp_; }
  [[nodiscard]] const std::map<BrokerId, ReplicaPicture>& replicas() const { return replicas_; }
  [[nodiscard]] const ReplicaPicture& replica(BrokerId broker) const;
  [[nodiscard]] const std::vector<Origin>& origins() const { return origins_; }
  /// As the controller has committed it; absent before the partition exists.
  [[nodiscard]] const std::optional<io::ChangePartition>& committed() const { return committed_; }
  /// Replicas whose log has this very record, ascending.
  [[nodiscard]] std::vector<BrokerId> holders(const Record& record) const;
  /// False for what a controller that has restarted tells once more.
  [[nodiscard]] bool is_news(const io::ChangePartition& change) const;

 private:
  void on(const Chronicle& chronicle, const Happening& happening, const io::Event& event);
  void on_append(const Chronicle& chronicle, const Happening& happening, const io::AppendLog& append);
  [[nodiscard]] std::vector<Stretch> copied(const Chronicle& chronicle, std::uint64_t step, Offset base,
                                            Offset end) const;

  TopicPartition tp_;
  std::map<BrokerId, ReplicaPicture> replicas_;
  std::vector<Origin> origins_;
  std::optional<io::ChangePartition> committed_;
};

}  // namespace odradek::sim
