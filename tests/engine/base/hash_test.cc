#include "engine/base/hash.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <string>
#include <variant>
#include <vector>

#include "engine/base/bytes.h"
#include "engine/base/ids.h"

namespace odradek {
namespace {

struct Sample {
  std::int32_t number = 0;
  std::string text;
  std::vector<std::int64_t> list;
  std::map<std::int32_t, bool> map;
  std::variant<std::monostate, Offset> choice;
  FIELDS(number, text, list, map, choice)
};

Sample sample() { return {7, "spool of thread", {1, -2, 3}, {{4, true}, {5, false}}, Offset(42)}; }

// The values were computed once and must hold on every compiler, build type and host.
TEST(Digest, OfASampleIsGolden) {
  EXPECT_EQ(digest_of(sample()), (Digest{.high = 0x65B2DF959359C41Fu, .low = 0x2D6EFF02F162700Bu}));
}

TEST(Digest, TellsAnEmptyListFromAnAbsentOne) {
  EXPECT_NE(digest_of(std::optional<std::vector<int>>{}), digest_of(std::optional(std::vector<int>{})));
}

TEST(Digest, OfBytesDoesNotDependOnHowTheyAreSliced) {
  const Bytes whole(std::string_view("xxabcdefghijyy"));
  EXPECT_EQ(digest_of(whole.slice(2, 10)), digest_of(Bytes(std::string_view("abcdefghij"))));
}

RC_GTEST_PROP(Digest, ChangesWhenOneByteChanges, (std::vector<std::uint8_t> bytes, std::uint8_t flip)) {
  RC_PRE(!bytes.empty());
  RC_PRE(flip != 0);
  auto changed = bytes;
  changed[*rc::gen::inRange<std::size_t>(0, bytes.size())] ^= flip;
  RC_ASSERT(digest_of(Bytes(bytes)) != digest_of(Bytes(changed)));
}

RC_GTEST_PROP(Digest, TellsHowALongTextIsCutInTwo, (std::string text)) {
  RC_PRE(!text.empty());
  const auto cut = *rc::gen::inRange<std::size_t>(0, text.size());
  const std::vector<std::string> whole{text, ""};
  const std::vector<std::string> parts{text.substr(0, cut), text.substr(cut)};
  RC_ASSERT(digest_of(whole) != digest_of(parts));
}

}  // namespace
}  // namespace odradek
