#include "bindings/cli/doctor.h"

#include <algorithm>
#include <utility>

namespace odradek::cli {
namespace {

constexpr std::string_view kGone =
    "told apart once, and alike when told again: it depends on what ran before in the process, or on chance "
    "from "
    "outside";

/// Every step between the last mark that agreed and the first that did not.
sim::Window window_around(std::size_t differing, const std::vector<sim::Mark>& left,
                          const std::vector<sim::Mark>& right) {
  const auto step_of = [differing](const std::vector<sim::Mark>& marks) {
    return differing < marks.size() ? marks[differing].step : 0;
  };
  return {.from = differing == 0 ? 0 : left[differing - 1].step,
          .to = std::max(step_of(left), step_of(right)),
          .every = 1};
}

const sim::Mark& mark_at(std::size_t place, const std::vector<sim::Mark>& left,
                         const std::vector<sim::Mark>& right) {
  return place < left.size() ? left[place] : right[place];
}

std::string problem_of(const std::array<Result<Told>, 2>& told) {
  for (const auto& side : told) {
    if (!side) return side.error().message;
  }
  return "";
}

}  // namespace

Doctor::Doctor(const std::vector<std::string>& arguments)
    : arguments_(arguments),
      sides_{Side(opposite_surroundings()[0], arguments), Side(opposite_surroundings()[1], arguments)} {}

/// New processes: what earlier runs have left in memory could hide what is looked for.
std::array<Result<Told>, 2> Doctor::ask_afresh(const Question& question) const {
  std::array<Side, 2> sides{Side(opposite_surroundings()[0], arguments_),
                            Side(opposite_surroundings()[1], arguments_)};
  for (Side& side : sides) side.ask(question);
  Result<Told> left = sides[0].hear();
  Result<Told> right = sides[1].hear();
  return {std::move(left), std::move(right)};
}

Examination Doctor::examine(std::span<const Subject> subjects) {
  const std::size_t count = subjects.size();
  std::vector<std::array<Result<Told>, 2>> told(count);
  for (std::size_t i = 0; i < count; ++i) {
    sides_[0].ask({.subject = subjects[i], .window = {}, .look = std::nullopt});
    sides_[1].ask({.subject = subjects[count - 1 - i], .window = {}, .look = std::nullopt});
    told[i][0] = sides_[0].hear();
    told[count - 1 - i][1] = sides_[1].hear();
  }
  Examination examination;
  for (std::size_t i = 0; i < count; ++i) {
    const auto& [left, right] = told[i];
    if (!left || !right) {
      examination.finding = {
          .subject = subjects[i], .mark = {}, .divergence = {}, .problem = problem_of(told[i])};
    } else if (first_disagreement(left->marks, right->marks)) {
      examination.finding = locate(subjects[i], left->marks, right->marks);
    }
    if (examination.finding) return examination;
    ++examination.runs;
    examination.events += left->marks.back().event;
  }
  return examination;
}

Finding Doctor::locate(const Subject& subject, const Marks& left, const Marks& right) const {
  const std::size_t differing = *first_disagreement(left, right);
  Finding finding{
      .subject = subject, .mark = mark_at(differing, left, right), .divergence = {}, .problem = ""};
  const auto fine =
      ask_afresh({.subject = subject, .window = window_around(differing, left, right), .look = std::nullopt});
  finding.problem = problem_of(fine);
  if (!finding.problem.empty()) return finding;
  finding.problem = kGone;
  const auto first = first_disagreement(fine[0]->marks, fine[1]->marks);
  if (!first) return finding;
  finding.mark = mark_at(*first, fine[0]->marks, fine[1]->marks);
  auto full = ask_afresh({.subject = subject, .window = {}, .look = finding.mark->step});
  if (!full[0] || !full[1]) {
    finding.problem = problem_of(full);
  } else if (!full[0]->look || !full[1]->look) {
    finding.problem = "one of the two runs is over before the step at which they part";
  } else {
    sim::Divergence found = divergence(*std::move(full[0]->look), *std::move(full[1]->look));
    if (found.members.empty()) return finding;
    finding.divergence = std::move(found);
    finding.problem = "";
  }
  return finding;
}

}  // namespace odradek::cli
