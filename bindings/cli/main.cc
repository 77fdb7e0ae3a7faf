#include <exception>
#include <string>
#include <vector>

#include "bindings/cli/program.h"
#include "bindings/cli/terminal.h"
#include "engine/base/ensure.h"

int main(int count, char** arguments) {
  using namespace odradek;
  try {
    const std::vector<std::string> words(arguments + 1, arguments + count);
    return static_cast<int>(cli::carry_out(cli::parse_arguments(words)));
  } catch (const EnsureFailure& failure) {
    cli::complain(failure.file + ":" + std::to_string(failure.line) + ": " + failure.condition + ": " +
                  failure.message);
  } catch (const std::exception& error) {
    cli::complain(error.what());
  }
  return static_cast<int>(cli::Exit::kInternal);
}
