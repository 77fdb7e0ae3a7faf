#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <array>
#include <limits>

#include "engine/wire/reader.h"
#include "engine/wire/writer.h"
#include "tests/engine/wire/hex.h"

namespace odradek::wire {
namespace {

using testing::to_hex;

template <class F>
std::string written(F&& write) {
  Writer out;
  write(out);
  return to_hex(out.span());
}

TEST(Writer, WritesFixedIntegersBigEndian) {
  EXPECT_EQ(written([](Writer& w) { w.int8(-2); }), "fe");
  EXPECT_EQ(written([](Writer& w) { w.int16(0x1234); }), "1234");
  EXPECT_EQ(written([](Writer& w) { w.int32(-2); }), "fffffffe");
  EXPECT_EQ(written([](Writer& w) { w.int64(0x0102030405060708); }), "0102030405060708");
  EXPECT_EQ(written([](Writer& w) { w.uuid({.high = 1, .low = 2}); }), "00000000000000010000000000000002");
}

TEST(Writer, FoldsSignedVarintsByZigZag) {
  EXPECT_EQ(written([](Writer& w) { w.varint(0); }), "00");
  EXPECT_EQ(written([](Writer& w) { w.varint(-1); }), "01");
  EXPECT_EQ(written([](Writer& w) { w.varint(63); }), "7e");
  EXPECT_EQ(written([](Writer& w) { w.varint(-64); }), "7f");
  EXPECT_EQ(written([](Writer& w) { w.varint(64); }), "8001");
  EXPECT_EQ(written([](Writer& w) { w.varint(std::numeric_limits<std::int32_t>::min()); }), "ffffffff0f");
  EXPECT_EQ(written([](Writer& w) { w.varlong(std::numeric_limits<std::int64_t>::min()); }),
            "ffffffffffffffffff01");
}

TEST(Writer, WritesCompactLengthsPlusOne) {
  EXPECT_EQ(written([](Writer& w) { w.unsigned_varint(300); }), "ac02");
  EXPECT_EQ(written([](Writer& w) { w.compact_string("ab"); }), "036162");
  EXPECT_EQ(written([](Writer& w) { w.compact_nullable_string(std::nullopt); }), "00");
  EXPECT_EQ(written([](Writer& w) { w.compact_array_length(0); }), "01");
  const std::array fields{TaggedField{.tag = 1, .data = Bytes("x")}, TaggedField{.tag = 5, .data = Bytes()}};
  EXPECT_EQ(written([&](Writer& w) { w.tagged_fields(fields); }), "020101780500");
}

TEST(Reader, SaysWhereAndWhatItExpected) {
  const std::array<std::uint8_t, 3> data{0x00, 0x01, 0x02};
  Reader in(data);
  EXPECT_EQ(in.int16(), 1);
  EXPECT_EQ(in.int32().error().message, "byte 2: expected 4 more bytes, got 1");
  EXPECT_EQ(in.expect_end().error().message, "byte 2: expected the end, got 1 more bytes");
  EXPECT_EQ(in.int8(), 2) << "a failed read moves nothing";
  EXPECT_TRUE(in.expect_end());
}

TEST(Reader, RefusesVarintsThatAreTooLarge) {
  const std::array<std::uint8_t, 5> too_large{0xFF, 0xFF, 0xFF, 0xFF, 0x10};
  EXPECT_FALSE(Reader(too_large).unsigned_varint());
  EXPECT_EQ(Reader(too_large).varlong(), un_zig_zag(0x10FFFFFFF));
  const std::array<std::uint8_t, 11> endless{0x80, 0x80, 0x80, 0x80, 0x80, 0x80,
                                             0x80, 0x80, 0x80, 0x80, 0x80};
  EXPECT_FALSE(Reader(endless).varlong());
  EXPECT_FALSE(Reader(ByteSpan(endless).first(3)).varint());
}

TEST(Reader, RefusesAnArrayLongerThanTheInput) {
  const std::array<std::uint8_t, 5> huge{0xFF, 0xFF, 0xFF, 0xFF, 0x0F};
  EXPECT_FALSE(Reader(huge).compact_array_length());
}

TEST(Reader, RefusesTagsOutOfOrder) {
  const std::array<std::uint8_t, 5> data{0x02, 0x05, 0x00, 0x05, 0x00};
  EXPECT_EQ(Reader(data).tagged_fields().error().message, "byte 3: expected a tag above 5, got 5");
}

RC_GTEST_PROP(Reader, ReadsBackWhatTheWriterWrote,
              (std::int16_t a, std::int32_t b, std::int64_t c, std::uint32_t d, const std::string& text,
               const std::vector<std::uint8_t>& blob)) {
  Writer out;
  out.int16(a);
  out.varint(b);
  out.varlong(c);
  out.unsigned_varint(d);
  out.compact_string(text);
  out.compact_nullable_bytes(Bytes(blob));
  out.compact_nullable_bytes(std::nullopt);
  out.uuid({.high = d, .low = static_cast<std::uint64_t>(c)});
  const Bytes bytes = out.take();
  Reader in(bytes.span());
  RC_ASSERT((in.int16() == a));
  RC_ASSERT((in.varint() == b));
  RC_ASSERT((in.varlong() == c));
  RC_ASSERT((in.unsigned_varint() == d));
  RC_ASSERT((in.compact_string() == text));
  RC_ASSERT((*in.compact_nullable_bytes() == std::optional(Bytes(blob))));
  RC_ASSERT((*in.compact_nullable_bytes() == std::optional<Bytes>()));
  RC_ASSERT((in.uuid() == Uuid{.high = d, .low = static_cast<std::uint64_t>(c)}));
  RC_ASSERT(in.expect_end().has_value());
}

RC_GTEST_PROP(Varint, TakesAsManyBytesAsItsSizeSays, (std::int64_t value)) {
  const auto shift = *rc::gen::inRange(0, 64);
  const std::int64_t scaled = value >> shift;
  Writer out;
  out.varlong(scaled);
  RC_ASSERT(out.size() == size_of_varint(scaled));
  RC_ASSERT(un_zig_zag(zig_zag(scaled)) == scaled);
}

}  // namespace
}  // namespace odradek::wire
