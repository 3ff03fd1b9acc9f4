#pragma once

// Three countries, a case between two of them, and a contract that watches every exchange.

#include "codec/codec.h"
#include "kit/http.h"
#include "kit/schema.h"
#include "testing/testing.h"

namespace entraide::contract {

codec::Json document();

struct Stage {
  /// With a contract of its own, or one that several stages share.
  explicit Stage(kit::Contract* shared = nullptr);

  /// A request without a session.
  client::HttpResponse raw(std::string method, std::string path, std::string body = {},
                           std::vector<std::pair<std::string, std::string>> headers = {});
  /// A request with the session of a desk.
  client::HttpResponse as(kit::Desk& desk, std::string method, std::string path, std::string body = {},
                          std::vector<std::pair<std::string, std::string>> headers = {});
  /// Sends an act as it is; the answer as it is.
  client::HttpResponse submit(const std::string& act, const std::vector<std::string>& objects, bool dry_run = false);
  /// France asks Kenya; gives the case and its first act.
  client::Sent ask();
  std::size_t tree_size() { return static_cast<std::size_t>(hub.hub().tree_size()); }
  void watch(kit::Http& http);

  kit::Contract own;
  kit::Contract& contract;
  kit::Hub hub;
  std::unique_ptr<kit::Http> anyone;
  std::unique_ptr<kit::Desk> fr, ke, ma;
};

/// A session of any key, by the real client library.
struct Visitor {
  Visitor(Stage& stage, const crypto::Signer& key);
  client::HttpResponse ask(std::string method, std::string path, std::string body = {},
                           std::vector<std::pair<std::string, std::string>> headers = {});

  kit::Http http;
  crypto::PrivateKey dpop;
  client::Api api;
};

/// The status and rule of a problem: "404 api.not_found". "200" where it is none.
std::string verdict(const client::HttpResponse& response);
codec::Json json_of(const client::HttpResponse& response);
/// The body of a problem without its trace id: what must not tell two refusals apart.
std::string without_trace(const client::HttpResponse& response);
/// 22 or 43 characters that name nothing.
std::string nothing(std::size_t bytes);

// What each part of the API answers. A test case each, and all together for the coverage of the contract.
void walk_hub(Stage& stage);
void walk_desk(Stage& stage);
void walk_demonstration(Stage& stage);
void walk_sessions(Stage& stage);
void walk_passkeys(Stage& stage);
void walk_enrolment(Stage& stage);
void walk_waiting(Stage& stage);
void walk_acts(Stage& stage);
void walk_cases(Stage& stage);
void walk_directory(Stage& stage);
void walk_files(Stage& stage);
void walk_events(Stage& stage);
void walk_live(Stage& stage);
void walk_drafts(Stage& stage);

}  // namespace entraide::contract
