// The checks at the end: a history that agrees with the cluster, and one corruption of it for each of them
// (H4).
#include <gtest/gtest.h>

#include "tests/sim/checkers/fake_cluster.h"

namespace odradek::sim {
namespace {

using Ids = std::set<std::string>;
using Reads = std::vector<std::pair<int, std::uint32_t>>;

struct EndOptions {
  bool fully_read = true;
  bool idempotence = false;
};

/// Four records, visible at offsets 0 to 3.
FakeCluster a_cluster_with_four_records(FakeOptions options = {}) {
  FakeCluster c(options);
  c.replicate(1, {0, 1, 2, 3}, {2, 3});
  return c;
}

HistoryBuilder four_sends(std::int16_t acks = -1) {
  HistoryBuilder h;
  for (int i = 0; i < 4; ++i) h.send({.number = static_cast<std::uint32_t>(i), .offset = i, .acks = acks});
  return h;
}

void end(FakeCluster& c, const HistoryBuilder& h, EndOptions options = {}) {
  EndObservation end{.at = h.now(),
                     .event = c.event,
                     .view = c,
                     .history = h.history(),
                     .settled = {},
                     .fully_read = {},
                     .ordered_producers = {NodeId(1001)},
                     .idempotence = options.idempotence};
  if (options.fully_read) end.fully_read.insert(kOrders);
  c.checkers.at_end(end);
}

Ids ids_after(const HistoryBuilder& h, EndOptions options = {}) {
  FakeCluster c = a_cluster_with_four_records();
  end(c, h, options);
  return c.ids();
}

std::set<std::string> settings(const FakeCluster& c) {
  std::set<std::string> found;
  for (const Permission& permission : c.checkers.permissions()) found.insert(permission.setting);
  return found;
}

TEST(History, ATrueHistoryBreaksNothing) {
  FakeCluster c = a_cluster_with_four_records();
  HistoryBuilder h = four_sends();
  h.poll({{0, 0}, {1, 1}}).poll({}).poll({{2, 2}, {3, 3}}).poll({{0, 0}, {1, 1}, {2, 2}, {3, 3}}, 2002);
  end(c, h);
  EXPECT_EQ(c.ids(), Ids{});
  EXPECT_TRUE(c.checkers.permissions().empty());
  for (const char* id : {"I13", "I15", "I31", "I103", "J1", "J2", "J3", "J9", "J10"}) {
    EXPECT_GT(c.checkers.exercised().at(id), 0u) << id;
  }
}

TEST(History, ARecordDroppedFromAllReadsIsLost) {
  HistoryBuilder h = four_sends();
  h.poll({{0, 0}, {2, 2}, {3, 3}});
  EXPECT_EQ(ids_after(h), (Ids{"H-families", "J3", "J9"}));  // the log has it: readers missed it
}

TEST(History, ARecordThatReadersPassIsLostEvenIfNobodyReadsToTheEnd) {
  HistoryBuilder h = four_sends();
  h.poll({{0, 0}, {2, 2}});
  EXPECT_EQ(ids_after(h, {.fully_read = false}), (Ids{"H-families", "J3", "J9"}));
}

TEST(History, ARecordThatReadersPassWithinAMoveIsNotLost) {
  HistoryBuilder h = four_sends();
  h.poll({{0, 0}}).move().poll({{2, 2}, {3, 3}});
  EXPECT_EQ(ids_after(h, {.fully_read = false}), Ids{});
}

TEST(History, ARecordDroppedFromTheEndIsUnseen) {
  HistoryBuilder h = four_sends();
  h.poll({{0, 0}, {1, 1}, {2, 2}});
  EXPECT_EQ(ids_after(h), (Ids{"H-families", "J11"}));
  EXPECT_EQ(ids_after(h, {.fully_read = false}), Ids{});
}

TEST(History, ARecordDroppedFromOneReaderIsSkipped) {
  HistoryBuilder h = four_sends();
  h.poll({{0, 0}, {1, 1}, {2, 2}, {3, 3}}).poll({{0, 0}, {1, 1}}, 2002).poll({{3, 3}}, 2002);
  EXPECT_EQ(ids_after(h), Ids{"J9"});
}

TEST(History, ARecordReadTwiceGoesBack) {
  HistoryBuilder h = four_sends();
  h.poll({{0, 0}, {1, 1}, {1, 1}, {2, 2}, {3, 3}});
  EXPECT_EQ(ids_after(h), Ids{"J9"});
}

TEST(History, TwoRecordsThatChangePlacesGoBack) {
  HistoryBuilder h = four_sends();
  h.poll({{0, 0}, {2, 2}, {1, 1}, {3, 3}});
  EXPECT_EQ(ids_after(h), Ids{"J9"});
}

TEST(History, AReaderThatMovedOrRestartedMayReadAgain) {
  HistoryBuilder h = four_sends();
  h.poll({{0, 0}, {1, 1}, {2, 2}, {3, 3}}).move().poll({{1, 1}, {2, 2}}).poll({{0, 0}, {1, 1}}, 2001, 2);
  EXPECT_EQ(ids_after(h), Ids{});
}

TEST(History, AValueThatChangedIsAPhantom) {
  HistoryBuilder h = four_sends();
  h.poll({{0, 0}, {1, 77}, {2, 2}, {3, 3}});
  EXPECT_EQ(ids_after(h), (Ids{"I15", "I31", "J1", "J3"}));
}

TEST(History, AValueFromAnotherPartitionIsAPhantom) {
  FakeCluster c = a_cluster_with_four_records();
  HistoryBuilder h = four_sends();
  h.poll({{0, 0}, {1, 1}, {2, 2}, {3, 3}});
  History elsewhere = h.history();
  std::get<SendOp>(elsewhere.open(2).what).partition.partition = PartitionId(1);
  c.checkers.at_end({.at = h.now(),
                     .event = c.event,
                     .view = c,
                     .history = elsewhere,
                     .settled = {},
                     .fully_read = {},
                     .ordered_producers = {}});
  EXPECT_EQ(c.ids(), Ids{"I31"});
  FakeCluster unknown = a_cluster_with_four_records();
  std::get<SendOp>(elsewhere.open(2).what).partition.partition =
      PartitionId(-1);  // its outcome never came back
  unknown.checkers.at_end({.at = h.now(),
                           .event = c.event,
                           .view = unknown,
                           .history = elsewhere,
                           .settled = {},
                           .fully_read = {},
                           .ordered_producers = {}});
  EXPECT_EQ(unknown.ids(), Ids{});
}

TEST(History, TwoReadersThatDifferAreInconsistent) {
  HistoryBuilder h = four_sends();
  h.poll({{0, 0}, {1, 1}, {2, 2}, {3, 3}}).poll({{0, 0}, {1, 1}, {2, 3}}, 2002);
  EXPECT_EQ(ids_after(h), (Ids{"I15", "J1"}));
}

TEST(History, AnAcknowledgedOffsetThatHoldsAnotherRecordIsI103) {
  HistoryBuilder h;
  h.send({.number = 0, .offset = 0}).send({.number = 2, .offset = 1}).send({.number = 3, .offset = 3});
  const Ids ids = ids_after(h, {.fully_read = false});
  EXPECT_EQ(ids, (Ids{"I13", "I103"}));
}

TEST(History, AnAcknowledgedRecordThatIsNoLongerInTheFinalLogIsI13) {
  FakeCluster c = a_cluster_with_four_records();
  c.truncate(1, 3);
  HistoryBuilder h = four_sends();
  end(c, h, {.fully_read = false});
  EXPECT_TRUE(c.ids().contains("I13"));
  EXPECT_FALSE(c.ids().contains("I103"));  // it was visible there
}

TEST(History, ADuplicateIsPermittedWithoutIdempotence) {
  FakeCluster c;
  c.replicate(1, {0, 1, 1}, {2, 3});
  HistoryBuilder h;
  h.send({.number = 0, .offset = 0}).send({.number = 1, .offset = 2}).poll({{0, 0}, {1, 1}, {2, 1}});
  FakeCluster idempotent = c;
  end(c, h);
  EXPECT_EQ(c.ids(), Ids{});
  EXPECT_EQ(settings(c), Ids{"enable.idempotence=false"});
  end(idempotent, h, {.idempotence = true});
  EXPECT_EQ(idempotent.ids(), Ids{"J2"});
}

TEST(History, SendsThatChangePlacesAreJ10ForAnOrderedProducerOnly) {
  HistoryBuilder h;
  h.send({.number = 1, .offset = 1}).send({.number = 0, .offset = 0}).poll({{0, 0}, {1, 1}, {2, 2}, {3, 3}});
  h.open_send(2).open_send(3);
  EXPECT_EQ(ids_after(h), Ids{"J10"});
  HistoryBuilder other;
  other.send({.number = 1, .offset = 1, .client = 1002}).send({.number = 0, .offset = 0, .client = 1002});
  EXPECT_EQ(ids_after(other, {.fully_read = false}), Ids{});
}

TEST(History, AnOpenSendMayBeReadOrNot) {
  HistoryBuilder h;
  for (std::uint32_t i = 0; i < 5; ++i) h.open_send(i);  // record 4 never arrived
  h.poll({{0, 0}, {1, 1}, {2, 2}, {3, 3}});
  EXPECT_EQ(ids_after(h), Ids{});
}

/// Broker 1 alone had records 2 and 3; broker 2 was elected cleanly and wrote 8 and 9 in their place.
FakeCluster a_cluster_that_lost_acks() {
  FakeCluster c;
  c.replicate(1, {0, 1}, {2, 3});
  c.append(1, {2, 3});
  c.ack(1, 2, 4, 1);
  c.crash(1);
  c.elect(2, 2, {2, 3});
  c.lead(2, 2);
  c.follow(3, 2, 2);
  c.replicate(2, {8, 9}, {3});
  return c;
}

TEST(Acks1, PermitsTheLossOfAnAcknowledgement) {
  FakeCluster c = a_cluster_that_lost_acks();
  HistoryBuilder h = four_sends(1);
  h.send({.number = 8, .offset = 2, .acks = 1}).send({.number = 9, .offset = 3, .acks = 1});
  h.poll({{0, 0}, {1, 1}, {2, 8}, {3, 9}});
  end(c, h);
  EXPECT_EQ(c.ids(), Ids{});
  ASSERT_EQ(settings(c), Ids{"acks=1"});
  EXPECT_EQ(c.checkers.permissions().front().begin, Offset(2));
  EXPECT_EQ(c.checkers.permissions().front().end, Offset(4));
}

TEST(Acks1, DoesNotExcuseAcksAll) {
  FakeCluster c = a_cluster_that_lost_acks();
  HistoryBuilder h = four_sends(-1);
  h.send({.number = 8, .offset = 2}).send({.number = 9, .offset = 3}).poll({{0, 0}, {1, 1}, {2, 8}, {3, 9}});
  end(c, h);
  EXPECT_EQ(c.ids(), (Ids{"I13", "I103", "J1", "J3", "J10"}));
  EXPECT_TRUE(c.checkers.permissions().empty());
}

TEST(Acks1, DoesNotExcuseALostRead) {
  FakeCluster c = a_cluster_that_lost_acks();
  HistoryBuilder h = four_sends(1);
  h.send({.number = 8, .offset = 2, .acks = 1}).send({.number = 9, .offset = 3, .acks = 1});
  h.poll({{0, 0}, {1, 1}, {2, 2}}, 2002).poll({{0, 0}, {1, 1}, {2, 8}, {3, 9}});
  end(c, h);
  EXPECT_EQ(c.ids(), (Ids{"I15", "J1"}));
}

TEST(Acks1, DoesNotExcuseTheLossOfWhatWasVisible) {
  HistoryBuilder h = four_sends(1);
  h.poll({{0, 0}, {2, 2}, {3, 3}});
  const Ids ids = ids_after(h);
  EXPECT_TRUE(ids.contains("J3"));
}

TEST(Acks0, PermitsRecordsThatNobodySaw) {
  FakeCluster c = a_cluster_with_four_records();
  HistoryBuilder h = four_sends();
  h.send({.number = 5, .offset = {}, .acks = 0}).poll({{0, 0}, {1, 1}, {2, 2}, {3, 3}});
  end(c, h);
  EXPECT_EQ(c.ids(), Ids{});
  EXPECT_EQ(settings(c), Ids{"acks=0"});
}

TEST(UncleanElection, ExcusesWhatClientsSeeOfItAndNothingElse) {
  FakeCluster c({.unclean = true});
  c.replicate(1, {0, 1}, {2, 3});
  c.set_isr({1, 2});
  c.learn_isr(1, {1, 2});
  c.replicate(1, {2, 3}, {2});
  c.elect(3, 2, {3}, true);
  c.lead(3, 2);
  c.append(3, {8, 9});
  c.advance(3, 4);
  c.crash(1);
  c.crash(2);
  HistoryBuilder h = four_sends();
  h.poll({{0, 0}, {1, 1}, {2, 2}, {3, 3}});  // the reader's position is truncated, and it goes back
  h.send({.number = 8, .offset = 2}).send({.number = 9, .offset = 3}).poll({{2, 8}, {3, 9}});
  FakeCluster again = c;
  end(c, h);
  EXPECT_EQ(c.ids(), Ids{});
  h.poll({{3, 9}});  // but not a second time
  end(again, h);
  EXPECT_EQ(again.ids(), Ids{"J9"});
}

TEST(RecordValue, NamesItsRecordAndIsPadded) {
  const RecordId id{.client = NodeId(1001), .number = 42};
  EXPECT_EQ(encode_record_value(id, 12).text(), "1001/42.....");
  EXPECT_EQ(encode_record_value(id, 3).text(), "1001/42");
  EXPECT_EQ(decode_record_value(encode_record_value(id, 12).span()), id);
  EXPECT_EQ(decode_record_value(encode_record_value(id, 0).span()), id);
}

TEST(RecordValue, AnythingElseIsOfNoWorkload) {
  for (const char* text : {"", "1001", "1001/", "/42", "1001/42x", "1001/42..x", "-1/4", "01/4", "1001/042",
                           "1001/+4", "99999999999/1", "1001/99999999999"}) {
    EXPECT_EQ(decode_record_value(Bytes(std::string_view(text)).span()), std::nullopt) << text;
  }
}

TEST(HistoryList, CopiesShareAndDoNotFollow) {
  HistoryBuilder h;
  for (std::uint32_t i = 0; i < 600; ++i) h.open_send(i);
  History copy = h.history();
  copy.open(300).status = io::CallStatus::kOk;
  EXPECT_EQ(copy.size(), 600u);
  EXPECT_NE(copy, h.history());
  EXPECT_EQ(h.history().at(300).status, io::CallStatus::kUnknown);
  EXPECT_EQ(std::get<SendOp>(copy.at(599).what).id, id_of(599));
}

}  // namespace
}  // namespace odradek::sim
