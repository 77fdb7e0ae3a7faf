#include "sim/search/tally.h"

#include <algorithm>
#include <optional>
#include <type_traits>
#include <vector>

namespace odradek::sim {
namespace {

/// Calls `f` for each error but NONE. What can hold no error costs nothing.
template <class F>
void for_each_error(const api::ErrorCode& code, const F& f) {
  if (code != api::ErrorCode::kNone) f(code);
}
template <class T, class F>
void for_each_error(const T& value, const F& f);
template <class T, class F>
void for_each_error(const std::vector<T>& values, const F& f) {
  if constexpr (HasFields<T>) {
    for (const T& value : values) for_each_error(value, f);
  }
}
template <class T, class F>
void for_each_error(const std::optional<T>& value, const F& f) {
  if (value) for_each_error(*value, f);
}
template <class T, class F>
void for_each_error(const T& value, const F& f) {
  if constexpr (HasFields<T>) {
    value.visit_fields([&f](const auto&... member) { (for_each_error(member, f), ...); });
  }
}

}  // namespace

void Tally::count_errors(const api::Response& response) {
  const auto count = [this](api::ErrorCode code) {
    const auto info = std::ranges::find(api::kErrorCodes, code, &api::ErrorInfo::code);
    ++errors_[static_cast<std::size_t>(info - api::kErrorCodes.begin())];
  };
  std::visit([&count](const auto& message) { for_each_error(message, count); }, response);
}

void Tally::add_to(std::map<std::string, std::uint64_t>& exercised) const {
  for (std::uint32_t i = 0; i < events_.size(); ++i) {
    if (events_[i] > 0) exercised["event:" + std::string(io::kEventNames[i])] = events_[i];
  }
  for (std::uint32_t i = 0; i < errors_.size(); ++i) {
    if (errors_[i] > 0) exercised["error:" + std::string(api::kErrorCodes[i].name)] = errors_[i];
  }
}

}  // namespace odradek::sim
