#pragma once

// Requests straight into a hub's router, without a socket: what the client library runs over in tests.

#include "client/api.h"
#include "client/mirror.h"
#include "client/open.h"
#include "client/outbox.h"
#include "kit/hub.h"

namespace entraide::kit {

/// A transport whose other end is the router. Answers as the server would, but for streams (Errc::unavailable).
class Http final : public client::Transport {
 public:
  explicit Http(Hub& hub) : hub_(hub) {}
  Result<client::HttpResponse> send(const client::HttpRequest& request) override;
  Result<client::HttpResponse> stream(const client::HttpRequest& request,
                                      const std::function<bool(std::string_view)>& take) override;
  /// Of the connection: what TLS would show of a client's certificate.
  std::optional<std::array<std::uint8_t, 32>> certificate = {};
  /// Told every exchange before its answer is given back.
  std::function<void(const client::HttpRequest&, const client::HttpResponse&)> watch;

 private:
  Hub& hub_;
};

/// One officer at one device: the real client library, with its own files and its own verified copy of the ledger.
class Desk {
 public:
  Desk(Hub& hub, const demo::Officer& officer);

  client::Api& api() { return api_; }
  Http& http() { return http_; }
  client::Mirror& mirror() { return mirror_; }
  client::Outbox& outbox() { return outbox_; }
  const demo::Officer& officer() const { return officer_; }
  const crypto::PrivateKey& dpop() const { return dpop_; }
  const std::filesystem::path& folder() const { return folder_.path(); }

  /// Publishes what the hub has, then verifies it.
  Result<> update();
  /// One raw exchange, with a session: status, headers and body as they are.
  client::HttpResponse exchange(client::HttpRequest request);
  client::HttpResponse get(std::string path);
  /// A GET that must succeed.
  codec::Json read(std::string path);

  /// Fills in, seals, signs and sends one step of a case, all on this side of the door.
  Result<client::Sent> act(demo::Step step, const CaseId& case_id, std::optional<ActId> previous);
  Result<client::OpenedAct> open(const ActId& id);

 private:
  Hub& hub_;
  const demo::Officer& officer_;
  TemporaryFolder folder_;
  crypto::PrivateKey dpop_;
  Http http_;
  client::Api api_;
  client::Mirror mirror_;
  client::Outbox outbox_;
  client::RingReader rings_;
};

}  // namespace entraide::kit
