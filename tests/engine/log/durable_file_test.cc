#include "engine/log/durable_file.h"

#include <gtest/gtest.h>

#include "tests/support/memory_disk.h"

namespace odradek::log {
namespace {

/// A file on a disk whose fsyncs finish when the test says so.
struct Desk {
  testing::MemoryDisk disk;
  io::Effects out{io::Names{}};
  DurableFile file{"logs/epoch"};

  /// Finishes the newest fsync and returns what it was asked of.
  std::string finish() {
    const io::Fsync fsync = std::get<io::Fsync>(out.list().back());
    EXPECT_TRUE(file.on_fsync({.ticket = fsync.ticket, .ok = true}, disk, out));
    return fsync.path;
  }
  [[nodiscard]] std::string text() const {
    const auto found = file.load(disk);
    return found ? std::string(found->text()) : "(none)";
  }
};

TEST(DurableFile, ShowsTheNewTextOnlyAfterItWasSynced) {
  Desk desk;
  ASSERT_TRUE(desk.file.save("one", desk.disk, desk.out));
  EXPECT_EQ(desk.text(), "(none)");
  EXPECT_EQ(desk.finish(), "logs/epoch.tmp");
  EXPECT_EQ(desk.text(), "one");
  EXPECT_FALSE(desk.file.is_durable());
}

TEST(DurableFile, IsDurableOnceItsDirectoryWasSynced) {
  Desk desk;
  ASSERT_TRUE(desk.file.save("one", desk.disk, desk.out));
  desk.finish();
  EXPECT_EQ(desk.finish(), "logs");
  EXPECT_TRUE(desk.file.is_durable());
  EXPECT_FALSE(desk.file.is_writing());
}

TEST(DurableFile, ThatIsSavedAgainForgetsTheWriteUnderWay) {
  Desk desk;
  ASSERT_TRUE(desk.file.save("one", desk.disk, desk.out));
  const FsyncTicket first = std::get<io::Fsync>(desk.out.list().back()).ticket;
  ASSERT_TRUE(desk.file.save("two", desk.disk, desk.out));
  ASSERT_TRUE(desk.file.on_fsync({.ticket = first, .ok = true}, desk.disk, desk.out));
  EXPECT_EQ(desk.text(), "(none)");
  desk.finish();
  EXPECT_EQ(desk.text(), "two");
}

TEST(DurableFile, OfTheRootSyncsTheRoot) {
  EXPECT_EQ(directory_of("meta"), "");
  EXPECT_EQ(directory_of("a/b/c"), "a/b");
}

}  // namespace
}  // namespace odradek::log
