// The transport of the product, over libcurl. The only file that includes it.

#include <algorithm>
#include <cctype>
#include <mutex>

#include <curl/curl.h>

#include "client/transport.h"

namespace entraide::client {
namespace {

struct Exchange {
  HttpResponse response;
  const std::function<bool(std::string_view)>* take = nullptr;
  CURL* curl = nullptr;
  bool stopped = false, too_large = false;
};

std::size_t on_header(char* bytes, std::size_t, std::size_t size, void* to) {
  auto& exchange = *static_cast<Exchange*>(to);
  std::string_view line(bytes, size);
  while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
  if (line.starts_with("HTTP/")) {
    exchange.response.headers.clear();  // an interim answer (100 Continue) came before
    return size;
  }
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return size;
  std::string name(line.substr(0, colon));
  std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
  line.remove_prefix(colon + 1);
  while (line.starts_with(' ') || line.starts_with('\t')) line.remove_prefix(1);
  exchange.response.headers.emplace_back(std::move(name), line);
  return size;
}

std::size_t on_body(char* bytes, std::size_t, std::size_t size, void* to) {
  auto& exchange = *static_cast<Exchange*>(to);
  long status = 0;
  curl_easy_getinfo(exchange.curl, CURLINFO_RESPONSE_CODE, &status);
  if (exchange.take != nullptr && status == 200) {
    exchange.stopped = !(*exchange.take)(std::string_view(bytes, size));
    return exchange.stopped ? 0 : size;
  }
  exchange.too_large = exchange.response.body.size() + size > kResponseBytesMax;
  if (exchange.too_large) return 0;
  exchange.response.body.append(bytes, size);
  return size;
}

int on_progress(void* to, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  auto& exchange = *static_cast<Exchange*>(to);
  if (exchange.take == nullptr) return 0;
  exchange.stopped = !(*exchange.take)({});  // "still wanted?": an empty piece
  return exchange.stopped ? 1 : 0;
}

bool is_plain_to_elsewhere(std::string_view url) {
  if (!url.starts_with("http://")) return false;
  url.remove_prefix(7);
  const std::string_view host = url.substr(0, url.find('/'));
  return !(host == "localhost" || host.starts_with("localhost:") || host.starts_with("127.") ||
           host.starts_with("[::1]"));
}

class CurlTransport final : public Transport {
 public:
  explicit CurlTransport(CurlOptions options) : options_(std::move(options)) {
    static std::once_flag once;
    std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
    curl_ = curl_easy_init();
    ENSURE(curl_ != nullptr);
  }
  ~CurlTransport() override { curl_easy_cleanup(curl_); }

  Result<HttpResponse> send(const HttpRequest& request) override { return perform(request, nullptr); }
  Result<HttpResponse> stream(const HttpRequest& request,
                              const std::function<bool(std::string_view)>& take) override {
    return perform(request, &take);
  }

