// One broker's ReplicaManager on a bench: metadata, requests and time are put in by hand.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "engine/replica/partition_metadata_file.h"
#include "engine/replica/replica_manager.h"
#include "tests/support/memory_disk.h"
#include "tests/support/records.h"

namespace odradek::replica {

inline constexpr TopicId kTopic{.high = 7, .low = 7};
inline constexpr TopicPartition kTp{.topic_id = kTopic, .partition = PartitionId(0)};
/// What takes the name of `kTopic` once that is deleted.
inline constexpr TopicId kNextTopic{.high = 8, .low = 8};
inline constexpr TopicPartition kNextTp{.topic_id = kNextTopic, .partition = PartitionId(0)};

/// Broker 1 of brokers 1, 2, 3; all are registered with epoch 10 · id and unfenced.
class Bench {
 public:
  explicit Bench(io::TopicConfig topic = {.min_insync_replicas = 2}, io::Flaws flaws = {})
      : config_({.broker = BrokerId(1),
                 .incarnation = {},
                 .broker_config = {},
                 .topic_defaults = topic,
                 .flaws = flaws}),
        manager_(config_) {
    for (int id : {1, 2, 3}) enlist(id, {});
    manager_.set_broker_epoch(BrokerEpoch(10));
    manager_.on_boot(context());
    manager_.on_controller(NodeId(101), context());
  }

  /// The broker's process ends and starts again; its metadata begins anew, without its new incarnation.
  void restart() {
    config_.incarnation.low += 100;
    manager_ = ReplicaManager(config_);
    image_ = {};
    delta_ = {};
    out_.restart(out_.next());
    manager_.on_boot(context());
    manager_.on_controller(NodeId(101), context());
  }
  void enlist(int id, Uuid incarnation) {
    replay(metadata::RegisterBrokerRecord{.broker_id = BrokerId(id),
                                          .incarnation_id = incarnation,
                                          .broker_epoch = BrokerEpoch(id * 10),
                                          .fenced = false});
  }
  /// Metadata knows the present incarnation of the broker.
  void register_again() { enlist(1, config_.incarnation); }

  /// Metadata: a new partition led by `leader`.
  void create(int leader, std::vector<int> isr) {
    replay_creation(kTopic, leader, isr);
    apply();
  }
  void replay_creation(TopicId topic, int leader, std::vector<int> isr,
                       std::vector<int> replicas = {1, 2, 3}) {
    replay(metadata::TopicRecord{.name = "t", .topic_id = topic});
    replay(metadata::PartitionRecord{.partition_id = PartitionId(0),
                                     .topic_id = topic,
                                     .replicas = ids(replicas),
                                     .isr = ids(isr),
                                     .removing_replicas = {},
                                     .adding_replicas = {},
                                     .leader = BrokerId(leader),
                                     .leader_recovery_state = {},
                                     .leader_epoch = LeaderEpoch(0),
                                     .partition_epoch = PartitionEpoch(0)});
  }
  void replay_deletion() { replay(metadata::RemoveTopicRecord{.topic_id = kTopic}); }
  void assign(std::vector<int> replicas, std::vector<int> isr, std::optional<int> leader = {}) {
    metadata::PartitionChangeRecord record{.partition_id = PartitionId(0), .topic_id = kTopic};
    record.replicas = ids(replicas);
    record.isr = ids(isr);
    if (leader) record.leader = BrokerId(*leader);
    replay(record);
    apply();
  }
  /// Metadata: a setting of the topic, or of all brokers when `name` is that of a broker's property.
  void configure(metadata::ResourceType type, std::string name, std::string value) {
    replay(metadata::ConfigRecord{.resource_type = type,
                                  .resource_name = type == metadata::ResourceType::kTopic ? "t" : "",
                                  .name = std::move(name),
                                  .value = std::move(value)});
    apply();
  }

  /// Metadata: the partition's record changes.
  void change(std::optional<std::vector<int>> isr, std::optional<int> leader) {
    metadata::PartitionChangeRecord record{.partition_id = PartitionId(0), .topic_id = kTopic};
    if (isr) record.isr = ids(*isr);
    if (leader) record.leader = BrokerId(*leader);
    replay(record);
    apply();
  }

  void replay(const metadata::MetadataRecord& record) { image_.replay(record, delta_); }
  void apply() { manager_.apply(std::exchange(delta_, {}), context()); }

  void produce(std::initializer_list<std::string_view> values, std::int16_t acks = -1,
               TopicId topic = kTopic) {
    const api::ProduceRequest request{
        .acks = acks,
        .timeout_ms = 1'000,
        .topic_data = {{topic, {{.index = PartitionId(0), .records = testing::batch_of(values)}}}}};
    manager_.handle_produce({ConnectionId(1), CorrelationId(next_correlation_++)}, request, context());
  }

  void fetch(int broker, std::int64_t offset, std::optional<int> last_epoch = {}, int current_epoch = 0) {
    const api::FetchRequest request{
        .replica_state = api::ReplicaState{BrokerId(broker), BrokerEpoch(broker * 10)},
        .topics = {
            {kTopic,
             {{.partition = PartitionId(0),
               .current_leader_epoch = LeaderEpoch(current_epoch),
               .fetch_offset = Offset(offset),
               .last_fetched_epoch = last_epoch ? std::optional(LeaderEpoch(*last_epoch)) : std::nullopt,
               .log_start_offset = {}}}}}};
    manager_.handle_fetch(
        {ConnectionId(static_cast<std::uint64_t>(broker)), CorrelationId(next_correlation_++)}, request,
        context());
  }

