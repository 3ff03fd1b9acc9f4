#include "net/server.h"
#include "net/test_peer.h"

using namespace entraide;
using namespace entraide::net;
using entraide::net::test::Peer;
using entraide::net::test::World;
using entraide::testing::rule_of;

namespace {

// A folder with a server's certificate, and a server that uses it.
struct TlsWorld {
  test::Folder folder;
  std::array<std::uint8_t, 32> thumbprint = test::make_certificate(folder / "server.pem", folder / "server.key");
  World world;

  explicit TlsWorld(std::vector<std::string> listen = {"https://127.0.0.1:0"})
      : world(routes(),
              {.listen = std::move(listen), .tls = TlsFiles{folder / "server.pem", folder / "server.key"}}) {}

  static Router routes() {
    Router router;
    router.add("GET", "/who", [](Request request, Reply reply) {
      std::string text = request.tls ? "tls" : "plain";
      if (request.client_certificate)
        for (const std::uint8_t byte : *request.client_certificate) text += " " + std::to_string(byte);
      std::move(reply).send(Response::of(200, "text/plain", text));
    });
    router.add("POST", "/echo",
               [](Request request, Reply reply) {
                 std::move(reply).send(Response::of(200, "text/plain", std::move(request.body)));
               },
               {.body_limit = 4 << 20});
    return router;
  }
};

std::array<std::uint8_t, 32> certificate_seen(Peer& peer) {
  std::array<std::uint8_t, 32> out{};
  X509* certificate = SSL_get1_peer_certificate(peer.ssl());
  X509_digest(certificate, EVP_sha256(), out.data(), nullptr);
  X509_free(certificate);
  return out;
}

}  // namespace

TEST_CASE("requests over TLS 1.3: one after another, pipelined, and large") {
  const TlsWorld tls;
  Peer peer(tls.world.port());
  REQUIRE(peer.shake_hands());
  CHECK(std::string(SSL_get_version(peer.ssl())) == "TLSv1.3");
  CHECK(peer.get("/who").body == "tls");
  CHECK(peer.post("/echo", "abc").body == "abc");
  std::string wire;
  for (int i = 0; i < 50; ++i)
    wire += "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\n" + std::to_string(10 + i);
  peer.send(wire);
  for (int i = 0; i < 50; ++i) CHECK(peer.answer().body == std::to_string(10 + i));
  std::string body(3'000'000, 'y');
  for (std::size_t i = 0; i < body.size(); i += 991) body[i] = static_cast<char>('a' + i % 26);
  CHECK(peer.post("/echo", body).body == body);
  CHECK(peer.get("/who", "Connection: close\r\n").status == 200);
  CHECK(peer.at_end());
}

TEST_CASE("older versions of TLS, plain HTTP and other protocols get no conversation") {
  const TlsWorld tls;
  Peer older(tls.world.port());
  CHECK_FALSE(older.shake_hands({.version_max = TLS1_2_VERSION}));
  Peer plain(tls.world.port());
  CHECK(plain.get("/who").status == 0);
  Peer http2(tls.world.port());
  CHECK_FALSE(http2.shake_hands({.alpn = "\x02h2"}));
  Peer both(tls.world.port());
  CHECK(both.shake_hands({.alpn = "\x02h2\x08http/1.1"}));
  Peer neither(tls.world.port());
  CHECK(neither.shake_hands({.alpn = ""}));
  CHECK(neither.get("/who").body == "tls");
}

TEST_CASE("a session is resumed without the certificate being sent again") {
  const TlsWorld tls;
  Peer first(tls.world.port());
  REQUIRE(first.shake_hands());
  CHECK(first.get("/who").status == 200);  // the ticket comes before the answer
  SSL_SESSION* session = SSL_get1_session(first.ssl());
  Peer second(tls.world.port());
  REQUIRE(second.shake_hands({.resume = session}));
  CHECK(SSL_session_reused(second.ssl()) == 1);
  CHECK(second.get("/who").status == 200);
  SSL_SESSION_free(session);
}

