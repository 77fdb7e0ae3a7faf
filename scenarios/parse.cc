#include "scenarios/parse.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>

#include "scenarios/calm.h"
#include "scenarios/kafka_config.h"
#include "scenarios/parse_deed.h"
#include "scenarios/units.h"
#include "sim/checkers/permissions.h"

namespace odradek::scenarios {
namespace {

void parse_flaws(Reader& root, Parsed& out) {
  io::Flaws& flaws = out.scenario.cluster.flaws;
  std::vector<std::string> exhibits;
  std::vector<std::string> known;
  for (const io::FlawInfo& flaw : io::kFlaws) known.emplace_back(flaw.exhibit);
  root.read("flaws", exhibits);
  for (const std::string& exhibit : exhibits) {
    const Value value{.data = exhibit, .where = root.take("flaws")->where};
    if (const auto at = to_choice(value, "flaws", known, root.problems())) flaws.*io::kFlaws[*at].flag = true;
  }
  // A flaw that is a setting cannot be told from other settings: the file says what plants and removes it.
  if (!exhibits.empty()) {
    out.plant = {fmt::format("flaws={}", fmt::join(exhibits, ","))};
    out.removal = {"flaws=[]"};
  }
  root.read("plant", out.plant);
  root.read("remove", out.removal);
}

void parse_expectation(Reader& root, Parsed& out) {
  root.read_choice("expect", out.expect, {"pass", "violation", "permitted"});
  out.scenario.expect_violation = out.expect == Expectation::kViolation;
  std::vector<std::string>& permits = out.scenario.expect_permitted;
  root.read("permits", permits);
  for (const std::string& setting : permits) {
    const Value value{.data = setting, .where = root.take("permits")->where};
    std::vector<std::string> known;
    for (const sim::SettingInfo& info : sim::kPermittingSettings) known.emplace_back(info.setting);
    (void)to_choice(value, "permits", known, root.problems());
  }
  if ((out.expect == Expectation::kPermitted) != !permits.empty()) {
    root.missing(permits.empty() ? "permits" : "expect = \"permitted\"",
                 "both: permits = [\"acks=1\"] names the settings that permit the loss which is expected");
  }
}

/// `combined = 3`: so many of the brokers are controllers, too (process.roles=broker,controller).
void parse_combined(Reader& table, sim::ClusterSpec& cluster) {
  table.read("combined", cluster.combined, {.least = 0, .most = 9});
  const Value* value = table.take("combined");
  const std::int32_t most = std::min(cluster.brokers, cluster.controllers);
  if (value == nullptr || cluster.combined <= most) return;
  expected(table.problems(), "combined", *value,
           fmt::format("at most the number of brokers, {}, and of controllers, {}", cluster.brokers,
                       cluster.controllers));
  cluster.combined = most;
}

/// Returns `hosts`, which is read when all nodes are known.
std::optional<Value> parse_cluster(Reader& root, sim::ClusterSpec& cluster) {
  Reader table(root.take("cluster"), "[cluster]", root.problems());
  table.read("brokers", cluster.brokers, {.least = 1, .most = 9});
  table.read("controllers", cluster.controllers, {.least = 1, .most = 9});
  parse_combined(table, cluster);
  Reader config(table.take("config"), "[cluster.config]", root.problems());
  read_properties(config, cluster.broker);
  read_properties(config, cluster.controller);
  read_properties(config, cluster.quorum);
  read_properties(config, cluster.topic_defaults);
  config.finish();
  check_cluster(cluster, config, root.problems());
  const Value* hosts = table.take("hosts");
  table.finish();
  return hosts == nullptr ? std::nullopt : std::optional(*hosts);
}

bool is_topic_name(std::string_view name) {  // Source: org.apache.kafka.common.internals.Topic
  const bool legal = std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  });
  return legal && !name.empty() && name.size() <= 249 && name != "." && name != "..";
}

void parse_topic_name(Reader& table, const Roster& roster, std::string& name) {
  const Value* value = table.take("name");
  if (value == nullptr) return table.missing("name", "a topic's name");
  table.read("name", name);
  if (!is_topic_name(name)) {
    expected(table.problems(), "name", *value, "1 to 249 letters, digits, '.', '_' or '-'");
  } else if (roster.topics.contains(name)) {
    expected(table.problems(), "name", *value, "a name that no other topic has");
  }
}

