#include "sim/disk/sim_disk.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <string>

namespace odradek::sim {
namespace {

Bytes bytes(std::string_view text) { return Bytes(text); }

std::string content(const SimDisk& disk, std::string_view path) {
  const auto size = disk.size(path);
  if (!size) return "(none)";
  return std::string(disk.read(path, 0, static_cast<std::uint32_t>(*size))->text());
}

std::string durable(const SimDisk& disk, std::string_view path) {
  const auto file = disk.durable(path);
  return file ? std::string((*file)->read(0, static_cast<std::uint32_t>((*file)->size())).text()) : "(none)";
}

TEST(SimDisk, ReadsBackAPieceWithoutCopyingIt) {
  SimDisk disk;
  const Bytes piece = bytes("second");
  ASSERT_TRUE(disk.append("log", bytes("first")));
  ASSERT_TRUE(disk.append("log", piece));
  const Bytes read = disk.read("log", 5, 6).value();
  EXPECT_EQ(read.span().data(), piece.span().data());
  EXPECT_EQ(disk.read("log", 3, 4)->text(), "stse");
}

TEST(SimDisk, SaysWhatIsWrong) {
  SimDisk disk;
  EXPECT_EQ(disk.read("a", 0, 0).error(), io::DiskError::kNotFound);
  EXPECT_EQ(disk.size("a").error(), io::DiskError::kNotFound);
  EXPECT_EQ(disk.truncate("a", 0).error(), io::DiskError::kNotFound);
  EXPECT_EQ(disk.rename("a", "b").error(), io::DiskError::kNotFound);
  EXPECT_EQ(disk.remove("a").error(), io::DiskError::kNotFound);
  EXPECT_EQ(disk.mutations(), 0u);
  ASSERT_TRUE(disk.append("a", bytes("abc")));
  EXPECT_EQ(disk.read("a", 2, 2).error(), io::DiskError::kOutOfRange);
  EXPECT_EQ(disk.read("a", 4, 0).error(), io::DiskError::kOutOfRange);
  EXPECT_EQ(disk.truncate("a", 4).error(), io::DiskError::kOutOfRange);
}

TEST(SimDisk, AnEmptyAppendCreatesTheFile) {
  SimDisk disk;
  ASSERT_TRUE(disk.append("a", {}));
  EXPECT_EQ(disk.size("a"), 0u);
}

TEST(SimDisk, ListsADirectorySortedAndNothingBesides) {
  SimDisk disk;
  for (const char* path : {"t-1/b", "t-1/a", "t-10/c", "t-1", "t"})
    ASSERT_TRUE(disk.append(path, bytes("x")));
  EXPECT_EQ(disk.list("t-1"), (std::vector<std::string>{"t-1/a", "t-1/b"}));
  EXPECT_EQ(disk.list("t-1/"), disk.list("t-1"));
  EXPECT_EQ(disk.list("").size(), 5u);
}

TEST(SimDisk, RenameReplacesTheTarget) {
  SimDisk disk;
  ASSERT_TRUE(disk.append("new", bytes("new")));
  ASSERT_TRUE(disk.append("old", bytes("old")));
  ASSERT_TRUE(disk.rename("new", "old"));
  EXPECT_EQ(content(disk, "old"), "new");
  EXPECT_EQ(content(disk, "new"), "(none)");
  ASSERT_TRUE(disk.rename("old", "old"));
  EXPECT_EQ(content(disk, "old"), "new");
}

TEST(SimDisk, FsyncKeepsWhatWasThereWhenItWasAskedFor) {
  SimDisk disk;
  ASSERT_TRUE(disk.append("log", bytes("before")));
  disk.begin_fsync(FsyncTicket(1), "log", io::Lane::kFetcher);
  ASSERT_TRUE(disk.append("log", bytes(" after")));
  EXPECT_EQ(durable(disk, "log"), "(none)");
  EXPECT_EQ(disk.finish_fsync(FsyncTicket(1)), io::Lane::kFetcher);
  EXPECT_EQ(durable(disk, "log"), "before");
  ASSERT_TRUE(disk.truncate("log", 3));
  EXPECT_EQ(content(disk, "log"), "bef");
  EXPECT_EQ(durable(disk, "log"), "before") << "a truncation is not durable by itself";
}

TEST(SimDisk, FsyncFollowsTheFileWhenItIsRenamed) {
  SimDisk disk;
  ASSERT_TRUE(disk.append("checkpoint.tmp", bytes("1")));
  disk.begin_fsync(FsyncTicket(1), "checkpoint.tmp", io::Lane::kRaft);
  ASSERT_TRUE(disk.rename("checkpoint.tmp", "checkpoint"));
  ASSERT_TRUE(disk.finish_fsync(FsyncTicket(1)));
  EXPECT_EQ(durable(disk, "checkpoint"), "1");
}

TEST(SimDisk, AnEarlierFsyncThatFinishesLateTakesNothingBack) {
  SimDisk disk;
  ASSERT_TRUE(disk.append("log", bytes("a")));
  disk.begin_fsync(FsyncTicket(1), "log", io::Lane::kRaft);
  ASSERT_TRUE(disk.append("log", bytes("b")));
  disk.begin_fsync(FsyncTicket(2), "log", io::Lane::kRaft);
  ASSERT_TRUE(disk.finish_fsync(FsyncTicket(2)));
  ASSERT_TRUE(disk.finish_fsync(FsyncTicket(1)));
  EXPECT_EQ(durable(disk, "log"), "ab");
}

TEST(SimDisk, AnswersNoFsyncOfADeadProcess) {
  SimDisk disk;
  ASSERT_TRUE(disk.append("log", bytes("a")));
  disk.begin_fsync(FsyncTicket(1), "log", io::Lane::kRaft);
  disk.forget_fsyncs();
  EXPECT_FALSE(disk.finish_fsync(FsyncTicket(1)));
  EXPECT_EQ(content(disk, "log"), "a");
}

TEST(SimDisk, DigestTellsMutationsApart) {
  const auto after = [](auto mutate) {
    SimDisk disk;
    mutate(disk);
    return disk.mutation_digest();
  };
  const std::vector<Digest> digests = {
      after([](SimDisk&) {}),
      after([](SimDisk& d) { ASSERT_TRUE(d.append("a", bytes("xy"))); }),
      after([](SimDisk& d) { ASSERT_TRUE(d.append("a", bytes("xz"))); }),
      after([](SimDisk& d) { ASSERT_TRUE(d.append("b", bytes("xy"))); }),
      after([](SimDisk& d) { ASSERT_TRUE(d.append("a", bytes("xy")) && d.truncate("a", 1)); }),
      after([](SimDisk& d) { ASSERT_TRUE(d.append("a", bytes("xy")) && d.truncate("a", 0)); }),
      after([](SimDisk& d) { ASSERT_TRUE(d.append("a", bytes("xy")) && d.rename("a", "b")); }),
      after([](SimDisk& d) { ASSERT_TRUE(d.append("a", bytes("xy")) && d.rename("a", "c")); }),
      after([](SimDisk& d) { ASSERT_TRUE(d.append("a", bytes("xy")) && d.remove("a")); }),
  };
  for (std::size_t i = 0; i < digests.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) EXPECT_NE(digests[i], digests[j]) << i << " and " << j;
  }
}

/// A disk next to the simplest thing that could be one.
struct Pair {
  SimDisk disk;
  std::map<std::string, std::string> model;

