#pragma once

// Walks the whole rulebook and says what a jurist, a translator or an officer would stumble over. What is plainly broken (a name that is
// nowhere, a member that is unknown) never loads; lint looks for what loads and is still wrong.

#include "rulebook/rulebook.h"

namespace entraide::rulebook {

struct Finding {
  std::string file;
  std::string path;  // what it is about: "preservation.confirm", "field.x.y"
  std::string what;  // what is wrong
  std::string mend;  // what to do
};

/// All findings, ordered by file and path. Runs the examples too: failed ones are findings, and so is every transition and rule without one.
std::vector<Finding> lint(const Rulebook& rules);

/// The keys of words that must be there in every language, each with the file that asks for it.
std::map<std::string, std::string, std::less<>> words_needed(const Rulebook& rules);

}  // namespace entraide::rulebook
