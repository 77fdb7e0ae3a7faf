#include "sim/checkers/record_log.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>
#include <string>

#include "sim/checkers/findings.h"
#include "sim/checkers/registry.h"

namespace odradek::sim {
namespace {

RecordLog log_of(const std::vector<std::uint8_t>& contents, std::int64_t start = 0) {
  RecordLog log(Offset(start), 0);
  for (const std::uint8_t content : contents) {
    log.append({.content = content, .epoch = LeaderEpoch(content / 100)});
  }
  return log;
}

/// The slow way to the same answer.
std::optional<Offset> scan(const RecordLog& log, const RecordLog& expected, Offset from, Offset to) {
  for (Offset o = std::max({from, log.start(), expected.start()}); o < to; ++o) {
    if (!log.holds(o) || log.at(o) != expected.at(o)) return o;
  }
  return std::nullopt;
}

RC_GTEST_PROP(RecordLog, FindsTheFirstMismatchAsAScanDoes, ()) {
  const auto contents =
      *rc::gen::container<std::vector<std::uint8_t>>(rc::gen::inRange<std::uint8_t>(0, 255));
  auto changed = contents;
  if (!changed.empty() && *rc::gen::arbitrary<bool>()) {
    changed[*rc::gen::inRange<std::size_t>(0, changed.size())] ^= 1;
  }
  const auto cut = *rc::gen::inRange<std::size_t>(0, changed.size() + 1);
  changed.resize(cut);
  const RecordLog expected = log_of(contents);
  const RecordLog log = log_of(changed);
  const Offset from(*rc::gen::inRange<std::int64_t>(0, expected.end().value() + 1));
  const Offset to(*rc::gen::inRange<std::int64_t>(from.value(), expected.end().value() + 1));
  RC_ASSERT(first_mismatch(log, expected, from, to) == scan(log, expected, from, to));
  RC_ASSERT(agree(log, expected, Offset(0), to) == (to <= log.end() && !scan(log, expected, Offset(0), to)));
}

RC_GTEST_PROP(RecordLog, TruncationUndoesAppends,
              (std::vector<std::uint8_t> kept, std::vector<std::uint8_t> more)) {
  RecordLog log = log_of(kept);
  for (const std::uint8_t content : more) log.append({.content = content, .epoch = LeaderEpoch(9)});
  log.truncate(Offset(static_cast<std::int64_t>(kept.size())));
  RC_ASSERT(log == log_of(kept));
}

TEST(RecordLog, ComparesLogsThatBeginElsewhere) {
  const RecordLog whole = log_of({1, 2, 3, 4});
  RecordLog late(Offset(2), whole.prefix(Offset(2)));
  late.append(whole.at(Offset(2)));
  late.append(whole.at(Offset(3)));
  EXPECT_TRUE(agree(whole, late, Offset(2), Offset(4)));
  EXPECT_FALSE(agree(whole, late, Offset(1), Offset(4)));
  EXPECT_EQ(late.prefix(Offset(4)), whole.prefix(Offset(4)));
  EXPECT_EQ(first_mismatch(late, whole, Offset(0), Offset(4)), std::nullopt);
}

TEST(RecordLog, TheSameRecordElsewhereIsAnotherOne) {
  EXPECT_FALSE(agree(log_of({1, 2}), log_of({2, 1}), Offset(0), Offset(2)));
  EXPECT_FALSE(agree(log_of({1}), log_of({101}), Offset(0), Offset(1)));
}

TEST(RecordLog, NamesWhereEpochsBegin) {
  RecordLog log = log_of({1, 2, 100, 101, 200});
  ASSERT_EQ(log.epochs().size(), 3u);
  EXPECT_EQ(log.epochs()[1], (OffsetAndEpoch{.offset = Offset(2), .epoch = LeaderEpoch(1)}));
  log.truncate(Offset(2));
  EXPECT_EQ(log.epochs().size(), 1u);
}

TEST(RecordLog, ACopyThatShrinksLeavesTheOriginal) {
  const RecordLog log = log_of(std::vector<std::uint8_t>(600, 7));
  RecordLog copy = log;
  copy.truncate(Offset(300));
  copy.append({.content = 8, .epoch = LeaderEpoch(0)});
  EXPECT_EQ(log.end(), Offset(600));
  EXPECT_EQ(copy.end(), Offset(301));
  EXPECT_EQ(first_mismatch(copy, log, Offset(0), Offset(600)), Offset(300));
}

TEST(Registry, EveryInvariantHasItsOwnIdAndWordsForIt) {
  std::set<std::string_view> ids;
  for (const InvariantInfo& info : invariants()) {
    EXPECT_TRUE(ids.insert(info.id).second) << info.id;
    EXPECT_FALSE(info.doc.empty()) << info.id;
    EXPECT_FALSE(info.source.empty()) << info.id;
    EXPECT_TRUE(info.promise.ends_with('.')) << info.id;
    EXPECT_EQ(find_invariant(info.id), &info);
  }
  EXPECT_EQ(ids.size(), kInvariantCount);
  EXPECT_EQ(info_of(Invariant::kI103).id, "I103");
  EXPECT_EQ(info_of(Invariant::kShadow).id, "H-shadow");
  EXPECT_EQ(find_invariant("ENSURE"), nullptr);
}

TEST(Findings, ListsEveryInvariantAlsoWithoutACase) {
  Findings findings;
  findings.count(Invariant::kI8);
  const auto exercised = findings.exercised();
  EXPECT_EQ(exercised.at("I8"), 1u);
  EXPECT_EQ(exercised.at("J9"), 0u);
  EXPECT_EQ(exercised.size(), kInvariantCount + kCounterNames.size());
}

TEST(Findings, AreBounded) {
  Findings findings;
  for (std::int32_t i = 0; i < 100; ++i) {
    findings.violate(Invariant::kI1, {}, {.topic_id = {}, .partition = PartitionId(i)}, "m", "w");
  }
  EXPECT_EQ(findings.violations().size(), Findings::kMaxViolations);
}

}  // namespace
}  // namespace odradek::sim
