// A scenario file as a tree of values that know where they stand, and what is wrong with it.
//
// The tree is the file as written: ranges are not drawn, nothing is interpreted. draw.h decides its ranges
// for one seed, parse.h reads what results; both report to Problems.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/base/result.h"

namespace odradek::scenarios {

/// Place in the file, counted from 1; or an override of the command line, where `line` is 0.
struct Where {
  std::int32_t line = 0;
  std::int32_t column = 0;  ///< of an override: which one, counted from 0

  friend auto operator<=>(const Where&, const Where&) = default;
};

struct Value;
struct Entry;

using List = std::vector<Value>;

struct Table {
  std::vector<Entry> entries;

  [[nodiscard]] const Value* find(std::string_view key) const;
  [[nodiscard]] Value* find(std::string_view key);
  Value& set(std::string_view key, Value value);
  void erase(std::string_view key);
};

/// What TOML has and scenarios do not: floats, dates and times.
struct Unsupported {
  std::string text;
};

struct Value {
  std::variant<std::int64_t, bool, std::string, List, Table, Unsupported> data;
  Where where;

  template <class T>
  [[nodiscard]] const T* as() const {
    return std::get_if<T>(&data);
  }
  template <class T>
  [[nodiscard]] T* as() {
    return std::get_if<T>(&data);
  }
};

struct Entry {
  std::string key;
  Where where;
  Value value;
};

/// As TOML writes it on one line.
[[nodiscard]] std::string print_inline(const Value& value);
/// `key = value` on a line of its own.
[[nodiscard]] std::string print_line(const Entry& entry);
/// A whole file: plain keys first, then tables, each in the order of its keys; comments are gone.
[[nodiscard]] std::string print_file(const Table& root);

/// What is wrong with a file, in the order of its lines.
class Problems {
 public:
  void add(Where where, std::string text) { found_.push_back({.where = where, .text = std::move(text)}); }
  [[nodiscard]] bool empty() const { return found_.empty(); }
  /// One line each, `file:line:column: …` or `-p key=value: …`; each said once.
  [[nodiscard]] Error error(std::string_view file, const std::vector<std::string>& overrides) const;

 private:
  struct Problem {
    Where where;
    std::string text;
    friend auto operator<=>(const Problem&, const Problem&) = default;
  };
  std::vector<Problem> found_;
};

}  // namespace odradek::scenarios
