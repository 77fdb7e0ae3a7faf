// Strict, typed access to one table: every key is asked for by name, and what nobody asked for is an error.
//
//   Reader network(value, "[network]", problems);
//   network.read("jitter", jitter, {.least = microseconds(1), .most = seconds(1)});
//   network.finish();                    // unknown key "jiter" in [network]; did you mean "jitter"?
//
// A wrong value is reported where it stands and leaves the target as it was, so that all problems of a file
// come out at once.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/time.h"
#include "scenarios/value.h"

namespace odradek::scenarios {

struct IntegerBounds {
  std::int64_t least = 0;
  std::int64_t most = std::numeric_limits<std::int32_t>::max();
};

struct DurationBounds {
  Duration least = nanoseconds(0);
  Duration most = seconds(3600);
};

/// `what = value, expected …`
void expected(Problems& problems, std::string_view what, const Value& value, std::string_view expectation);

[[nodiscard]] std::optional<std::int64_t> to_integer(const Value& value, std::string_view what,
                                                     IntegerBounds bounds, Problems& problems);
[[nodiscard]] std::optional<Duration> to_duration(const Value& value, std::string_view what,
                                                  DurationBounds bounds, Problems& problems);
/// One of these names; returns its place.
[[nodiscard]] std::optional<std::size_t> to_choice(const Value& value, std::string_view what,
                                                   const std::vector<std::string>& names, Problems& problems);

class Reader {
 public:
  /// `title` names the table in messages. A value that is no table is reported and read as an empty one.
  Reader(const Value* value, std::string title, Problems& problems);

  /// The value of a key, which is thereby known; null when the file does not have it.
  const Value* take(std::string_view key);

  template <class Integer>
  void read(std::string_view key, Integer& out, IntegerBounds bounds) {
    const Value* value = take(key);
    if (value == nullptr) return;
    if (const auto n = to_integer(*value, key, bounds, problems_)) out = static_cast<Integer>(*n);
  }
  void read(std::string_view key, Duration& out, DurationBounds bounds);
  void read(std::string_view key, bool& out);
  void read(std::string_view key, std::string& out);
  /// A list of strings, or one string with commas.
  void read(std::string_view key, std::vector<std::string>& out);
  /// `["1ms", "5ms"]`, the lower first.
  void read_span(std::string_view key, Duration& low, Duration& high, DurationBounds bounds);
  template <class Enum>
  void read_choice(std::string_view key, Enum& out, const std::vector<std::string>& names) {
    const Value* value = take(key);
    if (value == nullptr) return;
    if (const auto choice = to_choice(*value, key, names, problems_)) out = static_cast<Enum>(*choice);
  }

  /// Reports the key as missing.
  void missing(std::string_view key, std::string_view expectation);
  /// Reports every key that was not taken.
  void finish();

  [[nodiscard]] Problems& problems() { return problems_; }
  [[nodiscard]] const std::string& title() const { return title_; }
  [[nodiscard]] Where where() const { return where_; }

 private:
  Table table_;
  Where where_;
  std::string title_;
  Problems& problems_;
  std::vector<std::string> known_;
};

}  // namespace odradek::scenarios
