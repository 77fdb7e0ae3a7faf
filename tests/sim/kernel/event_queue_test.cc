#include "sim/kernel/event_queue.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <set>
#include <tuple>

#include "sim/kernel/fifo.h"
#include "sim/kernel/purpose.h"

namespace odradek::sim {
namespace {

auto order(const QueueEntry& e) { return std::tuple(e.at, e.tie, e.sequence); }

QueueEntry random_entry() {
  const auto at = *rc::gen::inRange<std::int64_t>(0, 10);
  const auto tie = *rc::gen::inRange<std::uint32_t>(0, 3);
  return {.at = Instant(at), .tie = tie};
}

RC_GTEST_PROP(EventQueue, IsOrderedByTimeThenTieThenSequence, ()) {
  EventQueue queue;
  std::vector<QueueEntry> model;
  for (int i = 0; i < 200; ++i) {
    if (!model.empty() && *rc::gen::inRange(0, 3) == 0) {
      const auto first = std::ranges::min_element(model, {}, order);
      RC_ASSERT(queue.front() == *first);
      RC_ASSERT(queue.pop() == *first);
      model.erase(first);
      continue;
    }
    QueueEntry entry = random_entry();
    entry.sequence = queue.push(entry);
    model.push_back(entry);
  }
  RC_ASSERT(queue.size() == model.size());
  while (!queue.empty()) {
    const auto first = std::ranges::min_element(model, {}, order);
    RC_ASSERT(queue.pop() == *first);
    model.erase(first);
  }
}

RC_GTEST_PROP(EventQueue, KeepsItsOrderWhenEntriesAreDropped, ()) {
  EventQueue queue;
  std::vector<QueueEntry> model;
  for (int i = 0; i < 100; ++i) {
    QueueEntry entry = random_entry();
    entry.sequence = queue.push(entry);
    model.push_back(entry);
  }
  const auto stale = [](const QueueEntry& entry) { return entry.sequence % 3 == 0; };
  queue.drop_if(stale);
  std::erase_if(model, stale);
  std::ranges::stable_sort(model, {}, order);
  for (const QueueEntry& entry : model) RC_ASSERT(queue.pop() == entry);
  RC_ASSERT(queue.empty());
}

TEST(EventQueue, NeverGivesTheNumberThatMeansNone) {
  EventQueue queue;
  EXPECT_EQ(queue.push({}), 1u);
  EXPECT_EQ(queue.push({}), 2u);
}

RC_GTEST_PROP(Fifo, BehavesLikeAList, (const std::vector<int>& script)) {
  Fifo<int> fifo;
  std::vector<int> model;
  for (const int what : script) {
    if (what >= 0) {
      fifo.push_back(what);
      model.push_back(what);
    } else if (!model.empty()) {
      RC_ASSERT(fifo.pop_front() == model.front());
      model.erase(model.begin());
    }
    RC_ASSERT(std::equal(fifo.begin(), fifo.end(), model.begin(), model.end()));
    RC_ASSERT(fifo.size() == model.size());
  }
  const auto odd = [](int i) { return i % 2 != 0; };
  fifo.erase_if(odd);
  std::erase_if(model, odd);
  RC_ASSERT(std::equal(fifo.begin(), fifo.end(), model.begin(), model.end()));
}

TEST(Fifo, IsEqualToAnotherWithTheSameElements) {
  Fifo<int> a;
  Fifo<int> b;
  a.push_back(1);
  a.push_back(2);
  b.push_back(2);
  EXPECT_NE(a, b);
  a.pop_front();
  EXPECT_EQ(a, b);
  EXPECT_EQ(digest_of(a), digest_of(b));
}

TEST(Purposes, HaveNumbersOfTheirOwn) {
  std::set<Purpose> seen;
  for (const PurposeInfo& info : kPurposes) {
    EXPECT_TRUE(seen.insert(info.purpose).second) << info.name;
    EXPECT_LT(std::to_underlying(info.purpose), 0x400) << "those belong to the faults";
  }
}

}  // namespace
}  // namespace odradek::sim
