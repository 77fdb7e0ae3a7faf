// Whose disk it is: a process starts on its own one only.
#include "engine/node/meta_properties.h"

#include <gtest/gtest.h>

#include "tests/support/memory_disk.h"

namespace odradek::node {
namespace {

using testing::MemoryDisk;

constexpr MetaProperties kOwn{
    .cluster_id = {.high = 7, .low = 8}, .node = NodeId(3), .directory_id = {.high = 1, .low = 2}};

/// Why a process that is `kOwn` refuses a disk with this file.
std::string refusal_of(std::string_view text) {
  MemoryDisk disk;
  EXPECT_TRUE(disk.append(kMetaPropertiesFile, Bytes(text)).has_value());
  const Result<Uuid> directory = claim_log_directory(disk, kOwn.cluster_id, kOwn.node);
  if (!directory) return directory.error().message;
  return *directory == kOwn.directory_id ? "accepted" : "accepted as another directory";
}

TEST(MetaProperties, AcceptsTheOwnDisk) { EXPECT_EQ(refusal_of(to_text(kOwn)), "accepted"); }

TEST(MetaProperties, PassesOverCommentsAndWhatItDoesNotKnow) {
  EXPECT_EQ(refusal_of("#Thu Nov 26 10:00:00 UTC 2026\n" + to_text(kOwn) + "log.dir=x\n"), "accepted");
}

TEST(MetaProperties, RefusesAnotherNodesDisk) {
  EXPECT_EQ(refusal_of(to_text(MetaProperties{.cluster_id = kOwn.cluster_id, .node = NodeId(4)})),
            "the log directory has node.id 4, and this is node 3");
}

TEST(MetaProperties, RefusesAnotherClustersDisk) {
  const std::string refusal =
      refusal_of(to_text(MetaProperties{.cluster_id = {.high = 7, .low = 9}, .node = kOwn.node}));
  EXPECT_TRUE(refusal.starts_with("the log directory belongs to cluster ")) << refusal;
}

TEST(MetaProperties, RefusesADiskThatIsNotFormatted) {
  const std::string expected = "no readable meta.properties: the log directory has to be formatted first";
  EXPECT_EQ(claim_log_directory(MemoryDisk(), kOwn.cluster_id, kOwn.node).error().message, expected);
  EXPECT_EQ(refusal_of(""), expected);
  EXPECT_EQ(refusal_of("version=0\n"), expected);
  EXPECT_EQ(refusal_of("version=1\nnode.id=3\n"), expected);
  EXPECT_EQ(refusal_of("version=1\nnode.id=3\ncluster.id=AAAAAAAAAAcAAAAAAAAACA\n"), expected);
  const std::string text = to_text(kOwn);
  EXPECT_EQ(refusal_of(text.substr(0, text.size() - 2)), expected);  // the id's end is torn off
}

}  // namespace
}  // namespace odradek::node