  /// A consumer's fetch, which waits for records.
  void poll(TopicId topic = kTopic) {
    const api::FetchRequest request{
        .max_wait_ms = 500,
        .min_bytes = 1,
        .topics = {
            {topic,
             {{.partition = PartitionId(0), .fetch_offset = Offset(0), .log_start_offset = Offset(-1)}}}}};
    manager_.handle_fetch({ConnectionId(9), CorrelationId(next_correlation_++)}, request, context());
  }

  /// The newest effect of a kind, if there was one since `forget`.
  template <class E>
  [[nodiscard]] std::optional<E> last() const {
    for (auto effect = out_.list().rbegin(); effect != out_.list().rend(); ++effect) {
      if (const E* found = std::get_if<E>(&*effect)) return *found;
    }
    return std::nullopt;
  }
  template <class Event>
  [[nodiscard]] std::optional<Event> event() const {
    for (auto effect = out_.list().rbegin(); effect != out_.list().rend(); ++effect) {
      const auto* emit = std::get_if<io::Emit>(&*effect);
      if (emit == nullptr) continue;
      if (const Event* found = std::get_if<Event>(&emit->event)) return *found;
    }
    return std::nullopt;
  }
  [[nodiscard]] std::optional<api::ErrorCode> produce_error() const {
    const auto response = last<io::Respond>();
    if (!response) return std::nullopt;
    const auto* produced = std::get_if<api::ProduceResponse>(&response->response);
    if (produced == nullptr) return std::nullopt;
    return produced->responses.front().partition_responses.front().error_code;
  }
  [[nodiscard]] std::optional<api::FetchPartitionData> fetched() const {
    const auto response = last<io::Respond>();
    if (!response) return std::nullopt;
    const auto* fetch = std::get_if<api::FetchResponse>(&response->response);
    if (fetch == nullptr) return std::nullopt;
    return fetch->responses.front().partitions.front();
  }

  /// Opens the connection that the broker asked for, and returns it.
  io::Link open() {
    const io::Link link = last<io::Connect>()->link;
    manager_.on_opened(link, context());
    return link;
  }
  /// The newest fetch that the broker sent to a leader, with its correlation id.
  [[nodiscard]] std::optional<api::FetchPartition> sent_fetch() const {
    const auto send = last<io::Send>();
    const auto* fetch = send ? std::get_if<api::FetchRequest>(&send->request) : nullptr;
    if (fetch == nullptr) return std::nullopt;
    return fetch->topics.front().partitions.front();
  }
  /// The leader's answer to the newest fetch.
  void answer(const io::Link& link, api::FetchPartitionData data) {
    const CorrelationId correlation = last<io::Send>()->correlation;
    manager_.on_response({link, correlation, api::FetchResponse{.responses = {{kTopic, {std::move(data)}}}}},
                         context());
  }

  /// Broker 3 has caught up with one record, and the controller is asked to take it into the ISR.
  io::Link propose_and_open() {
    fetch(3, 1, 0);
    fire(io::TimerKind::kFetcherBackoff);
    return open();
  }
  /// The controller's answer to that.
  void answer_isr(const io::Link& link, api::ErrorCode error) {
    const CorrelationId correlation = last<io::Send>()->correlation;
    const api::AlterPartitionDataResponse data{.partition_index = PartitionId(0), .error_code = error};
    manager_.on_response({link, correlation, api::AlterPartitionResponse{.topics = {{kTopic, {data}}}}},
                         context());
  }

  /// Everything that was asked to become durable is, and what follows from it.
  void finish_fsyncs() {
    for (std::size_t i = 0; i < out_.list().size(); ++i) {
      if (const auto* asked = std::get_if<io::Fsync>(&out_.list()[i]))
        manager_.on_fsync({.ticket = asked->ticket, .ok = true}, context());
    }
  }
  void forget() { out_.restart(out_.next()); }
  void pass(Duration time) {
    now_.monotonic = now_.monotonic + time;
    now_.wall += time.ms();
  }
  void fire(io::TimerKind kind, std::uint64_t entity = 0) { manager_.on_timer({kind, entity}, context()); }

  [[nodiscard]] const Partition& partition() const { return *manager_.find(kTp); }
  [[nodiscard]] std::int64_t high_watermark() const { return partition().high_watermark().value(); }
  [[nodiscard]] ReplicaManager& manager() { return manager_; }
  [[nodiscard]] testing::MemoryDisk& disk() { return disk_; }
  /// The directories of replicas and of what is left of some, by name.
  [[nodiscard]] std::vector<std::string> directories() const {
    std::vector<std::string> names;
    const auto directories = find_partition_directories(disk_);
    for (const FoundDirectory& found : *directories) names.push_back(found.path);
    return names;
  }
  [[nodiscard]] Context context() { return {now_, disk_, out_, image_}; }
  [[nodiscard]] static std::vector<BrokerId> ids(const std::vector<int>& numbers) {
    std::vector<BrokerId> brokers;
    for (const int number : numbers) brokers.push_back(BrokerId(number));
    return brokers;
  }

 private:
  Now now_{MonotonicTime(1'000'000'000), Timestamp(1'700'000'000'000)};
  testing::MemoryDisk disk_;
  io::Effects out_{io::Names{}};
  metadata::MetadataImage image_;
  metadata::ImageDelta delta_;
  ReplicaConfig config_;
  ReplicaManager manager_;
  std::int32_t next_correlation_ = 0;
};

}  // namespace odradek::replica
