#pragma once

// The other end of the wire, for this folder's tests: a blocking client that says exactly the bytes it is told to,
// and a server with its surroundings.

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <deque>
#include <filesystem>

#include "net/net.h"
#include "testing/testing.h"

namespace entraide::net::test {

/// What came back: enough of HTTP to check a response by.
struct Answer {
  int status = 0;
  Headers headers;
  std::string body;
};

inline std::string body_of(const Response& response) { return std::string(text_of(response.body.view())); }

struct TlsChoice {
  int version_max = TLS1_3_VERSION;
  std::string certificate = {}, key = {};  // PEM files of a client's certificate
  std::string alpn = "\x08http/1.1";
  SSL_SESSION* resume = nullptr;
};

class Peer {
 public:
  explicit Peer(std::uint16_t port, int receive_buffer = 0) {
    socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const timeval patience{20, 0};  // a test that waits so long has failed
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    if (receive_buffer) ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(::connect(socket_, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0);
  }
  ~Peer() { close(); }
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  /// False where the server refuses the handshake.
  bool shake_hands(const TlsChoice& choice = {}) {
    context_ = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_max_proto_version(context_, choice.version_max);
    if (!choice.certificate.empty()) {
      REQUIRE(SSL_CTX_use_certificate_file(context_, choice.certificate.c_str(), SSL_FILETYPE_PEM) == 1);
      REQUIRE(SSL_CTX_use_PrivateKey_file(context_, choice.key.c_str(), SSL_FILETYPE_PEM) == 1);
    }
    ssl_ = SSL_new(context_);
    if (!choice.alpn.empty())
      SSL_set_alpn_protos(ssl_, reinterpret_cast<const unsigned char*>(choice.alpn.data()),
                          static_cast<unsigned>(choice.alpn.size()));
    if (choice.resume) SSL_set_session(ssl_, choice.resume);
    SSL_set_fd(ssl_, socket_);
    ERR_clear_error();
    return SSL_connect(ssl_) == 1;
  }
  SSL* ssl() { return ssl_; }

  void send(std::string_view bytes) {
    while (!bytes.empty()) {
      const long n = ssl_ ? SSL_write(ssl_, bytes.data(), static_cast<int>(bytes.size()))
                          : ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (n <= 0) return;  // the server has closed; what it said before is what the test looks at
      bytes.remove_prefix(static_cast<std::size_t>(n));
    }
  }
  void end_output() { ::shutdown(socket_, SHUT_WR); }
  void close() {
    if (ssl_) SSL_free(ssl_);
    if (context_) SSL_CTX_free(context_);
    if (socket_ >= 0) ::close(socket_);
    ssl_ = nullptr;
    context_ = nullptr;
    socket_ = -1;
  }

  /// Everything up to and with `mark`; empty if the server closes before.
  std::string until(std::string_view mark) {
    for (;;) {
      if (const std::size_t at = have_.find(mark); at != std::string::npos) return cut(at + mark.size());
      if (!more()) return {};
    }
  }
  std::string exactly(std::size_t size) {
    while (have_.size() < size)
      if (!more()) return {};
    return cut(size);
  }
  /// Whether nothing but the end follows.
  bool at_end() { return have_.empty() && !more() && !timed_out_; }

  /// The next response; status 0 if the server closes instead. `of_head`: no body follows, whatever its length says.
  Answer answer(bool of_head = false) {
    Answer out;
    std::string head = until("\r\n\r\n");
    if (head.empty()) return out;
    out.status = std::atoi(head.c_str() + 9);
    std::size_t at = head.find("\r\n") + 2;
    while (at + 2 < head.size()) {
      const std::size_t colon = head.find(": ", at), end = head.find("\r\n", at);
      out.headers.add(head.substr(at, colon - at), head.substr(colon + 2, end - colon - 2));
      at = end + 2;
    }
    if (of_head || out.status == 204 || out.status == 304 || out.status == 100) return out;
    if (out.headers.find("Content-Length"))
      out.body = exactly(std::stoul(std::string(out.headers.get("Content-Length"))));
    return out;
  }
  Answer ask(std::string_view request) {
    send(request);
    return answer(request.starts_with("HEAD "));
  }
  Answer get(std::string_view path, std::string_view more_headers = {}) {
    return ask("GET " + std::string(path) + " HTTP/1.1\r\nHost: hub.example\r\n" + std::string(more_headers) +
               "\r\n");
  }
  Answer post(std::string_view path, std::string_view body, std::string_view more_headers = {}) {
    return ask("POST " + std::string(path) + " HTTP/1.1\r\nHost: hub.example\r\nContent-Length: " +
               std::to_string(body.size()) + "\r\n" + std::string(more_headers) + "\r\n" + std::string(body));
  }

  /// The text of the next chunk of a stream, without its framing; empty for the last.
  std::string chunk() {
    const std::string size = until("\r\n");
    if (size.empty()) return {};
    std::string text = exactly(std::stoul(size, nullptr, 16));
    until("\r\n");
    return text;
  }
  /// The text of a stream up to and with `mark`, over as many chunks as it takes.
  std::string events_until(std::string_view mark) {
    for (;;) {
      if (const std::size_t at = events_.find(mark); at != std::string::npos) {
        std::string out = events_.substr(0, at + mark.size());
        events_.erase(0, at + mark.size());
        return out;
      }
      const std::string next = chunk();
      if (next.empty()) return {};
      events_ += next;
    }
  }

 private:
  bool more() {
    char room[16384];
    const long n = ssl_ ? SSL_read(ssl_, room, sizeof room) : ::recv(socket_, room, sizeof room, 0);
    if (n <= 0) {
      timed_out_ = n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
      return false;
    }
    have_.append(room, static_cast<std::size_t>(n));
    return true;
  }
  std::string cut(std::size_t size) {
    std::string out = have_.substr(0, size);
    have_.erase(0, size);
    return out;
  }

  int socket_ = -1;
  SSL_CTX* context_ = nullptr;
  SSL* ssl_ = nullptr;
  bool timed_out_ = false;
  std::string have_, events_;
};

/// A folder of its own that goes with the test.
class Folder {
 public:
  Folder() {
    char name[] = "/tmp/entraide-net-XXXXXX";
    REQUIRE(::mkdtemp(name) != nullptr);
    path_ = name;
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  std::string operator/(std::string_view name) const { return path_ + "/" + std::string(name); }
  const std::string& path() const { return path_; }
  void write(std::string_view name, std::string_view content) const {
    const std::filesystem::path file = *this / name;
    std::filesystem::create_directories(file.parent_path());
    std::FILE* out = std::fopen(file.c_str(), "wb");
    REQUIRE(out != nullptr);
    std::fwrite(content.data(), 1, content.size(), out);
    std::fclose(out);
  }

 private:
  std::string path_;
};

/// Writes a new self-signed P-256 certificate and its key; gives the certificate's SHA-256. `names`: as OpenSSL spells
/// the names that it is good for, "IP:127.0.0.1".
inline std::array<std::uint8_t, 32> make_certificate(const std::string& certificate_file, const std::string& key_file,
                                                     const char* names = nullptr) {
  EVP_PKEY* key = EVP_EC_gen("P-256");
  X509* certificate = X509_new();
  X509_set_version(certificate, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
  X509_NAME* name = X509_get_subject_name(certificate);
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("hub.example"), -1, -1,
                             0);
  X509_set_issuer_name(certificate, name);
  X509_set_pubkey(certificate, key);
  if (names != nullptr) {
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, names);
    REQUIRE(X509_add_ext(certificate, extension, -1) == 1);
    X509_EXTENSION_free(extension);
  }
  REQUIRE(X509_sign(certificate, key, EVP_sha256()) > 0);
  std::FILE* out = std::fopen(certificate_file.c_str(), "wb");
  REQUIRE(out != nullptr);
  PEM_write_X509(out, certificate);
  std::fclose(out);
  out = std::fopen(key_file.c_str(), "wb");
  REQUIRE(out != nullptr);
  PEM_write_PrivateKey(out, key, nullptr, nullptr, 0, nullptr, nullptr);
  std::fclose(out);
  std::array<std::uint8_t, 32> thumbprint{};
  X509_digest(certificate, EVP_sha256(), thumbprint.data(), nullptr);
  X509_free(certificate);
  EVP_PKEY_free(key);
  return thumbprint;
}

/// A server on loopback, on a port that the system chose, with a clock that stands still.
struct World {
  ManualClock clock{from_seconds(1'924'992'000)};
  SeededRandom random{7};
  metrics::Registry metrics;
  std::unique_ptr<Server> server;

  explicit World(Router router, ServerOptions options = {}) {
    if (options.listen.empty()) options.listen = {"127.0.0.1:0"};
    if (options.io_threads == 0) options.io_threads = 2;
    server = MUST(Server::start(std::move(options), std::move(router), {clock, random, metrics}));
  }
  std::uint16_t port() const { return server->ports()[0]; }
};

inline Handler says(std::string text) {
  return [text](Request, Reply reply) { std::move(reply).send(Response::of(200, "text/plain", text)); };
}

/// Things that one thread waits for and another brings, each taken once, in order.
template <class T>
class Box {
 public:
  void put(T value) {
    Lock lock(mutex_);
    values_.push_back(std::move(value));
    filled_.notify_all();  // under the lock: who takes the value may destroy the box
  }
  T take() {
    Lock lock(mutex_);
    for (int i = 0; i < 200 && values_.empty(); ++i) filled_.wait_for(mutex_, Milliseconds(100));
    REQUIRE(!values_.empty());
    T out = std::move(values_.front());
    values_.pop_front();
    return out;
  }

 private:
  Mutex mutex_;
  Condition filled_;
  std::deque<T> values_ GUARDED_BY(mutex_);
};

}  // namespace entraide::net::test
