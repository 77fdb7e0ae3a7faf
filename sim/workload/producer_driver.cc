#include "sim/workload/producer_driver.h"

#include <fmt/compile.h>

#include <utility>

#include "engine/base/ensure.h"

namespace odradek::sim {

ProducerDriver::ProducerDriver(NodeId client, std::string topic, std::int32_t partitions, ProducerSpec spec)
    : client_(client), topic_(std::move(topic)), partitions_(partitions), spec_(spec) {}

void ProducerDriver::begin(const Desk& desk) {
  working_ = true;
  sleep(desk);
}

void ProducerDriver::sleep(const Desk& desk) {
  const Draw gap = draw(desk.key, WorkloadPurpose::kSendGap,
                        {.entity = static_cast<std::uint64_t>(client_.value()), .ordinal = wakes_++});
  due_ = desk.port.now() + gap.exponential(spec_.interval) + nanoseconds(1);
  desk.port.wake_at(*due_, client_);
}

void ProducerDriver::on_wake(const Desk& desk) {
  if (!working_ || due_ != desk.port.now()) return;
  if (spec_.records > 0 && std::cmp_greater_equal(next_record_, spec_.records)) return;
  if (desk.port.runs(client_)) send(next_record(desk), desk);
  sleep(desk);
}

io::SendRecord ProducerDriver::next_record(const Desk& desk) const {
  const Subject subject{.entity = static_cast<std::uint64_t>(client_.value()), .ordinal = next_record_};
  io::SendRecord record{.topic = topic_};
  const bool keyed =
      spec_.partitioning == Partitioning::kKeyed || spec_.partitioning == Partitioning::kExplicit;
  if (keyed && spec_.keys > 0) {
    const std::uint64_t key =
        draw(desk.key, WorkloadPurpose::kRecordKey, subject).below(static_cast<std::uint64_t>(spec_.keys));
    record.key = Bytes(fmt::format(FMT_COMPILE("k{}"), key));
  }
  if (spec_.partitioning == Partitioning::kExplicit && partitions_ > 0) {
    const std::int64_t partition =
        draw(desk.key, WorkloadPurpose::kRecordPartition, subject).between(0, partitions_ - 1);
    record.partition = PartitionId(static_cast<std::int32_t>(partition));
  }
  return record;
}

void ProducerDriver::send_to(const io::NamedPartition& to, std::int32_t records, const Desk& desk) {
  for (std::int32_t i = 0; i < records; ++i) {
    send(io::SendRecord{.topic = to.topic, .partition = to.partition}, desk);
  }
}

void ProducerDriver::send(io::SendRecord record, const Desk& desk) {
  const RecordId id{.client = client_, .number = next_record_++};
  record.value = encode_record_value(id, spec_.value_bytes);
  for (std::int32_t i = 0; i < spec_.headers; ++i) {
    record.headers.push_back({.key = fmt::format(FMT_COMPILE("h{}"), i),
                              .value = Bytes(fmt::format(FMT_COMPILE("{}"), id.number))});
  }
  SendOp op{.id = id,
            .partition = {.topic = record.topic, .partition = record.partition.value_or(PartitionId(-1))},
            .content = content_of(record.key, record.value, record.headers),
            .acks = spec_.config.acks};
  const std::uint32_t place = desk.history.invoke(
      {.process = client_, .incarnation = incarnation_, .invoked = desk.port.now(), .what = std::move(op)});
  ++open_calls_;
  desk.port.call(client_, CallId(place), std::move(record));
}

void ProducerDriver::on_returned(CallId id, const io::CallResult& result, const Desk& desk) {
  const auto place = static_cast<std::uint32_t>(id.value());
  const Op& called = desk.history.at(place);
  if (called.incarnation != incarnation_) return;  // it died of the step in which the call returned
  ENSURE(called.process == client_ && !called.returned, "call {} of client {} returned twice", id.value(),
         client_.value());
  --open_calls_;
  Op& op = complete(place, result, desk);
  const auto* sent = std::get_if<io::Sent>(&result.value);
  if (sent == nullptr) return;
  auto& send = std::get<SendOp>(op.what);
  send.partition = sent->partition;
  send.topic_id = sent->topic_id;
  send.offset = sent->offset;
}

void ProducerDriver::on_crash() {
  open_calls_ = 0;
  ++incarnation_;
}

}  // namespace odradek::sim
