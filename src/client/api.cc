#include "client/api.h"

#include <algorithm>
#include <thread>

#include "client/wrong_clock.h"
#include "codec/codec.h"
#include "crypto/digest.h"
#include "crypto/jws.h"

namespace entraide::client {
namespace {

using codec::Json;
using codec::ObjectReader;

constexpr Milliseconds kFirstPause{200};
constexpr Milliseconds kLongestPause{30'000};
constexpr Seconds kSessionMargin{30};

Errc errc_of(int status) {
  switch (status) {
    case 400:
    case 405:
    case 406:
    case 415:
    case 422:
    case 428: return Errc::invalid;
    case 401: return Errc::unauthenticated;
    case 403: return Errc::refused;
    case 404:
    case 410: return Errc::not_found;
    case 409:
    case 412:
    case 460: return Errc::conflict;
    case 413:
    case 431: return Errc::too_large;
    case 408:
    case 425:
    case 429:
    case 502:
    case 503:
    case 504: return Errc::unavailable;
    default: return Errc::internal;
  }
}

/// How long the server asks to wait, as a number of seconds; other forms of Retry-After are not used here.
std::optional<Milliseconds> retry_after(const HttpResponse& response) {
  const std::string_view text = response.header("retry-after");
  if (text.empty() || text.size() > 5 ||
      !std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; }))
    return {};
  return std::min<Milliseconds>(Seconds(std::stol(std::string(text))), kLongestPause);
}

}  // namespace

Error error_of(const HttpResponse& response) {
  Error error{
      errc_of(response.status), "http.status", "the hub answered with status " + std::to_string(response.status), {}};
  const auto problem = codec::parse_json(response.body);
  if (!problem || !problem->is_object()) return error;
  const auto text = [&](std::string_view key) -> std::string {
    const Json* value = problem->find(key);
    return value != nullptr && value->is_string() ? value->string() : "";
  };
  if (const std::string type = text("type"); type.find('/') != std::string::npos)
    error.rule = type.substr(type.rfind('/') + 1);
  // The title is the rule's words in the reader's language, the detail says which thing and what to do.
  std::string title = text("title");
  const std::string detail = text("detail");
  if (title.ends_with('.') && !detail.empty()) title.pop_back();  // a sentence by itself, but not here
  if (!title.empty() && !detail.empty()) error.message = title + ": " + detail;
  else if (!title.empty() || !detail.empty()) error.message = title + detail;
  if (const Json* pointer = problem->at_path("errors.0.pointer"); pointer != nullptr && pointer->is_string())
    error.path = pointer->string();
  // What the hub found not authentic is not a slip of the form: nothing that is sent again will cure it.
  for (const std::string_view rule : {"act.signature", "jose.signature", "content.commitment"})
    if (error.rule == rule) error.code = Errc::not_authentic;
  return error;
}

std::string escape(std::string_view text) {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  std::string out;
  for (const unsigned char c : text) {
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
        c == '_' || c == '~') {
      out += static_cast<char>(c);
    } else {
      out += '%';
      out += kDigits[c >> 4];
      out += kDigits[c & 15];
    }
  }
  return out;
}

Api::Api(Transport& transport, const Clock& clock, Random& random, ApiOptions options)
    : transport_(transport), clock_(clock), random_(random), options_(std::move(options)) {
  while (options_.base_url.ends_with('/')) options_.base_url.pop_back();
  if (!options_.pause) options_.pause = [](Milliseconds time) { std::this_thread::sleep_for(time); };
}

void Api::sign_in_with(std::vector<const crypto::Signer*> devices, const crypto::Signer& dpop,
                       std::optional<Session> known, std::function<void(const Session&)> remember) {
  devices_ = std::move(devices);
  dpop_ = &dpop;
  session_ = std::move(known);
  remember_ = std::move(remember);
}

void Api::look_at_clock(const Result<HttpResponse>& response) {
  const auto hub = response ? time_of_answer(response->header("date")) : std::nullopt;
  if (hub) clock_ahead_ = Seconds(to_seconds(clock_.now()) - to_seconds(*hub));
}

