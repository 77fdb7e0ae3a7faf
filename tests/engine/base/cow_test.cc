#include "engine/base/cow.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <vector>

#include "engine/base/describe.h"
#include "engine/base/ids.h"

namespace odradek {
namespace {

using Numbers = Cow<std::vector<int>>;

TEST(Cow, ComparesByValueWhetherSharedOrNot) {
  const Numbers a(std::vector{1, 2});
  const Numbers copy = a;
  const Numbers other(std::vector{1, 2});
  EXPECT_TRUE(a.shares_with(copy));
  EXPECT_FALSE(a.shares_with(other));
  EXPECT_EQ(a, copy);
  EXPECT_EQ(a, other);
  EXPECT_EQ(digest_of(a), digest_of(other));
}

TEST(Cow, AnEmptyOneEqualsADefaultValue) { EXPECT_EQ(Numbers(), Numbers(std::vector<int>{})); }

TEST(Cow, AWriteToACopyLeavesTheOriginalAlone) {
  const Numbers original(std::vector{1});
  Numbers copy = original;
  copy.write().push_back(2);
  EXPECT_EQ(*original, std::vector{1});
  EXPECT_EQ(*copy, (std::vector{1, 2}));
  EXPECT_NE(original, copy);
}

TEST(Cow, WritesInPlaceWhenItIsAlone) {
  Numbers alone(std::vector{1});
  const int* before = alone->data();
  alone.write()[0] = 5;
  EXPECT_EQ(alone->data(), before);
}

// The aliasing law in the small: a family of copies behaves like a family of plain values.
RC_GTEST_PROP(Cow, BehavesLikeAPlainValue,
              (const std::vector<std::pair<std::uint8_t, std::uint8_t>>& steps)) {
  std::vector<Numbers> shared(4);
  std::vector<std::vector<int>> plain(4);
  for (const auto& [from, to] : steps) {
    const std::size_t f = from % 4;
    const std::size_t t = to % 4;
    if (from < 128) {
      shared[t] = shared[f];
      plain[t] = plain[f];
    } else {
      shared[t].write().push_back(from);
      plain[t].push_back(from);
    }
  }
  for (std::size_t i = 0; i < 4; ++i) RC_ASSERT(*shared[i] == plain[i]);
}

TEST(Describe, NamesFieldsAndFindsTheFirstDifference) {
  const TopicPartition a{.topic_id = {.high = 1, .low = 2}, .partition = PartitionId(3)};
  TopicPartition b = a;
  b.topic_id.low = 9;
  EXPECT_EQ(describe(a), "{topic_id={high=1, low=2}, partition=3}");
  EXPECT_EQ(first_difference(a, a), std::nullopt);
  EXPECT_EQ(first_difference(a, b), "topic_id.low: 2 vs 9");
  const std::vector<std::optional<int>> left{1, 2};
  const std::vector<std::optional<int>> right{1, std::nullopt};
  EXPECT_EQ(first_difference(left, right, "list"), "list[1]: 2 vs none");
}

}  // namespace
}  // namespace odradek
