#include "sim/trace/line.h"

#include <fmt/format.h>

#include "engine/base/describe.h"

namespace odradek::sim {

std::string time_text(Instant at) {
  const std::int64_t us = at.ns() / 1'000;
  return fmt::format("{}.{:06}s", us / 1'000'000, us % 1'000'000);
}

std::string partition_text(const TopicPartition& tp, const TopicNames& names) {
  const auto found = names.find(tp.topic_id);
  const std::string topic =
      found != names.end() ? found->second : fmt::format("{:016x}{:016x}", tp.topic_id.high, tp.topic_id.low);
  return fmt::format("{}-{}", topic, tp.partition.value());
}

std::string event_text(const io::Event& event, const TopicNames& names) {
  std::string out(io::name_of(event));
  std::visit(
      [&](const auto& e) {
        for_each_field(e, [&](std::string_view name, const auto& member) {
          if constexpr (std::is_same_v<std::remove_cvref_t<decltype(member)>, TopicPartition>) {
            out += " " + partition_text(member, names);
          } else {
            out += fmt::format(" {}=", name);
            describe_to(out, member);
          }
        });
      },
      event);
  return out;
}

std::string trace_line(Instant at, std::string_view who, std::string_view what) {
  return fmt::format("{:>12}  {:<6} {}", time_text(at), who, what);
}

}  // namespace odradek::sim
