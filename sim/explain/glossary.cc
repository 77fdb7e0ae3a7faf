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

/// Whether a word of the text begins so: "fenced" is not in "unfenced".
bool says(std::string_view text, std::string_view word) {
  for (auto at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    const bool begins = at == 0 || std::string_view(" ({\"").contains(text[at - 1]);
    if (begins) return true;
  }
  return false;
}

}  // namespace

std::string Glossary::explain(std::string_view text) {
  std::string out;
  for (std::string_view::size_type from = 0; from < text.size();) {
    const auto end = sentence_end(text, from);
    const std::string_view sentence = text.substr(from, end - from);
    out += sentence;
    for (const Term& term : terms_) {
      if (!says(sentence, term.word) || !told_.insert(term.word).second) continue;
      out += " (" + capital(std::string(term.meaning)) + ".)";
    }
    from = end;
  }
  return out;
}

}  // namespace odradek::sim
