#pragma once

// The hub of a stage on a port of this machine, and clients that reach it over the network.

#include "contract/stage.h"
#include "net/server.h"

namespace entraide::contract {

// The same hub, listening on a port of this machine.
class Listening {
 public:
  explicit Listening(Stage& stage, net::Deadlines deadlines = {})
      : server_(MUST(net::Server::start(
            {.listen = {"127.0.0.1:0"}, .io_threads = 1, .pool_threads = 2, .deadlines = deadlines},
            stage.hub.make_router({}), {clock_, random_, metrics_}))) {}
  ~Listening() { server_->stop(Milliseconds(0)); }
  std::uint16_t port() const { return server_->ports().front(); }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port()); }

 private:
  SystemClock clock_;
  SystemRandom random_;
  metrics::Registry metrics_;
  std::unique_ptr<net::Server> server_;
};

// Over the network, with the contract looking on.
class Watched final : public client::Transport {
 public:
  Watched(Stage& stage, std::string url) : stage_(stage), url_(std::move(url)) {}
  Result<client::HttpResponse> send(const client::HttpRequest& request) override {
    return checked(request, curl_->send(request));
  }
  Result<client::HttpResponse> stream(const client::HttpRequest& request,
                                      const std::function<bool(std::string_view)>& take) override {
    return checked(request, curl_->stream(request, take));
  }

 private:
  Result<client::HttpResponse> checked(client::HttpRequest request, Result<client::HttpResponse> response) {
    request.url = request.url.substr(url_.size());
    if (response)
      for (const std::string& defect : stage_.contract.check(request, *response)) FAIL_CHECK(defect);
    return response;
  }
  Stage& stage_;
  std::string url_;
  std::unique_ptr<client::Transport> curl_ = client::make_curl_transport({});
};

struct Remote {
  Remote(Stage& stage, const Listening& server, const crypto::Signer& key)
      : dpop(crypto::PrivateKey::generate(stage.hub.random())),
        transport(stage, server.url()),
        api(transport, stage.hub.clock(), stage.hub.random(), {.base_url = server.url(), .attempts = 1}) {
    api.sign_in_with({&key}, dpop);
  }
  crypto::PrivateKey dpop;
  Watched transport;
  client::Api api;
};

}  // namespace entraide::contract
