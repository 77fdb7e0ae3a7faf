#include "bindings/cli/side_message.h"

#include <nlohmann/json.hpp>

namespace odradek::cli {
namespace {

using nlohmann::json;

json digest_json(const Digest& digest) { return json::array({digest.high, digest.low}); }
Digest digest_of_json(const json& j) { return {.high = j.at(0), .low = j.at(1)}; }

json mark_json(const sim::Mark& mark) {
  return json::array({mark.step, mark.event, mark.at.ns(), digest_json(mark.happened), digest_json(mark.is)});
}

sim::Mark mark_of(const json& j) {
  return {.step = j.at(0),
          .event = j.at(1),
          .at = sim::Instant(j.at(2).get<std::int64_t>()),
          .happened = digest_of_json(j.at(3)),
          .is = digest_of_json(j.at(4))};
}

json leaves_json(const sim::Leaves& leaves) {
  json list = json::array();
  for (const sim::Leaf& leaf : leaves) list.push_back(json::array({leaf.path, leaf.value}));
  return list;
}

sim::Leaves leaves_of(const json& j) {
  sim::Leaves leaves;
  for (const json& leaf : j) leaves.push_back({.path = leaf.at(0), .value = leaf.at(1)});
  return leaves;
}

json look_json(const sim::Look& look) {
  return {{"mark", mark_json(look.mark)},
          {"title", look.sight.title},
          {"step", leaves_json(look.sight.leaves)},
          {"lines", look.sight.lines},
          {"before", leaves_json(look.before)},
          {"after", leaves_json(look.after)},
          {"context", look.context}};
}

sim::Look look_of(const json& j) {
  return {.mark = mark_of(j.at("mark")),
          .sight = {.title = j.at("title"), .leaves = leaves_of(j.at("step")), .lines = j.at("lines")},
          .before = leaves_of(j.at("before")),
          .after = leaves_of(j.at("after")),
          .context = j.at("context")};
}

std::string print(const json& j) { return j.dump(-1, ' ', false, json::error_handler_t::replace); }

}  // namespace

std::string question_text(const Question& question) {
  json j = {{"name", question.subject.name}, {"text", question.subject.text},
            {"seed", question.subject.seed}, {"from", question.window.from},
            {"to", question.window.to},      {"every", question.window.every}};
  if (question.look) j["look"] = *question.look;
  return print(j);
}

Result<Question> parse_question(std::string_view text) {
  try {
    const json j = json::parse(text);
    Question question{.subject = {.name = j.at("name"), .text = j.at("text"), .seed = j.at("seed")},
                      .window = {.from = j.at("from"), .to = j.at("to"), .every = j.at("every")},
                      .look = std::nullopt};
    if (j.contains("look")) question.look = j.at("look").get<std::uint64_t>();
    return question;
  } catch (const json::exception& error) {
    return fail("no question: {}", error.what());
  }
}

std::string told_text(const Result<Told>& told) {
  if (!told) return print({{"error", told.error().message}});
  json marks = json::array();
  for (const sim::Mark& mark : told->marks) marks.push_back(mark_json(mark));
  json j = {{"marks", std::move(marks)}};
  if (told->look) j["look"] = look_json(*told->look);
  return print(j);
}

Result<Told> parse_told(std::string_view text) {
  try {
    const json j = json::parse(text);
    if (j.contains("error")) return fail("{}", j.at("error").get<std::string>());
    Told told;
    for (const json& mark : j.at("marks")) told.marks.push_back(mark_of(mark));
    if (j.contains("look")) told.look = look_of(j.at("look"));
    return told;
  } catch (const json::exception& error) {
    return fail("no answer: {}", error.what());
  }
}

}  // namespace odradek::cli