sim::TopicSpec parse_topic(Reader& table, const sim::ClusterSpec& cluster, const Roster& roster) {
  sim::TopicSpec topic;
  topic.replication_factor = static_cast<std::int16_t>(std::min(3, cluster.brokers));
  parse_topic_name(table, roster, topic.name);
  table.read("partitions", topic.partitions, {.least = 1, .most = 100});
  table.read("replication", topic.replication_factor, {.least = 1, .most = 9});
  const auto place = [&table](std::string_view key) {
    const Value* value = table.take(key);
    return value == nullptr ? table.where() : value->where;
  };
  if (topic.replication_factor > cluster.brokers) {
    table.problems().add(place("replication"),
                         fmt::format("replication = {}, expected at most the number of brokers, {}",
                                     topic.replication_factor, cluster.brokers));
  }
  io::TopicConfig config = cluster.topic_defaults;
  Reader overrides(table.take("config"), table.title() + " config", table.problems());
  topic.configs = read_topic_properties(overrides, config);
  overrides.finish();
  if (config.min_insync_replicas > topic.replication_factor) {
    table.problems().add(place("config"),
                         fmt::format("min.insync.replicas = {}, expected at most the topic's replication, {}",
                                     config.min_insync_replicas, topic.replication_factor));
  }
  return topic;
}

void parse_interval(Reader& table, Duration& interval) {
  table.read("interval", interval, {.least = microseconds(100), .most = seconds(600)});
  const Value* rate = table.take("rate");
  if (rate == nullptr) return;
  const auto* text = rate->as<std::string>();
  const auto count = text == nullptr ? std::nullopt : parse_rate(*text);
  if (!count || *count > 10'000) {
    expected(table.problems(), "rate", *rate,
             "a number of records per second up to 10000, such as \"500/s\"");
  } else if (table.take("interval") != nullptr) {
    expected(table.problems(), "rate", *rate, "either rate or interval, not both");
  } else {
    interval = seconds(1) / *count;
  }
}

/// Kafka's default is true. A file says false aloud, so that it keeps its meaning once there is idempotence.
void demand_no_idempotence(Reader& config) {
  const Value* idempotence = config.take("enable.idempotence");
  const bool* enabled = idempotence == nullptr ? nullptr : idempotence->as<bool>();
  if (enabled != nullptr && !*enabled) return;
  config.problems().add(idempotence == nullptr ? config.where() : idempotence->where,
                        "idempotence does not exist yet: set \"enable.idempotence\" = false");
}

sim::ProducerSpec parse_producer(Reader& table) {
  sim::ProducerSpec producer;
  parse_interval(table, producer.interval);
  table.read("records", producer.records, {.least = 0, .most = 1'000'000});
  table.read("keys", producer.keys, {.least = 1, .most = 1'000'000});
  table.read("value_bytes", producer.value_bytes, {.least = 1, .most = 1 << 20});
  table.read("headers", producer.headers, {.least = 0, .most = 100});
  table.read_choice("partitioning", producer.partitioning, {"keyed", "sticky", "round-robin", "explicit"});
  const Value* value = table.take("config");
  const Value none{.data = Table{}, .where = table.where()};
  Reader config(value == nullptr ? &none : value, table.title() + " config", table.problems());
  demand_no_idempotence(config);
  read_properties(config, producer.config);
  config.finish();
  check_producer(producer.config, config, table.problems());
  return producer;
}

/// The partitions that a consumer assigns itself, of a topic that has so many.
void parse_partitions(Reader& table, std::int32_t count, std::vector<PartitionId>& partitions) {
  const Value* value = table.take("partitions");
  if (value == nullptr) return;
  const List* list = value->as<List>();
  if (list == nullptr || list->empty()) {
    expected(table.problems(), "partitions", *value, "a list of partitions such as [0, 1]");
    return;
  }
  for (const Value& element : *list) {
    const auto number =
        to_integer(element, "partitions", {.least = 0, .most = std::max(0, count - 1)}, table.problems());
    if (!number) continue;
    const PartitionId partition(static_cast<std::int32_t>(*number));
    if (std::ranges::count(partitions, partition) != 0)
      expected(table.problems(), "partitions", element, "each partition once");
    partitions.push_back(partition);
  }
}

