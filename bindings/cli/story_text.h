// An explanation laid out: as text, Markdown, a Mermaid diagram, or JSON.
#pragma once

#include <string>

#include "bindings/cli/terminal.h"
#include "sim/explain/story.h"

namespace odradek::cli {

/// For a terminal. `commands` are lines to paste, which come last.
[[nodiscard]] std::string story_text(const sim::Story& story, const std::vector<std::string>& commands,
                                     const Style& style);
/// With the diagram in it.
[[nodiscard]] std::string story_markdown(const sim::Story& story, const std::vector<std::string>& commands);
/// A sequenceDiagram and nothing else. Source: mermaid.js.org/syntax/sequenceDiagram.html
[[nodiscard]] std::string story_mermaid(const sim::Story& story);
[[nodiscard]] std::string story_json(const sim::Story& story, const std::vector<std::string>& commands);

}  // namespace odradek::cli
