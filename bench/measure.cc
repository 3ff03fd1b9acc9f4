#include "bench/measure.h"

#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <thread>

#include "codec/codec.h"

namespace entraide::bench {
namespace {

std::string line_with(const char* file, std::string_view begin) {
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);)
    if (line.starts_with(begin)) return line.substr(std::min(line.size(), line.find(':') + 2));
  return "unknown";
}

double seconds_of(clockid_t clock) {
  timespec time{};
  clock_gettime(clock, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

}  // namespace

double load_average() {
  double load[1] = {0};
  return getloadavg(load, 1) == 1 ? load[0] : 0;
}

void print_head(std::string_view what) {
  utsname system{};
  uname(&system);
  std::printf("# %s\n", std::string(what).c_str());
  std::printf("machine: %s, %u cores, %s %s\n", line_with("/proc/cpuinfo", "model name").c_str(),
              std::thread::hardware_concurrency(), system.sysname, system.release);
  std::printf("build: %s, %s\n", ENTRAIDE_BUILD_TYPE, __VERSION__);
  std::printf("date: %s\n",
              codec::rfc3339(std::chrono::floor<Milliseconds>(std::chrono::system_clock::now())).c_str());
  std::printf("load at the start: %.1f%s\n", load_average(),
              load_average() > 2 ? " (neighbours are loud: read the ratios, not the rates)" : "");
  std::fflush(stdout);
}

double seconds_since(SteadyTime begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}
double thread_cpu() { return seconds_of(CLOCK_THREAD_CPUTIME_ID); }
double process_cpu() { return seconds_of(CLOCK_PROCESS_CPUTIME_ID); }

// Nanoseconds on a processor of each thread that lives (sched-stats.rst); the server's threads live as long as it does.
double process_cpu(int pid) {
  double out = 0;
  std::error_code ignored;
  for (const auto& task : std::filesystem::directory_iterator("/proc/" + std::to_string(pid) + "/task", ignored)) {
    std::ifstream in(task.path() / "schedstat");
    double nanoseconds = 0;
    if (in >> nanoseconds) out += nanoseconds / 1e9;
  }
  return out;
}

Memory memory_of(int pid) {
  const std::string file = "/proc/" + std::to_string(pid) + "/status";
  return {std::atof(line_with(file.c_str(), "VmRSS").c_str()) / 1024,
          std::atof(line_with(file.c_str(), "VmHWM").c_str()) / 1024};
}

double quantile(std::vector<double>& values, double share) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  return values[std::min(values.size() - 1, static_cast<std::size_t>(share * static_cast<double>(values.size())))];
}

double rate_of(const std::function<void()>& work, int step, Milliseconds time) {
  work();
  const double begin = thread_cpu();
  const auto wall = std::chrono::steady_clock::now();
  std::int64_t done = 0;
  do {
    for (int i = 0; i < step; ++i) work();
    done += step;
  } while (std::chrono::steady_clock::now() - wall < time);
  return static_cast<double>(done) / (thread_cpu() - begin);
}

std::string option(int argc, char** argv, std::string_view name, std::string otherwise) {
  const std::string begin = "--" + std::string(name) + "=";
  for (int i = 1; i < argc; ++i)
    if (std::string_view(argv[i]).starts_with(begin)) return argv[i] + begin.size();
  return otherwise;
}

std::int64_t number_option(int argc, char** argv, std::string_view name, std::int64_t otherwise) {
  return std::atoll(option(argc, argv, name, std::to_string(otherwise)).c_str());
}

bool flag(int argc, char** argv, std::string_view name) {
  const std::string whole = "--" + std::string(name);
  return std::any_of(argv + 1, argv + argc, [&](const char* given) { return given == whole; });
}

Folder::Folder(std::string_view name) {
  path_ = (std::filesystem::temp_directory_path() /
           ("entraide-bench-" + std::string(name) + "-" + std::to_string(getpid())))
              .string();
  std::filesystem::remove_all(path_);
  std::filesystem::create_directories(path_);
}

Folder::~Folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace entraide::bench
