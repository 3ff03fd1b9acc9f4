#include "client/proof.h"

#include "client/admin.h"
#include "client/files.h"
#include "client/world_for_test.h"
#include "codec/codec.h"

using namespace entraide;
using namespace entraide::client;
using codec::Json;
using entraide::testing::rule_of;

namespace {

struct Exported {
  World world;
  ProofBundle bundle;
  const rulebook::Rulebook rules = MUST(rulebook::load_folder(ENTRAIDE_SOURCE_DIR "/rulebook"));
  std::optional<OpenedAct> opened;

  ProofBundle exported() {
    auto client = world.client_of(world.france, "exporter");
    MUST(client->mirror.update(client->api));
    return MUST(export_proof(client->api, client->mirror, std::span(&*opened, 1), true,
                             [&](const Digest&) -> Result<std::string> { return rules.bundle(); }));
  }

  Exported() {
    const crypto::Signer* second[] = {&world.root_2};
    world.directory_act({Subject("org"), Subject("org"), &world.root_1}, "dir.rulebook",
                        admin::rulebook(rules.digest()), second);
    auto france = world.client_of(world.france, "france");
    MUST(france->mirror.update(france->api));
    Contents contents;
    contents.type = "preservation.request";
    contents.case_id = new_case_id(world.random);
    contents.issuing = world.france.authority;
    contents.receiving = {world.kenya.authority};
    const Bytes bytes =
        MUST(read_file(ENTRAIDE_SOURCE_DIR "/rulebook/examples/answers/preservation-full.json", 1 << 20));
    contents.answers = *MUST(codec::parse_json(bytes)).find("values");
    contents.basis = contents.answers.find("basis")->string();
    contents.summary = "Mail account, three days";
    const DocumentSigner signer{&world.france.document, world.france.chain};
    const Sealed sealed =
        MUST(seal_contents(rules, france->mirror.directory(), contents, &signer, world.clock.now(), world.random));
    const act::Act act = compose(france->mirror, world.france.author(),
                                 {contents.type, contents.receiving, contents.case_id, {}, sealed.objects, sealed.d},
                                 world.clock.now(), world.random, rules.digest());
    const std::string body = MUST(sign(act, world.france.author()));
    world.hub.append(body, sealed.jwes);
    world.hub.append_note("{}");
    Reader reader{france->api, france->mirror, &rules, &france->rings, world.france.authority};
    opened = MUST(open_act(reader, MUST(act::parse_act(body)).id));
    REQUIRE(opened->verdict.good());
    bundle = exported();
  }
};

/// The first check that fails, of the bundle or of any line.
std::string failed_check(const ProofVerdict& verdict) {
  if (const Step* failed = verdict.bundle.first_failure()) return failed->check;
  for (const ProofLine& line : verdict.lines)
    if (const Step* failed = line.verdict.first_failure()) return failed->check;
  return "none";
}

char other(char c) { return c == 'A' ? 'B' : 'A'; }

}  // namespace

TEST_CASE("a bundle is checked offline, in one tree, with the document that was disclosed") {
  Exported made;
  const ProofBundle read = MUST(parse_bundle_file(to_text(made.bundle)));
  const ProofVerdict verdict = verify_proof(read, made.world.genesis);
  CHECK(failed_check(verdict) == "none");
  CHECK(verdict.good());
  CHECK_FALSE(verdict.witnessed);
  REQUIRE(verdict.lines.size() == 7);  // genesis, country, authority, officer, device, rulebook, the act
  CHECK(verdict.lines.back().documents.size() == 2);
  CHECK(verdict.bundle.steps.back().check == "one-tree");
  CHECK(verdict.bundle.steps.back().finding == Finding::holds);
  const auto finding = [&](const char* check) {
    for (const Step& step : verdict.lines.back().verdict.steps)
      if (step.check == check) return step.finding;
    return Finding::fails;
  };
  CHECK(finding("rulebook") == Finding::holds);
  CHECK(finding("form") == Finding::holds);
  CHECK(finding("revocation") == Finding::not_shown);
}

