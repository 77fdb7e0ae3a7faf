#include "bindings/cli/junit.h"

#include <fmt/format.h>

#include <algorithm>

#include "bindings/cli/arguments.h"
#include "sim/checkers/registry.h"

namespace odradek::cli {
namespace {

/// For attributes and text; what XML 1.0 cannot hold becomes a question mark.
std::string escape(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      default: out += static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t' ? '?' : c;
    }
  }
  return out;
}

/// All known invariants, and behind them what else was violated: a worker's death, a failed ENSURE.
std::vector<std::string> cases_of(const std::string& scenario, const Campaign& campaign) {
  std::vector<std::string> ids;
  for (const sim::InvariantInfo& info : sim::invariants()) ids.emplace_back(info.id);
  for (const FailureGroup& group : campaign.failures()) {
    const bool known = std::ranges::find(ids, group.invariant) != ids.end();
    if (group.scenario == scenario && !known) ids.push_back(group.invariant);
  }
  return ids;
}

std::string failure(const FailureGroup& group, const SweepReport& report) {
  const sim::RunResult& result = group.shortest.result;
  const std::string message = result.violations.empty() ? group.signature : result.violations.front().message;
  const std::string repro = replay_line(group.scenario, result.seed, result.fingerprint, report.overrides);
  return fmt::format(
      "      <failure type=\"{}\" message=\"{}\">{} seeds, the shortest is {}\nrepro {}</failure>\n",
      escape(group.signature), escape(message), group.count, result.seed, escape(repro));
}

}  // namespace

std::string junit_xml(const SweepReport& report) {
  std::string suites;
  for (const std::string& scenario : report.scenarios) {
    std::string cases;
    std::uint64_t failed = 0;
    const std::vector<std::string> ids = cases_of(scenario, report.campaign);
    for (const std::string& id : ids) {
      std::string failures;
      for (const FailureGroup& group : report.campaign.failures()) {
        // JUnit knows one failure per case: the first signature stands for all.
        if (group.scenario == scenario && group.invariant == id && failures.empty())
          failures = failure(group, report);
      }
      failed += failures.empty() ? 0 : 1;
      cases += fmt::format("    <testcase classname=\"{}\" name=\"{}\"{}", escape(scenario), escape(id),
                           failures.empty() ? "/>\n" : ">\n" + failures + "    </testcase>\n");
    }
    suites += fmt::format("  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\">\n{}  </testsuite>\n",
                          escape(scenario), ids.size(), failed, cases);
  }
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"odradek\">\n{}</testsuites>\n", suites);
}

}  // namespace odradek::cli
