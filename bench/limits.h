#pragma once

// What an act cannot cost less than, each measured alone: one signature check, one TLS request of the same size answered
// by the same server with nothing behind it, and (bench/commit_limit.h) the same rows committed in the same groups.

#include <atomic>
#include <map>
#include <optional>
#include <thread>

#include "bench/scene.h"

namespace entraide::bench {

/// Seconds of CPU of one ES256 verification of the first signature line of an act.
double measure_verify(const std::string& act_body);

/// Keeps the other cores busy, verifying signatures, for as long as it lives. While acts are handled no core idles, and two
/// processors of a virtual machine are often two halves of one core: a limit measured beside an idle half would be one that
/// nobody can come near.
class Company {
 public:
  explicit Company(const std::string& act_body);
  ~Company();

 private:
  std::atomic<bool> over_{false};
  std::vector<std::thread> threads_;
};

/// A server of its own process with our TLS and HTTP and nothing behind them: it reads what is sent to /v1/acts and
/// answers `answer_bytes`.
class Echo {
 public:
  Echo(const Folder& folder, std::size_t lanes, std::size_t answer_bytes);
  ~Echo();
  /// Sends `count` of these requests as fast as answers come; its CPU a request, in seconds.
  double measure(const std::vector<Lane>& lanes, std::size_t count);

 private:
  int pid_ = -1;
  std::vector<std::unique_ptr<Wire>> wires_;
};
/// What the child of `Echo` runs; never comes back. True when this process is not that child.
bool not_the_echo(int argc, char** argv);

/// The CPU that the server processes of one PostgreSQL database have used: those that serve its connections, not those
/// that write the log ahead or checkpoint for all.
class DatabaseCpu {
 public:
  DatabaseCpu(const std::string& conninfo, std::string name);
  /// Seconds, of all that were ever seen.
  double operator()();

 private:
  std::unique_ptr<store::Database> database_;
  std::optional<store::Connection> connection_;
  std::string name_;
  std::map<int, double> seen_;
};

/// An empty database named `name` of the PostgreSQL server that `conninfo` leads to: its conninfo.
std::string fresh_postgres(const std::string& conninfo, const std::string& name);

}  // namespace entraide::bench
