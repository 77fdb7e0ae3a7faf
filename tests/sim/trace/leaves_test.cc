// Leaves: every innermost member of a value once, by its path.
#include "sim/trace/leaves.h"

#include <gtest/gtest.h>

#include "engine/base/random.h"
#include "engine/io/effects.h"
#include "sim/kernel/ping.h"

namespace odradek::sim {
namespace {

struct Inner {
  std::int32_t number_ = 0;
  std::optional<Offset> offset;
  FIELDS(number_, offset)
};

struct Outer {
  Cow<Inner> shared;
  std::vector<Inner> list;
  std::map<NodeId, std::string> names;
  std::variant<std::monostate, Inner, std::string> choice;
  Bytes bytes;
  FIELDS(shared, list, names, choice, bytes)
};

std::string text_of(const Leaves& leaves) {
  std::string out;
  for (const Leaf& leaf : leaves) out += leaf.path + " = " + leaf.value + "\n";
  return out;
}

TEST(Leaves, NameEveryInnermostMemberByItsPath) {
  Outer outer;
  outer.list.push_back({.number_ = 7, .offset = Offset(9)});
  outer.names[NodeId(3)] = "three";
  outer.choice = Inner{.number_ = 1};
  outer.bytes = Bytes(std::string_view("ab"));
  EXPECT_EQ(text_of(leaves_of("x", outer)),
            "x.shared.number = 0\n"
            "x.shared.offset = none\n"
            "x.list = 1 elements\n"
            "x.list[0].number = 7\n"
            "x.list[0].offset = 9\n"
            "x.names = 1 elements\n"
            "x.names[3] = \"three\"\n"
            "x.choice = Inner\n"
            "x.choice.number = 1\n"
            "x.choice.offset = none\n" +
                fmt::format("x.bytes = <2 bytes, {:016x}>\n", digest_of(outer.bytes).low));
}

TEST(Leaves, NameAnAlternativeWithoutMembersAndItsValue) {
  Outer outer;
  outer.choice = std::string("text");
  const Leaves leaves = leaves_of("choice", outer.choice);
  ASSERT_EQ(leaves.size(), 2u);
  EXPECT_EQ(leaves[1], (Leaf{.path = "choice.value", .value = "\"text\""}));
}

TEST(Leaves, TellTheMembersOfAnEventToo) {
  const io::Effect effect = io::Emit{io::PublishMetadata{.offset = Offset(5)}};
  const std::string text = text_of(leaves_of("effect", effect));
  EXPECT_NE(text.find("effect.event = PublishMetadata\n"), std::string::npos) << text;
  EXPECT_NE(text.find("effect.event.offset = 5\n"), std::string::npos) << text;
}

TEST(Leaves, HaveNoPathTwiceInAWorld) {
  World<Ping> world = ping_world(1);
  while (world.events() < 100) world.step();
  std::set<std::string> paths;
  for (const Leaf& leaf : leaves_of("world", world)) EXPECT_TRUE(paths.insert(leaf.path).second) << leaf.path;
  EXPECT_TRUE(paths.contains("world.nodes[0].process.rounds"));
}

TEST(Leaves, OfEqualValuesDoNotDiffer) {
  EXPECT_TRUE(differences(leaves_of("x", Outer{}), leaves_of("x", Outer{})).empty());
}

TEST(Leaves, DifferByPathEvenWhenOthersWereInserted) {
  Outer left;
  Outer right;
  left.names = {{NodeId(1), "a"}, {NodeId(3), "c"}};
  right.names = {{NodeId(2), "b"}, {NodeId(3), "d"}};
  const std::vector<Difference> expected = {{.path = "x.names[1]", .left = "\"a\"", .right = "absent"},
                                            {.path = "x.names[3]", .left = "\"c\"", .right = "\"d\""},
                                            {.path = "x.names[2]", .left = "absent", .right = "\"b\""}};
  EXPECT_EQ(differences(leaves_of("x", left), leaves_of("x", right)), expected);
}

TEST(Leaves, ShowBytesOfOneLengthThatDiffer) {
  const auto found = differences(leaves_of("b", Bytes(std::string_view("ab"))),
                                 leaves_of("b", Bytes(std::string_view("ac"))));
  EXPECT_EQ(found.size(), 1u);
}

}  // namespace
}  // namespace odradek::sim
