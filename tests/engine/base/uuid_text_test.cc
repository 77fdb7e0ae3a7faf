#include "engine/base/uuid_text.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace odradek {
namespace {

// From Kafka's own UuidTest and documentation: Uuid.METADATA_TOPIC_ID and ZERO_UUID.
TEST(UuidText, IsKafkasBase64) {
  EXPECT_EQ(to_text(Uuid{}), "AAAAAAAAAAAAAAAAAAAAAA");
  EXPECT_EQ(to_text(Uuid{.high = 0, .low = 1}), "AAAAAAAAAAAAAAAAAAAAAQ");
}

TEST(UuidText, RefusesWhatIsNoUuid) {
  EXPECT_EQ(parse_uuid("AAAA").error().message, "a uuid has 22 characters, not 4");
  EXPECT_EQ(parse_uuid("AAAAAAAAAAAAAAAAAAAA+Q").error().message, "'+' at 20 is not a base64url digit");
}

RC_GTEST_PROP(UuidText, RoundTrips, (std::uint64_t high, std::uint64_t low)) {
  const Uuid uuid{.high = high, .low = low};
  RC_ASSERT(parse_uuid(to_text(uuid)).value() == uuid);
}

}  // namespace
}  // namespace odradek
