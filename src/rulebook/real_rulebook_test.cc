// The rulebook that the repository ships: it loads, lint finds nothing, every example holds.

#include "rulebook/examples.h"
#include "rulebook/lint.h"
#include "testing/testing.h"

namespace entraide::rulebook {

namespace {
const Rulebook& repository_rules() {
  static const Rulebook rules = testing::must(load_folder(ENTRAIDE_SOURCE_DIR "/rulebook"), "load_folder");
  return rules;
}
}  // namespace

TEST_CASE("the rulebook of the repository passes all its examples") {
  const ExampleReport report = run_examples(repository_rules());
  for (const ExampleFailure& failure : report.failures)
    FAIL_CHECK(failure.file << ": " << failure.name << ": " << failure.what);
  CHECK(report.run > 50);
}

TEST_CASE("lint finds nothing in the rulebook of the repository") {
  for (const Finding& finding : lint(repository_rules()))
    FAIL_CHECK(finding.file << ": " << finding.path << ": " << finding.what << "; " << finding.mend);
}

TEST_CASE("a bundle loads as the same version, without the examples") {
  const std::string bundle = repository_rules().bundle();
  const Rulebook copy = MUST(load_bundle(bytes_of(bundle)));
  CHECK(copy.digest() == repository_rules().digest());
  CHECK(copy.bundle() == bundle);
  CHECK(bundle.find("examples/") == std::string::npos);
}

}  // namespace entraide::rulebook