TEST_CASE("a bundle's rulebook is the one that the act names, bit for bit, and was in force") {
  Exported made;
  const auto with = [&](const std::function<void(ProofBundle&)>& change) {
    ProofBundle bent = made.bundle;
    change(bent);
    const ProofVerdict verdict = verify_proof(bent, std::nullopt);
    return std::pair(verdict.good(), failed_check(verdict));
  };
  REQUIRE(made.bundle.rulebooks.size() == 1);
  // One letter of a rule, of a word: it is another rulebook, which nobody named.
  for (const char* word : {"P60D", "preservation.request"}) {
    INFO(word);
    CHECK(with([&](ProofBundle& b) {
            const std::size_t at = b.rulebooks[0].find(word);
            REQUIRE(at != std::string::npos);
            b.rulebooks[0].insert(b.rulebooks[0].rfind("\\n", at), " ");
          }) == std::pair(false, std::string("rulebook")));
  }
  CHECK(with([](ProofBundle& b) { b.rulebooks[0].pop_back(); }) == std::pair(false, std::string("rulebook")));
  CHECK(with([](ProofBundle& b) { b.rulebooks[0] = "{}"; }) == std::pair(false, std::string("rulebook")));
  // Left out, it leaves the form open, which is said; the rest holds.
  CHECK(with([](ProofBundle& b) { b.rulebooks.clear(); }).first);
  // The act that put it into force, left out.
  CHECK(with([](ProofBundle& b) {
          std::erase_if(b.items, [](const ProofItem& item) {
            return MUST(act::parse_act(item.body)).act.type == "dir.rulebook";
          });
        }) == std::pair(false, std::string("rulebook")));
}

TEST_CASE("what was revoked before an act counts against it; what was revoked later is told") {
  Exported made;
  const Party& france = made.world.france;
  const auto words_of_revocation = [](const ProofVerdict& verdict) {
    for (const Step& step : verdict.lines.back().verdict.steps)
      if (step.check == "revocation") return step.words;
    return std::string();
  };
  CHECK(words_of_revocation(verify_proof(made.bundle, std::nullopt)).find("revoked later") == std::string::npos);

  // The device is lost a day later: the act stays good, and whoever reads the proof is told.
  const Json lost = admin::revoke_key(france.sign.public_key().kid(), "lost", made.world.clock.now());
  made.world.directory_act(france.administrator(), "dir.revoke", lost);
  auto kenya = made.world.client_of(made.world.kenya, "kenya");
  MUST(kenya->mirror.update(kenya->api));
  const ProofBundle later = MUST(export_proof(kenya->api, kenya->mirror, std::span(&*made.opened, 1), false));
  CHECK(later.items.size() == made.bundle.items.size() + 1);
  const ProofVerdict verdict = verify_proof(later, std::nullopt);
  CHECK(failed_check(verdict) == "none");
  CHECK(words_of_revocation(verdict).find("revoked later") != std::string::npos);

  // A revocation that stands before the act makes the act nothing, whoever carries it along.
  World world;
  world.directory_act(world.france.administrator(), "dir.revoke",
                      admin::revoke_key(world.france.sign.public_key().kid(), "lost", world.clock.now()));
  act::Act act;
  act.type = "preservation.request";
  act.nonce = codec::base64url(world.random.bytes(16));
  act.by = world.france.officer;
  act.device = world.france.sign.public_key().kid();
  act.for_authority = world.france.authority;
  act.at = world.clock.now();
  act.checkpoint = world.seen();
  const std::string body = MUST(sign(act, world.france.author()));
  const std::int64_t index = world.hub.append(body);
  auto reader = world.client_of(world.kenya, "kenya");
  MUST(reader->mirror.update(reader->api));
  OpenedAct forged;
  forged.body = body;
  forged.id = MUST(act::parse_act(body)).id;
  forged.index = index;
  forged.time = world.clock.now();
  forged.receipt = world.hub.receipt(static_cast<std::size_t>(index));
  CHECK(failed_check(verify_proof(MUST(export_proof(reader->api, reader->mirror, std::span(&forged, 1), false)),
                                  std::nullopt)) == "chain");
}

TEST_CASE("without a genesis of one's own the verdict says that the anchor is not shown") {
  Exported made;
  const ProofVerdict verdict = verify_proof(made.bundle, std::nullopt);
  CHECK(verdict.good());
  CHECK(verdict.bundle.steps[0].finding == Finding::not_shown);
  ActId wrong = made.world.genesis;
  wrong.value[3] ^= 1;
  CHECK(failed_check(verify_proof(made.bundle, wrong)) == "anchor");
}

