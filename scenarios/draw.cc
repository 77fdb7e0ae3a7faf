#include "scenarios/draw.h"

#include <fmt/format.h>

#include <optional>
#include <variant>

#include "engine/base/duration_text.h"
#include "engine/base/hash.h"
#include "engine/base/random.h"
#include "scenarios/units.h"

namespace odradek::scenarios {
namespace {

/// What this layer draws. The numbers lie far from those of the simulator, which draws from the same seed.
enum class Purpose : std::uint16_t { kRange = 0x5C00 };

/// A whole quantity and how it is written: 3, "40ms" in steps of a microsecond, "500/s".
struct Quantity {
  enum class Kind : std::uint8_t { kInteger, kDuration, kRate };
  Kind kind = Kind::kInteger;
  std::int64_t amount = 0;
};

std::optional<Quantity> quantity_of(const Value& value) {
  using enum Quantity::Kind;
  if (const auto* integer = value.as<std::int64_t>()) return Quantity{.kind = kInteger, .amount = *integer};
  const auto* text = value.as<std::string>();
  if (text == nullptr) return std::nullopt;
  if (const auto rate = parse_rate(*text)) return Quantity{.kind = kRate, .amount = *rate};
  if (const auto duration = parse_duration(*text))
    return Quantity{.kind = kDuration, .amount = duration->ns()};
  return std::nullopt;
}

Value value_of(Quantity quantity, Where where) {
  switch (quantity.kind) {
    case Quantity::Kind::kInteger: return {.data = quantity.amount, .where = where};
    case Quantity::Kind::kDuration: return {.data = duration_text(Duration(quantity.amount)), .where = where};
    case Quantity::Kind::kRate: return {.data = fmt::format("{}/s", quantity.amount), .where = where};
  }
  return {};
}

struct Uniform {
  Quantity low;
  Quantity high;
  std::int64_t step = 1;

  [[nodiscard]] std::uint64_t choices() const {
    return static_cast<std::uint64_t>((high.amount - low.amount) / step) + 1;
  }
  [[nodiscard]] Value choose(std::uint64_t choice, Where where) const {
    return value_of({.kind = low.kind, .amount = low.amount + static_cast<std::int64_t>(choice) * step},
                    where);
  }
};
struct OneOf {
  const List* list;

  [[nodiscard]] std::uint64_t choices() const { return list->size(); }
  [[nodiscard]] Value choose(std::uint64_t choice, Where) const {
    return (*list)[static_cast<std::size_t>(choice)];
  }
};
struct Chance {
  Ratio ratio;

  [[nodiscard]] std::uint64_t choices() const { return static_cast<std::uint64_t>(ratio.denominator); }
  [[nodiscard]] Value choose(std::uint64_t choice, Where where) const {
    return {.data = choice < static_cast<std::uint64_t>(ratio.numerator), .where = where};
  }
};
struct IllFormed {
  std::string why;
};
using AnyRange = std::variant<IllFormed, Uniform, OneOf, Chance>;

AnyRange uniform_of(const Value& ends) {
  constexpr std::int64_t kFar = std::int64_t{1} << 62;
  const List* list = ends.as<List>();
  if (list != nullptr && list->size() == 2) {
    const auto low = quantity_of(list->front());
    const auto high = quantity_of(list->back());
    const bool near = low && high && low->amount > -kFar && high->amount < kFar;
    if (near && low->kind == high->kind && low->amount <= high->amount) {
      const bool in_microseconds =
          low->kind == Quantity::Kind::kDuration && low->amount % 1'000 == 0 && high->amount % 1'000 == 0;
      return Uniform{.low = *low, .high = *high, .step = in_microseconds ? 1'000 : 1};
    }
  }
  return IllFormed{"expected the two ends, the lower first: integers, durations or rates"};
}

AnyRange range_of(const Entry& entry) {
  if (entry.key == "uniform") return uniform_of(entry.value);
  if (entry.key == "one_of") {
    const List* list = entry.value.as<List>();
    if (list == nullptr || list->empty()) return IllFormed{"expected a list of at least one choice"};
    return OneOf{list};
  }
  const auto* text = entry.value.as<std::string>();
  const auto ratio = text == nullptr ? std::nullopt : parse_ratio(*text);
  if (!ratio) return IllFormed{"expected a ratio between 0 and 1, such as \"1/3\""};
  return Chance{*ratio};
}

/// The entry that makes a table a range, or null.
const Entry* range_entry(const Value& value) {
  const Table* table = value.as<Table>();
  if (table == nullptr || table->entries.size() != 1) return nullptr;
  const Entry& entry = table->entries.front();
  return entry.key == "uniform" || entry.key == "one_of" || entry.key == "chance" ? &entry : nullptr;
}

class Resolver {
 public:
  Resolver(const Pick& pick, Problems& problems) : pick_(pick), problems_(problems) {}

  std::vector<Drawn> drawn;

  Table table(const Table& in, const std::string& path) {
    Table out;
    for (const Entry& entry : in.entries) {
      const std::string at = path.empty() ? entry.key : path + "." + entry.key;
      if (auto value = this->value(entry.value, at)) {
        out.entries.push_back({.key = entry.key, .where = entry.where, .value = *std::move(value)});
      }
    }
    return out;
  }

 private:
  std::optional<Value> value(const Value& in, const std::string& path) {
    if (const Entry* entry = range_entry(in)) return decide(*entry, in.where, path);
    if (const Table* inner = in.as<Table>()) return Value{.data = table(*inner, path), .where = in.where};
    const List* list = in.as<List>();
    if (list == nullptr) return in;
    List out;
    for (std::size_t i = 0; i < list->size(); ++i) {
      if (auto element = value((*list)[i], fmt::format("{}.{}", path, i))) out.push_back(*std::move(element));
    }
    return Value{.data = std::move(out), .where = in.where};
  }

  std::optional<Value> decide(const Entry& entry, Where where, const std::string& path) {
    const AnyRange range = range_of(entry);
    if (const auto* wrong = std::get_if<IllFormed>(&range)) {
      problems_.add(entry.value.where,
                    fmt::format("{} = {}, {}", entry.key, print_inline(entry.value), wrong->why));
      return std::nullopt;
    }
    const auto choose = [&](const auto& known) -> Value {
      if constexpr (requires { known.choices(); }) {
        const std::uint64_t choices = known.choices();
        drawn.push_back(
            {.path = path, .choices = choices, .value = known.choose(pick_(path, choices), where)});
        return drawn.back().value;
      } else {
        return {};
      }
    };
    return std::visit(choose, range);
  }

  const Pick& pick_;
  Problems& problems_;
};

}  // namespace

Resolved resolve(const Table& root, const Pick& pick, Problems& problems) {
  Resolver resolver(pick, problems);
  Table decided = resolver.table(root, "");
  return {.root = std::move(decided), .drawn = std::move(resolver.drawn)};
}

Pick pick_of_seed(std::uint64_t seed) {
  return [seed](const std::string& path, std::uint64_t choices) {
    const Subject subject{.entity = digest_of(path).low, .ordinal = 0};
    return draw(Key{.high = 0, .low = seed}, Purpose::kRange, subject).below(choices);
  };
}

}  // namespace odradek::scenarios
