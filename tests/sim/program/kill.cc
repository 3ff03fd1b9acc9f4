// sim_kill --server=PATH [--loops=N] [--seed=N] [--database=URL] [--disturb=COMMAND] [--keep]
//
// Starts the real server, sends it acts from several threads over HTTP on loopback, kills it without warning at a random
// moment, starts it again, and so on. Whoever sends has no answer then, and sends again. After each start some receipts
// given so far are asked for again, in the end all of them: each must come back byte for byte. Then the server is stopped in
// good order and `fsck` must find its ledger clean. With --disturb every second loop runs COMMAND instead of killing (to break
// the database's connections, say). Ends with 1 when a promise is broken; the folder is kept then.

#include <arpa/inet.h>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <charconv>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include <fmt/format.h>

#include "base/mutex.h"
#include "client/api.h"
#include "codec/codec.h"
#include "demo/world.h"
#include "ledger/ledger.h"
#include "merkle/merkle.h"
#include "sim/dice.h"
#include "store/file_system.h"

namespace entraide::sim {
namespace {

constexpr char kOrigin[] = "hub.example/ledger";
constexpr std::string_view kCountries[] = {"fr", "ke", "mx"};
constexpr int kCourseLength = 8;  // acts of one exchange of letters
constexpr std::size_t kSample = 25;  // receipts looked at after a start

struct Arguments {
  std::string server, database, disturb;
  std::uint64_t loops = 200;
  std::uint64_t seed = 1;
  bool keep = false;
};

struct Given {
  std::string body;
  std::vector<std::string> objects;
  std::string receipt;
};

/// What everybody writes to: receipts, and the first thing that went wrong.
class Record {
 public:
  void add(Given given) {
    Lock lock(mutex_);
    given_.push_back(std::move(given));
  }
  void broken(std::string words) {
    Lock lock(mutex_);
    if (fault_.empty()) fault_ = std::move(words);
    bad_ = true;
  }
  bool bad() const { return bad_; }
  std::string fault() {
    Lock lock(mutex_);
    return fault_;
  }
  std::size_t size() {
    Lock lock(mutex_);
    return given_.size();
  }
  Given at(std::size_t i) {
    Lock lock(mutex_);
    return given_[i];
  }

 private:
  Mutex mutex_;
  std::deque<Given> given_ GUARDED_BY(mutex_);
  std::string fault_ GUARDED_BY(mutex_);
  std::atomic<bool> bad_{false};
};

/// A port that was free a moment ago.
int free_port() {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ENSURE(bind(socket, reinterpret_cast<sockaddr*>(&address), size) == 0);
  ENSURE(getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) == 0);
  close(socket);
  return ntohs(address.sin_port);
}

class Server {
 public:
  Server(std::string program, std::string folder, std::string database)
      : program_(std::move(program)), folder_(std::move(folder)), port_(free_port()) {
    if (database.empty()) database = "sqlite:" + folder_ + "/hub.db";
    common_ = {"--database",
               database,
               "--blobs",
               folder_ + "/blobs",
               "--log-key-file",
               folder_ + "/log.key",
               "--session-key-file",
               folder_ + "/session.key",
               "--origin",
               kOrigin};
  }
  ~Server() {
    if (process_ > 0) (void)end(SIGKILL);
  }

  void start() {
    std::vector<std::string> words{"serve", "--rulebook", std::string(ENTRAIDE_SOURCE_DIR) + "/rulebook", "--listen",
                                   "127.0.0.1:" + std::to_string(port_)};
    words.insert(words.end(), common_.begin(), common_.end());
    process_ = spawn(words);
  }
  /// Its wait status.
  int end(int signal) {
    kill(process_, signal);
    int status = 0;
    waitpid(std::exchange(process_, -1), &status, 0);
    return status;
  }
  bool has_ended() {
    return process_ > 0 && waitpid(process_, nullptr, WNOHANG) == process_ && (process_ = -1, true);
  }
  bool fsck() {
    std::vector<std::string> words{"fsck"};
    words.insert(words.end(), common_.begin(), common_.end());
    int status = 0;
    waitpid(spawn(words), &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
  }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }

 private:
  pid_t spawn(std::vector<std::string> words) {
    words.insert(words.begin(), program_);
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    const std::string log = folder_ + "/server.log";
    const pid_t process = fork();
    ENSURE(process >= 0);
    if (process > 0) return process;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    const int out = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    dup2(out, STDOUT_FILENO);
    dup2(out, STDERR_FILENO);
    execv(program_.c_str(), arguments.data());
    _exit(127);
  }

