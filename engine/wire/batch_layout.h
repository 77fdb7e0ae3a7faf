// Where the fields of a record batch's header stand, and what its attributes mean; record_batch.h draws it.
#pragma once

#include <cstdint>
#include <limits>

namespace odradek::wire {

inline constexpr std::uint32_t kBaseOffsetAt = 0;
inline constexpr std::uint32_t kLengthAt = 8;
inline constexpr std::uint32_t kLeaderEpochAt = 12;
inline constexpr std::uint32_t kMagicAt = 16;
inline constexpr std::uint32_t kCrcAt = 17;
inline constexpr std::uint32_t kAttributesAt = 21;
inline constexpr std::uint32_t kLastOffsetDeltaAt = 23;
inline constexpr std::uint32_t kBaseTimestampAt = 27;
inline constexpr std::uint32_t kMaxTimestampAt = 35;
inline constexpr std::uint32_t kProducerIdAt = 43;
inline constexpr std::uint32_t kProducerEpochAt = 51;
inline constexpr std::uint32_t kBaseSequenceAt = 53;
inline constexpr std::uint32_t kRecordCountAt = 57;
inline constexpr std::uint32_t kMaxLength = std::numeric_limits<std::int32_t>::max();
inline constexpr std::int8_t kMagic = 2;
inline constexpr std::int16_t kLogAppendTimeBit = 0x8;
inline constexpr std::int16_t kTransactionalBit = 0x10;
inline constexpr std::int16_t kControlBit = 0x20;

}  // namespace odradek::wire
