#include "kit/http.h"

#include <unistd.h>

#include <ctime>
#include <future>

#include "client/compose.h"
#include "codec/codec.h"
#include "kit/schema.h"
#include "testing/testing.h"

namespace entraide::kit {
namespace {

std::string whole(const net::Body& body) {
  const net::Body::FileRange* range = body.file_range();
  if (range == nullptr) return std::string(text_of(body.view()));
  std::string out(range->count, '\0');
  ENSURE(pread(range->file->descriptor(), out.data(), out.size(), static_cast<off_t>(range->from)) ==
         static_cast<ssize_t>(out.size()));
  return out;
}

// As the server puts it into every answer.
std::string date_of(Time now) {
  const std::time_t seconds = to_seconds(now);
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  char text[40];
  ENSURE(std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &utc) == 29);
  return text;
}

}  // namespace

Result<client::HttpResponse> Http::send(const client::HttpRequest& request) {
  if (!request.url.starts_with(std::string(kUrl) + "/"))
    return fail(Errc::unavailable, "network.connect", request.url + ": not this hub");
  const std::string_view target = std::string_view(request.url).substr(kUrl.size());
  const std::size_t question = target.find('?');
  net::Request asked;
  asked.method = request.method;
  asked.path = target.substr(0, question);
  if (question != std::string_view::npos) asked.query = TRY(net::parse_query(target.substr(question + 1)));
  asked.headers.add("Host", "hub.test");
  for (const auto& [name, value] : request.headers) asked.headers.add(name, value);
  asked.body = to_bytes(request.body);
  asked.peer = "127.0.0.1";
  asked.client_certificate = certificate;
  asked.trace_id = codec::hex(hub_.random().bytes(16));
  asked.language = net::choose_language(asked.headers.get("accept-language"));

  std::promise<net::Response> answered;
  auto answer = answered.get_future();
  hub_.router().handle(std::move(asked),
                       net::Reply::to([&](net::Response response) { answered.set_value(std::move(response)); }));
  const net::Response response = answer.get();
  client::HttpResponse out{response.status, {}, {}};
  for (const auto& [name, value] : response.headers) out.headers.emplace_back(lower(name), value);
  out.headers.emplace_back("date", date_of(hub_.clock().now()));
  if (request.method != "HEAD" && response.status != 204 && response.status != 304) out.body = whole(response.body);
  if (watch) watch(request, out);
  return out;
}

Result<client::HttpResponse> Http::stream(const client::HttpRequest&, const std::function<bool(std::string_view)>&) {
  return fail(Errc::unavailable, "network.stream", "streams need a server that listens");
}

Desk::Desk(Hub& hub, const demo::Officer& officer)
    : hub_(hub),
      officer_(officer),
      dpop_(crypto::PrivateKey::generate(hub.random())),
      http_(hub),
      // Whoever waits for the public checkpoint finds it there: the hub publishes once a second by itself.
      api_(http_, hub.clock(), hub.random(),
           {.base_url = std::string(kUrl),
            .attempts = 2,
            .pause = [&hub](Milliseconds) { MUST(hub.hub().publish_now()); }}),
      mirror_(MUST(client::Mirror::load({folder_.path() / "mirror", hub.world().genesis()}))),
      outbox_(folder_.path() / "outbox", api_, mirror_),
      rings_(api_, mirror_, officer.seal) {
  api_.sign_in_with({&officer.sign}, dpop_);
}

Result<> Desk::update() {
  TRY(hub_.hub().publish_now());
  return mirror_.update(api_);
}

client::HttpResponse Desk::exchange(client::HttpRequest request) {
  return MUST(api_.exchange(std::move(request), true));
}
client::HttpResponse Desk::get(std::string path) { return exchange({"GET", std::move(path), {}, {}}); }
codec::Json Desk::read(std::string path) { return MUST(api_.get(path)); }

Result<client::Sent> Desk::act(demo::Step step, const CaseId& case_id, std::optional<ActId> previous) {
  TRY(update());
  const Time now = from_seconds(to_seconds(hub_.clock().now()));
  const client::DocumentSigner document = officer_.document_signer();
  const std::string type = step.type;
  const std::vector<Subject> to = step.to;
  const client::Contents contents = demo::contents_of(std::move(step), case_id, officer_.authority);
  client::Sealed sealed =
      TRY(client::seal_contents(rules(), mirror_.directory(), contents, &document, now, hub_.random()));
  const client::Author author{officer_.id, officer_.authority, &officer_.sign};
  const act::Act act =
      client::compose(mirror_, author, {type, to, case_id, previous, std::move(sealed.objects), std::move(sealed.d)},
                      now, hub_.random());
  std::string body = TRY(client::sign(act, author));
  TRY(hub_.hub().publish_now());
  return outbox_.send(std::move(body), std::move(sealed.jwes));
}

Result<client::OpenedAct> Desk::open(const ActId& id) {
  TRY(update());
  client::Reader reader{api_, mirror_, &rules(), &rings_, officer_.authority};
  return client::open_act(reader, id);
}

}  // namespace entraide::kit
