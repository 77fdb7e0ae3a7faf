// odradek version
#include <fmt/format.h>

#include "bindings/cli/commands.h"
#include "bindings/cli/json.h"
#include "bindings/cli/process.h"
#include "bindings/cli/terminal.h"

namespace odradek::cli {
namespace {

#if defined(__clang__)
constexpr std::string_view kCompiler = "clang " __clang_version__;
#else
constexpr std::string_view kCompiler = "g++ " __VERSION__;
#endif

}  // namespace

Exit version(const VersionCommand& command) {
  const Row row = {
      {"version", std::string(kVersion)}, {"build", build_id()}, {"compiler", std::string(kCompiler)}};
  if (command.format == Format::kJson) {
    say(object_json(row));
  } else {
    say(fmt::format("odradek {} (build {}, {})\n", kVersion, row[1].second, kCompiler));
  }
  return Exit::kHeld;
}

}  // namespace odradek::cli