sim::ConsumerSpec parse_consumer(Reader& table, std::int32_t partitions) {
  sim::ConsumerSpec consumer;
  parse_partitions(table, partitions, consumer.partitions);
  table.read("poll_interval", consumer.poll_interval, {.least = microseconds(100), .most = seconds(600)});
  table.read("max_poll_records", consumer.max_poll_records, {.least = 1, .most = 1'000'000});
  table.read("reread", consumer.reread);
  Reader config(table.take("config"), table.title() + " config", table.problems());
  read_properties(config, consumer.config);
  config.finish();
  return consumer;
}

sim::ClientSpec parse_client(Reader& table, const Roster& roster) {
  sim::ClientSpec client;
  const Value* kind = table.take("kind");
  if (kind == nullptr) table.missing("kind", "\"producer\" or \"consumer\"");
  const auto choice =
      kind == nullptr ? std::nullopt : to_choice(*kind, "kind", {"producer", "consumer"}, table.problems());
  if (!choice) return client;  // which keys it may have is unknown
  if (const Value* topic = table.take("topic"); topic == nullptr) {
    table.missing("topic", "the name of a [[topic]]");
  } else if (known_topic(*topic, "topic", roster, table.problems())) {
    client.topic = *topic->as<std::string>();
  }
  table.read("count", client.count, {.least = 0, .most = 100});
  if (*choice == 0) {
    client.kind = parse_producer(table);
  } else {
    const auto topic = roster.topics.find(client.topic);
    client.kind = parse_consumer(table, topic == roster.topics.end() ? 0 : topic->second);
  }
  table.finish();
  return client;
}

/// `calm = ["delivery"]`: purposes that are not drawn but have their dullest value.
void parse_calm(Reader& table, sim::Calm& calm) {
  const std::vector<CalmName> known = calm_names();
  std::vector<std::string> known_names;
  for (const CalmName& each : known) known_names.push_back(each.name);
  known_names.emplace_back(kEverything);
  std::vector<std::string> names;
  table.read("calm", names);
  for (const std::string& name : names) {
    const Value value{.data = name, .where = table.take("calm")->where};
    const auto at = to_choice(value, "calm", known_names, table.problems());
    for (std::size_t i = 0; at && i < known.size(); ++i) {
      if (*at == i || name == kEverything) calm.add(known[i].purpose);
    }
  }
}

void parse_run(Reader& root, sim::Scenario& scenario) {
  Reader table(root.take("run"), "[run]", root.problems());
  table.read("faults_until", scenario.faults_until, {.least = milliseconds(100), .most = seconds(3600)});
  if (const Value* settle = table.take("settle")) {
    scenario.settle =
        to_duration(*settle, "settle", {.least = seconds(1), .most = seconds(3600)}, root.problems());
  }
  table.read("core_only", scenario.core_only);
  table.read_choice("left_behind", scenario.left_behind,
                    {sim::kLeftBehindNames.begin(), sim::kLeftBehindNames.end()});
  parse_calm(table, scenario.calm);
  table.finish();
}

