// Delta debugging: the smallest part of a list that still does it (Zeller and Hildebrandt, "Simplifying and
// Isolating Failure-Inducing Input", IEEE TSE 2002).
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace odradek::scenarios {

/// A subsequence of `items` for which `fails` holds and that is 1-minimal: without any one of its items it
/// does not hold. Asks first for nothing at all. REQUIRES: `fails(items)`, and equal answers to equal
/// questions; one that says no to everything from some moment on ends the search there.
template <class T, class Fails>
std::vector<T> ddmin(std::vector<T> items, Fails fails) {
  if (!items.empty() && fails(std::vector<T>())) return {};
  for (std::size_t chunk = (items.size() + 1) / 2; chunk > 0;) {
    bool smaller = false;
    for (std::size_t begin = 0; begin < items.size();) {
      const std::size_t end = std::min(begin + chunk, items.size());
      std::vector<T> rest(items.begin(), items.begin() + static_cast<std::ptrdiff_t>(begin));
      rest.insert(rest.end(), items.begin() + static_cast<std::ptrdiff_t>(end), items.end());
      if (rest.size() < items.size() && fails(rest)) {
        items = std::move(rest);
        smaller = true;
      } else {
        begin = end;
      }
    }
    if (chunk == 1 && !smaller) break;
    if (chunk > 1) chunk = (chunk + 1) / 2;
  }
  return items;
}

}  // namespace odradek::scenarios