TEST_CASE("a client's certificate is named by its thumbprint, also when its session is resumed; none is fine") {
  const TlsWorld tls({"mtls://127.0.0.1:0"});
  const test::Folder mine;
  const auto thumbprint = test::make_certificate(mine / "c.pem", mine / "c.key");
  std::string expected = "tls";
  for (const std::uint8_t byte : thumbprint) expected += " " + std::to_string(byte);

  Peer known(tls.world.port());
  REQUIRE(known.shake_hands({.certificate = mine / "c.pem", .key = mine / "c.key"}));
  CHECK(known.get("/who").body == expected);
  SSL_SESSION* session = SSL_get1_session(known.ssl());
  Peer again(tls.world.port());
  REQUIRE(again.shake_hands({.resume = session}));
  CHECK(SSL_session_reused(again.ssl()) == 1);
  CHECK(again.get("/who").body == expected);
  SSL_SESSION_free(session);
  Peer unknown(tls.world.port());
  REQUIRE(unknown.shake_hands());
  CHECK(unknown.get("/who").body == "tls");
}

TEST_CASE("a server that does not ask for certificates sees none") {
  const TlsWorld tls;
  const test::Folder mine;
  test::make_certificate(mine / "c.pem", mine / "c.key");
  Peer peer(tls.world.port());
  REQUIRE(peer.shake_hands({.certificate = mine / "c.pem", .key = mine / "c.key"}));
  CHECK(peer.get("/who").body == "tls");
}

TEST_CASE("a session of one door is none at the other: a certificate is shown anew where it is asked for") {
  const TlsWorld tls({"https://127.0.0.1:0", "mtls://127.0.0.1:0"});
  const test::Folder mine;
  test::make_certificate(mine / "c.pem", mine / "c.key");
  const auto ports = tls.world.server->ports();
  for (const bool first_with : {false, true}) {
    Peer first(ports[first_with ? 1 : 0]);
    REQUIRE(first.shake_hands({.certificate = mine / "c.pem", .key = mine / "c.key"}));
    CHECK((first.get("/who").body != "tls") == first_with);
    SSL_SESSION* session = SSL_get1_session(first.ssl());
    Peer second(ports[first_with ? 0 : 1]);
    if (second.shake_hands({.resume = session})) {
      CHECK(SSL_session_reused(second.ssl()) == 0);
      CHECK(second.get("/who").body == "tls");
    }
    SSL_SESSION_free(session);
  }
}

TEST_CASE("a new certificate serves new connections; a bad one changes nothing") {
  const TlsWorld tls;
  Peer before(tls.world.port());
  REQUIRE(before.shake_hands());
  CHECK(certificate_seen(before) == tls.thumbprint);

  const auto renewed = test::make_certificate(tls.folder / "server.pem", tls.folder / "new.key");
  CHECK(rule_of(tls.world.server->reload_tls()) == "config.tls");  // the certificate is new, the key is old
  Peer between(tls.world.port());
  REQUIRE(between.shake_hands());
  CHECK(certificate_seen(between) == tls.thumbprint);

  std::filesystem::rename(tls.folder / "new.key", tls.folder / "server.key");
  MUST(tls.world.server->reload_tls());
  Peer after(tls.world.port());
  REQUIRE(after.shake_hands());
  CHECK(certificate_seen(after) == renewed);
  CHECK(before.get("/who").status == 200);
}

TEST_CASE("a client that stops in the middle of a handshake, or cuts the line, does no harm") {
  const TlsWorld tls;
  for (const char* bytes :
       {"", "\x16", "\x16\x03\x01\x02", "\x16\x03\x01\x00\x05\x01\x00\x00\x01\x00", "nonsense\r\n\r\n"}) {
    Peer peer(tls.world.port());
    peer.send(bytes);
  }
  {
    Peer peer(tls.world.port());
    REQUIRE(peer.shake_hands());
    peer.send("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nabc");
    peer.end_output();
    CHECK(peer.answer().status == 0);
  }
  Peer peer(tls.world.port());
  REQUIRE(peer.shake_hands());
  CHECK(peer.get("/who").body == "tls");
}
