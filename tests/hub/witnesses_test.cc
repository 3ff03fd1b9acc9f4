// The log's side of c2sp.org/tlog-witness, against witnesses that do their work: each keeps what it has cosigned, and checks
// that a new tree begins with it.

#include <future>

#include "client/admin.h"
#include "codec/codec.h"
#include "crypto/digest.h"
#include "hub/hub.h"
#include "kit/hub.h"
#include "testing/testing.h"

using namespace entraide;

namespace {

// One witness, as its operator runs it.
struct Witness {
  std::string name;
  crypto::LogSigningKey key;
  merkle::NoteVerifier log;
  std::uint64_t size = 0;
  Digest root = merkle::empty_root();
  int asked = 0;
  std::optional<int> only_says = {};  // an answer that it gives whatever it is asked
  bool is_down = false;

  merkle::NoteVerifier verifier() const { return {name, merkle::SignatureType::cosignature_v1, key.verify_key()}; }

  Result<hub::WitnessAnswer> answer(const std::string& body) {
    ++asked;
    if (is_down) return fail(Errc::unavailable, "network.connect", "nobody there");
    if (only_says) return hub::WitnessAnswer{*only_says, "", ""};
    const merkle::AddCheckpoint request = MUST(merkle::parse_add_checkpoint(body));
    CHECK(request.checkpoint.note.signatures.size() == 1);
    const merkle::Checkpoint to = MUST(merkle::verify_checkpoint(request.checkpoint, log));
    if (request.old_size != size) return hub::WitnessAnswer{409, "text/x.tlog.size", merkle::conflict_text(size)};
    if (!merkle::verify_consistency(size, root, to.size, to.root, request.proof))
      return hub::WitnessAnswer{422, "", ""};
    size = to.size;
    root = to.root;
    return hub::WitnessAnswer{
        200, "text/plain",
        merkle::to_line(merkle::cosign_note(request.checkpoint.note.text, name, key, 1'924'992'000))};
  }
};

// A hub whose genesis names two witnesses, either of which is a quorum, and a third without an address.
struct WitnessedHub {
  kit::TemporaryFolder folder;
  kit::SettableClock clock{MUST(codec::from_rfc3339("2031-03-02T09:00:00Z"))};
  SeededRandom random{7};
  metrics::Registry metrics;
  crypto::LogSigningKey log_key = crypto::LogSigningKey::generate(random);
  ledger::Log log{"hub.test/ledger", log_key};
  Witness one{"one.example", crypto::LogSigningKey::generate(random), log.verifier()};
  Witness two{"two.example", crypto::LogSigningKey::generate(random), log.verifier()};
  std::vector<crypto::PrivateKey> roots{crypto::PrivateKey::generate(random), crypto::PrivateKey::generate(random)};
  std::unique_ptr<hub::Hub> hub;

  WitnessedHub() { open(); }
  ~WitnessedHub() { MUST(hub->stop()); }

  void open() {
    hub.reset();
    hub = MUST(hub::Hub::open(
        {.database = "sqlite:" + (folder.path() / "hub.db").string(),
         .blobs = (folder.path() / "blobs").string(),
         .rulebook = ENTRAIDE_SOURCE_DIR "/rulebook",
         .tiles_every = std::chrono::hours(1),  // the test says when
         .ask_witness =
             [this](const std::string& url, const std::string& body) {
               CHECK((url == "https://one.example/w/add-checkpoint" || url == "https://two.example/add-checkpoint"));
               return (url.starts_with("https://one") ? one : two).answer(body);
             }},
        ledger::Log{log.origin, log_key}, clock, random, metrics));
    hub->start();
  }
  std::string policy() const {
    return "log " + log.verifier().vkey() + "\nwitness one " + one.verifier().vkey() +
           " https://one.example/w\nwitness two " + two.verifier().vkey() +
           " https://two.example\ngroup any any one two\nquorum any\n";
  }
  void send(std::string type, codec::Json d, std::int64_t size, const Digest& root) {
    act::Act act;
    act.type = std::move(type);
    act.nonce = codec::base64url(random.bytes(16));
    act.by = act.for_authority = Subject("org");
    act.device = roots[0].public_key().kid();
    act.at = from_seconds(to_seconds(clock.now()));
    act.rulebook = kit::rules().digest();
    act.checkpoint = {size, root};
    act.d = std::move(d);
    std::promise<void> done;
    const crypto::Signer* const signers[] = {&roots[0], &roots[1]};
    hub->submit(MUST(act::sign_act(act, signers)), {}, [&](const hub::Outcome& outcome) {
      CHECK_MESSAGE(outcome.has_value(), (outcome ? "" : outcome.error().error.message));
      done.set_value();
    });
    done.get_future().wait();
    MUST(hub->publish_now());
  }
  void begin() {
    const crypto::PublicKey publics[] = {roots[0].public_key(), roots[1].public_key()};
    send("dir.genesis", client::admin::genesis(publics, 2, log.verifier().vkey(), policy(), kit::rules().digest()), 0,
         merkle::empty_root());
  }
  /// One more entry: a key's end is as good as any.
  void grow(int key) {
    const auto before = published();
    send("dir.revoke",
         client::admin::revoke_key(roots[static_cast<std::size_t>(key)].public_key().kid(), "test", clock.now()),
         static_cast<std::int64_t>(before.checkpoint.size), before.checkpoint.root);
  }
  merkle::SignedCheckpoint published() { return MUST(hub::published_checkpoint(hub->blobs())).value(); }
  bool cosigned(const Witness& by) { return MUST(merkle::verify_note(published().note, by.verifier())).has_value(); }
};

}  // namespace

TEST_CASE("each published checkpoint is cosigned by the witnesses that genesis names, whose work is checked") {
  WitnessedHub place;
  CHECK(MUST(place.hub->ask_witnesses_now()) == 0);  // nothing is published yet
  place.begin();
  CHECK(!place.cosigned(place.one));
  CHECK(MUST(place.hub->ask_witnesses_now()) == 2);
  CHECK(place.cosigned(place.one));
  CHECK(place.cosigned(place.two));
  MUST(merkle::verify_checkpoint(place.published(), place.log.verifier()));
  // Publishing the same again leaves the cosignatures; so does a restart.
  MUST(place.hub->publish_now());
  CHECK(place.cosigned(place.one));
  place.open();
  MUST(place.hub->publish_now());
  CHECK(place.cosigned(place.two));

  // The tree grows: this hub has forgotten what they have seen, asks from zero, and goes on from what they say.
  place.grow(1);
  CHECK(!place.cosigned(place.one));
  place.one.asked = 0;
  CHECK(MUST(place.hub->ask_witnesses_now()) == 2);
  CHECK(place.one.asked == 2);
  CHECK(place.one.size == 2);
  CHECK(place.cosigned(place.one));
}

TEST_CASE("a witness that is down, refuses or lies holds nobody up, and is told of") {
  WitnessedHub place;
  place.begin();
  const auto count = [&](const char* name) {
    const std::string text = place.metrics.text();
    const std::size_t at = text.find("\n" + std::string(name) + " ");
    return at == std::string::npos ? -1 : std::atoi(text.c_str() + at + 2 + std::string(name).size());
  };
  place.one.is_down = true;
  CHECK(MUST(place.hub->ask_witnesses_now()) == 1);
  CHECK(place.cosigned(place.two));
  CHECK(count("entraide_witness_silent_total") == 1);
  place.one.is_down = false;

  for (const int status : {403, 404, 422}) {
    place.one.only_says = status;
    CHECK(MUST(place.hub->ask_witnesses_now()) == 1);
  }
  CHECK(count("entraide_witness_refused_total") == 3);
  place.one.only_says = 503;
  CHECK(MUST(place.hub->ask_witnesses_now()) == 1);
  CHECK(count("entraide_witness_silent_total") == 2);
  place.one.only_says = {};

  // It has seen more under this key than there is here: another history.
  place.one.size = 9;
  CHECK(MUST(place.hub->ask_witnesses_now()) == 1);
  // It has seen another tree of a size that there is here.
  place.one.size = 1;
  place.one.root = crypto::sha256(std::string_view("another tree"));
  place.grow(1);
  CHECK(MUST(place.hub->ask_witnesses_now()) == 1);
  CHECK(!place.cosigned(place.one));
  CHECK(count("entraide_witness_refused_total") == 5);

  // Somebody else's signature in its name is not put to the checkpoint.
  place.two.key = crypto::LogSigningKey::generate(place.random);
  CHECK(MUST(place.hub->ask_witnesses_now()) == 0);
  CHECK(count("entraide_witness_refused_total") == 7);
}
