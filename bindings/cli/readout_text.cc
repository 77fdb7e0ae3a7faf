// Headings are Kafka's own words, so that what its documentation says of them holds here.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "bindings/cli/readout.h"
#include "engine/base/uuid_text.h"

namespace odradek::cli {
namespace {

using Cells = std::vector<std::string>;
const std::string kNone = "-";

/// Cells below their headings, each column as wide as its widest cell.
class Table {
 public:
  explicit Table(Cells headings) { rows_.push_back(std::move(headings)); }
  void add(Cells cells) { rows_.push_back(std::move(cells)); }

  [[nodiscard]] std::string text(const Style& style) const {
    std::string out;
    for (const Cells& row : rows_) {
      std::string line = " ";
      for (std::size_t column = 0; column < row.size(); ++column)
        line += fmt::format(" {:<{}}", row[column], width(column) + 1);
      line.erase(line.find_last_not_of(' ') + 1);
      out += (&row == &rows_.front() ? style.dim(line) : line) + "\n";
    }
    return out;
  }

 private:
  [[nodiscard]] std::size_t width(std::size_t column) const {
    std::size_t widest = 0;
    for (const Cells& row : rows_) widest = std::max(widest, row[column].size());
    return widest;
  }

  std::vector<Cells> rows_;
};

template <class T>
std::string number(const std::optional<T>& value) {
  return value ? fmt::format("{}", value->value()) : kNone;
}

std::string list(const std::vector<BrokerId>& brokers) {
  std::vector<std::int32_t> ids;
  for (const BrokerId broker : brokers) ids.push_back(broker.value());
  return ids.empty() ? kNone : fmt::format("{}", fmt::join(ids, ","));
}

/// "1:120 2:118 3:-": where the log of each replica ends.
std::string log_ends(const sim::PartitionReadout& partition) {
  std::vector<std::string> ends;
  for (const BrokerId broker : partition.committed.replicas) {
    const auto held = partition.held.find(broker);
    const std::string end =
        held == partition.held.end() ? kNone : std::to_string(held->second.log_end.value());
    ends.push_back(fmt::format("{}:{}", broker.value(), end));
  }
  return fmt::format("{}", fmt::join(ends, " "));
}

bool is_reassigned(const sim::TopicReadout& topic) {
  return std::ranges::any_of(topic.partitions, [](const sim::PartitionReadout& partition) {
    return !partition.committed.adding_replicas.empty() || !partition.committed.removing_replicas.empty();
  });
}

std::string topic_text(const sim::TopicReadout& topic, const Style& style) {
  std::vector<std::string> configs;
  for (const auto& [name, value] : topic.configs) configs.push_back(name + "=" + value);
  const std::size_t replication_factor =
      topic.partitions.empty() ? 0 : topic.partitions.front().committed.replicas.size();
  std::string out =
      fmt::format("{}  TopicId: {}  PartitionCount: {}  ReplicationFactor: {}  Configs: {}\n",
                  style.bold("Topic: " + topic.name), to_text(topic.id), topic.partitions.size(),
                  replication_factor, configs.empty() ? kNone : fmt::format("{}", fmt::join(configs, ",")));
  const bool reassigned = is_reassigned(topic);
  Cells headings = {"Partition",    "Leader",      "Replicas",       "Isr",           "Elr",
                    "LastKnownElr", "LeaderEpoch", "PartitionEpoch", "HighWatermark", "LogEndOffset"};
  if (reassigned) headings.insert(headings.begin() + 3, {"AddingReplicas", "RemovingReplicas"});
  Table table(std::move(headings));
  for (const sim::PartitionReadout& partition : topic.partitions) {
    const metadata::PartitionRegistration& committed = partition.committed;
    Cells cells = {std::to_string(partition.id.value()),
                   committed.leader ? number(committed.leader) : "none",
                   list(committed.replicas),
                   list(committed.isr),
                   list(committed.elr),
                   list(committed.last_known_elr),
                   std::to_string(committed.leader_epoch.value()),
                   std::to_string(committed.partition_epoch.value()),
                   number(high_watermark(partition)),
                   log_ends(partition)};
    if (reassigned) {
      cells.insert(cells.begin() + 3, {list(committed.adding_replicas), list(committed.removing_replicas)});
    }
    table.add(std::move(cells));
  }
  return out + table.text(style);
}

/// As org.apache.kafka.tools.MetadataQuorumCommand prints a list of replicas.
std::string nodes(const std::vector<api::QuorumReplicaState>& replicas) {
  std::vector<std::string> all;
  for (const api::QuorumReplicaState& replica : replicas) {
    const Uuid& directory = replica.replica_directory_id;
    all.push_back(fmt::format(R"({{"id": {}, "directoryId": {}}})", replica.replica_id.value(),
                              directory.is_zero() ? "null" : '"' + to_text(directory) + '"'));
  }
  return fmt::format("[{}]", fmt::join(all, ", "));
}

void add_replicas(Table& table, const Quorum& quorum, const std::vector<api::QuorumReplicaState>& replicas,
                  std::string_view role) {
  for (const api::QuorumReplicaState& replica : replicas) {
    const auto lag = lag_of(replica, quorum);
    table.add({std::to_string(replica.replica_id.value()),
               replica.replica_directory_id.is_zero() ? kNone : to_text(replica.replica_directory_id),
               number(replica.log_end_offset), lag ? std::to_string(*lag) : kNone,
               number(replica.last_fetch_timestamp), number(replica.last_caught_up_timestamp),
               std::string(replica.replica_id == quorum.leader_id ? "Leader" : role)});
  }
}

}  // namespace

std::string topics_text(const sim::Readout& readout, const Style& style) {
  std::string out;
  for (const sim::TopicReadout& topic : readout.topics) out += topic_text(topic, style);
  if (out.empty()) return "no topics\n";
  return out + style.dim(
                   "  Isr: in sync with the leader. Elr: has left the Isr, and may lead all the same. "
                   "HighWatermark: as "
                   "the leader knows it.\n"
                   "  LogEndOffset: of each replica, whose log is not open where there is a \"-\".\n");
}

std::string brokers_text(const sim::Readout& readout, const Style& style) {
  Table table({"BrokerId", "BrokerEpoch", "Rack", "State", "Process", "MetadataOffset"});
  for (const sim::BrokerReadout& broker : readout.brokers) {
    std::string process(name_of(broker.process));
    if (broker.state) process += fmt::format(", {}", broker_state(broker));
    table.add({std::to_string(broker.id.value()),
               broker.registration ? std::to_string(broker.registration->epoch.value()) : kNone,
               broker.rack.empty() ? kNone : broker.rack, std::string(registration_state(broker)), process,
               number(broker.metadata_offset)});
  }
  return style.bold("Brokers") + "\n" + table.text(style) +
         style.dim(fmt::format(
             "  State: as the controllers have committed it, in a metadata log that ends at offset "
             "{}. MetadataOffset: up to where\n  the broker knows that log.\n",
             readout.committed.value()));
}

std::string quorum_text(const sim::Readout& readout, const Style& style) {
  const Quorum& quorum = readout.quorum.partition;
  const auto lag = max_follower_lag(quorum);
  const auto lag_time_ms = max_follower_lag_time_ms(quorum);
  std::string out = style.bold("Metadata quorum") + "\n";
  const auto line = [&out](std::string_view name, const std::string& value) {
    out += fmt::format("  {:<24}{}\n", fmt::format("{}:", name), value);
  };
  line("ClusterId", to_text(readout.quorum.cluster_id));
  line("LeaderId", quorum.leader_id ? number(quorum.leader_id) : "none");
  line("LeaderEpoch", std::to_string(quorum.leader_epoch.value()));
  line("HighWatermark", number(quorum.high_watermark));
  line("MaxFollowerLag", lag ? std::to_string(*lag) : kNone);
  line("MaxFollowerLagTimeMs", lag_time_ms ? std::to_string(*lag_time_ms) : "-1");
  line("CurrentVoters", nodes(quorum.current_voters));
  line("CurrentObservers", nodes(quorum.observers));
  Table table({"NodeId", "DirectoryId", "LogEndOffset", "Lag", "LastFetchTimestamp", "LastCaughtUpTimestamp",
               "Status"});
  add_replicas(table, quorum, quorum.current_voters, "Follower");
  add_replicas(table, quorum, quorum.observers, "Observer");
  return out + "\n" + table.text(style);
}

}  // namespace odradek::cli
