#include "scenarios/toml.h"

// Debian's package asks for its shared library, which throws. This file wants the header and error values.
#undef TOML_HEADER_ONLY
#undef TOML_SHARED_LIB
#define TOML_HEADER_ONLY 1
#define TOML_EXCEPTIONS 0
#define TOML_UNRELEASED_FEATURES 0
#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <sstream>

namespace odradek::scenarios {
namespace {

constexpr std::size_t kFileBytesMax = 1 << 20;

Where where_of(const toml::source_region& source) {
  return {.line = static_cast<std::int32_t>(source.begin.line),
          .column = static_cast<std::int32_t>(source.begin.column)};
}

Value convert(const toml::node& node);

Table convert(const toml::table& table) {
  Table out;
  for (const auto& [key, node] : table) {
    out.entries.push_back(
        {.key = std::string(key.str()), .where = where_of(key.source()), .value = convert(node)});
  }
  // total order: the keys of a table differ
  std::ranges::sort(out.entries, {}, &Entry::key);
  return out;
}

Value convert(const toml::node& node) {
  Value out{.data = {}, .where = where_of(node.source())};
  if (const auto* integer = node.as_integer()) {
    out.data = integer->get();
  } else if (const auto* boolean = node.as_boolean()) {
    out.data = boolean->get();
  } else if (const auto* text = node.as_string()) {
    out.data = text->get();
  } else if (const auto* array = node.as_array()) {
    List list;
    for (const toml::node& element : *array) list.push_back(convert(element));
    out.data = std::move(list);
  } else if (const auto* table = node.as_table()) {
    out.data = convert(*table);
  } else {
    std::ostringstream text_of_node;
    node.visit([&text_of_node](const auto& n) { text_of_node << n; });
    out.data = Unsupported{.text = text_of_node.str()};
  }
  return out;
}

}  // namespace

Result<Table> parse_toml(std::string_view text, std::string_view file) {
  if (text.size() > kFileBytesMax)
    return fail("{}: {} bytes, expected a scenario of at most 1 MiB", file, text.size());
  const toml::parse_result parsed = toml::parse(text);
  if (!parsed) {
    const toml::parse_error& error = parsed.error();
    const Where where = where_of(error.source());
    std::string what(error.description());
    std::ranges::replace(what, '\n', ' ');
    return fail("{}:{}:{}: no valid TOML: {}", file, where.line, where.column, what);
  }
  Table root = convert(parsed.table());
  if (root.entries.empty())
    return fail("{}:1:1: an empty file, expected a scenario with at least a [[topic]]", file);
  return root;
}

Value parse_override_value(std::string_view text, Where where) {
  const toml::parse_result parsed = toml::parse(fmt::format("v = {}", text));
  const toml::node* node = parsed && parsed.table().size() == 1 ? parsed.table().get("v") : nullptr;
  Value value = node != nullptr ? convert(*node) : Value{.data = std::string(text), .where = where};
  const auto stamp = [where](Value& v, const auto& self) -> void {
    v.where = where;
    if (List* list = v.as<List>()) {
      for (Value& element : *list) self(element, self);
    }
    if (Table* table = v.as<Table>()) {
      for (Entry& entry : table->entries) {
        entry.where = where;
        self(entry.value, self);
      }
    }
  };
  stamp(value, stamp);
  return value;
}

}  // namespace odradek::scenarios
