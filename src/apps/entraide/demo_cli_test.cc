// A demonstration leaves nothing running behind it.

#include <csignal>

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include "apps/entraide/run_for_test.h"

using namespace entraide::cli;

namespace {

constexpr int kPatienceMs = 60'000;

/// What comes through the pipe until `mark` has come, or, without one, until nobody holds its other end. Nothing: too late.
std::optional<std::string> read_until(int pipe, std::string_view mark) {
  std::string text;
  for (;;) {
    if (!mark.empty() && text.find(mark) != text.npos) return text;
    pollfd waiting{pipe, POLLIN, 0};
    if (::poll(&waiting, 1, kPatienceMs) != 1) return std::nullopt;
    char part[4096];
    const ssize_t size = ::read(pipe, part, sizeof part);
    if (size <= 0) return mark.empty() ? std::optional(text) : std::nullopt;
    text.append(part, static_cast<std::size_t>(size));
  }
}

}  // namespace

TEST_CASE("the hub of a demonstration ends with the program that started it, however that one ends") {
  for (const int signal : {SIGTERM, SIGKILL}) {
    CAPTURE(signal);
    const Folder folder;
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      ::dup2(ends[1], STDOUT_FILENO);
      ::dup2(ends[1], STDERR_FILENO);
      ::close(ends[0]);
      ::close(ends[1]);
      ::execl(ENTRAIDE_PROGRAM, ENTRAIDE_PROGRAM, "demo", "start", "--listen", "127.0.0.1:0", "--dir",
              folder.path.c_str(), nullptr);
      ::_exit(127);
    }
    ::close(ends[1]);
    CHECK(read_until(ends[0], "\"port\""));  // the hub serves
    ::kill(child, signal);
    ::waitpid(child, nullptr, 0);
    CHECK(read_until(ends[0], ""));  // the hub held the other end, too
    ::close(ends[0]);
  }
}
