// Metadata records as bytes: the value of a record in the metadata log, and whole batches of them.
//
// A record is framed by frame version, api key and version, each an unsigned varint, and follows in Kafka's
// flexible encoding, driven by FIELDS (records.h tells how). Decoding takes bytes from anywhere; what it does
// not know — a frame, a kind, a version — is an error, except tagged fields, which are skipped.
//
// Source: org.apache.kafka.metadata.MetadataRecordSerde, AbstractApiMessageSerde, KIP-482.
#pragma once

#include <span>

#include "engine/base/bytes.h"
#include "engine/base/result.h"
#include "engine/base/time.h"
#include "engine/metadata/records.h"

namespace odradek::metadata {

[[nodiscard]] Bytes encode(const MetadataRecord& record);
[[nodiscard]] Result<MetadataRecord> decode(ByteSpan value);

/// One batch, to be appended by a leader, who stamps offsets and epoch. REQUIRES: at least one record.
[[nodiscard]] Bytes encode_batch(std::span<const MetadataRecord> records, Timestamp timestamp);
/// A batch out of the log; control batches are allowed.
[[nodiscard]] Result<RecordBatch> decode_batch(const Bytes& batch);

}  // namespace odradek::metadata
