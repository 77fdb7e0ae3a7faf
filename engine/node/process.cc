#include "engine/node/process.h"

namespace odradek::node {

void Process::step(const Now& now, const io::Input& input, io::Disk& disk, io::Effects& out) {
  std::visit(
      [&](auto& node) {
        if constexpr (requires { node.step(now, input, disk, out); }) {
          node.step(now, input, disk, out);
        } else {
          node.step(now, input, out);  // clients have no disk
        }
      },
      kind_);
}

}  // namespace odradek::node
