#include <algorithm>

#include "engine/controller/topic_control.h"

namespace odradek::controller {
namespace {

/// Brokers in a circle that starts anywhere.
struct Circle {
  std::vector<BrokerId> brokers;
  std::uint64_t start = 0;

  [[nodiscard]] BrokerId at(std::uint64_t place) const { return brokers[(start + place) % brokers.size()]; }
};

}  // namespace

Result<std::vector<std::vector<BrokerId>>> place_replicas(const metadata::MetadataImage& image,
                                                          PlacementSpec spec, const Draw& draw) {
  Circle unfenced;
  Circle fenced;
  for (const auto& [id, registration] : image.brokers())
    (registration.fenced ? fenced : unfenced).brokers.push_back(id);
  const std::size_t registered = image.brokers().size();
  const auto wanted = static_cast<std::size_t>(spec.replication_factor);
  const auto unable = fmt::format("Unable to replicate the partition {} time(s): ", spec.replication_factor);
  if (unfenced.brokers.empty()) return fail("{}All brokers are currently fenced.", unable);
  if (wanted > registered) {
    return fail(
        "{}The target replication factor of {} cannot be reached because only {} broker(s) are registered.",
        unable, spec.replication_factor, registered);
  }
  unfenced.start = draw.below(unfenced.brokers.size());
  std::vector<std::vector<BrokerId>> partitions(static_cast<std::size_t>(spec.num_partitions));
  for (std::size_t p = 0; p < partitions.size(); ++p) {
    const std::size_t alive = std::min(wanted, unfenced.brokers.size());
    for (std::size_t i = 0; i < alive; ++i) partitions[p].push_back(unfenced.at(p + i));
    for (std::size_t i = 0; i < wanted - alive; ++i) partitions[p].push_back(fenced.at(p + i));
  }
  return partitions;
}

}  // namespace odradek::controller
