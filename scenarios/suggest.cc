#include "scenarios/suggest.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

namespace odradek::scenarios {

int edit_distance(std::string_view a, std::string_view b) {
  std::vector<int> before_last(b.size() + 1);
  std::vector<int> last(b.size() + 1);
  std::vector<int> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = static_cast<int>(j);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = static_cast<int>(i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const int change = a[i - 1] == b[j - 1] ? 0 : 1;
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + change});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
    before_last.swap(last);
    last.swap(row);
  }
  return last[b.size()];
}

std::string did_you_mean(std::string_view unknown, const std::vector<std::string>& known) {
  if (unknown.size() > 200) return "";
  const std::string* best = nullptr;
  int least = 0;
  for (const std::string& name : known) {
    // "log.segment.bytes" means "segment.bytes" rather than "metadata.log.segment.bytes", "chaos" means
    // "replication-chaos".
    const bool contained =
        unknown.size() >= 4 && name.size() >= 4 &&
        (name.find(unknown) != std::string::npos || unknown.find(name) != std::string::npos);
    const int distance = contained ? 2 : edit_distance(unknown, name);
    const auto gap = [&unknown](const std::string& n) {
      return std::max(n.size(), unknown.size()) - std::min(n.size(), unknown.size());
    };
    if (best == nullptr || distance < least || (distance == least && contained && gap(name) < gap(*best))) {
      best = &name;
      least = distance;
    }
  }
  const auto shorter = best == nullptr ? 0 : static_cast<int>(std::min(best->size(), unknown.size()));
  if (best == nullptr || least > std::max(2, shorter / 3) || least >= shorter) return "";
  return fmt::format("; did you mean \"{}\"?", *best);
}

}  // namespace odradek::scenarios
