#include "codec/codec.h"
#include "desk/desk.h"
#include "net/problem.h"

namespace entraide::desk {
namespace {

// What is the API's is never the application's, whatever the browser would like.
constexpr std::string_view kNotPages[] = {"v1", "ledger", "healthz", "readyz", "metrics"};

// Nothing comes from elsewhere, nothing runs that is not a file of ours, nobody frames us. `nonce` only on the page:
// the components' library writes two style elements at run time, and marks them with it.
std::string policy(std::string_view nonce) {
  std::string style = "style-src 'self'";
  if (!nonce.empty()) style += " 'nonce-" + std::string(nonce) + "'";
  return "default-src 'none'; script-src 'self'; " + style +
         "; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; "
         "frame-ancestors 'none'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; "
         "trusted-types default";
}

net::Headers policies(std::string_view nonce) {
  return {
      {"Content-Security-Policy", policy(nonce)},
      {"Cross-Origin-Opener-Policy", "same-origin"},
      {"Cross-Origin-Resource-Policy", "same-origin"},
      {"Referrer-Policy", "no-referrer"},
      {"X-Content-Type-Options", "nosniff"},
      {"Permissions-Policy",
       "accelerometer=(), autoplay=(self), camera=(), clipboard-read=(), clipboard-write=(self), display-capture=(), "
       "fullscreen=(self), geolocation=(), gyroscope=(), hid=(), idle-detection=(), magnetometer=(), microphone=(), "
       "midi=(), payment=(), publickey-credentials-create=(self), publickey-credentials-get=(self), "
       "screen-wake-lock=(self), serial=(), usb=(), xr-spatial-tracking=()"},
  };
}

bool may_be_page(std::string_view path) {
  const std::string_view first = path.substr(0, path.find('/'));
  return std::ranges::find(kNotPages, first) == std::end(kNotPages);
}

std::string replaced(std::string text, std::string_view what, std::string_view by) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
    text.replace(at, what.size(), by);
  return text;
}

// A page with a nonce is never "not modified": the old copy has the old nonce, the policy beside it the new one.
net::Response page(const std::string& text, Random& random) {
  const std::string nonce = codec::base64url(random.bytes(16));
  auto response = net::Response::of(200, "text/html; charset=utf-8", replaced(text, kNoncePlaceholder, nonce));
  response.headers = policies(nonce);
  response.headers.set("Content-Type", "text/html; charset=utf-8");
  response.headers.set("Cache-Control", "no-cache");
  return response;
}

}  // namespace

net::Handler handler(std::shared_ptr<const Bundle> bundle, Random& random) {
  const std::string index(text_of(*bundle->files.at("index.html").plain));
  auto files = bundle->files;
  files.erase("index.html");
  return [bundle = std::move(bundle), index, files = net::static_files(std::move(files), policies("")), &random](
             net::Request request, net::Reply reply) {
    const std::string path(request.captured.get("rest"));
    const bool is_file = path != "index.html" && bundle->files.contains(path);
    const bool asks_for_page = request.headers.list("Accept").find("text/html") != std::string::npos;
    if (path.empty() || path == "index.html" || (!is_file && asks_for_page && may_be_page(path)))
      return std::move(reply).send(page(index, random));
    files(std::move(request), std::move(reply));
  };
}

std::string without_nonce(std::string text, std::string_view content_security_policy) {
  constexpr std::string_view mark = "'nonce-";
  const std::size_t at = content_security_policy.find(mark);
  if (at == std::string_view::npos) return text;
  const std::string_view rest = content_security_policy.substr(at + mark.size());
  const std::string_view nonce = rest.substr(0, rest.find('\''));
  return nonce.empty() ? text : replaced(std::move(text), nonce, kNoncePlaceholder);
}

}  // namespace entraide::desk
