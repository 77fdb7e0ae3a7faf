#include "engine/node/process.h"

#include <utility>

#include "engine/io/lane_of.h"

namespace odradek::node {

Process::Process(Kind kind) : kind_(std::move(kind)) {}
Process::Process(const Process&) = default;
Process::Process(Process&&) noexcept = default;
Process& Process::operator=(const Process&) = default;
Process& Process::operator=(Process&&) noexcept = default;
Process::~Process() = default;

void Process::step(const Now& now, const io::Input& input, io::Disk& disk, io::Effects& out) {
  std::visit(
      [&](auto& node) {
        if constexpr (requires { node.step(now, input, disk, out); }) {
          node.step(now, input, disk, out);
        } else {
          if (std::holds_alternative<io::ShutdownRequested>(input)) return out.exit("shutdown");
          node.step(now, input, out);  // clients have no disk
        }
      },
      kind_);
}

io::Lane Process::lane_of(const io::Input& input) const {
  return server() != nullptr ? server()->lane_of(input) : io::default_lane_of(input);
}

}  // namespace odradek::node
