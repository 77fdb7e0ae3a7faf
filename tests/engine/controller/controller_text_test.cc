// Rules of the controller about one partition, told in text (see controller_play.h for the commands).
#include <gtest/gtest.h>

#include "tests/engine/controller/controller_play.h"

namespace odradek::controller {
namespace {

using testing::TextCommand;

// The .txt files next to this one.
TEST(Controller, IsAsItsTextsTell) {
  testing::play_texts(ODRADEK_SOURCE_DIR "/tests/engine/controller", [] {
    return [play = ControllerPlay()](const TextCommand& command) mutable { return play.act(command); };
  });
}

}  // namespace
}  // namespace odradek::controller
