// What an operator looks at is left as it is.

#include "apps/entraide/run_for_test.h"

using namespace entraide::cli;

TEST_CASE("fsck asks for a database and a key that are there, and makes neither") {
  const Folder folder;
  const auto fsck = [&](const std::string& flags) {
    const std::string command =
        "cd '" + folder.path.string() + "' && " ENTRAIDE_HUB_PROGRAM " fsck " + flags + " >out 2>err </dev/null";
    const int status = std::system(command.c_str());  // NOLINT(concurrency-mt-unsafe): one thread here
    return Ran{WIFEXITED(status) ? WEXITSTATUS(status) : -1, text_of(folder.path / "out"),
               text_of(folder.path / "err")};
  };
  const Ran nothing = fsck("");
  CHECK(nothing.code == 1);
  CHECK(has(nothing.err, "entraide-data/hub.db: the database is not there"));
  write(folder.path / "hub.db", "");
  const Ran no_key = fsck("--database sqlite:hub.db");
  CHECK(no_key.code == 1);
  CHECK(has(no_key.err, "entraide-data/log.key: the log's key is not there; name the hub's own with --log-key-file"));
  CHECK(!fs::exists(folder.path / "entraide-data"));
}
