#include "rulebook/rulebook.h"
#include "testing/testing.h"

namespace entraide::rulebook {

TEST_CASE("the rulebook of the repository loads") {
  const Rulebook rules = MUST(load_folder(ENTRAIDE_SOURCE_DIR "/rulebook"));
  CHECK(!rules.act_types().empty());
}

}  // namespace entraide::rulebook
