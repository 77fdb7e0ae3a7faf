#include "scenarios/value.h"

#include <fmt/format.h>

#include <algorithm>

namespace odradek::scenarios {
namespace {

std::string quote(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (byte < 0x20 || byte == 0x7F) {
      out += fmt::format("\\u{:04x}", byte);
    } else {
      out += c;
    }
  }
  return out + '"';
}

std::string print_key(std::string_view key) {
  const bool bare = !key.empty() && std::ranges::all_of(key, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
  return bare ? std::string(key) : quote(key);
}

template <class Items, class Print>
std::string join(const Items& items, Print print) {
  std::string out;
  for (const auto& item : items) out += (out.empty() ? "" : ", ") + print(item);
  return out;
}

std::string print_lines(const Table& table) {
  std::string out;
  for (const Entry& entry : table.entries) out += print_line(entry);
  return out;
}

bool is_list_of_tables(const Value& value) {
  const List* list = value.as<List>();
  return list != nullptr && !list->empty() &&
         std::ranges::all_of(*list, [](const Value& v) { return v.as<Table>(); });
}

/// { uniform = … } at the top is a value, however it was written.
bool is_section(const Value& value) {
  const Table* table = value.as<Table>();
  return table != nullptr && table->find("uniform") == nullptr && table->find("one_of") == nullptr &&
         table->find("chance") == nullptr;
}

struct InlinePrinter {
  std::string operator()(std::int64_t n) const { return fmt::format("{}", n); }
  std::string operator()(bool b) const { return b ? "true" : "false"; }
  std::string operator()(const std::string& s) const { return quote(s); }
  std::string operator()(const List& list) const { return "[" + join(list, print_inline) + "]"; }
  std::string operator()(const Table& table) const {
    if (table.entries.empty()) return "{}";
    const auto entry = [](const Entry& e) { return print_key(e.key) + " = " + print_inline(e.value); };
    return "{ " + join(table.entries, entry) + " }";
  }
  std::string operator()(const Unsupported& other) const { return other.text; }
};

}  // namespace

const Value* Table::find(std::string_view key) const {
  const auto at = std::ranges::find(entries, key, &Entry::key);
  return at == entries.end() ? nullptr : &at->value;
}

Value* Table::find(std::string_view key) {
  const auto at = std::ranges::find(entries, key, &Entry::key);
  return at == entries.end() ? nullptr : &at->value;
}

Value& Table::set(std::string_view key, Value value) {
  const Where where = value.where;
  auto at = std::ranges::lower_bound(entries, key, {}, &Entry::key);
  if (at == entries.end() || at->key != key)
    at = entries.insert(at, Entry{.key = std::string(key), .where = {}, .value = {}});
  at->where = where;
  at->value = std::move(value);
  return at->value;
}

void Table::erase(std::string_view key) {
  std::erase_if(entries, [key](const Entry& entry) { return entry.key == key; });
}

std::string print_inline(const Value& value) { return std::visit(InlinePrinter{}, value.data); }

std::string print_line(const Entry& entry) {
  return fmt::format("{} = {}\n", print_key(entry.key), print_inline(entry.value));
}

std::string print_file(const Table& root) {
  Table plain;
  std::string sections;
  for (const Entry& entry : root.entries) {
    if (is_section(entry.value)) {
      const Table& section = *entry.value.as<Table>();
      sections += fmt::format("\n[{}]\n{}", print_key(entry.key), print_lines(section));
    } else if (is_list_of_tables(entry.value)) {
      for (const Value& element : *entry.value.as<List>()) {
        sections += fmt::format("\n[[{}]]\n{}", print_key(entry.key), print_lines(*element.as<Table>()));
      }
    } else {
      plain.entries.push_back(entry);
    }
  }
  return print_lines(plain) + sections;
}

Error Problems::error(std::string_view file, const std::vector<std::string>& overrides) const {
  std::vector<Problem> sorted = found_;
  std::ranges::stable_sort(sorted);
  const auto again = std::ranges::unique(sorted);
  sorted.erase(again.begin(), again.end());
  std::string out;
  for (const auto& [where, text] : sorted) {
    const bool overridden = where.line == 0 && static_cast<std::size_t>(where.column) < overrides.size();
    const std::string place = overridden ? "-p " + overrides[static_cast<std::size_t>(where.column)]
                                         : fmt::format("{}:{}:{}", file, where.line, where.column);
    out += fmt::format("{}{}: {}", out.empty() ? "" : "\n", place, text);
  }
  return Error{out};
}

}  // namespace odradek::scenarios
