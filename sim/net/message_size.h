// The size of a message on the wire, as far as bandwidth goes: its records, and one figure for all the rest.
#pragma once

#include <cstdint>

#include "engine/api/messages.h"

namespace odradek::sim {

/// IP and TCP headers, the request's or response's own, names and numbers of the body.
inline constexpr std::int64_t kBytesWithoutRecords = 150;

[[nodiscard]] inline std::int64_t bytes_on_the_wire(const api::Request& request) {
  std::int64_t size = kBytesWithoutRecords;
  if (const auto* produce = std::get_if<api::ProduceRequest>(&request)) {
    for (const auto& topic : produce->topic_data) {
      for (const auto& partition : topic.partition_data) size += partition.records.size();
    }
  }
  return size;
}

[[nodiscard]] inline std::int64_t bytes_on_the_wire(const api::Response& response) {
  std::int64_t size = kBytesWithoutRecords;
  if (const auto* fetch = std::get_if<api::FetchResponse>(&response)) {
    for (const auto& topic : fetch->responses) {
      for (const auto& partition : topic.partitions) {
        for (const Bytes& batch : partition.records) size += batch.size();
      }
    }
  }
  return size;
}

[[nodiscard]] inline std::int64_t bytes_on_the_wire(std::monostate) { return 40; }  ///< SYN, FIN, RST

}  // namespace odradek::sim
