#include "apps/entraided/serve.h"

#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

#include "base/log.h"
#include "client/transport.h"
#include "codec/codec.h"
#include "http/http.h"

namespace entraide::entraided {
namespace {

constexpr Milliseconds kStopWithin{10'000};
constexpr int kLookForFailureMs = 200;
constexpr Seconds kWitnessAnswersWithin{10};

Result<std::string> read_openapi(const std::string& path) {
  std::ifstream in(path.empty() ? std::string(ENTRAIDE_OPENAPI) : path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  if (!in)
    return fail(Errc::not_found, "config.openapi",
                "openapi: the contract file cannot be read; name it with --openapi");
  return text.str();
}

// The desk that is named; else the installed one, the one beside our sources, or none.
Result<std::shared_ptr<const desk::Bundle>> find_desk(const std::string& named) {
  if (named == "none") return nullptr;
  std::string folder = named;
  std::error_code error;
  if (folder.empty()) {
    const auto installed = std::filesystem::read_symlink("/proc/self/exe", error).parent_path().parent_path() /
                           "share" / "entraide" / "desk";
    for (const std::filesystem::path& place : {installed, std::filesystem::path(ENTRAIDE_DESK)})
      if (folder.empty() && std::filesystem::exists(place / "index.html", error)) folder = place.string();
    if (folder.empty()) return nullptr;
  }
  auto bundle = TRY(desk::load(folder));
  log::info("desk", {{"folder", folder}, {"hash", codec::to_text(bundle.hash)}});
  return std::make_shared<const desk::Bundle>(std::move(bundle));
}

// Keys of fictional people are given to anybody; a ledger of real ones must never stand under that flag.
Result<> check_demonstration(const Config& config, const directory::Directory& people) {
  if (!config.demonstration && !config.demonstration_people.empty())
    return fail(Errc::refused, "config.demonstration",
                "demonstration_people: is for --demonstration only; remove it");
  if (config.demonstration && people.genesis() && !people.genesis()->demonstration)
    return fail(Errc::refused, "config.demonstration",
                "demonstration: this ledger's genesis does not say that it is a demonstration; it is a real one and "
                "is not served with --demonstration");
  return {};
}

// Over the network, as clients go: https, or http to this machine only. Used by the hub's one thread for witnesses.
hub::AskWitness witness_asker() {
  std::shared_ptr<client::Transport> transport =
      client::make_curl_transport({.user_agent = "entraided/" ENTRAIDE_VERSION});
  return [transport](const std::string& url, const std::string& body) -> Result<hub::WitnessAnswer> {
    const client::HttpResponse response = TRY(
        transport->send({"POST", url, {{"Content-Type", "text/plain; charset=utf-8"}}, body, kWitnessAnswersWithin}));
    return hub::WitnessAnswer{response.status, std::string(response.header("content-type")), response.body};
  };
}

// All threads inherit the block, so signals arrive here alone.
int signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&set, signal);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  return signalfd(-1, &set, SFD_CLOEXEC);
}

}  // namespace

Result<> serve(const Config& config, ledger::Log log) {
  const int signal_file = signals();
  SystemClock clock;
  SystemRandom random;
  metrics::Registry metrics;

  http::Settings settings{config.name, config.public_url, config.demonstration, ENTRAIDE_VERSION, {}, {}};
  settings.session_key = TRY(key_file(config.session_key_file));
  settings.openapi = TRY(read_openapi(config.openapi));
  settings.desk = TRY(find_desk(config.desk));
  settings.demonstration_people = config.demonstration_people;
  settings.systems_url = config.systems_url;

  auto hub = TRY(hub::Hub::open({.database = config.database,
                                 .blobs = config.blobs,
                                 .rulebook = config.rulebook,
                                 .ask_witness = witness_asker()},
                                std::move(log), clock, random, metrics));
  TRY(check_demonstration(config, *hub->directory()));
  hub->start();

  const net::ServerParts parts{clock, random, metrics};
  net::ServerOptions options{.listen = config.listen};
  options.plain_http_beyond_loopback = config.plain_http_beyond_loopback;
  if (!config.tls_certificate.empty()) options.tls = net::TlsFiles{config.tls_certificate, config.tls_key};
  auto server =
      TRY(net::Server::start(std::move(options), http::make_router(*hub, metrics, std::move(settings)), parts));
  std::unique_ptr<net::Server> metrics_server;
  if (!config.metrics_listen.empty())
    metrics_server = TRY(net::Server::start({.listen = {config.metrics_listen}, .io_threads = 1, .pool_threads = 1},
                                            http::make_metrics_router(*hub, metrics), parts));

  std::unique_ptr<net::Watchdog> watchdog;
  if (const auto interval = net::watchdog_interval())
    watchdog = std::make_unique<net::Watchdog>(*interval, [&] { return server->responsive() && !hub->failed(); });
  if (auto told = net::notify_service_manager("READY=1"); !told)
    log::warning("service.notify", {{"rule", told.error().rule}});
  for (std::size_t i = 0; i < config.listen.size(); ++i)
    log::info("serving", {{"listen", config.listen[i]},
                          {"port", server->ports()[i]},
                          {"origin", hub->log().origin},
                          {"tree_size", hub->tree_size()}});

  bool stopping = false;
  while (!stopping && !hub->failed()) {
    pollfd waiting{signal_file, POLLIN, 0};
    if (poll(&waiting, 1, kLookForFailureMs) <= 0) continue;
    signalfd_siginfo got{};
    if (read(signal_file, &got, sizeof got) != sizeof got) continue;
    if (got.ssi_signo != SIGHUP) stopping = true;
    else if (auto reloaded = server->reload_tls(); !reloaded)
      log::error("tls.reload", {{"reason", reloaded.error().message}});
  }

  const bool failed = hub->failed();
  (void)net::notify_service_manager("STOPPING=1");  // nobody to tell is no reason not to stop
  hub->feed().stop_waiting();  // who waits for news is answered now, and does not hold up the rest
  const bool whole = server->stop(kStopWithin);
  server.reset();
  metrics_server.reset();
  watchdog.reset();
  auto stopped = hub->stop();
  close(signal_file);
  log::info("stopped", {{"whole", whole ? "yes" : "no"}});
  if (failed)
    return fail(
        Errc::storage, "store.failed",
        "storage failed; nothing acknowledged is lost: start again, and the database is rewritten and checked first");
  return stopped;
}

}  // namespace entraide::entraided
