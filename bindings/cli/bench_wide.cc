// The profile of a cluster with many partitions, of which few have anything to do: whatever grows with their
// number at each event or tick shows here.
#include <fmt/format.h>

#include "bindings/cli/bench_reference.h"

namespace odradek::cli {
namespace {

/// Now and then a crash, a minute.
constexpr std::string_view kCluster = R"(
title = "wide"
[cluster]
brokers = 5
controllers = 3
[cluster.config]
"replica.fetch.wait.max.ms" = 500
"min.insync.replicas" = 2
[network]
latency = ["500us", "2ms"]
[faults]
crash = { mean_every = "30s", duration = ["1s", "5s"] }
[run]
faults_until = "60s"
settle = "60s"
)";

/// A hundred partitions, one producer of forty records a second in sixteen of them, and one reader of all.
constexpr std::string_view kTopic = R"(
[[topic]]
name = "{0}"
partitions = 100
replication = 3
[[client]]
kind = "producer"
topic = "{0}"
interval = "25ms"
value_bytes = 100
[client.config]
acks = "all"
"enable.idempotence" = false
"linger.ms" = 5
[[client]]
kind = "consumer"
topic = "{0}"
[client.config]
"auto.offset.reset" = "earliest"
"fetch.max.wait.ms" = 500
)";

}  // namespace

Result<Profile> bench_wide(const BenchCommand& command) {
  std::string text(kCluster);
  for (const char* topic : {"a", "b", "c", "d", "e"}) text += fmt::format(kTopic, topic);
  return bench_runs(text, command);
}

}  // namespace odradek::cli
