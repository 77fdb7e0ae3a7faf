// The checkers against themselves: a run that breaks nothing is recorded, then what clients saw of it, or
// what the checkers hold of it, is falsified in one place, and the run goes on to its verdict. Each
// falsification has to be found by exactly the invariants that it breaks; and every invariant that judges by
// the history or the ledger has to find one.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <optional>
#include <ostream>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "sim/search/simulation.h"
#include "tests/sim/search/small_scenario.h"

namespace odradek::sim {
namespace {

using Ids = std::set<std::string>;

const io::NamedPartition kPartition{.topic = "orders", .partition = PartitionId(0)};
/// A record in the middle: others stand before and behind it, and everybody has read it.
constexpr Offset kMiddle{20};

Ids ids_of(const Simulation& run) {
  Ids ids;
  for (const Violation& violation : run.result().violations) ids.insert(violation.invariant);
  return ids;
}

void run_until(Simulation& run, Phase phase) {
  while (run.phase() < phase) run.step(Instant::never(), nullptr);
}

/// One run, kept at the moments at which it is falsified.
struct Recorded {
  Simulation before_election;  ///< of another leader, by a crash
  Simulation before_reading;   ///< by which the harness reads everything once more
  Simulation before_verdict;
};

Recorded record_clean_run() {
  Scenario scenario = small_scenario();
  const NodeSelector leader{.kind = NodeSelector::Kind::kLeaderOf, .name = "orders"};
  scenario.script.push_back({.when = seconds(5), .fault = CrashFault{leader}, .duration = seconds(3)});
  Simulation run(scenario, 1);
  run_until(run, Phase::kSafety);
  const Instant crash = run.now() + seconds(5);
  while (run.now() < crash - milliseconds(1)) run.step(crash - milliseconds(1), nullptr);
  const Simulation before_election = run;
  run_until(run, Phase::kReading);
  const Simulation before_reading = run;
  std::uint64_t steps = 0;
  for (; !run.is_over(); ++steps) run.step(Instant::never(), nullptr);
  Simulation before_verdict = before_reading;
  for (std::uint64_t i = 1; i < steps; ++i) before_verdict.step(Instant::never(), nullptr);
  return {
      .before_election = before_election, .before_reading = before_reading, .before_verdict = before_verdict};
}

const Recorded& recorded() {
  static const Recorded kRecorded = record_clean_run();
  return kRecorded;
}

// What is falsified. A run is a value with all its members in FIELDS, so nothing has to be opened for this.

History& history_of(Simulation& run) { return field_of<History>(field_of<Workload>(run)); }

NetworkCounters& counters_of(Simulation& run) {
  auto& world = field_of<World<node::Process>>(run);
  return field_of<NetworkCounters>(field_of<Network>(world));
}

RecordLog& ledger_of(Simulation& run) {
  auto& state = field_of<CheckersState>(field_of<Checkers>(run));
  for (auto& [tp, partition] : state.partitions) {
    if (partition->truth && tp.partition == kPartition.partition) return partition.write().ledger;
  }
  throw std::logic_error("orders-0 is unknown");
}

/// Calls `change` for what each poll of `reader`, or of everybody, returned of the partition.
void change_polls(Simulation& run, std::optional<NodeId> reader,
                  const std::function<void(std::vector<ReadRecord>&)>& change) {
  History& history = history_of(run);
  for (std::uint32_t place = 0; place < history.size(); ++place) {
    if (reader && history.at(place).process != *reader) continue;
    if (!std::holds_alternative<PollOp>(history.at(place).what)) continue;
    for (auto& [partition, topic, records] : std::get<PollOp>(history.open(place).what).reads) {
      if (partition == kPartition) change(records);
    }
  }
}

bool stands_at(const ReadRecord& read, Offset offset) { return read.offset == offset; }

/// The acknowledged send of the record at this offset.
Op& send_at(Simulation& run, Offset offset) {
  History& history = history_of(run);
  for (std::uint32_t place = 0; place < history.size(); ++place) {
    const auto* send = std::get_if<SendOp>(&history.at(place).what);
    if (send != nullptr && send->partition == kPartition && send->offset == offset)
      return history.open(place);
  }
  throw std::logic_error("nothing was acknowledged there");
}

SendOp& sent_at(Simulation& run, Offset offset) { return std::get<SendOp>(send_at(run, offset).what); }

/// The next record that the same producer sent to the same partition.
SendOp& next_sent(Simulation& run, Offset offset) {
  const NodeId producer = sent_at(run, offset).id.client;
  while (sent_at(run, ++offset).id.client != producer) {
  }
  return sent_at(run, offset);
}

Offset last_offset(Simulation& run) { return ledger_of(run).end() + -1; }

constexpr NodeId kReader{1003};

void drop_read(Simulation& run, std::optional<NodeId> reader, Offset offset) {
  change_polls(run, reader, [offset](std::vector<ReadRecord>& records) {
    std::erase_if(records, [offset](const ReadRecord& read) { return stands_at(read, offset); });
  });
}

void duplicate_read(Simulation& run) {
  change_polls(run, kReader, [](std::vector<ReadRecord>& records) {
    const auto found =
        std::ranges::find_if(records, [](const auto& read) { return stands_at(read, kMiddle); });
    if (found != records.end()) records.insert(found, ReadRecord(*found));
  });
}

void swap_reads(Simulation& run) {
  change_polls(run, kCanaryConsumer, [](std::vector<ReadRecord>& records) {
    const auto found =
        std::ranges::find_if(records, [](const auto& read) { return stands_at(read, kMiddle); });
    if (found == records.end()) return;
    const auto next =
        std::ranges::find_if(records, [](const auto& read) { return stands_at(read, kMiddle + 1); });
    std::swap(*found, *next);
  });
}

void change_read(Simulation& run, const std::function<void(ReadRecord&)>& change) {
  change_polls(run, kReader, [&change](std::vector<ReadRecord>& records) {
    for (ReadRecord& read : records) {
      if (stands_at(read, kMiddle)) return change(read);
    }
  });
}

/// The poll says that it found the record in another partition.
void read_elsewhere(Simulation& run) {
  History& history = history_of(run);
  for (std::uint32_t place = 0; place < history.size(); ++place) {
    if (history.at(place).process != kReader) continue;
    if (!std::holds_alternative<PollOp>(history.at(place).what)) continue;
    auto& reads = std::get<PollOp>(history.open(place).what).reads;
    for (auto& [partition, topic, records] : reads) {
      const auto found =
          std::ranges::find_if(records, [](const auto& read) { return stands_at(read, kMiddle); });
      if (partition != kPartition || found == records.end()) continue;
      PartitionReads elsewhere{.partition = {.topic = kPartition.topic, .partition = PartitionId(1)},
                               .topic_id = topic,
                               .records = {*found}};
      records.erase(found);
      reads.push_back(std::move(elsewhere));
      return;
    }
  }
}

void swap_acks(Simulation& run) { std::swap(sent_at(run, kMiddle).offset, next_sent(run, kMiddle).offset); }

/// A client is told that a record was written that no broker ever saw.
void forge_ack(Simulation& run) {
  Op op = send_at(run, kMiddle);
  auto& send = std::get<SendOp>(op.what);
  send.id.number += 1'000;
  send.offset = last_offset(run) + 1;
  send.content = content_of({}, encode_record_value(send.id, 8), {});
  history_of(run).invoke(op);
}

/// The acknowledgement of the canary's record, sent when all faults had ended.
void forget_ack(Simulation& run) {
  Op& op = send_at(run, last_offset(run));
  op.status = io::CallStatus::kUnknown;
  std::get<SendOp>(op.what).offset.reset();
}

void rewrite_ledger(RecordLog& ledger, Offset from,
                    const std::function<void(std::vector<LoggedRecord>&)>& change) {
  std::vector<LoggedRecord> records;
  for (Offset offset = from; offset < ledger.end(); ++offset) records.push_back(ledger.at(offset));
  ledger.truncate(from);
  change(records);
  for (const LoggedRecord& record : records) ledger.append(record);
}

node::BrokerNode& broker_of(Simulation& run, BrokerId id) {
  auto& world = field_of<World<node::Process>>(run);
  for (auto& slot : field_of<std::vector<Cow<NodeSlot<node::Process>>>>(world)) {
    if (slot->id != id) continue;
    auto& server = std::get<node::Server>(field_of<node::Process::Kind>(slot.write().process));
    return field_of<std::optional<node::BrokerNode>>(server).value();
  }
  throw std::logic_error("no such broker");
}

/// A broker's metadata says that nobody leads the partition, as of the very offset where the others' says
/// otherwise.
void falsify_image(Simulation& run) {
  auto& image = field_of<metadata::MetadataImage>(broker_of(run, BrokerId(2)));
  metadata::ImageDelta delta;
  image.replay(metadata::PartitionChangeRecord{.partition_id = kPartition.partition,
                                               .topic_id = image.topic(kPartition.topic)->id,
                                               .leader = std::optional<BrokerId>()},
               delta);
}

/// A leader fetches its own partition from another broker.
void add_fetcher(Simulation& run) {
  const PartitionTruth truth = run.truth().partition(kPartition).value();
  auto& replicas = field_of<replica::ReplicaManager>(broker_of(run, *truth.leader));
  auto& fetchers = field_of<std::map<BrokerId, replica::Fetcher>>(replicas);
  const BrokerId other = truth.replicas[truth.replicas.front() == *truth.leader ? 1 : 0];
  fetchers.try_emplace(other, other, replicas.config())
      .first->second.add(*replicas.find(*run.truth().id_of(kPartition)));
}

void append_to_ledger(Simulation& run) {
  RecordLog& ledger = ledger_of(run);
  ledger.append({.content = 4711, .epoch = ledger.at(ledger.end() + -1).epoch});
}

enum class Moment : std::uint8_t { kBeforeElection, kBeforeReading, kBeforeVerdict };

struct Falsification {
  std::string name;
  Moment moment = Moment::kBeforeVerdict;
  std::function<void(Simulation&)> apply;
  Ids found_by;
};

void PrintTo(const Falsification& falsification, std::ostream* out) { *out << falsification.name; }

const std::vector<Falsification>& falsifications() {
  static const std::vector<Falsification> kAll = {
      {"ReadDroppedEverywhere",
       Moment::kBeforeVerdict,
       [](auto& run) { drop_read(run, {}, kMiddle); },
       {"H-families", "J3", "J9"}},
      {"ReadDroppedFromOneReader",
       Moment::kBeforeVerdict,
       [](auto& run) { drop_read(run, kReader, kMiddle); },
       {"J9"}},
      {"LastReadDropped",
       Moment::kBeforeVerdict,
       [](auto& run) { drop_read(run, {}, last_offset(run)); },
       {"H-families", "J11"}},
      {"ReadDuplicated", Moment::kBeforeVerdict, duplicate_read, {"J9"}},
      {"ReadsSwapped", Moment::kBeforeVerdict, swap_reads, {"J9"}},
      {"ReadOfAnotherContent",
       Moment::kBeforeVerdict,
       [](auto& run) { change_read(run, [](ReadRecord& read) { ++read.content.low; }); },
       {"I15", "I31", "J1"}},
      {"ReadAtAnotherOffset",
       Moment::kBeforeVerdict,
       [](auto& run) { change_read(run, [](ReadRecord& read) { read.offset += 1; }); },
       {"I15", "J1", "J9"}},
      {"ReadInAnotherPartition", Moment::kBeforeVerdict, read_elsewhere, {"I15", "I31", "J1", "J9"}},
      {"AcksSwapped", Moment::kBeforeVerdict, swap_acks, {"I13", "I103", "J1", "J10"}},
      {"AckAtAnotherOffset",
       Moment::kBeforeVerdict,
       [](auto& run) { sent_at(run, kMiddle).offset = kMiddle + 1; },
       {"I13", "I103", "J1", "J10"}},
      {"AckOfAnotherContent",
       Moment::kBeforeVerdict,
       [](auto& run) { ++sent_at(run, kMiddle).content.low; },
       {"I13", "I31", "I103", "J1", "J3"}},
      {"AckForged", Moment::kBeforeVerdict, forge_ack, {"I13", "I103", "J11"}},
      {"AckForgotten", Moment::kBeforeVerdict, forget_ack, {"I28"}},
      {"LedgerForgetsItsEnd",
       Moment::kBeforeVerdict,
       [](auto& run) { ledger_of(run).truncate(last_offset(run)); },
       {"I5", "I15", "I103"}},
      {"LedgerHasAnotherRecord",
       Moment::kBeforeVerdict,
       [](auto& run) {
         rewrite_ledger(ledger_of(run), kMiddle, [](auto& records) { ++records[0].content; });
       },
       {"I5", "I11", "I15", "I103"}},
      {"LedgerHasTwoRecordsSwapped",
       Moment::kBeforeVerdict,
       [](auto& run) {
         rewrite_ledger(ledger_of(run), kMiddle, [](auto& records) { std::swap(records[0], records[1]); });
       },
       {"I5", "I11", "I15", "I103"}},
      {"MessageVanishes", Moment::kBeforeVerdict, [](auto& run) { ++counters_of(run).sent; }, {"H7"}},
      {"LedgerHasARecordTooMany", Moment::kBeforeVerdict, append_to_ledger, {"I11"}},
      {"LedgerForgetsBeforeReading",
       Moment::kBeforeReading,
       [](auto& run) { ledger_of(run).truncate(last_offset(run)); },
       {"I5", "I15", "I16", "I103"}},
      {"TwoImagesOfOneOffset", Moment::kBeforeVerdict, falsify_image, {"I30", "I65"}},
      {"LeaderHasAFetcher", Moment::kBeforeVerdict, add_fetcher, {"I21"}},
      {"LedgerHasARecordTooManyBeforeAnElection",
       Moment::kBeforeElection,
       append_to_ledger,
       {"I5", "I10", "I11", "I14", "I15", "I103"}},
  };
  return kAll;
}

Simulation at(Moment moment) {
  switch (moment) {
    case Moment::kBeforeElection: return recorded().before_election;
    case Moment::kBeforeReading: return recorded().before_reading;
    case Moment::kBeforeVerdict: return recorded().before_verdict;
  }
  return recorded().before_verdict;
}

Ids ids_at_the_end_of(Simulation run) {
  run_until(run, Phase::kOver);
  return ids_of(run);
}

class CheckerSelfTest : public testing::TestWithParam<Falsification> {};

TEST_P(CheckerSelfTest, FindsIt) {
  Simulation run = at(GetParam().moment);
  GetParam().apply(run);
  EXPECT_EQ(ids_at_the_end_of(run), GetParam().found_by);
}

INSTANTIATE_TEST_SUITE_P(Falsified, CheckerSelfTest, testing::ValuesIn(falsifications()),
                         [](const auto& test) { return test.param.name; });

TEST(CheckerSelfTest, FindsNothingInWhatIsNotFalsified) {
  for (const Moment moment : {Moment::kBeforeElection, Moment::kBeforeReading, Moment::kBeforeVerdict}) {
    EXPECT_EQ(ids_at_the_end_of(at(moment)), Ids{});
  }
}

/// No producer of a run is idempotent yet, so the end is told by hand.
TEST(CheckerSelfTest, FindsADuplicateUnderIdempotence) {
  Simulation run = recorded().before_verdict;
  const SendOp sent = sent_at(run, kMiddle);
  change_polls(run, kReader, [&sent](std::vector<ReadRecord>& records) {
    for (ReadRecord& read : records) {
      if (!stands_at(read, kMiddle + 1)) continue;
      read.id = sent.id;
      read.content = sent.content;
    }
  });
  Checkers checkers = run.checkers();
  const WorldView view = run.view();
  checkers.at_end({.at = run.now(),
                   .event = run.events(),
                   .view = view,
                   .history = run.workload().history(),
                   .settled = {},
                   .fully_read = {},
                   .ordered_producers = {},
                   .idempotence = true});
  Ids ids;
  for (const Violation& violation : checkers.violations()) ids.insert(violation.invariant);
  EXPECT_EQ(ids, (Ids{"I15", "J1", "J2"}));
}

TEST(CheckerSelfTest, CoversEveryInvariantThatJudgesByHistoryOrLedger) {
  Ids covered{"J2"};  // above
  for (const Falsification& falsification : falsifications()) {
    covered.insert(falsification.found_by.begin(), falsification.found_by.end());
  }
  Ids judging;
  for (const InvariantInfo& info : invariants()) {
    if (info.mood == Mood::kAtTheEnd) judging.insert(std::string(info.id));  // these judge by the history
  }
  for (const char* id : {"I5", "I10", "I11", "I14", "I15", "I16", "I28"})
    judging.insert(id);  // the ledger; I28: sends
  for (const std::string& id : judging) EXPECT_TRUE(covered.contains(id)) << id;
}

}  // namespace
}  // namespace odradek::sim
