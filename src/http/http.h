#pragma once

// The hub's API: every resource of openapi.json as a route. Queries never write; acts are the only writes, and
// carry their own proof. Reading needs a session bound to a device key (RFC 9449).
//
//   api/sessions.cc   challenges, sessions, who am I       api/cases.cc      lists, cases, abilities
//   api/acts.cc       submit, read, objects, receipts      api/events.cc     live stream and its long-poll twin
//   api/directory.cc  authorities, feed, ring wraps        api/files.cc      resumable uploads, ranged downloads
//   api/ledger.cc     tiles and checkpoint                 api/status.cc     status, rulebook, health, metrics
//   api/enrolment.cc  invitations and pending devices    api/passkeys.cc   passkeys of a device
//   api/live.cc       presence and duty                    api/drafts.cc     sealed drafts of a team
//   api/desk.cc       the web desk and its files           api/demonstration.cc  the cards of a demonstration
//   api/certificates.cc  for signing documents           api/waiting.cc    acts that wait for more signatures

#include "desk/desk.h"
#include "hub/hub.h"
#include "net/net.h"

namespace entraide::http {

struct Settings {
  std::string name;                 // what the hub calls itself to people
  std::string public_url;  // "https://hub.example", without a slash at the end; empty: taken from the request
  bool demonstration = false;
  std::string version;
  SecretBytes session_key;  // 32 bytes; the same on every node
  std::string openapi;  // the contract, JSON
  std::shared_ptr<const desk::Bundle> desk = {};  // null: no desk is served
  std::string demonstration_people = {};          // a file of demo/people.h; read when it is asked for
  std::string systems_url =
      {};  // where systems come with their certificates, as `public_url`; empty: there is no such door
};

/// Handlers keep references: `hub`, `metrics` and what they need must outlive the server. `settings` is kept.
net::Router make_router(hub::Hub& hub, metrics::Registry& metrics, Settings settings);
/// For a loopback listener of its own: /metrics, /healthz, /readyz.
net::Router make_metrics_router(hub::Hub& hub, metrics::Registry& metrics);

}  // namespace entraide::http