 private:
  Result<HttpResponse> perform(const HttpRequest& request, const std::function<bool(std::string_view)>* take) {
    if (is_plain_to_elsewhere(request.url))
      return fail(Errc::refused, "network.plain", request.url + ": plain http goes to this machine only; use https");
    ENSURE(!std::exchange(busy_, true));  // no exchange inside the callback of another one
    struct Free {
      bool& busy;
      ~Free() { busy = false; }
    } free{busy_};
    curl_easy_reset(curl_);  // keeps the connections
    Exchange exchange{{}, take, curl_};
    curl_slist* headers = nullptr;
    for (const auto& [name, value] : request.headers)
      headers = curl_slist_append(headers, (name + ": " + value).c_str());
    headers = curl_slist_append(headers, "Expect:");
    const auto set = [&](CURLoption option, auto value) { curl_easy_setopt(curl_, option, value); };
    set(CURLOPT_URL, request.url.c_str());
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_FOLLOWLOCATION, 0L);
    set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    set(CURLOPT_CONNECTTIMEOUT, static_cast<long>(options_.connect_timeout.count()));
    set(CURLOPT_TIMEOUT, static_cast<long>(request.timeout.count()));
    set(CURLOPT_USERAGENT, options_.user_agent.c_str());
    if (!options_.ca_file.empty()) set(CURLOPT_CAINFO, options_.ca_file.c_str());
    if (!options_.certificate.empty()) {
      set(CURLOPT_SSLCERTTYPE, "PEM");
      set_blob(CURLOPT_SSLCERT_BLOB, bytes_of(options_.certificate));
      set(CURLOPT_SSLKEYTYPE, "PEM");
      set_blob(CURLOPT_SSLKEY_BLOB, options_.certificate_key->view());
      set(CURLOPT_KEYPASSWD, "");  // a key that is locked is refused, and nobody is asked on the terminal
    }
    if (is_loopback(request.url)) set(CURLOPT_NOPROXY, "*");
    set(CURLOPT_HEADERFUNCTION, &on_header);
    set(CURLOPT_HEADERDATA, &exchange);
    set(CURLOPT_WRITEFUNCTION, &on_body);
    set(CURLOPT_WRITEDATA, &exchange);
    if (take != nullptr) {
      set(CURLOPT_NOPROGRESS, 0L);
      set(CURLOPT_XFERINFOFUNCTION, &on_progress);
      set(CURLOPT_XFERINFODATA, &exchange);
    }
    if (request.method == "HEAD") {
      set(CURLOPT_NOBODY, 1L);
    } else if (request.method != "GET") {
      set(CURLOPT_POSTFIELDS, request.body.data());
      set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
      set(CURLOPT_CUSTOMREQUEST, request.method.c_str());
    }
    set(CURLOPT_HTTPHEADER, headers);
    const CURLcode code = curl_easy_perform(curl_);
    curl_slist_free_all(headers);
    long status = 0;
    curl_easy_getinfo(curl_, CURLINFO_RESPONSE_CODE, &status);
    exchange.response.status = static_cast<int>(status);
    if (code == CURLE_OK || exchange.stopped) return std::move(exchange.response);
    return failure(request, exchange, code);
  }

  // libcurl only reads it, and what it points to outlives the exchange.
  void set_blob(CURLoption option, BytesView bytes) {
    curl_blob blob{const_cast<std::uint8_t*>(bytes.data()), bytes.size(), CURL_BLOB_NOCOPY};
    curl_easy_setopt(curl_, option, &blob);
  }

  static bool is_loopback(std::string_view url) { return url.starts_with("http://"); }

  static std::unexpected<Error> failure(const HttpRequest& request, const Exchange& exchange, CURLcode code) {
    const std::string words = request.url + ": " + curl_easy_strerror(code);
    if (exchange.too_large)
      return fail(Errc::too_large, "network.size", request.url + ": the answer is larger than 64 MiB");
    switch (code) {
      case CURLE_PEER_FAILED_VERIFICATION:
      case CURLE_SSL_CACERT_BADFILE:
      case CURLE_SSL_ISSUER_ERROR:
        return fail(Errc::not_authentic, "network.tls",
                    words +
                        "; the server is not who it says, or its authority is not trusted: see `entraide config set "
                        "ca_file`");
      case CURLE_SSL_CERTPROBLEM:
        return fail(Errc::invalid, "network.certificate",
                    words +
                        "; the certificate and the key of this profile cannot be used together: see `entraide "
                        "config list`, tls_certificate and tls_key (the key's file must not ask for a passphrase)");
      case CURLE_OPERATION_TIMEDOUT:
        return fail(Errc::unavailable, "network.timeout", words + "; the same command again does no harm");
      case CURLE_URL_MALFORMAT:
      case CURLE_UNSUPPORTED_PROTOCOL:
        return fail(Errc::invalid, "network.connect", words + "; an address is like https://hub.example");
      default:
        return fail(Errc::unavailable, "network.connect",
                    words + "; does the hub run, and is its address right? `entraide doctor` looks");
    }
  }

  CurlOptions options_;
  CURL* curl_ = nullptr;
  bool busy_ = false;
};

}  // namespace

std::unique_ptr<Transport> make_curl_transport(CurlOptions options) {
  return std::make_unique<CurlTransport>(std::move(options));
}

}  // namespace entraide::client
