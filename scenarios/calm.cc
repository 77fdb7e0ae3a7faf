#include "scenarios/calm.h"

#include <string_view>

namespace odradek::scenarios {
namespace {

/// "kStepCost" as "step-cost".
std::string kebab(std::string_view constant) {
  std::string out;
  for (const char c : constant.substr(1)) {
    const bool is_upper = c >= 'A' && c <= 'Z';
    if (is_upper && !out.empty()) out += '-';
    out += is_upper ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return out;
}

}  // namespace

std::vector<CalmName> calm_names() {
  std::vector<CalmName> names;
  for (const sim::PurposeInfo& info : sim::kPurposes) {
    if (info.calm_draw == sim::CalmDraw::kNone) continue;
    names.push_back({.name = kebab(info.name), .purpose = info.purpose});
  }
  return names;
}

}  // namespace odradek::scenarios
