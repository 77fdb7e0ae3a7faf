#include "engine/controller/replica_placer.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "engine/controller/purpose.h"

namespace odradek::controller {
namespace {

/// Brokers in a circle. Each round, which places one partition, starts one further than the one before.
class Circle {
 public:
  void add(BrokerId broker) { brokers_.push_back(broker); }
  void start_at(const Draw& draw) {
    if (!brokers_.empty()) start_ = draw.below(brokers_.size());
  }

  [[nodiscard]] std::vector<BrokerId>& brokers() { return brokers_; }
  [[nodiscard]] std::size_t size() const { return brokers_.size(); }

  /// The next broker of this round; nobody when it has given them all.
  [[nodiscard]] std::optional<BrokerId> next(std::uint64_t round) {
    if (brokers_.empty()) return std::nullopt;
    if (std::exchange(round_, round) != round) {
      given_ = 0;
      start_ = (start_ + 1) % brokers_.size();
    }
    if (given_ >= brokers_.size()) return std::nullopt;
    return brokers_[(start_ + given_++) % brokers_.size()];
  }

 private:
  std::vector<BrokerId> brokers_;
  std::uint64_t start_ = 0;
  std::uint64_t given_ = 0;
  std::uint64_t round_ = 0;
};

struct Rack {
  Circle unfenced;
  Circle fenced;

  [[nodiscard]] std::optional<BrokerId> next(std::uint64_t round) {
    const std::optional<BrokerId> alive = unfenced.next(round);
    return alive ? alive : fenced.next(round);
  }
};

class Placer {
 public:
  Placer(const metadata::MetadataImage& image, PlacementDraws draws) : draws_(draws) {
    std::map<std::optional<std::string>, Rack> by_name;
    for (const auto& [id, broker] : image.brokers()) {
      Rack& rack = by_name[broker.rack];
      (broker.fenced ? rack.fenced : rack.unfenced).add(id);
      ++registered_;
      unfenced_ += broker.fenced ? 0 : 1;
    }
    for (auto& [name, rack] : by_name) {
      rack.unfenced.start_at(drawn(Purpose::kPlacementStart, racks_.size()));
      rack.fenced.start_at(drawn(Purpose::kPlacementFencedStart, racks_.size()));
      racks_.push_back(std::move(rack));
    }
    if (!racks_.empty()) first_ = drawn(Purpose::kPlacementRack, 0).below(racks_.size());
  }

  [[nodiscard]] std::uint64_t registered() const { return registered_; }
  [[nodiscard]] std::uint64_t unfenced() const { return unfenced_; }

  /// One partition. REQUIRES: as many brokers are registered, and one of them is unfenced.
  [[nodiscard]] std::vector<BrokerId> place(std::int32_t replication_factor) {
    if (round_ > 0 && round_ % unfenced_ == 0 && unfenced_ > 1) shuffle_all();
    first_ %= racks_.size();
    std::vector<BrokerId> replicas;
    std::uint64_t rack = first_;
    const std::uint64_t leaders_rack = place_leader(replicas);
    bool met_leaders_rack = false;
    while (replicas.size() < static_cast<std::size_t>(replication_factor)) {
      // The first time round, the leader's rack has given its replica already.
      const bool has_given = rack == leaders_rack && !std::exchange(met_leaders_rack, true);
      const std::optional<BrokerId> broker = has_given ? std::nullopt : racks_[rack].next(round_);
      if (broker) replicas.push_back(*broker);
      rack = (rack + 1) % racks_.size();
    }
    ++round_;
    ++first_;
    return replicas;
  }

 private:
  [[nodiscard]] Draw drawn(Purpose purpose, std::uint64_t entity) const {
    return draw(draws_.key, purpose, {.entity = entity, .ordinal = draws_.ordinal});
  }

  std::uint64_t place_leader(std::vector<BrokerId>& replicas) {
    std::uint64_t rack = first_;
    while (replicas.empty()) {
      if (const std::optional<BrokerId> broker = racks_[rack].unfenced.next(round_)) {
        replicas.push_back(*broker);
      } else {
        rack = (rack + 1) % racks_.size();
      }
    }
    return rack;
  }

  template <class T>
  void shuffle(std::vector<T>& items) {
    for (std::size_t left = items.size(); left > 1; --left) {
      std::swap(items[left - 1], items[drawn(Purpose::kPlacementShuffle, shuffled_++).below(left)]);
    }
  }

  void shuffle_all() {
    shuffle(racks_);
    for (Rack& rack : racks_) {
      shuffle(rack.fenced.brokers());
      shuffle(rack.unfenced.brokers());
    }
  }

  PlacementDraws draws_;
  std::vector<Rack> racks_;
  std::uint64_t registered_ = 0;
  std::uint64_t unfenced_ = 0;
  std::uint64_t first_ = 0;  ///< the rack that the next partition starts with
  std::uint64_t round_ = 0;
  std::uint64_t shuffled_ = 0;
};

}  // namespace

Result<Assignment> place_replicas(const metadata::MetadataImage& image, PlacementSpec spec,
                                  PlacementDraws draws) {
  Placer placer(image, draws);
  if (placer.unfenced() == 0) return fail("All brokers are currently fenced.");
  if (std::cmp_greater(spec.replication_factor, placer.registered())) {
    return fail(
        "The target replication factor of {} cannot be reached because only {} broker(s) are registered.",
        spec.replication_factor, placer.registered());
  }
  Assignment partitions;
  for (std::int32_t i = 0; i < spec.num_partitions; ++i) {
    partitions.push_back(placer.place(spec.replication_factor));
  }
  return partitions;
}

}  // namespace odradek::controller
