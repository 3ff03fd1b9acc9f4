#pragma once

// One HTTP exchange. The product has one implementation, over libcurl; tests bring their own.

#include <functional>
#include <memory>
#include <optional>

#include "base/base.h"

namespace entraide::client {

struct HttpRequest {
  std::string method = "GET";
  std::string url;                                            // absolute
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  Seconds timeout{60};                                        // of the whole exchange; zero for none (streams)
};

struct HttpResponse {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers;   // names in lower case
  std::string body;

  /// Empty where there is none.
  std::string_view header(std::string_view name) const {
    for (const auto& [key, value] : headers)
      if (key == name) return value;
    return {};
  }
};

inline constexpr std::size_t kResponseBytesMax = 64 << 20;

class Transport {
 public:
  virtual ~Transport() = default;
  /// Fails only when there was no whole answer (network.*; Errc::unavailable). Redirects are not followed.
  virtual Result<HttpResponse> send(const HttpRequest& request) = 0;
  /// As `send`, but the body of a 200 goes to `take` as it comes, until it gives false or the server ends.
  virtual Result<HttpResponse> stream(const HttpRequest& request,
                                      const std::function<bool(std::string_view)>& take) = 0;
};

struct CurlOptions {
  std::string ca_file;        // PEM; empty: the system's
  std::string user_agent = "entraide";
  Seconds connect_timeout{15};
  std::string certificate = {};  // PEM, its own first: shown to a server that asks for one; empty: none
  std::shared_ptr<const SecretBytes> certificate_key = {};  // PEM
};
/// TLS 1.2 or newer, https, or http to a loopback address only. Connections are kept. One thread.
/// Rules of its failures: network.connect, network.tls, network.certificate (ours cannot be used), network.timeout, network.plain, network.size.
std::unique_ptr<Transport> make_curl_transport(CurlOptions options);

}  // namespace entraide::client
