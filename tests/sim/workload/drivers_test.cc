// Drivers against clients played by hand: what they call, and what they write into the history.
#include <gtest/gtest.h>

#include <deque>
#include <set>

#include "sim/workload/consumer_driver.h"
#include "sim/workload/producer_driver.h"

namespace odradek::sim {
namespace {

constexpr NodeId kClient{1001};
const Key kSeed{.high = 0, .low = 1};

struct Called {
  CallId id;
  io::Call call;
};

class HandPort final : public ClientPort {
 public:
  [[nodiscard]] Instant now() const override { return time; }
  [[nodiscard]] bool runs(NodeId) const override { return is_running; }
  void call(NodeId, CallId id, io::Call call) override { calls.push_back({id, std::move(call)}); }
  void wake_at(Instant at, NodeId) override { wakes.insert(at); }

  Instant time;
  bool is_running = true;
  std::deque<Called> calls;
  std::set<Instant> wakes;
};

/// A driver with its port and history; time goes from wake-up to wake-up.
template <class Driver>
struct Bench {
  Driver driver;
  HandPort port;
  History history;

  [[nodiscard]] Desk desk() { return {.key = kSeed, .history = history, .port = port}; }
  void wake() {
    ASSERT_FALSE(port.wakes.empty());
    port.time = *port.wakes.begin();
    port.wakes.erase(port.wakes.begin());
    driver.on_wake(desk());
  }
  template <class T>
  T next_call() {
    EXPECT_FALSE(port.calls.empty());
    last = port.calls.front().id;
    T call = std::get<T>(port.calls.front().call);
    port.calls.pop_front();
    return call;
  }
  void answer(io::CallResult result) { driver.on_returned(last, result, desk()); }

