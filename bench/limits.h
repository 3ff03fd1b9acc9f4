#pragma once

// What an act cannot cost less than, each measured alone: one signature check, the same rows committed in the same
// groups by the same statements, one TLS request of the same size answered by the same server with nothing behind it.

#include "bench/scene.h"

namespace entraide::bench {

/// Seconds of CPU.
struct Limits {
  double verify = 0;
  double commit = 0;
  double request = 0;
  double sum() const { return verify + commit + request; }
};

/// One ES256 verification of the first signature line of an act.
double measure_verify(const std::string& act_body);

/// The rows that the acts [from, from + count) of `database` left, written again into the empty `scratch` in groups of
/// `group`: CPU of this process an act.
double measure_commit(const std::string& database, const std::string& scratch, std::int64_t from, std::int64_t count,
                      std::size_t group);

/// How many acts shared one commit on average.
double mean_group(const std::string& database, std::int64_t from, std::int64_t count);

/// The requests sent again to a server that reads them and answers `answer_bytes`: its CPU a request.
double measure_request(const Folder& folder, const std::vector<Lane>& lanes, std::size_t count,
                       std::size_t answer_bytes);
/// What the child of `measure_request` runs; never comes back. True when this process is not that child.
bool not_the_echo(int argc, char** argv);

/// An empty database named `name` of the PostgreSQL server that `conninfo` leads to: its conninfo.
std::string fresh_postgres(const std::string& conninfo, const std::string& name);

}  // namespace entraide::bench
