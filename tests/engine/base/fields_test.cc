#include "engine/base/fields.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/hash.h"
#include "engine/base/ids.h"

namespace odradek {
namespace {

struct Whole {
  std::int32_t a = 0;
  std::vector<int> b;
  bool c = false;
  std::optional<std::int32_t> d;
  FIELDS(a, b, c, d)
};

struct ForgetsTheLast {
  std::int32_t a = 0;
  std::vector<int> b;
  FIELDS(a)
};

struct ForgetsOneInPadding {
  std::int64_t a = 0;
  bool b = false;
  bool c = false;
  FIELDS(a, b)
};

struct OutOfOrder {
  std::int64_t a = 0;
  std::int8_t b = 0;
  std::int32_t c = 0;
  FIELDS(b, a, c)
};

class ForgetsAPrivateMember {
 public:
  FIELDS(a_)

 private:
  std::int64_t a_ = 0;
  [[maybe_unused]] std::int64_t b_ = 0;
};

TEST(Fields, AreCompleteWhenEveryMemberIsListed) {
  EXPECT_TRUE(fields_complete<Whole>);
  EXPECT_TRUE(fields_complete<TopicPartition>);
}

TEST(Fields, AreIncompleteWhenAMemberIsForgotten) {
  EXPECT_FALSE(fields_complete<ForgetsTheLast>);
  EXPECT_FALSE(fields_complete<ForgetsOneInPadding>);
  EXPECT_FALSE(fields_complete<ForgetsAPrivateMember>);
}

TEST(Fields, AreIncompleteWhenTheirOrderChangesTheLayout) { EXPECT_FALSE(fields_complete<OutOfOrder>); }

TEST(Fields, KeepTheNamesOfTheMembers) {
  std::vector<std::string> names;
  const Whole whole;
  for_each_field(whole, [&names](std::string_view name, const auto&) { names.emplace_back(name); });
  EXPECT_EQ(names, (std::vector<std::string>{"a", "b", "c", "d"}));
}

}  // namespace
}  // namespace odradek