  CallId last{};
};

io::NamedPartition orders(std::int32_t partition) {
  return {.topic = "orders", .partition = PartitionId(partition)};
}

Bench<ProducerDriver> producer(ProducerSpec spec) {
  return {.driver = ProducerDriver(kClient, "orders", 3, spec)};
}

TEST(ProducerDriver, WritesEachSendIntoTheHistoryBeforeItIsCalled) {
  auto bench = producer({.headers = 2});
  bench.driver.begin(bench.desk());
  bench.wake();
  const auto record = bench.next_call<io::SendRecord>();
  ASSERT_EQ(bench.history.size(), 1u);
  const Op& op = bench.history.at(0);
  const auto& send = std::get<SendOp>(op.what);
  EXPECT_EQ(send.id, (RecordId{.client = kClient, .number = 0}));
  EXPECT_EQ(decode_record_value(record.value->span()), send.id);
  EXPECT_EQ(send.content, content_of(record.key, record.value, record.headers));
  EXPECT_EQ(send.partition, orders(-1));
  EXPECT_EQ(record.headers.size(), 2u);
  EXPECT_FALSE(op.returned);
}

TEST(ProducerDriver, CompletesASendWithPlaceAndOffset) {
  auto bench = producer({});
  bench.driver.begin(bench.desk());
  bench.wake();
  (void)bench.next_call<io::SendRecord>();
  bench.port.time = bench.port.time + milliseconds(3);
  bench.answer({.value = io::Sent{.partition = orders(2), .offset = Offset(17), .timestamp = Timestamp(1)}});
  const Op& op = bench.history.at(0);
  EXPECT_EQ(op.returned, bench.port.time);
  EXPECT_EQ(op.status, io::CallStatus::kOk);
  EXPECT_EQ(std::get<SendOp>(op.what).partition, orders(2));
  EXPECT_EQ(std::get<SendOp>(op.what).offset, Offset(17));
  EXPECT_EQ(bench.driver.open_calls(), 0u);
}

TEST(ProducerDriver, StopsAfterItsRecords) {
  auto bench = producer({.records = 3});
  bench.driver.begin(bench.desk());
  while (!bench.port.wakes.empty()) bench.wake();
  EXPECT_EQ(bench.port.calls.size(), 3u);
}

TEST(ProducerDriver, LeavesOpenWhatItsClientTookIntoTheGrave) {
  auto bench = producer({});
  bench.driver.begin(bench.desk());
  bench.wake();
  (void)bench.next_call<io::SendRecord>();
  bench.driver.on_crash();
  bench.answer({.value = io::Sent{.partition = orders(2), .offset = Offset(17), .timestamp = Timestamp(1)}});
  EXPECT_FALSE(bench.history.at(0).returned);
  bench.wake();
  EXPECT_EQ(bench.history.at(1).incarnation, 1u);
  EXPECT_EQ(std::get<SendOp>(bench.history.at(1).what).id.number, 1u);
}

TEST(ProducerDriver, DoesNotCallAClientThatDoesNotRun) {
  auto bench = producer({});
  bench.driver.begin(bench.desk());
  bench.port.is_running = false;
  bench.wake();
  bench.wake();
  EXPECT_TRUE(bench.port.calls.empty());
  bench.port.is_running = true;
  bench.wake();
  EXPECT_EQ(bench.port.calls.size(), 1u);
}

TEST(ProducerDriver, ChoosesKeysAndPartitionsAsItIsTold) {
  const auto sends = [](Partitioning partitioning) {
    auto bench = producer({.records = 60, .keys = 4, .partitioning = partitioning});
    bench.driver.begin(bench.desk());
    while (!bench.port.wakes.empty()) bench.wake();
    std::set<std::pair<std::string, std::int32_t>> seen;
    while (!bench.port.calls.empty()) {
      const auto record = bench.template next_call<io::SendRecord>();
      seen.insert({record.key ? std::string(record.key->text()) : "",
                   record.partition ? record.partition->value() : -1});
    }
    return seen;
  };
  EXPECT_EQ(sends(Partitioning::kSticky).size(), 1u);
  EXPECT_EQ(sends(Partitioning::kKeyed).size(), 4u);
  EXPECT_EQ(sends(Partitioning::kExplicit).size(), 12u);
  EXPECT_EQ(*sends(Partitioning::kRoundRobin).begin(), std::pair(std::string(), -1));
}

Bench<ConsumerDriver> consumer(ConsumerSpec spec) {
  return {.driver = ConsumerDriver(kClient, {orders(0), orders(1)}, spec)};
}

io::ConsumerRecord record_at(std::int32_t partition, std::int64_t offset) {
  const RecordId id{.client = NodeId(1002), .number = static_cast<std::uint32_t>(offset)};
  return {.partition = orders(partition),
          .offset = Offset(offset),
          .record = {.value = encode_record_value(id, 16), .timestamp = Timestamp(1'000 + offset)}};
}

io::CallResult polled(std::vector<io::ConsumerRecord> records) {
  return {.value = io::Polled{std::move(records)}};
}

ConsumerSpec from_earliest() {
  ConsumerSpec spec;
  spec.config.auto_offset_reset = io::OffsetReset::kEarliest;
  return spec;
}

TEST(ConsumerDriver, AssignsThenPollsAndWritesDownWhatItRead) {
  auto bench = consumer(from_earliest());
  bench.driver.begin(bench.desk());
  EXPECT_EQ(bench.next_call<io::Assign>().partitions.size(), 2u);
  bench.answer({});
  bench.wake();
  (void)bench.next_call<io::Poll>();
  bench.answer(polled({record_at(0, 0), record_at(0, 1)}));
  ASSERT_EQ(bench.history.size(), 2u);
  EXPECT_TRUE(std::holds_alternative<MoveOp>(bench.history.at(0).what));
  const auto& poll = std::get<PollOp>(bench.history.at(1).what);
  ASSERT_EQ(poll.reads.size(), 1u);
  const std::vector<ReadRecord>& records = poll.reads.front().records;
  ASSERT_EQ(records.size(), 2u);
  EXPECT_EQ(records[1].offset, Offset(1));
  EXPECT_EQ(records[1].id, (RecordId{.client = NodeId(1002), .number = 1}));
}

TEST(ConsumerDriver, SeeksToTheBeginningWhereThePolicyWouldNot) {
  ConsumerSpec latest;
  latest.config.auto_offset_reset = io::OffsetReset::kLatest;
  auto bench = consumer(latest);
  bench.driver.begin(bench.desk());
  (void)bench.next_call<io::Assign>();
  bench.answer({});
  for (const std::int32_t partition : {0, 1}) {
    bench.wake();
    const auto seek = bench.next_call<io::Seek>();
    EXPECT_EQ(seek.partition, orders(partition));
    EXPECT_EQ(std::get<api::OffsetSpec>(seek.target.to), api::OffsetSpec::kEarliest);
    bench.answer({});
  }
  bench.wake();
  (void)bench.next_call<io::Poll>();
}

TEST(ConsumerDriver, ReadsUpToTheEndOffsetsOfThatMoment) {
  auto bench = consumer(from_earliest());
  bench.driver.read_to_end(bench.desk());
  (void)bench.next_call<io::Assign>();
  bench.answer({});
  bench.wake();
  (void)bench.next_call<io::EndOffsets>();
  bench.answer({.value = io::FoundOffsets{{{orders(0), Offset(2)}, {orders(1), Offset(0)}}}});
  bench.wake();
  (void)bench.next_call<io::Poll>();
  bench.answer(polled({record_at(0, 0)}));
  EXPECT_FALSE(bench.driver.is_at_end());
  EXPECT_EQ(bench.driver.missing(), std::vector<std::string>{"has read orders-0 up to 1 of 2"});
  EXPECT_EQ(bench.driver.finished(), std::vector{orders(1)});
  bench.wake();
  (void)bench.next_call<io::Poll>();
  bench.answer(polled({record_at(0, 1)}));
  EXPECT_TRUE(bench.driver.is_at_end());
  bench.wake();
  EXPECT_TRUE(bench.port.calls.empty());
}

TEST(ConsumerDriver, StartsAnewAfterItsClientWasRestarted) {
  auto bench = consumer(from_earliest());
  bench.driver.begin(bench.desk());
  (void)bench.next_call<io::Assign>();
  bench.answer({});
  bench.wake();
  (void)bench.next_call<io::Poll>();
  bench.driver.on_crash();
  bench.driver.on_boot(bench.desk());
  bench.wake();
  (void)bench.next_call<io::Assign>();
  EXPECT_EQ(bench.history.at(2).incarnation, 1u);
  EXPECT_FALSE(bench.history.at(1).returned);
}

TEST(ConsumerDriver, NowAndThenReadsAgainIfItIsTold) {
  ConsumerSpec spec = from_earliest();
  spec.reread = true;
  auto bench = consumer(spec);
  bench.driver.begin(bench.desk());
  (void)bench.next_call<io::Assign>();
  bench.answer({});
  std::int32_t seeks = 0;
  for (std::int32_t round = 0; round < 500; ++round) {
    bench.wake();
    if (std::holds_alternative<io::Seek>(bench.port.calls.front().call)) {
      ++seeks;
      (void)bench.next_call<io::Seek>();
      bench.answer({});
    } else {
      (void)bench.next_call<io::Poll>();
      bench.answer(polled({record_at(0, round)}));
    }
  }
  EXPECT_GT(seeks, 5);
  EXPECT_LT(seeks, 60);
}

constexpr TopicId kOld{.high = 1, .low = 1};
constexpr TopicId kNew{.high = 2, .low = 2};

using Existing = std::map<io::NamedPartition, TopicId>;

/// It has been told of its two partitions, and reads three records of the first.
void read_three(Bench<ConsumerDriver>& bench) {
  bench.driver.follow({{orders(0), kOld}, {orders(1), kOld}});
  bench.driver.begin(bench.desk());
  (void)bench.next_call<io::Assign>();
  bench.answer({});
  bench.wake();
  (void)bench.next_call<io::Poll>();
  std::vector<io::ConsumerRecord> records{record_at(0, 0), record_at(0, 1), record_at(0, 2)};
  for (io::ConsumerRecord& record : records) record.topic_id = kOld;
  bench.answer(polled(std::move(records)));
}

TEST(ConsumerDriver, AssignsItselfNewPartitions) {
  auto bench = consumer(from_earliest());
  read_three(bench);
  bench.driver.follow({{orders(0), kOld}, {orders(1), kOld}, {orders(2), kOld}});
  bench.wake();
  EXPECT_EQ(bench.next_call<io::Assign>().partitions.size(), 3u);
}

TEST(ConsumerDriver, AssignsItselfAgainIfPartitionsComeWhileItDoes) {
  auto bench = consumer(from_earliest());
  bench.driver.begin(bench.desk());
  (void)bench.next_call<io::Assign>();
  bench.driver.follow({{orders(0), kOld}, {orders(1), kOld}, {orders(2), kOld}});
  bench.answer({});
  bench.wake();
  EXPECT_EQ(bench.next_call<io::Assign>().partitions.size(), 3u);
}

TEST(ConsumerDriver, GoesBackToTheBeginningOfATopicThatWasCreatedAgain) {
  auto bench = consumer(from_earliest());
  read_three(bench);
  bench.driver.follow({});
  bench.driver.follow({{orders(0), kNew}, {orders(1), kNew}});
  bench.wake();
  (void)bench.next_call<io::Poll>();  // from where its client stands: so would an application
  std::vector<io::ConsumerRecord> late{record_at(0, 3)};
  late.front().topic_id = kOld;
  bench.answer(polled(std::move(late)));
  bench.driver.read_to_end(bench.desk());
  for (const std::int32_t partition : {0, 1}) {
    EXPECT_EQ(bench.next_call<io::Seek>().partition, orders(partition));
    bench.answer({});
    bench.wake();
  }
  (void)bench.next_call<io::EndOffsets>();
  bench.answer({.value = io::FoundOffsets{{{orders(0), Offset(2)}, {orders(1), Offset(0)}}}});
  EXPECT_FALSE(bench.driver.is_at_end()) << "what it has read was of another topic";
}

TEST(ConsumerDriver, HasNothingToReadOfATopicThatIsGone) {
  auto bench = consumer(from_earliest());
  read_three(bench);
  bench.driver.follow({});
  bench.wake();
  (void)bench.next_call<io::Poll>();  // nobody has told its client
  bench.answer(polled({}));
  bench.driver.read_to_end(bench.desk());
  EXPECT_TRUE(bench.driver.is_at_end());
}

}  // namespace
}  // namespace odradek::sim
