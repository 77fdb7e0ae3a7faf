// Rules of the controller told in text: about one partition (see controller_play.h for the commands), and
// what each API answers (apis/, see api_play.h).
#include <gtest/gtest.h>

#include "tests/engine/controller/api_play.h"
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

// The .txt files of apis/.
TEST(ControllerApis, AnswerAsTheirTextsTell) {
  testing::play_texts(ODRADEK_SOURCE_DIR "/tests/engine/controller/apis", [] {
    return [play = ApiPlay()](const TextCommand& command) mutable { return play.act(command); };
  });
}

}  // namespace
}  // namespace odradek::controller
