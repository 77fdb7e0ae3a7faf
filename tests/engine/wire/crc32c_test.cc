#include "engine/wire/crc32c.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <vector>

namespace odradek::wire {
namespace {

TEST(Crc32c, MatchesTheVectorsOfRfc3720) {
  EXPECT_EQ(crc32c({}), 0u);
  EXPECT_EQ(crc32c(Bytes("123456789").span()), 0xE3069283u);
  EXPECT_EQ(crc32c(std::vector<std::uint8_t>(32, 0x00)), 0x8A9136AAu);
  EXPECT_EQ(crc32c(std::vector<std::uint8_t>(32, 0xFF)), 0x62A8AB43u);
}

TEST(Crc32c, TableMatchesTheVectorsOfRfc3720) {
  EXPECT_EQ(detail::crc32c_by_table(Bytes("123456789").span()), 0xE3069283u);
  EXPECT_EQ(detail::crc32c_by_table(std::vector<std::uint8_t>(32, 0x00)), 0x8A9136AAu);
}

RC_GTEST_PROP(Crc32c, InstructionAndTableAgree, (const std::vector<std::uint8_t>& data)) {
  if (!detail::has_crc32c_instruction()) return;
  RC_ASSERT(detail::crc32c_by_instruction(data) == detail::crc32c_by_table(data));
}

}  // namespace
}  // namespace odradek::wire
