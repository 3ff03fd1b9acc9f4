#pragma once

// Prints a kind as a document that a jurist can read, in any language of the rulebook.

#include "rulebook/rulebook.h"

namespace entraide::rulebook {

/// The kind as Markdown: bases, parties, states, who may do what, time limits, forms with fields and their sources, refusal grounds.
/// Rules: rulebook.kind (there is none of that name), rulebook.language.
Result<std::string> show(const Rulebook& rules, std::string_view kind, std::string_view language);

/// The names of all kinds.
std::vector<std::string> kinds(const Rulebook& rules);

}  // namespace entraide::rulebook
