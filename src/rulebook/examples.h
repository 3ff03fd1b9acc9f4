#pragma once

// Runs the examples of a rulebook: given, when, then. A rule without an example is a rule that nobody has tried.

#include "rulebook/rulebook.h"

namespace entraide::rulebook {

struct ExampleFailure {
  std::string file;
  std::string name;  // of the example
  std::string what;  // expected and found
};

/// What the examples have shown, for lint.
struct Tried {
  std::map<std::string, int, std::less<>> allowed;  // act type to how many examples allow it
  std::map<std::string, int, std::less<>> refused;  // act type to how many refuse it
  std::map<std::string, int, std::less<>> rules;    // rule to how many examples it refuses
};

struct ExampleReport {
  int run = 0;
  std::vector<ExampleFailure> failures;
  Tried tried;
};

/// Runs every example and every form vector. An example that cannot be read is a failure too.
ExampleReport run_examples(const Rulebook& rules);

}  // namespace entraide::rulebook
