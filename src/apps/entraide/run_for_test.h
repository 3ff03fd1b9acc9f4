#pragma once

// The program, run as a person runs it: with a home of its own, no terminal, and what it printed.

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <sys/stat.h>
#include <sys/wait.h>

#include "testing/testing.h"

namespace entraide::cli {

namespace fs = std::filesystem;

struct Folder {
  fs::path path;
  Folder() {
    std::string name = (fs::temp_directory_path() / "entraide-cli-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path = name;
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path, ignored);
  }
};

struct Ran {
  int code = -1;
  std::string out, err;
};

inline std::string text_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

inline void write(const fs::path& path, const std::string& text, mode_t mode = 0600) {
  std::ofstream(path, std::ios::binary) << text;
  ::chmod(path.c_str(), mode);
}

// The sanitizers' own settings, the only part of our environment that the program keeps.
inline std::string sanitizer_settings() {
  std::string out;
  for (const char* name : {"ASAN_OPTIONS", "LSAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"})
    if (const char* value = std::getenv(name))  // NOLINT(concurrency-mt-unsafe): one thread here
      out += std::string(name) + "='" + value + "' ";
  return out;
}

/// What a shell says to run the program in `folder` with a home of its own.
inline std::string command_of(const Folder& folder, const std::string& arguments, const std::string& environment) {
  return "cd '" + folder.path.string() + "' && env -i HOME='" + folder.path.string() + "' " + sanitizer_settings() +
         environment + " '" ENTRAIDE_PROGRAM "' --home home " + arguments;
}

/// Runs the program with a home of its own and no terminal.
inline Ran run(const Folder& folder, const std::string& arguments, const std::string& environment = "") {
  const fs::path out = folder.path / "out", err = folder.path / "err";
  const std::string command =
      command_of(folder, arguments, environment) + " >'" + out.string() + "' 2>'" + err.string() + "' </dev/null";
  const int status = std::system(command.c_str());  // NOLINT(concurrency-mt-unsafe): one thread here
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, text_of(out), text_of(err)};
}

/// Runs it in a terminal, as people see it: both streams are `out`, lines end in "\r\n".
inline Ran run_in_terminal(const Folder& folder, const std::string& arguments, const std::string& environment = "") {
  const fs::path file = folder.path / "command.sh", out = folder.path / "out";
  write(file, command_of(folder, arguments, environment) + "\n");
  const std::string command = "script -qec 'sh " + file.string() + "' /dev/null >'" + out.string() + "' </dev/null";
  const int status = std::system(command.c_str());  // NOLINT(concurrency-mt-unsafe): one thread here
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, text_of(out), ""};
}

inline bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace entraide::cli
