#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <cstring>

#include "net/transport.h"

namespace entraide::net {
namespace {

struct Free {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(SSL* ssl) const { SSL_free(ssl); }
  void operator()(X509* certificate) const { X509_free(certificate); }
};
using ContextPtr = std::unique_ptr<SSL_CTX, Free>;
using SslPtr = std::unique_ptr<SSL, Free>;

class Tls final : public Transport {
 public:
  Tls(SslPtr ssl, int socket) : ssl_(std::move(ssl)), socket_(socket) {}

  Io handshake() override {
    ERR_clear_error();
    return outcome(SSL_do_handshake(ssl_.get()));
  }

  IoResult read(std::span<std::uint8_t> into) override {
    ERR_clear_error();
    std::size_t n = 0;
    const Io io = outcome(SSL_read_ex(ssl_.get(), into.data(), into.size(), &n));
    return {io, n};
  }

  // One record: the front of the pieces is put together where the first is small, so that a head and a short body
  // travel as one. Called again with the same bytes it makes the same record, as OpenSSL demands.
  IoResult write(std::span<const BytesView> pieces) override {
    BytesView record = pieces[0];
    std::array<std::uint8_t, kRecordMax> together;
    if (pieces.size() > 1 && pieces[0].size() < kRecordMax) {
      std::size_t size = 0;
      for (const BytesView piece : pieces) {
        const std::size_t n = std::min(piece.size(), kRecordMax - size);
        std::memcpy(together.data() + size, piece.data(), n);
        size += n;
      }
      record = BytesView(together).first(size);
    }
    ERR_clear_error();
    std::size_t n = 0;
    const Io io = outcome(SSL_write_ex(ssl_.get(), record.data(), std::min(record.size(), kRecordMax), &n));
    return {io, n};
  }

  bool holds_input() const override { return SSL_has_pending(ssl_.get()) == 1; }

  void end_output() override {
    ERR_clear_error();
    if (SSL_is_init_finished(ssl_.get())) SSL_shutdown(ssl_.get());
    ::shutdown(socket_, SHUT_WR);
  }

  std::optional<std::array<std::uint8_t, 32>> client_certificate() const override {
    const std::unique_ptr<X509, Free> certificate(SSL_get1_peer_certificate(ssl_.get()));
    std::array<std::uint8_t, 32> thumbprint{};
    unsigned size = 0;
    if (!certificate || X509_digest(certificate.get(), EVP_sha256(), thumbprint.data(), &size) != 1 || size != 32)
      return std::nullopt;
    return thumbprint;
  }

 private:
  static constexpr std::size_t kRecordMax = 16 << 10;

  Io outcome(int returned) {
    if (returned > 0) return Io::done;
    switch (SSL_get_error(ssl_.get(), returned)) {
      case SSL_ERROR_WANT_READ: return Io::want_read;
      case SSL_ERROR_WANT_WRITE: return Io::want_write;
      default: return Io::closed;
    }
  }

  SslPtr ssl_;
  int socket_;
};

// ALPN (RFC 7301): we speak http/1.1; a client that offers only other protocols is told so.
int choose_protocol(SSL*, const unsigned char** out, unsigned char* out_size, const unsigned char* offered,
                    unsigned offered_size, void*) {
  static constexpr unsigned char kOurs[] = "\x08http/1.1";
  const int found = SSL_select_next_proto(const_cast<unsigned char**>(out), out_size, kOurs, sizeof kOurs - 1,
                                          offered, offered_size);
  return found == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

// Sessions of one door do not open the other.
constexpr unsigned char kSessions[] = "entraide";
constexpr unsigned char kSessionsWithCertificate[] = "entraide certificate";

// A client's certificate names a key; who vouches for it is not asked here (see Request::client_certificate).
int accept_any_issuer(int, X509_STORE_CTX*) { return 1; }

std::string reason() {
  const unsigned long code = ERR_peek_last_error();
  ERR_clear_error();
  const char* words = ERR_reason_error_string(code);
  return words ? words : "unknown reason";
}

class Context final : public TlsContext {
 public:
  explicit Context(ContextPtr context) : context_(std::move(context)) {}

  std::unique_ptr<Transport> accept(int socket, bool ask_certificate) const override {
    SslPtr ssl(SSL_new(context_.get()));
    if (!ssl || SSL_set_fd(ssl.get(), socket) != 1) return nullptr;
    if (ask_certificate) {
      SSL_set_verify(ssl.get(), SSL_VERIFY_PEER, accept_any_issuer);
      if (SSL_set_session_id_context(ssl.get(), kSessionsWithCertificate, sizeof kSessionsWithCertificate - 1) != 1)
        return nullptr;
    }
    SSL_set_accept_state(ssl.get());
    return std::make_unique<Tls>(std::move(ssl), socket);
  }

 private:
  ContextPtr context_;
};

}  // namespace

Result<std::shared_ptr<const TlsContext>> TlsContext::load(const TlsFiles& files) {
  ERR_clear_error();
  ContextPtr context(SSL_CTX_new(TLS_server_method()));
  ENSURE(context != nullptr);
  SSL_CTX* const ssl = context.get();
  ENSURE(SSL_CTX_set_min_proto_version(ssl, TLS1_3_VERSION) == 1);
  // Buffers go back while a connection is idle; reads take a whole record and what is behind it at once.
  SSL_CTX_set_mode(ssl,
                   SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_read_ahead(ssl, 1);
  // Resumption by ticket, always with a fresh key exchange; no early data, which could be replayed.
  SSL_CTX_set_session_cache_mode(ssl, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(ssl, 1);
  SSL_CTX_set_session_id_context(ssl, kSessions, sizeof kSessions - 1);
  SSL_CTX_set_alpn_select_cb(ssl, choose_protocol, nullptr);

  if (SSL_CTX_use_certificate_chain_file(ssl, files.certificate_chain.c_str()) != 1)
    return fail(Errc::invalid, "config.tls",
                "certificate \"" + files.certificate_chain + "\": cannot be used: " + reason(),
                files.certificate_chain);
  if (SSL_CTX_use_PrivateKey_file(ssl, files.private_key.c_str(), SSL_FILETYPE_PEM) != 1 ||
      SSL_CTX_check_private_key(ssl) != 1)
    return fail(Errc::invalid, "config.tls",
                "private key \"" + files.private_key + "\": cannot be used with its certificate: " + reason(),
                files.private_key);
  return std::make_shared<const Context>(std::move(context));
}

}  // namespace entraide::net
