#pragma once

// The hub's door from outside: paths, sessions, retries, errors. What comes back is not believed yet: mirror.h,
// open.h and proof.h check it.

#include <functional>
#include <optional>

#include "base/clock.h"
#include "base/ids.h"
#include "base/random.h"
#include "client/transport.h"
#include "codec/json.h"
#include "crypto/keys.h"

namespace entraide::client {

struct ApiOptions {
  std::string base_url;                                // "https://hub.example", no slash at the end
  std::string language = "en";
  int attempts = 5;                                    // of what is safe to repeat
  std::function<void(Milliseconds)> pause;             // between attempts; left out: sleeps
  std::function<void(const std::string&)> on_retry;    // words for a person, on each repetition
};

/// A reading session, bound to the DPoP key.
struct Session {
  std::string token;
  Time expires_at{};
  KeyId by;  // the key that signed for it
};

/// What the hub answered to an act, before anything of it has been checked.
struct SubmitAnswer {
  std::string id;
  std::int64_t index = 0;
  Time time{};
  std::string kind;
  std::string receipt;
  std::string case_id;      // empty where there is none
  std::string reference;
  codec::Json state = codec::Json::object();
  bool is_new = false;
};

class Api {
 public:
  Api(Transport& transport, const Clock& clock, Random& random, ApiOptions options);

  /// From now on requests carry a session, made when first needed and made anew when it ends. The first of `devices` that
  /// the hub knows signs for it, `dpop` signs each request; all must outlive this. `known` is a session kept from
  /// before; `remember` is told of each new one.
  void sign_in_with(std::vector<const crypto::Signer*> devices, const crypto::Signer& dpop,
                    std::optional<Session> known = {}, std::function<void(const Session&)> remember = {});
  bool can_sign_in() const { return !devices_.empty(); }
  /// Makes a session now if there is none that still holds. Rule: session.none (nobody to sign in), and the hub's.
  Result<Session> sign_in();

  // With a session.
  Result<codec::Json> get(std::string_view path_and_query);
  Result<std::string> get_text(std::string_view path_and_query);
  // Without.
  Result<codec::Json> get_public(std::string_view path_and_query);
  Result<std::string> get_public_text(std::string_view path_and_query);
  /// Any request, raw, one attempt, with or without session: uploads and `entraide api`.
  Result<HttpResponse> exchange(HttpRequest request, bool with_session);
  /// Streams a path with a session until `take` gives false or the connection ends.
  Result<> stream(std::string_view path_and_query, std::vector<std::pair<std::string, std::string>> headers,
                  const std::function<bool(std::string_view)>& take);

  /// Sends an act. Safe to repeat: the same body gives the same receipt, so a broken connection is tried again here.
  Result<SubmitAnswer> submit(std::string_view body, std::span<const std::string> objects);
  /// What the hub would say, without anything written: the answer's JSON.
  Result<codec::Json> dry_run(std::string_view body, std::span<const std::string> objects);

  /// By how much this machine's clock is ahead of the hub's, or behind it (negative), as its newest answer says; none
  /// before there is one. Where it may be why the hub says no, the failure says so.
  std::optional<Seconds> clock_ahead() const { return clock_ahead_; }

  const std::string& base_url() const { return options_.base_url; }
  const Clock& clock() const { return clock_; }
  Random& random() { return random_; }
  /// Waits as a retry does.
  void pause(Milliseconds time) const { options_.pause(time); }

 private:
  Result<HttpResponse> send(HttpRequest request, bool with_session);
  Result<HttpResponse> send_safely(const HttpRequest& request, bool with_session);
  Result<> authorise(HttpRequest& request);
  Result<Session> open_session(const crypto::Signer& device);
  Result<HttpResponse> fetch(std::string_view path, bool with_session);
  Result<HttpResponse> accepted(Result<HttpResponse> response) const;
  void look_at_clock(const Result<HttpResponse>& response);

  Transport& transport_;
  const Clock& clock_;
  Random& random_;
  ApiOptions options_;
  std::vector<const crypto::Signer*> devices_;
  const crypto::Signer* dpop_ = nullptr;
  std::optional<Session> session_;
  std::function<void(const Session&)> remember_;
  std::optional<Seconds> clock_ahead_;
};

/// The failure that a problem answer (RFC 9457) spells; other answers of 400 and more by their status alone.
Error error_of(const HttpResponse& response);
/// A value for a path or query, percent-encoded.
std::string escape(std::string_view text);

}  // namespace entraide::client