Result<HttpResponse> Api::accepted(Result<HttpResponse> response) const {
  if (response && response->status >= 400) {
    Error error = error_of(*response);
    if (clock_ahead_) error.message += words_of_clock(error, *clock_ahead_);
    return std::unexpected(std::move(error));
  }
  if (response && response->status >= 300)
    return fail(Errc::internal, "http.status", "the hub answered with status " + std::to_string(response->status));
  return response;
}

Result<Session> Api::sign_in() {
  if (devices_.empty())
    return fail(Errc::unauthenticated, "session.none",
                "this needs a session, and there is no enrolled device; see `entraide device request`");
  if (session_ && session_->expires_at > clock_.now() + kSessionMargin) return *session_;
  auto session = open_session(*devices_[0]);
  for (std::size_t i = 1; i < devices_.size(); ++i) {
    if (session || session.error().code != Errc::unauthenticated) break;
    session = open_session(*devices_[i]);
  }
  if (!session) return session;
  session_ = *session;
  if (remember_) remember_(*session);
  return session;
}

Result<Session> Api::open_session(const crypto::Signer& device) {
  HttpRequest ask{"POST",
                  options_.base_url + "/v1/sessions/challenges",
                  {{"Content-Type", "application/json"}},
                  codec::to_json(Json::object({{"kid", device.public_key().kid().str()}}))};
  const HttpResponse challenge = TRY(send_safely(ask, false));
  const Json challenge_json = TRY(codec::parse_json(challenge.body));
  ObjectReader in(challenge_json, "challenge");
  const std::string nonce = in.string("nonce");
  TRY(in.finish_open());
  const HttpResponse status = TRY(fetch("/v1/status", false));
  const Json status_json = TRY(codec::parse_json(status.body));
  ObjectReader about(status_json, "status");
  const std::string origin = about.string("origin");
  TRY(about.finish_open());

  const Json claims = Json::object({{"nonce", nonce},
                                    {"hub", origin},
                                    {"jkt", dpop_->public_key().kid().str()},
                                    {"at", codec::rfc3339(clock_.now())}});
  const std::string proof =
      TRY(crypto::make_compact_jws(device, "entraide-session+jwt", bytes_of(codec::to_json(claims))));
  HttpRequest make{"POST",
                   options_.base_url + "/v1/sessions",
                   {{"Content-Type", "application/json"}},
                   codec::to_json(Json::object({{"proof", proof}}))};
  const HttpResponse made = TRY(send_safely(make, false));
  const Json made_json = TRY(codec::parse_json(made.body));
  ObjectReader out(made_json, "session");
  Session session{out.string("token"), {}, device.public_key().kid()};
  const std::string until = out.string("expires_at");
  TRY(out.finish_open());
  session.expires_at = TRY(codec::from_rfc3339(until));
  return session;
}

Result<> Api::authorise(HttpRequest& request) {
  const Session session = TRY(sign_in());
  const std::string target = request.url.substr(0, request.url.find('?'));
  const Json claims =
      Json::object({{"htm", request.method},
                    {"htu", target},
                    {"iat", to_seconds(clock_.now())},
                    {"jti", codec::base64url(random_.bytes(16))},
                    {"ath", codec::base64url(crypto::sha256(std::string_view(session.token)).view())}});
  const std::string proof = TRY(crypto::make_dpop_proof(*dpop_, claims));
  request.headers.emplace_back("Authorization", "DPoP " + session.token);
  request.headers.emplace_back("DPoP", proof);
  return {};
}

Result<HttpResponse> Api::send(HttpRequest request, bool with_session) {
  request.headers.emplace_back("Accept-Language", options_.language);
  const HttpRequest bare = request;
  if (with_session) TRY(authorise(request));
  auto response = transport_.send(request);
  look_at_clock(response);
  if (with_session && response && response->status == 401 && session_) {
    // The hub may have forgotten the session (a restart with a new secret): make one anew, once.
    session_.reset();
    request = bare;
    TRY(authorise(request));
    response = transport_.send(request);
    look_at_clock(response);
  }
  return response;
}

