// ClusterTruth: what the controller has committed, kept by the harness so that it can be asked for while no
// controller runs. A committed record stays committed; only the process that knew of it is gone.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "engine/base/hash.h"
#include "engine/metadata/image.h"
#include "sim/checkers/view.h"
#include "sim/trace/line.h"

namespace odradek::sim {

enum class Telling : std::uint8_t {
  kNews,
  kRetold,
  kContradiction,  ///< something else was told of this offset: a committed record is lost
};

class ClusterTruth {
 public:
  ClusterTruth() = default;
  ClusterTruth(io::TopicConfig defaults, bool eligible_leader_replicas)
      : defaults_(defaults), eligible_leader_replicas_(eligible_leader_replicas) {}

  /// Takes in what a controller's event says of the metadata log. One that restarts reads its log from the
  /// beginning, and tells again what was told before; it must be the same.
  [[nodiscard]] Telling hear(const io::Event& event);

  /// A controller's committed image; one that is behind, after a restart, is passed over. True when other
  /// partitions exist now than did before.
  bool learn(const metadata::MetadataImage& committed);

  [[nodiscard]] const metadata::MetadataImage& image() const { return image_; }
  /// Events have told of more than the image shows: who told them died in that step.
  [[nodiscard]] bool is_behind() const {
    return !told_.empty() && told_.rbegin()->first >= image_.end_offset();
  }
  /// Of all topics that there have been.
  [[nodiscard]] const TopicNames& topic_names() const { return names_; }
  /// All that exist, with the topics that they belong to.
  [[nodiscard]] const std::map<io::NamedPartition, TopicId>& partitions() const { return partitions_; }
  [[nodiscard]] std::optional<PartitionTruth> partition(const TopicPartition& tp) const;
  [[nodiscard]] std::optional<PartitionTruth> partition(const io::NamedPartition& name) const;
  [[nodiscard]] std::optional<TopicPartition> id_of(const io::NamedPartition& name) const;

  FIELDS(defaults_, eligible_leader_replicas_, image_, told_, names_, partitions_, settings_)
  friend bool operator==(const ClusterTruth&, const ClusterTruth&) = default;

 private:
  /// A topic's settings, parsed when they change.
  struct Settings {
    std::map<std::string, std::string> given;
    io::TopicConfig config;
    std::int32_t least_min_insync_replicas = 1;  ///< that there ever was

    FIELDS(given, config, least_min_insync_replicas)
    friend bool operator==(const Settings&, const Settings&) = default;
  };
  void learn_settings(bool other_defaults);
  [[nodiscard]] bool keeps_elr() const;

  io::TopicConfig defaults_;
  bool eligible_leader_replicas_ = true;  ///< as formatted
  metadata::MetadataImage image_;
  std::map<Offset, Digest> told_;  ///< events by the offset of the record that says so
  TopicNames names_;
  std::map<io::NamedPartition, TopicId> partitions_;
  std::map<TopicId, Settings> settings_;  ///< of the topics that exist
};

}  // namespace odradek::sim
