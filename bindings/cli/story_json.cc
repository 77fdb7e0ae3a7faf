#include <nlohmann/json.hpp>

#include "bindings/cli/story_text.h"

namespace odradek::cli {
namespace {

using nlohmann::ordered_json;

ordered_json step_json(const sim::StoryStep& step, std::size_t number) {
  ordered_json nodes = ordered_json::array();
  for (const NodeId node : step.who) nodes.push_back(node.value());
  ordered_json object{{"step", number},    {"sim_time_ns", step.at.ns()}, {"event", step.event},
                      {"nodes", nodes},    {"text", step.text},           {"label", step.label},
                      {"logs", step.logs}, {"follows", step.follows},     {"breaks", step.breaks}};
  if (step.arrow) {
    object["message"] = {
        {"from", step.arrow->from.value()}, {"to", step.arrow->to.value()}, {"arrives", step.arrow->arrives}};
  }
  return object;
}

}  // namespace

std::string story_json(const sim::Story& story, const std::vector<std::string>& commands) {
  ordered_json object;
  object["title"] = story.title;
  object["cast"] = ordered_json::array();
  for (const sim::Character& character : story.cast)
    object["cast"].push_back({{"name", character.name}, {"text", character.text}});
  object["steps"] = ordered_json::array();
  for (std::size_t i = 0; i < story.steps.size(); ++i)
    object["steps"].push_back(step_json(story.steps[i], i + 1));
  object["promise"] = story.promise;
  object["source"] = story.source;
  object["broke"] = story.broke;
  object["next"] = story.next;
  object["commands"] = commands;
  return object.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace odradek::cli
