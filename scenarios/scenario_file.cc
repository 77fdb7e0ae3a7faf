#include "scenarios/scenario_file.h"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "scenarios/toml.h"
#include "scenarios/units.h"

namespace odradek::scenarios {
namespace {

/// How many whole draws a check tries besides the ends of each range.
constexpr std::uint64_t kSampledSeeds = 32;

/// Follows `path` to where its last part belongs. Tables that are absent are made; the strict reader judges
/// the names.
Result<void> set_at(Value& at, std::string_view path, const std::string& walked, const Value& value) {
  if (Table* table = at.as<Table>()) {
    // Kafka's names have dots of their own: all behind `config.` is one key.
    const bool config = walked == "config" || walked.ends_with(".config");
    const auto dot = config ? std::string_view::npos : path.find('.');
    const std::string key(path.substr(0, dot));
    if (key.empty()) return fail("an empty part in its path, expected such as cluster.brokers=5");
    if (dot == std::string_view::npos) {
      table->set(key, value);
      return {};
    }
    if (table->find(key) == nullptr) table->set(key, Value{.data = Table{}, .where = value.where});
    return set_at(*table->find(key), path.substr(dot + 1), walked.empty() ? key : walked + "." + key, value);
  }
  List* list = at.as<List>();
  if (list == nullptr) return fail("{} is one value, expected no further part behind it", walked);
  const auto dot = path.find('.');
  const auto index = parse_integer(path.substr(0, dot));
  if (!index || *index < 0 || *index >= static_cast<std::int64_t>(list->size())) {
    return fail("{} is a list, expected an index from 0 to {} behind it, such as {}.0", walked,
                static_cast<std::int64_t>(list->size()) - 1, walked);
  }
  Value& element = (*list)[static_cast<std::size_t>(*index)];
  if (dot != std::string_view::npos) {
    return set_at(element, path.substr(dot + 1), fmt::format("{}.{}", walked, *index), value);
  }
  element = value;
  return {};
}

std::optional<Repro> take_repro(Table& root, Problems& problems) {
  const Value* value = std::as_const(root).find("repro");
  if (value == nullptr) return std::nullopt;
  Repro repro;
  std::string seed;
  Reader table(value, "[repro]", problems);
  table.read("seed", seed);
  table.read("fingerprint", repro.fingerprint);
  table.read("build", repro.build);
  table.finish();
  // Seeds are unsigned 64-bit numbers, TOML's integers are signed: hence a string.
  const auto parsed = parse_seed(seed);
  if (!parsed) table.missing("seed", "a string of digits");
  repro.seed = parsed.value_or(0);
  root.erase("repro");
  return repro;
}

}  // namespace

Result<ScenarioFile> ScenarioFile::parse(std::string_view text, std::string name, std::string shown_as) {
  ScenarioFile file;
  TRY(root, parse_toml(text, shown_as));
  Problems problems;
  file.repro_ = take_repro(root, problems);
  if (!problems.empty()) return std::unexpected(problems.error(shown_as, {}));
  file.name_ = std::move(name);
  file.shown_as_ = std::move(shown_as);
  file.root_ = std::move(root);
  TRY_DO(file.check());
  return file;
}

Result<ScenarioFile> ScenarioFile::load(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::exists(path, error)) return fail("{}: no such file", path);
  if (std::filesystem::is_directory(path, error)) return fail("{}: a directory, expected a .toml file", path);
  std::ifstream in(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(in), {}};
  if (!in.is_open() || in.bad()) return fail("{}: cannot be read", path);
  return parse(text, std::filesystem::path(path).stem().string(), path);
}

Result<ScenarioFile> ScenarioFile::with(const Overrides& overrides) const {
  ScenarioFile changed = *this;
  for (const std::string& override : overrides) {
    const auto equals = override.find('=');
    if (equals == std::string::npos || equals == 0)
      return fail("-p {}: no key=value, such as cluster.brokers=5", override);
    const Where where{.line = 0, .column = static_cast<std::int32_t>(changed.overrides_.size())};
    const Value value = parse_override_value(std::string_view(override).substr(equals + 1), where);
    Value root{.data = std::move(changed.root_), .where = {}};
    if (const auto set = set_at(root, override.substr(0, equals), "", value); !set) {
      return fail("-p {}: {}", override, set.error().message);
    }
    changed.root_ = std::move(*root.as<Table>());
    changed.overrides_.push_back(override);
  }
  if (!overrides.empty()) TRY_DO(changed.check());
  return changed;
}

Result<void> ScenarioFile::check() {
  Problems problems;
  const auto attempt = [&](const Pick& pick) {
    const Resolved resolved = resolve(root_, pick, problems);
    return scenarios::parse(resolved.root, problems);
  };
  const Pick first = [](const std::string&, std::uint64_t) { return std::uint64_t{0}; };
  const Pick last = [](const std::string&, std::uint64_t choices) { return choices - 1; };
  const Parsed parsed = attempt(first);
  attempt(last);
  for (const Drawn& range : resolve(root_, first, problems).drawn) {
    const bool listed = range.choices <= 16;  // all choices of a list, both ends of what is wide
    for (std::uint64_t choice = 0; choice < (listed ? range.choices : 2); ++choice) {
      const std::uint64_t taken = listed || choice == 0 ? choice : range.choices - 1;
      for (const Pick& others : {first, last}) {
        attempt([&](const std::string& path, std::uint64_t choices) {
          return path == range.path ? taken : others(path, choices);
        });
      }
    }
  }
  // Whole draws only when the ends are fine: they would but repeat what is wrong with these.
  for (std::uint64_t seed = 1; seed <= kSampledSeeds && problems.empty(); ++seed) attempt(pick_of_seed(seed));
  if (!problems.empty()) return std::unexpected(problems.error(shown_as_, overrides_));
  title_ = parsed.scenario.title;
  description_ = parsed.description;
  expect_ = parsed.expect;
  plant_ = parsed.plant;
  removal_ = parsed.removal;
  return {};
}

Result<sim::Scenario> ScenarioFile::for_seed(std::uint64_t seed, const Overrides& overrides) const {
  if (!overrides.empty()) {
    TRY(changed, with(overrides));
    return changed.for_seed(seed);
  }
  Problems problems;
  const Resolved resolved = resolve(root_, pick_of_seed(seed), problems);
  Parsed parsed = scenarios::parse(resolved.root, problems);
  if (!problems.empty()) return fail("seed {}: {}", seed, problems.error(shown_as_, overrides_).message);
  parsed.scenario.name = name_;
  return std::move(parsed.scenario);
}

std::vector<Drawn> ScenarioFile::drawn(std::uint64_t seed) const {
  Problems ignored;
  return resolve(root_, pick_of_seed(seed), ignored).drawn;
}

Digest ScenarioFile::hash() const {
  Table root = root_;
  root.erase("title");
  root.erase("description");
  return digest_of(print_file(root));
}

}  // namespace odradek::scenarios