Result<HttpResponse> Api::send_safely(const HttpRequest& request, bool with_session) {
  for (int attempt = 1;; ++attempt) {
    auto response = send(request, with_session);
    const bool broken = !response && response.error().code == Errc::unavailable;
    const bool busy = response && errc_of(response->status) == Errc::unavailable;
    if ((!broken && !busy) || attempt >= options_.attempts) return accepted(std::move(response));
    Milliseconds wait = kFirstPause * (1 << std::min(attempt - 1, 7));
    wait = std::min(wait + Milliseconds(random_.number() % static_cast<std::uint64_t>(wait.count())), kLongestPause);
    if (response) wait = std::max(wait, retry_after(*response).value_or(Milliseconds{0}));
    if (options_.on_retry)
      options_.on_retry(std::string(broken ? "the hub cannot be reached" : "the hub is busy") + "; trying again in " +
                        std::to_string(wait.count()) + " ms");
    options_.pause(wait);
  }
}

Result<HttpResponse> Api::fetch(std::string_view path, bool with_session) {
  return send_safely(HttpRequest{"GET", options_.base_url + std::string(path), {}, {}}, with_session);
}

Result<Json> Api::get(std::string_view path) {
  const HttpResponse response = TRY(fetch(path, true));
  return codec::parse_json(response.body, {.bytes = kResponseBytesMax, .values = 4'000'000});
}
Result<std::string> Api::get_text(std::string_view path) {
  HttpResponse response = TRY(fetch(path, true));
  return std::move(response.body);
}
Result<Json> Api::get_public(std::string_view path) {
  const HttpResponse response = TRY(fetch(path, false));
  return codec::parse_json(response.body, {.bytes = kResponseBytesMax, .values = 4'000'000});
}
Result<std::string> Api::get_public_text(std::string_view path) {
  HttpResponse response = TRY(fetch(path, false));
  return std::move(response.body);
}

Result<HttpResponse> Api::exchange(HttpRequest request, bool with_session) {
  if (!request.url.starts_with("http")) request.url = options_.base_url + request.url;
  if (!request.url.starts_with(options_.base_url + "/"))
    return fail(Errc::refused, "network.elsewhere", request.url + ": a session is for its own hub only");
  return send(std::move(request), with_session);
}

Result<> Api::stream(std::string_view path, std::vector<std::pair<std::string, std::string>> headers,
                     const std::function<bool(std::string_view)>& take) {
  HttpRequest request{"GET", options_.base_url + std::string(path), std::move(headers), {}, Seconds{0}};
  TRY(authorise(request));
  auto response = transport_.stream(request, take);
  look_at_clock(response);
  if (response && response->status == 401) session_.reset();
  TRY(accepted(std::move(response)));
  return {};
}

namespace {
std::string submission(std::string_view body, std::span<const std::string> objects) {
  Json list = Json::array();
  for (const std::string& object : objects) list.push_back(object);
  return codec::to_json(Json::object({{"act", body}, {"objects", std::move(list)}}));
}
}  // namespace

Result<SubmitAnswer> Api::submit(std::string_view body, std::span<const std::string> objects) {
  const HttpResponse response = TRY(send_safely(
      HttpRequest{
          "POST", options_.base_url + "/v1/acts", {{"Content-Type", "application/json"}}, submission(body, objects)},
      false));
  const Json value = TRY(codec::parse_json(response.body));
  ObjectReader in(value, "answer");
  SubmitAnswer out;
  out.id = in.string("id");
  out.index = in.integer("index");
  const std::string time = in.string("time");
  out.kind = in.string("kind");
  out.receipt = in.string("receipt");
  const Json* case_id = value.find("case");
  const Json* reference = value.find("reference");
  if (case_id != nullptr && case_id->is_string()) out.case_id = case_id->string();
  if (reference != nullptr && reference->is_string()) out.reference = reference->string();
  if (const Json* state = value.find("state"); state != nullptr && state->is_object()) out.state = *state;
  out.is_new = in.boolean("new");
  TRY(in.finish_open());
  out.time = TRY(codec::from_rfc3339(time));
  return out;
}

Result<Json> Api::dry_run(std::string_view body, std::span<const std::string> objects) {
  const HttpResponse response = TRY(send_safely(HttpRequest{"POST",
                                                            options_.base_url + "/v1/acts?dry-run=true",
                                                            {{"Content-Type", "application/json"}},
                                                            submission(body, objects)},
                                                false));
  return codec::parse_json(response.body);
}

}  // namespace entraide::client
