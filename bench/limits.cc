#include "bench/limits.h"

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>

#include "net/net.h"

namespace entraide::bench {

namespace {

// One verification as often as it is called. What it costs does not depend on whose signature it is.
std::function<void()> verification_of(const std::string& act_body) {
  const auto parsed = BENCH_MUST(act::parse_act(act_body));
  const std::string input = parsed.signatures[0].protected_b64 + "." + parsed.payload_b64;
  SystemRandom random;
  const auto key = crypto::PrivateKey::generate(random);
  const Bytes signature = BENCH_MUST(key.sign(bytes_of(input)));
  return [input, signature, key = key.public_key()] { ENSURE(crypto::verify(key, bytes_of(input), signature)); };
}

}  // namespace

double measure_verify(const std::string& act_body) { return 1 / rate_of(verification_of(act_body)); }

Company::Company(const std::string& act_body) {
  for (unsigned i = 1; i < std::thread::hardware_concurrency(); ++i)
    threads_.emplace_back([this, verify = verification_of(act_body)] {
      while (!over_.load(std::memory_order_relaxed)) verify();
    });
}

Company::~Company() {
  over_ = true;
  for (std::thread& thread : threads_) thread.join();
}

Echo::Echo(const Folder& folder, std::size_t lanes, std::size_t answer_bytes) {
  const std::uint16_t port = free_port();
  make_certificate(folder / "echo.pem", folder / "echo.key");
  const std::vector<std::string> arguments{
      "bench", "--echo=" + std::to_string(port), "--answer=" + std::to_string(answer_bytes),
      "--certificate=" + (folder / "echo.pem"), "--key=" + (folder / "echo.key")};
  std::vector<char*> raw;
  for (const std::string& argument : arguments) raw.push_back(const_cast<char*>(argument.c_str()));
  raw.push_back(nullptr);
  int ready[2];
  if (::pipe(ready) != 0) std::abort();
  pid_ = ::fork();
  if (pid_ == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    ::dup2(ready[1], 3);
    ::execv("/proc/self/exe", raw.data());
    _exit(127);
  }
  ::close(ready[1]);
  char byte = 0;
  if (::read(ready[0], &byte, 1) != 1) std::fprintf(stderr, "bench: the echo server did not start\n"), std::exit(1);
  ::close(ready[0]);
  for (std::size_t i = 0; i < lanes; ++i) {
    wires_.push_back(std::make_unique<Wire>(port, true));
    wires_.back()->do_not_block();
  }
}

Echo::~Echo() {
  wires_.clear();
  ::kill(pid_, SIGTERM);
  ::waitpid(pid_, nullptr, 0);
}

double Echo::measure(const std::vector<Lane>& lanes, std::size_t count) {
  const double begin = process_cpu(pid_);
  const LoadResult result = run_load(wires_, lanes, 0, count, 0);
  return (process_cpu(pid_) - begin) / static_cast<double>(result.done);
}

bool not_the_echo(int argc, char** argv) {
  const std::string port = option(argc, argv, "echo", "");
  if (port.empty()) return true;
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  SystemClock clock;
  SystemRandom random;
  metrics::Registry metrics;
  net::ServerOptions options{.listen = {"https://127.0.0.1:" + port}};
  options.tls = net::TlsFiles{option(argc, argv, "certificate", ""), option(argc, argv, "key", "")};
  net::Router router;
  const std::string answer(static_cast<std::size_t>(number_option(argc, argv, "answer", 1)), 'x');
  router.add("POST", "/v1/acts", [answer](net::Request, net::Reply reply) {
    std::move(reply).send(net::Response::of(201, "application/json", answer));
  });
  auto server = BENCH_MUST(net::Server::start(std::move(options), std::move(router), {clock, random, metrics}));
  if (::write(3, "r", 1) != 1) std::exit(1);
  int signal = 0;
  sigwait(&set, &signal);
  server.reset();
  std::exit(0);
}

// ---- PostgreSQL ------------------------------------------------------------------------------

namespace {
constexpr store::Sql kBackends{"bench.backends",
                               "select cast(pid as bigint) from pg_stat_activity where datname = $1 order by pid"};
}  // namespace

DatabaseCpu::DatabaseCpu(const std::string& conninfo, std::string name)
    : database_(BENCH_MUST(store::Database::open(conninfo))), name_(std::move(name)) {
  connection_.emplace(BENCH_MUST(database_->connect()));
}

double DatabaseCpu::operator()() {
  const store::Rows rows = BENCH_MUST(connection_->query(kBackends, {name_}));
  for (const store::Row row : rows) {
    const auto pid = static_cast<int>(row.integer(0));
    seen_[pid] = std::max(seen_[pid], process_cpu(pid));
  }
  double sum = 0;
  for (const auto& [pid, cpu] : seen_) sum += cpu;
  return sum;
}

std::string fresh_postgres(const std::string& conninfo, const std::string& name) {
  const std::string command = "psql -q \"" + conninfo + "\" -c 'drop database if exists " + name +
                              "' -c 'create database " + name + "' 2>/dev/null";
  if (std::system(command.c_str()) != 0)
    std::fprintf(stderr, "bench: psql could not make a database\n"), std::exit(1);
  std::string out = conninfo;
  const std::size_t at = out.find("dbname=");
  if (at == std::string::npos) return out + " dbname=" + name;
  return out.replace(at, out.find(' ', at) == std::string::npos ? out.size() - at : out.find(' ', at) - at,
                     "dbname=" + name);
}

}  // namespace entraide::bench
