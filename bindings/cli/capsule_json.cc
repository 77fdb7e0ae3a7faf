#include "bindings/cli/capsule_json.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "bindings/cli/arguments.h"

namespace odradek::cli {
namespace {

using nlohmann::ordered_json;

/// One mark per line, which is how people look at it.
std::string print(const ordered_json& json) {
  std::string out = "{";
  std::string_view separator = "\n";
  for (const auto& [name, value] : json.items()) {
    out += fmt::format("{}  \"{}\": ", separator, name);
    if (value.is_array() && !value.empty()) {
      std::string_view comma = "[\n    ";
      for (const ordered_json& element : value) {
        out += comma;
        out += element.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
        comma = ",\n    ";
      }
      out += "\n  ]";
    } else {
      out += value.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
    }
    separator = ",\n";
  }
  return out + "\n}\n";
}

ordered_json marks_json(const Trail& trail) {
  ordered_json marks = ordered_json::array();
  for (const TrailMark& mark : trail) {
    marks.push_back({{"event", mark.event},
                     {"sim_time_ns", mark.at.ns()},
                     {"fingerprint", print_fingerprint(mark.happened)},
                     {"what", mark.what}});
  }
  return marks;
}

Trail trail_of(const ordered_json& marks) {
  Trail trail;
  for (const ordered_json& mark : marks) {
    trail.push_back({.event = mark.at("event"),
                     .at = sim::Instant(mark.at("sim_time_ns").get<std::int64_t>()),
                     .happened = parse_fingerprint(mark.at("fingerprint").get<std::string>()),
                     .what = mark.at("what")});
  }
  return trail;
}

std::string own_digest(const ordered_json& json) { return print_fingerprint(digest_of(print(json))); }

}  // namespace

std::string seal_json(const Seal& seal) {
  ordered_json json;
  json["version"] = seal.version;
  json["files"] = ordered_json::object();
  for (const auto& [name, digest] : seal.digests) json["files"][name] = digest;
  json["trail"] = marks_json(seal.trail);
  json["digest"] = own_digest(json);
  return print(json);
}

Result<Seal> parse_seal(std::string_view text, std::uint64_t version) {
  try {
    ordered_json json = ordered_json::parse(text);
    Seal seal{.version = json.at("version"), .digests = {}, .trail = {}};
    if (seal.version != version) return seal;
    const std::string digest = json.at("digest");
    json.erase("digest");
    if (own_digest(json) != digest) return fail("not what was stored: edited since");
    for (const auto& [name, value] : json.at("files").items()) seal.digests.emplace_back(name, value);
    seal.trail = trail_of(json.at("trail"));
    return seal;
  } catch (const ordered_json::exception& error) {
    return fail("not what was stored: cut short or edited since: {}", error.what());
  }
}

std::string trail_json(const Trail& trail) {
  return marks_json(trail).dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

Result<Trail> parse_trail(std::string_view text) {
  try {
    return trail_of(ordered_json::parse(text));
  } catch (const ordered_json::exception& error) {
    return fail("no trail of a run: {}", error.what());
  }
}

}  // namespace odradek::cli
