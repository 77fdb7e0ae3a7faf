#include "sim/disk/sim_disk.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "tests/sim/disk/disk_play.h"

namespace odradek::sim {
namespace {

Bytes bytes(std::string_view text) { return Bytes(text); }

// The .txt files next to this one.
TEST(SimDisk, IsAsItsTextsTell) {
  testing::play_texts(ODRADEK_SOURCE_DIR "/tests/sim/disk", [] {
    return [play = DiskPlay()](const testing::TextCommand& command) mutable { return play.act(command); };
  });
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
      after([](SimDisk& d) { d.lose_power(Survival::kDrawn, {}); }),
      after([](SimDisk& d) { d.lose_power(Survival::kDrawn, {.entity = 1}); }),
      after([](SimDisk& d) { d.lose_power(Survival::kNothing, {}); }),
      after([](SimDisk& d) { d.drop_cache(); }),
      after([](SimDisk& d) { d.empty(); }),
      after([](SimDisk& d) { d.limit(1); }),
      after([](SimDisk& d) { d.fail({}, io::DiskError::kInputOutput); }),
      after([](SimDisk& d) { d.fail({}, io::DiskError::kNoSpace); }),
      after([](SimDisk& d) { d.misplace({}, Decay::kLostWrite, {}); }),
      after([](SimDisk& d) { d.lift(d.fail({}, io::DiskError::kInputOutput)); }),
      after([](SimDisk& d) { ASSERT_TRUE(d.append("a", bytes("xy")) && d.rot("", {})); }),
      after([](SimDisk& d) { ASSERT_TRUE(d.append("a", bytes("xy")) && d.make_unreadable("", {})); }),
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

RC_GTEST_PROP(SimDisk, CopiesDoNotShowEachOthersFaults, ()) {
  Pair a;
  for (int i = 0; i < 50; ++i) a.mutate();
  SimDisk b = a.disk;
  b.rot("", {.ordinal = 1});
  b.make_unreadable("", {.ordinal = 2});
  b.fail({.operation = DiskOperation::kRead}, io::DiskError::kInputOutput);
  b.lose_power(Survival::kNothing, {});
  a.check();
}

}  // namespace
}  // namespace odradek::sim
