#include "engine/base/random.h"

#include <gtest/gtest.h>

#include <array>
#include <vector>

namespace odradek {
namespace {

enum class TestPurpose : std::uint16_t { kOne, kTwo };

constexpr Key kKey{.high = 1, .low = 2};

// Known answers of Random123, the reference implementation.
TEST(Philox, GivesTheKnownAnswers) {
  using Words = std::array<std::uint32_t, 4>;
  EXPECT_EQ(philox({0, 0, 0, 0}, {0, 0}), (Words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  EXPECT_EQ(philox({0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, {0xffffffff, 0xffffffff}),
            (Words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
            (Words{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(Draw, SamplersAreGolden) {
  std::vector<std::int64_t> drawn;
  for (std::uint64_t i = 0; i < 4; ++i) {
    const Draw d = draw(kKey, TestPurpose::kOne, {.entity = 9, .ordinal = i});
    drawn.push_back(d.between(-100, 100));
    drawn.push_back(d.exponential(milliseconds(10)).ns());
    drawn.push_back(d.chance(1, 3) ? 1 : 0);
  }
  EXPECT_EQ(drawn,
            (std::vector<std::int64_t>{85, 25824127, 0, -76, 1314239, 1, 77, 21490020, 0, 70, 18927154, 0}));
}

TEST(Draw, BitsAndWhatIsMadeOfThemAreGolden) {
  const Draw d = draw(kKey, TestPurpose::kTwo, {.entity = 9, .ordinal = 5});
  EXPECT_EQ(d.bits(), 0x6360E21A3DA866C7u);
  EXPECT_EQ(d.below(1'000), 388u);
  EXPECT_EQ(d.uuid(), (Uuid{.high = 0x6360E21A3DA866C7u, .low = 0xDD0101551BA65B41u}));
  EXPECT_EQ(d.key(), (Key{.high = 0x6360E21A3DA866C7u, .low = 0xDD0101551BA65B41u}));
}

TEST(Draw, DependsOnPurposeEntityOrdinalAndBothHalvesOfTheKey) {
  const Subject subject{.entity = 1, .ordinal = 1};
  const auto bits = draw(kKey, TestPurpose::kOne, subject).bits();
  EXPECT_NE(bits, draw(kKey, TestPurpose::kTwo, subject).bits());
  EXPECT_NE(bits, draw(kKey, TestPurpose::kOne, {.entity = 2, .ordinal = 1}).bits());
  EXPECT_NE(bits, draw(kKey, TestPurpose::kOne, {.entity = 1, .ordinal = 2}).bits());
  EXPECT_NE(bits, draw(Key{.high = 1, .low = 3}, TestPurpose::kOne, subject).bits());
  EXPECT_NE(bits, draw(Key{.high = 2, .low = 2}, TestPurpose::kOne, subject).bits());
}

TEST(Draw, BelowCoversItsRangeEvenly) {
  std::array<int, 10> counts{};
  for (std::uint64_t i = 0; i < 10'000; ++i) {
    ++counts[draw(kKey, TestPurpose::kOne, {.entity = 0, .ordinal = i}).below(10)];
  }
  for (const int count : counts) {
    EXPECT_GT(count, 850);
    EXPECT_LT(count, 1'150);
  }
}

TEST(Draw, ExponentialHasItsMean) {
  std::int64_t sum = 0;
  for (std::uint64_t i = 0; i < 10'000; ++i) {
    sum += draw(kKey, TestPurpose::kTwo, {.entity = 0, .ordinal = i}).exponential(milliseconds(10)).ns();
  }
  EXPECT_NEAR(static_cast<double>(sum) / 10'000, 10e6, 0.5e6);
}

}  // namespace
}  // namespace odradek
