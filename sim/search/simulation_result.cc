// What a run comes to: verdict, fingerprint, and what it exercised.
#include <algorithm>
#include <utility>

#include "sim/search/simulation.h"

namespace odradek::sim {
namespace {

void count_operations(const History& history, std::map<std::string, std::uint64_t>& exercised) {
  std::uint64_t acked = 0;
  std::uint64_t unknown = 0;
  std::uint64_t read = 0;
  for (std::uint32_t place = 0; place < history.size(); ++place) {
    const Op& op = history.at(place);
    if (std::holds_alternative<SendOp>(op.what)) {
      acked += op.status == io::CallStatus::kOk ? 1 : 0;
      unknown += op.status == io::CallStatus::kUnknown ? 1 : 0;
    } else if (const auto* poll = std::get_if<PollOp>(&op.what)) {
      for (const PartitionReads& reads : poll->reads) read += reads.records.size();
    }
  }
  exercised["client-calls"] = history.size();
  exercised["records-acked"] = acked;
  exercised["records-unknown"] = unknown;
  exercised["records-read"] = read;
}

}  // namespace

Digest Simulation::fingerprint() const {
  Hasher h;
  feed(h, world_.fingerprint());
  feed(h, world_.state_digest());
  feed(h, workload_.history());
  return h.finish();
}

RunResult Simulation::result() const {
  RunResult result{.scenario = scenario_->name,
                   .seed = seed_,
                   .verdict = is_over() ? Verdict::kPass : Verdict::kInconclusive,
                   .fingerprint = fingerprint(),
                   .events = events(),
                   .simulated = now().since_start(),
                   .violations = checkers_.violations(),
                   .permitted = checkers_.permissions(),
                   .exercised = checkers_.exercised(),
                   .skipped = faults_.skipped(),
                   .struck = faults_.struck(),
                   .pending = pending_};
  result.violations.insert(result.violations.end(), own_violations_.begin(), own_violations_.end());
  std::ranges::stable_sort(result.violations, {}, &Violation::event);
  if (!result.violations.empty()) result.verdict = Verdict::kViolation;
  for (const auto& [kind, count] : faults_.bitten()) result.exercised["fault:" + kind] = count;
  for (const std::string& skipped : faults_.skipped())
    ++result.exercised["skipped:" + skipped.substr(0, skipped.find(' '))];
  tally_.add_to(result.exercised);
  count_operations(workload_.history(), result.exercised);
  for (const auto& [node, count] : exits_) result.exercised["exits"] += count;
  if (checkers_.is_liveness_excused()) result.exercised["liveness-excused"] = 1;
  if (left_behind_) result.exercised["settled-without-one"] = 1;
  for (std::size_t i = 0; i < probes_.size(); ++i) {
    if (probes_[i] > 0) result.sometimes.emplace(name_of(static_cast<Probe>(i)), probes_[i]);
  }
  return result;
}

}  // namespace odradek::sim
