// A cluster made by hand for the tests of checkers: what each broker holds is set directly, and each action
// tells the checkers what a broker or the controller would have emitted. Nothing here keeps anybody from
// doing wrong.
#pragma once

#include <gtest/gtest.h>

#include <initializer_list>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "sim/checkers/checkers.h"
#include "sim/checkers/view.h"

namespace odradek::sim {

inline const TopicPartition kTp{.topic_id = {.high = 1, .low = 2}, .partition = PartitionId(0)};
inline const io::NamedPartition kOrders{.topic = "orders", .partition = PartitionId(0)};
inline constexpr BrokerId kController{101};

/// The content of the n-th record of client 1001.
inline RecordId id_of(std::uint32_t number) { return {.client = NodeId(1001), .number = number}; }
inline Digest content_of_record(std::uint32_t number) {
  return content_of({}, encode_record_value(id_of(number), 8), {});
}

struct FakeReplica {
  ReplicaView view;
  std::vector<BrokerId> fetched_from;
  std::vector<LogRecord> log;
  std::vector<OffsetAndEpoch> epochs;
};

struct FakeBroker {
  bool up = true;
  bool unfenced = true;
  std::uint32_t incarnation = 1;
  std::optional<Offset> image = Offset(10);
  bool shuts_down = false;
  std::optional<std::string> contradicted_by;
  std::map<TopicPartition, FakeReplica> replicas;
};

struct FakeOptions {
  std::int32_t min_isr = 2;
  bool unclean = false;
  bool elr = true;
};

class FakeCluster : public ClusterView {
 public:
  /// Brokers 1, 2 and 3 hold orders-0; broker 1 leads it in epoch 1; all are in sync.
  explicit FakeCluster(FakeOptions options = {});

  // What brokers do. Each call is one step.
  void open(int broker);
  void lead(int broker, int epoch);
  void follow(int broker, int epoch, int leader);
  /// Appends records, named by number, as a leader.
  void append(int broker, std::initializer_list<std::uint32_t> numbers);
  /// Copies what the follower lacks at its end from the leader's log.
  void fetch(int follower, int leader);
  void truncate(int broker, int end);
  void advance(int broker, int high_watermark);
  void learn_isr(int broker, std::vector<int> isr, std::vector<int> maximal = {});
  void propose(int broker, std::vector<int> isr);
  void ack(int broker, int base, int end, int acks = -1, int isr_size = 3);
  void serve(int broker, int from, int end);
  void publish(int broker, int offset);

  // What the controller commits.
  void elect(int leader, int epoch, std::vector<int> isr, bool unclean = false);
  void set_isr(std::vector<int> isr, std::vector<int> elr = {});
  /// Fences or unfences, and says so.
  void set_fenced(int broker, bool fenced);
  /// Nobody leads any more; `last` did.
  void lose_leader(int last, std::vector<int> elr);

  /// A reassignment begins, goes on or ends: the replicas, and those of them that come and go.
  struct Move {
    std::vector<int> replicas;
    std::vector<int> adding = {};
    std::vector<int> removing = {};
    std::vector<int> isr;
  };
  void reassign(const Move& move);
  void remove_topic();

  /// A broker gives up its replica.
  void drop(int broker);

  // What befalls a broker; nobody emits anything.
  void crash(int broker);
  void boot(int broker);

  /// Produces, replicates and makes visible: the whole life of records on a healthy cluster.
  void replicate(int leader, std::initializer_list<std::uint32_t> numbers, std::vector<int> followers);

  void emit(int node, std::vector<io::Event> events);
  void settle(std::vector<std::string> pending = {}, const History& history = {});
  void scan();

  [[nodiscard]] std::set<std::string> ids() const;
  [[nodiscard]] FakeReplica& at(int broker) { return nodes[BrokerId(broker)].replicas[kTp]; }
  [[nodiscard]] const FakeReplica& at(int broker) const {
    return nodes.at(BrokerId(broker)).replicas.at(kTp);
  }

  [[nodiscard]] std::vector<BrokerId> brokers() const override;
  [[nodiscard]] bool is_up(NodeId node) const override;
  [[nodiscard]] std::uint32_t incarnation(NodeId node) const override;
  [[nodiscard]] std::optional<ReplicaView> replica(BrokerId broker, const TopicPartition& tp) const override;
  [[nodiscard]] std::vector<LogRecord> read_log(BrokerId broker, const TopicPartition& tp, Offset from,
                                                Offset to) const override;
  [[nodiscard]] std::optional<RecordId> record_id(BrokerId, const TopicPartition&, Offset) const override {
    return std::nullopt;
  }
  [[nodiscard]] std::optional<BuriedLog> buried_log(BrokerId, const TopicPartition&) const override {
    return BuriedLog{};
  }
  [[nodiscard]] std::vector<OffsetAndEpoch> epoch_cache(BrokerId broker,
                                                        const TopicPartition& tp) const override;
  [[nodiscard]] std::optional<PartitionTruth> truth(const TopicPartition& tp) const override;
  [[nodiscard]] bool is_unfenced(BrokerId broker) const override { return nodes.at(broker).unfenced; }
  [[nodiscard]] bool is_active(BrokerId broker) const override {
    return nodes.at(broker).unfenced && !nodes.at(broker).shuts_down;
  }
  [[nodiscard]] std::vector<BrokerId> fetched_from(BrokerId broker, const TopicPartition& tp) const override {
    return nodes.at(broker).replicas.at(tp).fetched_from;
  }
  [[nodiscard]] std::optional<std::string> contradicts_metadata(BrokerId broker) const override {
    return nodes.at(broker).contradicted_by;
  }
  [[nodiscard]] std::vector<NodeId> controllers() const override { return {NodeId(101), NodeId(102)}; }
  [[nodiscard]] std::optional<std::string> contradicts_controller(NodeId controller) const override {
    return controller == NodeId(101) ? controller_contradicted_by : std::nullopt;
  }
  [[nodiscard]] bool is_metadata_current(BrokerId broker) const override {
    return nodes.at(broker).image == Offset(10);
  }

  Checkers checkers;
  std::map<BrokerId, FakeBroker> nodes;
  PartitionTruth committed;
  bool exists = true;  ///< the topic does
  std::optional<std::string> controller_contradicted_by;
  std::uint64_t event = 0;
  Offset metadata_end;

 private:
  void commit(bool leader_changed, bool unclean);
};

/// Operations of clients. Times are counted in milliseconds; each call is a moment later than the one before.
class HistoryBuilder {
 public:
  struct Send {
    std::uint32_t number = 0;
    std::optional<int> offset;
    std::int16_t acks = -1;
    io::CallStatus status = io::CallStatus::kOk;
    std::int32_t client = 1001;
  };

  HistoryBuilder& send(const Send& send);
  /// One poll of one client: pairs of offset and record number.
  HistoryBuilder& poll(std::vector<std::pair<int, std::uint32_t>> records, std::int32_t client = 2001,
                       std::uint32_t incarnation = 1);
  HistoryBuilder& move(std::int32_t client = 2001);
  /// A send that is still open.
  HistoryBuilder& open_send(std::uint32_t number, std::uint32_t incarnation = 1);

  [[nodiscard]] const History& history() const { return history_; }
  [[nodiscard]] Instant now() const { return now_; }

 private:
  Instant later() { return now_ = now_ + milliseconds(1); }

  History history_;
  Instant now_;
};

}  // namespace odradek::sim
