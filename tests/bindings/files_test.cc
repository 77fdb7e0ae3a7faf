// What is stored is whole or not there.
#include "bindings/cli/files.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <set>

namespace odradek::cli {
namespace {

namespace fs = std::filesystem;

class Files : public testing::Test {
 protected:
  Files() : root_(fs::temp_directory_path() / fmt::format("odradek-files-{}", getpid())) {
    fs::create_directories(root_);
  }
  ~Files() override { fs::remove_all(root_); }

  static std::string text_of(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  std::set<std::string> names() const {
    std::set<std::string> names;
    for (const auto& entry : fs::recursive_directory_iterator(root_))
      names.insert(entry.path().lexically_relative(root_).string());
    return names;
  }

  fs::path root_;
};

TEST_F(Files, AreReplacedWhole) {
  ASSERT_TRUE(write_whole(root_ / "a", "first").has_value());
  ASSERT_TRUE(write_whole(root_ / "a", "x").has_value());
  EXPECT_EQ(text_of(root_ / "a"), "x");
  EXPECT_EQ(names(), (std::set<std::string>{"a"}));
}

TEST_F(Files, SpecialOnesAreWrittenToDirectly) {
  EXPECT_TRUE(write_whole("/dev/null", "x").has_value());
  const Stored full = write_whole("/dev/full", "x");
  ASSERT_FALSE(full.has_value());
  EXPECT_EQ(full.error().message, "/dev/full: No space left on device");
  EXPECT_EQ(full.error().exit(), Exit::kInternal);
  EXPECT_TRUE(fs::is_character_file("/dev/full"));
}

TEST_F(Files, CheckingLeavesNothing) {
  EXPECT_TRUE(check_writable(root_ / "a").has_value());
  EXPECT_TRUE(names().empty());
  const Stored absent = check_writable(root_ / "no" / "a");
  ASSERT_FALSE(absent.has_value());
  EXPECT_EQ(absent.error().exit(), Exit::kUsage);
}

TEST_F(Files, FoldersTakeThePlaceOfOthers) {
  ASSERT_TRUE(
      write_folder(root_ / "f", {{.name = "a", .text = "1"}, {.name = "b", .text = "2"}}).has_value());
  fs::create_directories(root_ / ".f.partial");  // what a kill leaves
  ASSERT_TRUE(write_folder(root_ / "f", {{.name = "b", .text = "3"}}).has_value());
  EXPECT_EQ(names(), (std::set<std::string>{"f", "f/b"}));
  EXPECT_EQ(text_of(root_ / "f" / "b"), "3");
}

TEST_F(Files, AFolderThatCannotBeWrittenWholeIsNotThere) {
  const Stored failed =
      write_folder(root_ / "f", {{.name = "a", .text = "1"}, {.name = "no/b", .text = "2"}});
  ASSERT_FALSE(failed.has_value());
  EXPECT_EQ(failed.error().message, (root_ / "f/no/b").string() + ": No such file or directory");
  EXPECT_TRUE(names().empty());
}

TEST_F(Files, GrowByWholeTextsAndAreCut) {
  {
    auto file = GrowingFile::open(root_ / "a");
    ASSERT_TRUE(file->append("one\ntwo\n").has_value());
    ASSERT_TRUE(file->cut(4).has_value());
  }
  auto file = GrowingFile::open(root_ / "a");
  ASSERT_TRUE(file->append("three\n").has_value());
  EXPECT_EQ(text_of(root_ / "a"), "one\nthree\n");
  ASSERT_TRUE(file->overwrite("a longer text\n").has_value());
  ASSERT_TRUE(file->overwrite("x\n").has_value());
  EXPECT_EQ(text_of(root_ / "a"), "x\n            ");
}

TEST_F(Files, AreLockedForOneLivingProcess) {
  auto file = GrowingFile::open(root_ / "a");
  ASSERT_TRUE(file->lock());
  const auto locks = [&] {
    const pid_t child = fork();
    if (child == 0) _exit(GrowingFile::open(root_ / "a")->lock() ? 0 : 1);
    int status = 0;
    waitpid(child, &status, 0);
    return WEXITSTATUS(status) == 0;
  };
  EXPECT_FALSE(locks());
  {
    const GrowingFile gone = *std::move(file);
  }
  EXPECT_TRUE(locks());
}

}  // namespace
}  // namespace odradek::cli