TEST_CASE("each field of a bundle, changed, is found and named") {
  Exported made;
  const auto with = [&](const std::function<void(ProofBundle&)>& change) {
    ProofBundle bent = made.bundle;
    bent.rulebooks.clear();  // not what is looked at here, and long to read
    change(bent);
    const ProofVerdict verdict = verify_proof(bent, std::nullopt);
    CHECK_FALSE(verdict.good());
    return failed_check(verdict);
  };
  const std::size_t last = made.bundle.items.size() - 1;
  CHECK(with([](ProofBundle& b) { b.genesis.value[0] ^= 1; }) == "genesis");
  CHECK(with([](ProofBundle& b) { b.policy = "quorum none\n"; }) == "genesis");
  CHECK(with([](ProofBundle& b) { b.policy = "nonsense"; }) == "policy");
  CHECK(with([](ProofBundle& b) { b.policy += "\n"; }) == "genesis");
  CHECK(with([](ProofBundle& b) { b.items.erase(b.items.begin()); }) == "genesis");
  CHECK(with([](ProofBundle& b) { std::swap(b.items[1], b.items[2]); }) == "signature");
  CHECK(with([](ProofBundle& b) { std::swap(b.items[3], b.items[4]); }) == "directory");
  CHECK(with([&](ProofBundle& b) { std::swap(b.items[4], b.items[last]); }) == "signature");
  CHECK(with([&](ProofBundle& b) {
          b.items.insert(b.items.begin() + static_cast<std::ptrdiff_t>(last), b.items[1]);
        }) == "order");
  CHECK(with([](ProofBundle& b) { b.items.push_back(b.items[1]); }) == "order");
  CHECK(with([](ProofBundle& b) { b.items.erase(b.items.begin() + 1); }) == "signature");
  CHECK(with([&](ProofBundle& b) { b.items.erase(b.items.begin() + 4); }) == "signature");
  CHECK(with([&](ProofBundle& b) { b.items[last].is_directory = true; }) == "role");
  CHECK(with([&](ProofBundle& b) { b.items[last].documents[0].hash.value[0] ^= 1; }) == "document-of-act");
  CHECK(with([&](ProofBundle& b) { b.items[last].documents[0].plaintext[40] ^= 1; }) == "commitment");
  CHECK(with([&](ProofBundle& b) { b.items[last].documents[0].plaintext.pop_back(); }) == "commitment");
  CHECK(with([&](ProofBundle& b) {
          b.items[last].files.push_back(Json::object({{"fid", "x"}, {"name", "y"}, {"sha256", "z"}}));
        }) == "files");
  CHECK(with([](ProofBundle& b) { b.items.clear(); }) != "");
}

TEST_CASE("no letter of an act or of its receipt can be changed") {
  Exported made;
  for (std::size_t item : {std::size_t{0}, std::size_t{4}, made.bundle.items.size() - 1}) {
    for (const bool receipt : {false, true}) {
      const std::string& text = receipt ? made.bundle.items[item].receipt : made.bundle.items[item].body;
      for (std::size_t at = 0; at < text.size(); at += 1 + text.size() / 60) {
        ProofBundle bent = made.bundle;
        bent.rulebooks.clear();  // not what is looked at here, and long to read
        std::string& changed = receipt ? bent.items[item].receipt : bent.items[item].body;
        changed[at] = changed[at] == '\n' ? ' ' : other(changed[at]);
        CAPTURE(item);
        CAPTURE(receipt);
        CAPTURE(at);
        CHECK_FALSE(verify_proof(bent, std::nullopt).good());
      }
    }
  }
}

TEST_CASE("two trees of one size, both signed by the log, are shown to be a fork") {
  Exported made;
  FakeHub& hub = made.world.hub;
  const std::size_t size = hub.entries.size();
  ProofBundle forked = made.bundle;
  // The log signs another last entry, and a receipt for the genesis act in that tree.
  hub.truncate(size - 1);
  hub.append_note("{\"other\":1}");
  forked.items[0].receipt = hub.receipt(0);
  CHECK(failed_check(verify_proof(forked, std::nullopt)) == "fork");
}

TEST_CASE("a proof is not made of an act that does not hold") {
  Exported made;
  auto client = made.world.client_of(made.world.france, "again");
  MUST(client->mirror.update(client->api));
  OpenedAct opened;
  opened.body = made.bundle.items.back().body;
  opened.verdict.fails("signature", "it does not verify");
  CHECK(rule_of(export_proof(client->api, client->mirror, std::span(&opened, 1), false)) == "proof.not-good");
}

TEST_CASE("a bundle file is read strictly") {
  Exported made;
  const std::string text = to_text(made.bundle);
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string changed = text;
    changed.replace(changed.find(from), from.size(), to);
    return rule_of(parse_bundle_file(changed));
  };
  CHECK(with("entraide-proof/1", "entraide-proof/2") == "proof.form");
  CHECK(with("\"role\": \"directory\"", "\"role\": \"other\"") == "json.member");
  CHECK(with("\"policy\"", "\"polity\"") == "proof.form");
  CHECK(rule_of(parse_bundle_file(text.substr(0, text.size() / 2))) == "json.syntax");
}
