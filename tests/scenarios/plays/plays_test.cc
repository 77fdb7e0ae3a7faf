// The .txt files in the folders next to this one.
#include <gtest/gtest.h>

#include "tests/scenarios/plays/scenario_play.h"

namespace odradek::scenarios {
namespace {

void play(const std::string& folder) {
  testing::play_texts(ODRADEK_SOURCE_DIR "/tests/scenarios/plays/" + folder, [] {
    return [play = ScenarioPlay()](const testing::TextCommand& command) mutable { return play.act(command); };
  });
}

TEST(Plays, OfFaultsGoAsTheirTextsTell) { play("faults"); }
TEST(Plays, OfReplicationGoAsTheirTextsTell) { play("replication"); }
TEST(Plays, OfTheQuorumGoAsTheirTextsTell) { play("quorum"); }
TEST(Plays, OfAdministrationGoAsTheirTextsTell) { play("administration"); }

}  // namespace
}  // namespace odradek::scenarios
