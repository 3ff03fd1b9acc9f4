#pragma once

// What tells one demonstration case from the next: the name of its operation, a summary, a number. This folder's affair.

#include "codec/json.h"
#include "rulebook/rulebook.h"

namespace entraide::demo {

/// What an officer's inbox shows before anything is opened: a sentence of the sender, who tells the story of the answers.
/// `story`: which case it is, from 0.
std::string summary_of(const rulebook::Rulebook& rules, std::string_view type, std::size_t story, bool in_french);

/// Gives `reference`, the sender's own number, another end in each story; other answers stay.
void number(codec::Json& values, std::size_t story);

}  // namespace entraide::demo
