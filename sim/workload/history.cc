#include "sim/workload/history.h"

#include <fmt/compile.h>

#include <charconv>
#include <string_view>
#include <utility>

#include "engine/base/ensure.h"

namespace odradek::sim {

namespace {

/// Takes a decimal number off the front of `text`; one spelling per number, so that decoding is exact.
template <class Number>
std::optional<Number> take_number(std::string_view& text) {
  Number number{};
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || text.front() == '-') return std::nullopt;
  const auto digits = static_cast<std::size_t>(rest - text.data());
  if (text.front() == '0' && digits > 1) return std::nullopt;
  text.remove_prefix(digits);
  return number;
}

}  // namespace

Bytes encode_record_value(RecordId id, std::int32_t value_bytes) {
  std::string text = fmt::format(FMT_COMPILE("{}/{}"), id.client.value(), id.number);
  if (std::cmp_less(text.size(), value_bytes)) text.resize(static_cast<std::size_t>(value_bytes), '.');
  return Bytes(std::string_view(text));
}

std::optional<RecordId> decode_record_value(ByteSpan value) {
  std::string_view text(reinterpret_cast<const char*>(value.data()), value.size());
  const auto client = take_number<std::int32_t>(text);
  if (!client || !text.starts_with('/')) return std::nullopt;
  text.remove_prefix(1);
  const auto number = take_number<std::uint32_t>(text);
  const bool padded =
      text.empty() || (text.front() == '.' && text.substr(1) == text.substr(0, text.size() - 1));
  if (!number || !padded) return std::nullopt;
  return RecordId{.client = NodeId(*client), .number = *number};
}

Digest content_of(const wire::RecordView& record) {
  Hasher h;
  const auto add = [&h](const std::optional<ByteSpan>& run) {
    h.word(run ? 1 : 0);
    if (run) h.bytes(*run);
  };
  add(record.key);
  add(record.value);
  h.word(record.headers.size());
  for (const auto& [key, value] : record.headers) {
    h.bytes(key);
    add(value);
  }
  return h.finish();
}

Digest content_of(const std::optional<Bytes>& key, const std::optional<Bytes>& value,
                  const std::vector<wire::Header>& headers) {
  const auto span = [](const std::optional<Bytes>& bytes) {
    return bytes ? std::optional(bytes->span()) : std::nullopt;
  };
  wire::RecordView record{.offset = {}, .timestamp = {}, .key = span(key), .value = span(value)};
  for (const wire::Header& header : headers) {
    const auto* text = reinterpret_cast<const std::uint8_t*>(header.key.data());
    record.headers.push_back({.key = {text, header.key.size()}, .value = span(header.value)});
  }
  return content_of(record);
}

std::uint32_t History::invoke(Op op) {
  if (size_ % kChunk == 0) {
    chunks_.emplace_back();
    chunks_.back().write().reserve(kChunk);
  }
  chunks_.back().write().push_back(std::move(op));
  return size_++;
}

Op& History::open(std::uint32_t place) {
  ENSURE(place < size_, "operation {} of {}", place, size_);
  return chunks_[place / kChunk].write()[place % kChunk];
}

}  // namespace odradek::sim
