#pragma once

// Clocks, counters and the head of every report. A figure of a shared machine is a note; a ratio to a limit that
// was measured in the same run is a result.

#include <functional>

#include "base/base.h"

namespace entraide::bench {

/// A result that must be there: says what went wrong and ends the program otherwise.
template <class T>
T must(Result<T> result, const char* what) {
  if (!result) {
    std::fprintf(stderr, "bench: %s: %s [%s]\n", what, result.error().message.c_str(), result.error().rule.c_str());
    std::exit(1);
  }
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}
#define BENCH_MUST(expression) ::entraide::bench::must((expression), #expression)

/// Prints what is measured, on which machine, how it was built, when, and how busy the machine is.
void print_head(std::string_view what);

using SteadyTime = std::chrono::steady_clock::time_point;
double seconds_since(SteadyTime begin);
/// CPU time, in seconds: of this thread, of this process, of another one.
double thread_cpu();
double process_cpu();
double process_cpu(int pid);
/// Memory of a process in MiB: now, and the most there ever was.
struct Memory {
  double now = 0;
  double most = 0;
};
Memory memory_of(int pid);
double load_average();

/// The `share` quantile (0.5, 0.99) of values that are then sorted; 0 of none.
double quantile(std::vector<double>& values, double share);

/// How often `work` ran in a second of this thread's CPU: repeated for about `time`, in steps of `step` calls.
double rate_of(const std::function<void()>& work, int step = 16, Milliseconds time = Milliseconds(700));

/// The value of `--name=value`, or `otherwise`; whether `--name` stands there.
std::string option(int argc, char** argv, std::string_view name, std::string otherwise);
std::int64_t number_option(int argc, char** argv, std::string_view name, std::int64_t otherwise);
bool flag(int argc, char** argv, std::string_view name);

/// A folder that goes with the program.
class Folder {
 public:
  explicit Folder(std::string_view name);
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  const std::string& path() const { return path_; }
  std::string operator/(std::string_view name) const { return path_ + "/" + std::string(name); }

 private:
  std::string path_;
};

}  // namespace entraide::bench