  std::string program_, folder_;
  int port_;
  std::vector<std::string> common_;
  pid_t process_ = -1;
};

/// One thread's connection, which does not give up.
struct Line {
  SystemClock clock;
  SystemRandom random;
  std::unique_ptr<client::Transport> transport = client::make_curl_transport({});
  client::Api api;
  explicit Line(const std::string& url)
      : api(*transport, clock, random,
            {url, "en", 3000, [](Milliseconds) { std::this_thread::sleep_for(Milliseconds(20)); }, {}}) {}
};

class Siege {
 public:
  explicit Siege(Arguments arguments) : arguments_(std::move(arguments)), dice_(arguments_.seed) {}
  int run();

 private:
  Result<> prepare();
  Result<demo::Answer> send(Line& line, const std::string& body, const std::vector<std::string>& objects);
  void write_letters(std::size_t office);
  bool ask_again(Line& line, std::size_t i);
  void loops();
  Result<codec::Json> answers(const std::string& name);
  int verdict();

  Arguments arguments_;
  Dice dice_;
  std::string folder_;
  std::optional<Server> server_;
  std::optional<ledger::Log> log_;
  std::optional<merkle::Policy> policy_;
  std::optional<rulebook::Rulebook> rules_;
  std::map<std::string, codec::Json> answers_;
  SystemClock clock_;
  SystemRandom random_;
  std::optional<demo::World> world_;
  Record record_;
  std::atomic<bool> enough_{false};
  std::uint64_t done_ = 0, asked_again_ = 0;
  static thread_local Line* line_;
};

thread_local Line* Siege::line_ = nullptr;

Result<codec::Json> Siege::answers(const std::string& name) {
  const Bytes text = TRY(
      store::read_file(store::real_files(),
                       std::string(ENTRAIDE_SOURCE_DIR) + "/rulebook/examples/answers/" + name + ".json", 1 << 20));
  const codec::Json file = TRY(codec::parse_json(text));
  return *file.find("values");
}

Result<> Siege::prepare() {
  std::string pattern = (std::filesystem::temp_directory_path() / "entraide-kill.XXXXXX").string();
  ENSURE(mkdtemp(pattern.data()) != nullptr);
  folder_ = pattern;
  const Bytes seed = random_.bytes(32);
  auto key = TRY(crypto::LogSigningKey::from_seed(seed));
  log_ = ledger::Log{kOrigin, std::move(key)};
  TRY(store::write_file_durably(store::real_files(), folder_ + "/log.key", bytes_of(codec::base64url(seed) + "\n")));
  ENSURE(chmod((folder_ + "/log.key").c_str(), 0600) == 0);
  auto policy = TRY(merkle::Policy::parse("log " + log_->verifier().vkey() + "\nquorum none\n"));
  policy_ = std::move(policy);
  auto rules = TRY(rulebook::load_folder(std::string(ENTRAIDE_SOURCE_DIR) + "/rulebook"));
  rules_.emplace(std::move(rules));
  for (const char* name : {"message-open", "message-send"}) {
    auto values = TRY(answers(name));
    answers_.emplace(name, std::move(values));
  }

  server_.emplace(arguments_.server, folder_, arguments_.database);
  server_->start();
  Line line(server_->url());
  line_ = &line;
  world_.emplace(demo::World::Parts{*rules_, clock_, random_, log_->verifier().vkey(),
                                    [this](const std::string& body, const std::vector<std::string>& objects) {
                                      return send(*line_, body, objects);
                                    }});
  TRY(world_->begin());
  for (const std::string_view code : kCountries) {
    const std::string country(code);
    TRY(world_->add_country(country, "Organisation " + country));
    demo::Office* office = TRY(world_->add_authority(country, "permanence", "contact-point",
                                                     codec::Json::object({{"en", "Contact point " + country}})));
    TRY(world_->add_officer(*office, "Officer " + country, {"officer", "duty-officer"}));
    TRY(world_->renew_ring(*office));
  }
  return {};
}

Result<demo::Answer> Siege::send(Line& line, const std::string& body, const std::vector<std::string>& objects) {
  const client::SubmitAnswer answer = TRY(line.api.submit(body, objects));
  const auto kind = answer.kind == "dir" ? merkle::EntryKind::dir : merkle::EntryKind::act;
  if (!merkle::verify_receipt(bytes_of(body), kind, answer.receipt, *policy_).logged)
    record_.broken(answer.id + ": the receipt does not hold");
  record_.add({body, objects, answer.receipt});
  return demo::Answer{answer.index, to_seconds(answer.time), answer.receipt, answer.reference};
}

// One authority's officer writes letters to the others, as fast as answers come.
void Siege::write_letters(std::size_t office) {
  Line line(server_->url());
  line_ = &line;
  demo::World world = *world_;
  const demo::Officer& officer = world.officers()[office];
  for (std::size_t i = 0; !enough_ && !record_.bad(); ++i) {
    demo::Course course = world.new_course();
    const Subject receiver = world.offices()[(office + 1 + i % 2) % std::size(kCountries)].authority;
    for (int k = 0; k < kCourseLength && !enough_; ++k) {
      const auto sent = world.take(course, officer,
                                   {k == 0 ? "message.open" : "message.send",
                                    answers_.at(k == 0 ? "message-open" : "message-send"),
                                    "A letter",
                                    {},
                                    {},
                                    {receiver}});
      if (!sent) return record_.broken("an act failed: " + sent.error().rule + ": " + sent.error().message);
    }
  }
}

bool Siege::ask_again(Line& line, std::size_t i) {
  const Given given = record_.at(i);
  const auto answer = line.api.submit(given.body, given.objects);
  ++asked_again_;
  if (answer && answer->receipt == given.receipt && !answer->is_new) return true;
  record_.broken(answer ? answer->id + ": another receipt comes back than was given"
                        : "an acknowledged act is refused: " + answer.error().rule);
  return false;
}

void Siege::loops() {
  Line line(server_->url());
  for (; done_ < arguments_.loops && !record_.bad(); ++done_) {
    std::this_thread::sleep_for(Milliseconds(dice_.between(20, 600)));
    if (server_->has_ended()) return record_.broken("the server has ended by itself");
    if (!arguments_.disturb.empty() && done_ % 2 == 1) {
      // NOLINTNEXTLINE(concurrency-mt-unsafe): nobody else starts processes meanwhile
      if (std::system(arguments_.disturb.c_str()) != 0) return record_.broken("the disturbing command failed");
    } else {
      (void)server_->end(SIGKILL);
      server_->start();
      if (dice_.percent(25)) {
        std::this_thread::sleep_for(Milliseconds(dice_.below(1500)));  // while it recovers
        (void)server_->end(SIGKILL);
        server_->start();
      }
    }
    for (std::size_t i = 0; i < kSample && !record_.bad(); ++i) (void)ask_again(line, dice_.below(record_.size()));
  }
}

int Siege::verdict() {
  const int status = server_->end(SIGTERM);
  if (!record_.bad() && !(WIFEXITED(status) && WEXITSTATUS(status) == 0))
    record_.broken("the server did not stop in good order");
  if (!record_.bad() && !server_->fsck()) record_.broken("fsck does not find the ledger clean");
  fmt::print("sim_kill: {} loops, {} receipts, {} asked for again\n", done_, record_.size(), asked_again_);
  if (!record_.bad() && !arguments_.keep) {
    std::filesystem::remove_all(folder_);
    return 0;
  }
  if (record_.bad()) fmt::print("sim_kill: seed {}: {}\n", arguments_.seed, record_.fault());
  fmt::print("sim_kill: kept {}\n", folder_);
  return record_.bad() ? 1 : 0;
}

int Siege::run() {
  if (auto ready = prepare(); !ready) {
    fmt::print("sim_kill: {}: {}; see {}/server.log\n", ready.error().rule, ready.error().message, folder_);
    return 1;
  }
  std::vector<std::thread> writers;
  for (std::size_t office = 0; office < std::size(kCountries); ++office)
    writers.emplace_back([this, office] { write_letters(office); });
  loops();
  enough_ = true;
  for (std::thread& writer : writers) writer.join();
  Line line(server_->url());
  for (std::size_t i = 0; i < record_.size() && !record_.bad(); ++i) (void)ask_again(line, i);
  return verdict();
}

bool read(std::string_view argument, Arguments& out) {
  const std::size_t equals = argument.find('=');
  const std::string_view name = argument.substr(0, equals);
  const std::string value(equals == std::string_view::npos ? std::string_view() : argument.substr(equals + 1));
  const auto number = [&](std::uint64_t& to) {
    const auto [end, failed] = std::from_chars(value.data(), value.data() + value.size(), to);
    return failed == std::errc() && end == value.data() + value.size();
  };
  if (name == "--server") return !(out.server = value).empty();
  if (name == "--database") return !(out.database = value).empty();
  if (name == "--disturb") return !(out.disturb = value).empty();
  if (name == "--loops") return number(out.loops);
  if (name == "--seed") return number(out.seed);
  return name == "--keep" && (out.keep = true);
}

}  // namespace
}  // namespace entraide::sim

int main(int count, char** words) {
  using namespace entraide;
  std::signal(SIGPIPE, SIG_IGN);
  sim::Arguments arguments;
  bool good = true;
  for (int i = 1; i < count; ++i) good = good && sim::read(words[i], arguments);
  if (!good || arguments.server.empty()) {
    fmt::print(
        stderr,
        "usage: sim_kill --server=PATH [--loops=N] [--seed=N] [--database=URL] [--disturb=COMMAND] [--keep]\n");
    return 2;
  }
  return sim::Siege(std::move(arguments)).run();
}