void parse_network(Reader& root, sim::NetworkConfig& network) {
  Reader table(root.take("network"), "[network]", root.problems());
  const auto read_latency = [&table](std::string_view key, sim::DurationRange& range) {
    table.read_span(key, range.min, range.max, {.least = microseconds(1), .most = seconds(10)});
  };
  read_latency("latency", network.latency);
  read_latency("between_racks", network.between_racks);
  read_latency("between_regions", network.between_regions);
  table.read("slow_pairs_percent", network.slow_pairs_percent, {.least = 0, .most = 100});
  table.read("slow_factor", network.slow_factor, {.least = 2, .most = 1'000});
  table.read("bytes_per_second", network.bytes_per_second, {.least = 1'000, .most = 100'000'000'000});
  table.finish();
}

/// The [[rack]]s: who stands where. A node stands in one rack, or in none.
void parse_racks(Reader& root, Roster& roster, std::vector<sim::Rack>& racks) {
  std::set<NodeId> placed;
  for (Reader& table : take_tables(root, "rack")) {
    sim::Rack rack;
    table.read("name", rack.name);
    table.read("region", rack.region);
    const Value* name = table.take("name");
    if (name == nullptr)
      table.missing("name", "a rack's name");
    else if (rack.name.empty() || std::ranges::count(roster.racks, rack.name) != 0)
      expected(table.problems(), "name", *name, "a name that no other rack has");
    if (const Value* nodes = table.take("nodes"); nodes != nullptr) {
      rack.nodes = to_nodes(*nodes, "nodes", roster, table.problems());
      for (const NodeId node : rack.nodes) {
        if (!placed.insert(node).second)
          expected(table.problems(), "nodes", *nodes,
                   fmt::format("each node in one rack, and {} is in two", sim::node_name(node)));
      }
    } else {
      table.missing("nodes", "who stands there, such as nodes = [\"broker:1\", \"client:1\"]");
    }
    table.finish();
    roster.racks.push_back(rack.name);
    if (!rack.region.empty() && std::ranges::count(roster.regions, rack.region) == 0)
      roster.regions.push_back(rack.region);
    racks.push_back(std::move(rack));
  }
}

/// `[cluster] hosts = [["broker:1", "broker:2"]]`: who shares one power supply and one disk.
void parse_hosts(const std::optional<Value>& hosts, const Roster& roster,
                 std::vector<std::vector<NodeId>>& out, Problems& problems) {
  if (!hosts) return;
  const List* list = hosts->as<List>();
  if (list == nullptr) return expected(problems, "hosts", *hosts, "a list of hosts, each a list of nodes");
  std::set<NodeId> placed;
  for (const Value& host : *list) {
    out.push_back(to_nodes(host, "hosts", roster, problems));
    for (const NodeId node : out.back()) {
      if (!placed.insert(node).second || node.value() >= sim::kFirstClient)
        expected(problems, "hosts", host, "brokers and controllers, each on one host");
    }
  }
}

void parse_clocks(Reader& root, sim::ClockSpec& clocks) {
  Reader table(root.take("clocks"), "[clocks]", root.problems());
  table.read("skew", clocks.skew, {.least = nanoseconds(0), .most = seconds(24 * 3600)});
  table.read("drift_ppm", clocks.drift_ppm, {.least = 0, .most = 100'000});
  table.finish();
}

}  // namespace

std::vector<Reader> take_tables(Reader& root, std::string_view key) {
  std::vector<Reader> readers;
  const Value* value = root.take(key);
  if (value == nullptr) return readers;
  const List* list = value->as<List>();
  if (list == nullptr) {
    expected(root.problems(), key, *value, fmt::format("a list of tables, each headed [[{}]]", key));
    return readers;
  }
  for (const Value& element : *list)
    readers.emplace_back(&element, fmt::format("[[{}]]", key), root.problems());
  return readers;
}

bool known_topic(const Value& value, std::string_view what, const Roster& roster, Problems& problems) {
  std::vector<std::string> names;
  for (const auto& [name, partitions] : roster.topics) names.push_back(name);
  if (names.empty()) {
    expected(problems, what, value, "the name of a [[topic]], and there is none");
    return false;
  }
  return to_choice(value, what, names, problems).has_value();
}

Parsed parse(const Table& tree, Problems& problems) {
  Parsed out;
  const Value root_value{.data = tree, .where = {.line = 1, .column = 1}};
  Reader root(&root_value, "the scenario", problems);
  sim::Scenario& scenario = out.scenario;
  root.read("title", scenario.title);
  if (root.take("title") == nullptr) root.missing("title", "one line that says what it shows");
  root.read("description", out.description);
  parse_expectation(root, out);
  parse_flaws(root, out);
  const std::optional<Value> hosts = parse_cluster(root, scenario.cluster);
  Roster roster{.brokers = scenario.cluster.brokers,
                .controllers = scenario.cluster.controllers,
                .combined = scenario.cluster.combined};
  for (Reader& table : take_tables(root, "topic")) {
    scenario.topics.push_back(parse_topic(table, scenario.cluster, roster));
    roster.topics[scenario.topics.back().name] = scenario.topics.back().partitions;
    table.finish();
  }
  if (scenario.topics.empty()) root.missing("[[topic]]", "at least one");
  for (Reader& table : take_tables(root, "client")) {
    scenario.clients.push_back(parse_client(table, roster));
    roster.clients += scenario.clients.back().count;
    if (std::holds_alternative<sim::ProducerSpec>(scenario.clients.back().kind))
      roster.producers += scenario.clients.back().count;
  }
  parse_hosts(hosts, roster, scenario.cluster.hosts, problems);
  parse_network(root, scenario.network);
  parse_racks(root, roster, scenario.racks);
  parse_clocks(root, scenario.clocks);
  parse_run(root, scenario);
  parse_plan(root, roster, scenario);
  root.finish();
  return out;
}

}  // namespace odradek::scenarios
