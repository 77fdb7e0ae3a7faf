#include "bindings/cli/arguments.h"

#include <fmt/format.h>

#include <algorithm>

#include "scenarios/units.h"

namespace odradek::cli {
namespace {

/// More would not end; and the number of jobs must stay countable.
constexpr std::uint64_t kSeedsMax = 1'000'000'000'000;

bool is_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }

}  // namespace

Result<std::uint64_t> seed_argument(std::string_view text) {
  if (const auto seed = scenarios::parse_seed(text)) return *seed;
  return fail("seed \"{}\", expected a number from 0 to 2^64 - 1, decimal or 0x…", text);
}

Result<SeedRange> seed_range_argument(std::string_view text) {
  const auto dots = text.find("..");
  if (dots == std::string_view::npos) {
    TRY(seed, seed_argument(text));
    return SeedRange{.first = seed, .last = seed};
  }
  TRY(first, seed_argument(text.substr(0, dots)));
  TRY(last, seed_argument(text.substr(dots + 2)));
  if (first > last) return fail("seeds {}, expected the lower seed first", text);
  if (last - first >= kSeedsMax) return fail("seeds {}, expected at most {} of them", text, kSeedsMax);
  return SeedRange{.first = first, .last = last};
}

Result<Duration> duration_argument(std::string_view option, std::string_view text) {
  const auto duration = scenarios::parse_duration(text);
  if (duration) return *duration;
  return fail("{} {}, expected a duration such as 60s (units: ns, us, ms, s, m, h)", option, text);
}

Result<std::string> fingerprint_argument(std::string_view text) {
  const bool fits = text.size() >= 8 && text.size() <= 32 && std::ranges::all_of(text, is_hex);
  if (fits) return std::string(text);
  return fail("fingerprint \"{}\", expected 8 to 32 lower-case hexadecimal digits", text);
}

Result<RunArgument> run_argument(std::string_view text) {
  RunArgument run;
  std::string_view rest = text.substr(0, text.find(','));
  text.remove_prefix(std::min(text.size(), rest.size() + 1));
  const auto at = rest.rfind('@');
  if (at != std::string_view::npos) {
    TRY(seed, seed_argument(rest.substr(at + 1)));
    run.seed = seed;
    rest = rest.substr(0, at);
  }
  if (rest.empty()) return fail("a run without a scenario, expected SCENARIO[@SEED][,key=value...]");
  run.scenario = rest;
  while (!text.empty()) {
    const std::string_view piece = text.substr(0, text.find(','));
    text.remove_prefix(std::min(text.size(), piece.size() + 1));
    if (piece.contains('=')) {
      run.overrides.emplace_back(piece);
    } else if (!run.overrides.empty()) {
      run.overrides.back().append(",").append(piece);
    } else {
      return fail("\"{}\", expected key=value", piece);
    }
  }
  return run;
}

std::string print_fingerprint(Digest digest) {
  return fmt::format("{:016x}{:016x}", digest.high, digest.low);
}

Digest parse_fingerprint(std::string_view text) {
  const auto half = [text](std::size_t at) {
    return scenarios::parse_seed(fmt::format("0x{}", text.substr(std::min(at, text.size()), 16))).value_or(0);
  };
  return {.high = half(0), .low = half(16)};
}

std::string shell_quote(std::string_view word) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./=:,+@%";
  if (!word.empty() && word.find_first_not_of(kPlain) == std::string_view::npos) return std::string(word);
  std::string quoted = "'";
  for (const char c : word) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

std::string replay_line(std::string_view scenario, std::uint64_t seed, Digest fingerprint,
                        const scenarios::Overrides& overrides) {
  std::string line = fmt::format("odradek replay {} --seed {} --expect {:.16}", shell_quote(scenario), seed,
                                 print_fingerprint(fingerprint));
  for (const std::string& override : overrides) line += " -p " + shell_quote(override);
  return line;
}

}  // namespace odradek::cli