  void mutate() {
    const std::string path = *rc::gen::element<std::string>("a", "b", "d/c");
    const std::string other = *rc::gen::element<std::string>("a", "b", "d/c");
    switch (*rc::gen::inRange(0, 6)) {
      case 0: {
        const bool ok = disk.remove(path).has_value();
        RC_ASSERT(ok == (model.erase(path) > 0));
        break;
      }
      case 1: {
        const bool ok = disk.rename(path, other).has_value();
        RC_ASSERT(ok == model.contains(path));
        if (ok && path != other) {
          model[other] = model[path];
          model.erase(path);
        }
        break;
      }
      case 2: {
        if (!model.contains(path)) break;
        const auto size = *rc::gen::inRange<std::uint64_t>(0, model[path].size() + 1);
        RC_ASSERT(disk.truncate(path, size).has_value());
        model[path].resize(size);
        break;
      }
      default: {
        const auto length = *rc::gen::inRange<std::size_t>(0, 9);
        const std::string data(length, static_cast<char>('a' + *rc::gen::inRange(0, 26)));
        RC_ASSERT(disk.append(path, bytes(data)).has_value());
        model[path] += data;
      }
    }
  }

  void check() const {
    std::vector<std::string> paths;
    for (const auto& [path, text] : model) {
      paths.push_back(path);
      RC_ASSERT(disk.size(path).value() == text.size());
      const auto begin = *rc::gen::inRange<std::uint64_t>(0, text.size() + 1);
      const auto length =
          *rc::gen::inRange<std::uint32_t>(0, static_cast<std::uint32_t>(text.size() - begin) + 1);
      RC_ASSERT(disk.read(path, begin, length)->text() == std::string_view(text).substr(begin, length));
    }
    RC_ASSERT(disk.list("") == paths);
  }
};

RC_GTEST_PROP(SimDisk, BehavesLikeAMapOfStrings, ()) {
  Pair pair;
  for (int i = 0; i < 300; ++i) pair.mutate();
  pair.check();
}

RC_GTEST_PROP(SimDisk, CopiesDoNotShowEachOthersWrites, ()) {
  Pair a;
  for (int i = 0; i < 200; ++i) a.mutate();
  Pair b = a;
  RC_ASSERT(a.disk == b.disk);
  RC_ASSERT(digest_of(a.disk) == digest_of(b.disk));
  for (int i = 0; i < 50; ++i) {
    a.mutate();
    b.mutate();
  }
  a.check();
  b.check();
}

}  // namespace
}  // namespace odradek::sim
