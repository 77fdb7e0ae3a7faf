// Whatever happens to a disk, what a power loss leaves is what a naive reference allows.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>

#include "sim/disk/sim_disk.h"
#include "tests/sim/disk/naive_disk.h"

namespace odradek::sim {
namespace {

NaiveDisk::Contents contents(const SimDisk& disk) {
  NaiveDisk::Contents contents;
  for (const std::string& path : disk.list("")) {
    const auto size = static_cast<std::uint32_t>(disk.size(path).value());
    contents[path] = std::string(disk.read(path, 0, size)->text());
  }
  return contents;
}

/// Uniform below n: as wide in the first case of a property as in its last.
std::size_t pick(std::size_t n) {
  return *rc::gen::resize(rc::kNominalSize, rc::gen::inRange<std::size_t>(0, n));
}

/// A disk and its reference, to which the same happens.
struct Twins {
  SimDisk disk;
  NaiveDisk naive;
  std::uint64_t ticket = 0;
  std::uint64_t losses = 0;

  void write(const std::string& path) {
    const std::size_t length = pick(2) == 0 ? pick(300) : pick(9000);
    std::string data;
    for (std::size_t i = 0; i < length; ++i) data += static_cast<char>('a' + (ticket + i / 100) % 26);
    ++ticket;
    RC_ASSERT(disk.append(path, Bytes(std::string_view(data))).has_value());
    naive.append(path, data);
  }

  void begin_fsync(const std::string& path) {
    const bool ok = pick(4) > 0;
    ++ticket;
    std::optional<DiskRuleId> rule;
    if (!ok) rule = disk.fail({.operation = DiskOperation::kFsync}, io::DiskError::kInputOutput);
    disk.begin_fsync(FsyncTicket(ticket), path, io::Lane::kRaft);
    if (rule) disk.lift(*rule);
    naive.begin_fsync(ticket, path, ok);
    if (pick(3) > 0) finish_fsync(ticket, ok);
  }

  void finish_fsync(std::uint64_t which, std::optional<bool> ok = std::nullopt) {
    const auto answer = disk.finish_fsync(FsyncTicket(which));
    RC_ASSERT(answer.has_value());
    if (ok) RC_ASSERT(answer->ok == *ok);
    naive.finish_fsync(which);
  }

  void happen() {
    const std::string path = *rc::gen::element<std::string>("a", "b", "d/a", "d/b");
    const std::string other = *rc::gen::element<std::string>("a", "b", "d/a", "d/b");
    switch (pick(16)) {
      case 0:
        if (disk.remove(path)) naive.remove(path);
        break;
      case 1:
      case 2:
        if (disk.rename(path, other)) naive.rename(path, other);
        break;
      case 3:
        if (naive.exists(path)) {
          const auto size = pick(naive.size(path) + 1);
          RC_ASSERT(disk.truncate(path, size).has_value());
          naive.truncate(path, size);
        }
        break;
      case 4:
      case 5: begin_fsync(path); break;
      case 6:
      case 7:
      case 8: begin_fsync(*rc::gen::element<std::string>("", "d")); break;
      case 9:
        if (!naive.tickets().empty()) finish_fsync(*rc::gen::elementOf(naive.tickets()));
        break;
      case 10:
        if (pick(4) > 0) break;
        disk.forget_fsyncs();
        naive.forget_fsyncs();
        break;
      case 11:
        disk.drop_cache();
        naive.drop_cache();
        break;
      default: write(path);
    }
    RC_ASSERT(contents(disk) == naive.seen());
  }

  void lose_power(Survival survival, std::uint64_t seed) {
    disk.lose_power(survival, {.seed = Key{.high = 1, .low = seed}, .ordinal = ++losses});
    const NaiveDisk::Contents found = contents(disk);
    RC_ASSERT(naive.objection(found, survival) == "");
    naive.start_from(found);
  }
};

RC_GTEST_PROP(PowerLoss, LeavesWhatTheReferenceAllows, ()) {
  Twins twins;
  for (int loss = 0; loss < 4; ++loss) {
    for (int i = 0; i < 30; ++i) twins.happen();
    const auto survival = rc::gen::elementOf(std::vector(kSurvivals.begin(), kSurvivals.end()));
    const Survival drawn = *rc::gen::oneOf(rc::gen::just(Survival::kDrawn), survival);
    const std::uint64_t seed = *rc::gen::arbitrary<std::uint64_t>();
    twins.lose_power(drawn, seed);
  }
}

RC_GTEST_PROP(PowerLoss, LeavesTheSameForTheSameDraws, ()) {
  Twins a;
  for (int i = 0; i < 20; ++i) a.happen();
  SimDisk b = a.disk;
  const Chance chance{.seed = Key{.high = 1, .low = *rc::gen::arbitrary<std::uint64_t>()}};
  a.disk.lose_power(Survival::kDrawn, chance);
  b.lose_power(Survival::kDrawn, chance);
  RC_ASSERT(a.disk == b);
  RC_ASSERT(a.disk.mutation_digest() == b.mutation_digest());
}

RC_GTEST_PROP(PowerLoss, TakesNothingTheSecondTime, (std::uint64_t seed)) {
  Twins twins;
  for (int i = 0; i < 20; ++i) twins.happen();
  twins.lose_power(Survival::kDrawn, seed);
  const NaiveDisk::Contents left = contents(twins.disk);
  twins.lose_power(Survival::kNothing, seed);
  RC_ASSERT(contents(twins.disk) == left);
}

TEST(PowerLoss, LeavesAFileAloneWhateverHappensToOthers) {
  const auto left_of_a = [](bool with_another) {
    SimDisk disk;
    if (with_another) static_cast<void>(disk.append("d/b", Bytes(std::string(9000, 'b'))));
    static_cast<void>(disk.append("a", Bytes(std::string(90000, 'a'))));
    disk.begin_fsync(FsyncTicket(1), "", io::Lane::kRaft);
    disk.finish_fsync(FsyncTicket(1));
    disk.lose_power(Survival::kDrawn, {.seed = Key{.high = 0, .low = 2}});
    return contents(disk).at("a");
  };
  EXPECT_EQ(left_of_a(false), left_of_a(true));
  EXPECT_FALSE(left_of_a(true).empty());
}

TEST(PowerLoss, TakesFilesAwayThatNoNameCanMean) {
  SimDisk disk;
  for (int i = 0; i < 10'000; ++i) {
    static_cast<void>(disk.append("checkpoint.tmp", Bytes(std::string(100, 'a'))));
    static_cast<void>(disk.rename("checkpoint.tmp", "checkpoint"));
  }
  EXPECT_EQ(disk.bytes_used(), 100u);
  EXPECT_LT(disk.files_kept(), 1000u) << "the journal is bounded, and so is what it keeps";
  disk.lose_power(Survival::kNothing, {});
  EXPECT_EQ(disk.files_kept(), 1u);
}

}  // namespace
}  // namespace odradek::sim
