// A country's own system over TLS: the real listener, the real client, certificates that nobody issued.

#include "client/acknowledge.h"
#include "client/admin.h"
#include "contract/stage.h"
#include "net/test_peer.h"

namespace entraide::contract {
namespace {

using codec::Json;
using entraide::testing::rule_of;

// Two doors of one hub: one for everybody, one that asks for certificates.
struct Doors {
  explicit Doors(Stage& stage) {
    net::test::make_certificate(folder / "hub.pem", folder / "hub.key", "IP:127.0.0.1");
    server = MUST(net::Server::start({.listen = {"https://127.0.0.1:0", "mtls://127.0.0.1:0"},
                                      .tls = net::TlsFiles{folder / "hub.pem", folder / "hub.key"},
                                      .io_threads = 1,
                                      .pool_threads = 2},
                                     stage.hub.make_router({}), {clock, random, metrics}));
  }
  ~Doors() { server->stop(Milliseconds(0)); }
  std::string url(std::size_t door) const { return "https://127.0.0.1:" + std::to_string(server->ports()[door]); }

  net::test::Folder folder;
  SystemClock clock;
  SystemRandom random;
  metrics::Registry metrics;
  std::unique_ptr<net::Server> server;
};
constexpr std::size_t kEverybody = 0, kSystems = 1;

// What a client shows at a door: the files of a certificate and its key, or nothing.
std::unique_ptr<client::Transport> transport(const Doors& doors, const std::string& certificate = {},
                                             const std::string& key = {}) {
  client::CurlOptions options{.ca_file = doors.folder / "hub.pem"};
  if (!certificate.empty()) {
    options.certificate = kit::read_text(certificate);
    options.certificate_key = std::make_shared<const SecretBytes>(to_bytes(kit::read_text(key)));
  }
  return client::make_curl_transport(std::move(options));
}

}  // namespace

TEST_CASE("a system signs in over TLS with its certificate, hears of a request and acknowledges it") {
  Stage stage;
  demo::World& world = stage.hub.world();
  demo::Office& office = world.office("au:ke:central");
  const Doors doors(stage);
  const auto thumbprint = net::test::make_certificate(doors.folder / "gateway.pem", doors.folder / "gateway.key");
  net::test::make_certificate(doors.folder / "other.pem", doors.folder / "other.key");

  const Subject system("sy:ke:gateway"), authority = office.authority;
  const auto sign = crypto::PrivateKey::generate(stage.hub.random()),
             seal = crypto::PrivateKey::generate(stage.hub.random()),
             dpop = crypto::PrivateKey::generate(stage.hub.random());
  MUST(world.enact(authority, authority, "dir.officer",
                   client::admin::officer(system, {"officer"}, world.now() + std::chrono::hours(24)),
                   {&office.administrators[0]}));
  MUST(world.enact(authority, authority, "dir.device",
                   client::admin::device(system, sign.public_key(), seal.public_key(), "soft", nullptr,
                                         codec::base64url(thumbprint)),
                   {&office.administrators[0], &sign}));
  MUST(world.renew_ring(office));
  const client::Sent asked = stage.ask();

  const auto api_over = [&](client::Transport& over, std::size_t door) {
    client::Api api(over, stage.hub.clock(), stage.hub.random(),
                    {.base_url = doors.url(door), .attempts = 2, .pause = [&](Milliseconds) {
                       MUST(stage.hub.hub().publish_now());
                     }});
    api.sign_in_with({&sign}, dpop);
    return api;
  };
  // Without the certificate, with another, or at the door that asks for none.
  const auto bare = transport(doors);
  const auto wrong = transport(doors, doors.folder / "other.pem", doors.folder / "other.key");
  const auto right = transport(doors, doors.folder / "gateway.pem", doors.folder / "gateway.key");
  CHECK(rule_of(api_over(*bare, kSystems).sign_in()) == "session.certificate.missing");
  CHECK(rule_of(api_over(*wrong, kSystems).sign_in()) == "session.certificate");
  CHECK(rule_of(api_over(*right, kEverybody).sign_in()) == "session.certificate.missing");
  const auto mixed = transport(doors, doors.folder / "gateway.pem", doors.folder / "other.key");
  CHECK(rule_of(api_over(*mixed, kSystems).sign_in()) == "network.certificate");

  client::Api api = api_over(*right, kSystems);
  const Json me = MUST(api.get("/v1/me"));
  CHECK(me.find("subject")->string() == system.str());
  const kit::TemporaryFolder folder;
  auto mirror = MUST(client::Mirror::load({folder.path() / "mirror", world.genesis()}));
  MUST(stage.hub.hub().publish_now());
  MUST(mirror.update(api));
  client::RingReader rings(api, mirror, seal);
  client::Reader reader{api, mirror, &kit::rules(), &rings, authority};
  const client::OpenedAct opened = MUST(client::open_act(reader, asked.id));
  CHECK(opened.verdict.good());
  client::Outbox outbox(folder.path() / "outbox", api, mirror);
  const client::Author author{system, authority, &sign};
  auto intent = client::acknowledgement_of(opened, authority, client::Acknowledgement::delivered);
  REQUIRE(intent.has_value());
  MUST(client::acknowledge(outbox, mirror, author, std::move(*intent), stage.hub.clock().now(), stage.hub.random()));
  const Json seen = stage.fr->read("/v1/acts/" + act::to_text(asked.id));
  CHECK(!seen.find("delivery")->array_items().front().find("delivered_at")->is_null());

  // Revoked, it is nobody, whatever it shows.
  MUST(world.enact(authority, authority, "dir.revoke", client::admin::revoke_subject(system, "replaced", world.now()),
                   {&office.administrators[0]}));
  CHECK(rule_of(api.get("/v1/me")) == "act.device.revoked");
}

}  // namespace entraide::contract
