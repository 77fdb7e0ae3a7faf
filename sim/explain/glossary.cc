#include "sim/explain/glossary.h"

#include <algorithm>

#include "sim/explain/words.h"

namespace odradek::sim {
namespace {

/// Where the sentence ends that begins at `from`: behind its full stop.
std::string_view::size_type sentence_end(std::string_view text, std::string_view::size_type from) {
  const auto stop = text.find(". ", from);
  return stop == std::string_view::npos ? text.size() : stop + 1;
}

}  // namespace

std::string Glossary::explain(std::string_view text) {
  std::string out;
  for (std::string_view::size_type from = 0; from < text.size();) {
    const auto end = sentence_end(text, from);
    const std::string_view sentence = text.substr(from, end - from);
    out += sentence;
    for (const Term& term : kGlossary) {
      if (!sentence.contains(term.word) || !told_.insert(term.word).second) continue;
      out += " (" + capital(std::string(term.meaning)) + ".)";
    }
    from = end;
  }
  return out;
}

}  // namespace odradek::sim
