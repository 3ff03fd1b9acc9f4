#include <filesystem>
#include <fstream>

#include "client/answers.h"
#include "client/files.h"
#include "client/open.h"
#include "client/outbox.h"
#include "client/upload.h"
#include "client/world_for_test.h"
#include "codec/codec.h"
#include "crypto/digest.h"
#include "crypto/file.h"
#include "crypto/jwe.h"

using namespace entraide;
using namespace entraide::client;
using codec::Json;
using entraide::testing::rule_of;

namespace {

const rulebook::Rulebook& rules() {
  static const rulebook::Rulebook all = MUST(rulebook::load_folder(ENTRAIDE_SOURCE_DIR "/rulebook"));
  return all;
}

Json answers_of(const std::string& name) {
  const Bytes bytes =
      MUST(read_file(std::string(ENTRAIDE_SOURCE_DIR "/rulebook/examples/answers/") + name + ".json", 1 << 20));
  return *MUST(codec::parse_json(bytes)).find("values");
}

/// France asks Kenya, with everything that the full form has.
struct Request {
  World world;
  std::unique_ptr<World::Client> france = world.client_of(world.france, "france");
  std::unique_ptr<World::Client> kenya = world.client_of(world.kenya, "kenya");
  Contents contents;
  Sealed sealed;
  std::string body;

  Request() {
    MUST(france->mirror.update(france->api));
    contents.type = "assistance.request";
    contents.case_id = new_case_id(world.random);
    contents.issuing = world.france.authority;
    contents.receiving = {world.kenya.authority};
    contents.answers = answers_of("assistance-full");
    contents.basis = contents.answers.find("basis")->string();
    contents.summary = "طلب مساعدة: بيانات حساب بريد، ثلاثة أيام";
    contents.translations = {{"en", "sworn translator", "", answers_of("assistance-full-en")}};
  }
  void seal() {
    const DocumentSigner signer{&world.france.document, world.france.chain};
    sealed =
        MUST(seal_contents(rules(), france->mirror.directory(), contents, &signer, world.clock.now(), world.random));
  }
  /// The act as it is, or bent by a test before it is signed.
  std::int64_t send(const std::function<void(act::Act&)>& bend = {}) {
    act::Act act = compose(france->mirror, world.france.author(),
                           {contents.type, contents.receiving, contents.case_id, {}, sealed.objects, sealed.d},
                           world.clock.now(), world.random, rules().digest());
    if (bend) bend(act);
    body = MUST(sign(act, world.france.author()));
    return world.hub.append(body, sealed.jwes);
  }
  OpenedAct open() {
    Reader reader{kenya->api, kenya->mirror, &rules(), &kenya->rings, world.kenya.authority};
    return MUST(open_act(reader, MUST(act::parse_act(body)).id));
  }
};

std::string failed_check(const Verdict& verdict) {
  const Step* failed = verdict.first_failure();
  return failed == nullptr ? "none" : failed->check;
}

}  // namespace

TEST_CASE("a full request in French and Arabic goes out sealed and opens on the other side, every step holding") {
  Request request;
  request.seal();
  request.send();
  const std::string jwe = request.sealed.jwes[0];
  for (const auto& [name, value] : request.contents.answers.members())
    if (value.is_string() && value.string().size() > 12 && request.sealed.d.find(name) == nullptr)
      CHECK(jwe.find(value.string()) == std::string::npos);
  const OpenedAct opened = request.open();
  for (const Step& step : opened.verdict.steps) {
    CAPTURE(step.check);
    CAPTURE(step.words);
    CHECK(step.finding == Finding::holds);
  }
  REQUIRE(opened.objects.size() == 3);
  const Json& document = *opened.objects[0].document;
  Json answers = *document.find("answers");
  for (const auto& [name, value] : document.find("routing")->members()) answers.set(name, value);
  for (const auto& [name, value] : answers.members()) {
    CAPTURE(name);
    REQUIRE(request.contents.answers.find(name) != nullptr);
    CHECK(value == *request.contents.answers.find(name));
  }
  CHECK(opened.objects[1].document->find("text")->string() == request.contents.summary);
  CHECK(*opened.objects[2].document->find("language") == Json("en"));
}

TEST_CASE("the hub gets nothing but the routing fields in clear") {
  Request request;
  request.seal();
  const auto parted =
      rulebook::part_answers(rules(), "assistance.request", request.contents.basis, request.contents.answers,
                             rulebook::profile_of(rules(), "ke"), request.world.clock.now());
  CHECK(request.sealed.d == parted.routing);
  CHECK(request.sealed.d.members().size() < request.contents.answers.members().size());
  for (const act::ObjectRef& ref : request.sealed.objects) CHECK(ref.to.size() == 2);
}

TEST_CASE("a form that is not complete is not sealed, and every defect is told") {
  Request request;
  const DocumentSigner signer{&request.world.france.document, request.world.france.chain};
  std::erase_if(request.contents.answers.members(),
                [](const Json::Member& member) { return member.first != "basis"; });
  const auto refused = seal_contents(rules(), request.france->mirror.directory(), request.contents, &signer,
                                     request.world.clock.now(), request.world.random);
  CHECK(rule_of(refused) == "form.required");
  CHECK(std::count(refused.error().message.begin(), refused.error().message.end(), '\n') > 3);
}

TEST_CASE("a summary is at most 120 characters, in any script") {
  Request request;
  const DocumentSigner signer{&request.world.france.document, request.world.france.chain};
  const auto with = [&](std::string summary) {
    request.contents.summary = std::move(summary);
    return rule_of(seal_contents(rules(), request.france->mirror.directory(), request.contents, &signer,
                                 request.world.clock.now(), request.world.random));
  };
  std::string arabic;
  for (int i = 0; i < 120; ++i) arabic += "م";
  CHECK(with(arabic) == "accepted");
  CHECK(with(arabic + "م") == "seal.summary");
}

TEST_CASE("nothing is sealed to an authority without a ring, and no document is made without its key") {
  Request request;
  const DocumentSigner signer{&request.world.france.document, request.world.france.chain};
  CHECK(rule_of(seal_contents(rules(), request.france->mirror.directory(), request.contents, nullptr,
                              request.world.clock.now(), request.world.random)) == "seal.signer");
  request.contents.receiving = {Subject("au:ma:central-authority")};
  CHECK(rule_of(seal_contents(rules(), request.france->mirror.directory(), request.contents, &signer,
                              request.world.clock.now(), request.world.random)) == "seal.ring");
}

TEST_CASE("what does not hold is named: each way in which an act or its content may be false") {
  Request request;
  request.seal();
  SUBCASE("a document of another case, forwarded in a new act") {
    request.send([&](act::Act& act) { act.case_id = new_case_id(request.world.random); });
    CHECK(failed_check(request.open().verdict) == "seal");
  }
  SUBCASE("routing fields that are not those signed in the document") {
    request.send([](act::Act& act) { act.d.set("urgency", "ordinary-but-other"); });
    CHECK(failed_check(request.open().verdict) == "agreement");
  }
  SUBCASE("another commitment than that of the content") {
    request.send([](act::Act& act) { act.objects[0].content_commitment = act.objects[1].content_commitment; });
    CHECK(failed_check(request.open().verdict) == "commitment");
  }
  SUBCASE("a receiver that the seal does not have") {
    request.send([](act::Act& act) { std::swap(act.objects[0].to[0], act.objects[0].to[1]); });
    CHECK(failed_check(request.open().verdict) == "seal");
  }
  SUBCASE("a signer that had been revoked") {
    request.world.directory_act(request.world.france.administrator(), "dir.revoke",
                                Json::object({{"kid", request.world.france.sign.public_key().kid().str()},
                                              {"why", "lost"},
                                              {"from", "2027-01-15T08:00:00Z"}}));
    request.send();
    CHECK(failed_check(request.open().verdict) == "chain");
  }
  SUBCASE("a signer who does not act for that authority") {
    request.send([&](act::Act& act) { act.for_authority = request.world.kenya.authority; });
    CHECK(failed_check(request.open().verdict) == "chain");
  }
  SUBCASE("a signer who was shown another ledger") {
    request.send([](act::Act& act) { act.checkpoint.root.value[0] ^= 1; });
    CHECK(failed_check(request.open().verdict) == "signer-view");
  }
  SUBCASE("a ledger of the future") {
    request.send([](act::Act& act) { act.checkpoint.size += 1000; });
    CHECK(failed_check(request.open().verdict) == "signer-view");
  }
  SUBCASE("a document whose certificate leads to another country's root") {
    const DocumentSigner stranger{&request.world.kenya.document, request.world.kenya.chain};
    request.sealed = MUST(seal_contents(rules(), request.france->mirror.directory(), request.contents, &stranger,
                                        request.world.clock.now(), request.world.random));
    request.send();
    CHECK(failed_check(request.open().verdict) == "document");
  }
  SUBCASE("an object that the hub exchanged") {
    request.send();
    request.world.hub.tamper = [&](const HttpRequest& asked, HttpResponse& response) {
      if (asked.url.find("/objects/") != std::string::npos && response.body == request.sealed.jwes[0])
        response.body = request.sealed.jwes[1];
    };
    CHECK(failed_check(request.open().verdict) == "object");
  }
  SUBCASE("a signature that does not verify") {
    request.send();
    std::string& logged = request.world.hub.entries.back().body;
    const std::size_t dot = logged.rfind('.');
    logged[dot + 5] = logged[dot + 5] == 'A' ? 'B' : 'A';
    const std::string failed = failed_check(request.open().verdict);
    CHECK(failed == "receipt");
  }
}

TEST_CASE("a ring's history opens older cases to a newer generation, and no history keeps them closed") {
  World world;
  auto client = world.client_of(world.kenya, "kenya");
  MUST(client->mirror.update(client->api));
  const RingKeys* first = MUST(client->rings.keys(world.kenya.authority, 1));
  const crypto::PublicKey first_key = first->key().public_key();

  const NewRing second =
      MUST(make_ring(world.directory, world.kenya.authority, first, world.clock.now(), world.random));
  world.directory_act(world.kenya.administrator(), "ring.new", second.d, {}, {second.wrap});
  const RingKeys opened = MUST(open_wrap(world.directory, world.kenya.authority, 2, second.wrap, world.kenya.seal));
  CHECK(MUST(walk_back(world.directory, world.kenya.authority, opened, 2, 1)).key().public_key() == first_key);

  const NewRing third =
      MUST(make_ring(world.directory, world.kenya.authority, nullptr, world.clock.now(), world.random));
  world.directory_act(world.kenya.administrator(), "ring.new", third.d, {}, {third.wrap});
  const RingKeys newest = MUST(open_wrap(world.directory, world.kenya.authority, 3, third.wrap, world.kenya.seal));
  CHECK(rule_of(walk_back(world.directory, world.kenya.authority, newest, 3, 2)) == "ring.history");

  // By the hub: a client that knows nothing yet opens the first generation from the newest wrap that leads there.
  auto fresh = world.client_of(world.kenya, "fresh");
  MUST(fresh->mirror.update(fresh->api));
  CHECK(MUST(fresh->rings.keys(world.kenya.authority, 1))->key().public_key() == first_key);
}

TEST_CASE("two hundred generations of a ring stay one small wrap, and the newest opens the oldest") {
  World world;
  const Subject& kenya = world.kenya.authority;
  auto client = world.client_of(world.kenya, "kenya");
  MUST(client->mirror.update(client->api));
  RingKeys keys = *MUST(client->rings.keys(kenya, 1));
  const crypto::PublicKey first_key = keys.key().public_key();
  std::size_t at_100 = 0, at_200 = 0;
  for (std::int64_t generation = 2; generation <= 200; ++generation) {
    const NewRing next = MUST(make_ring(world.directory, kenya, &keys, world.clock.now(), world.random));
    world.directory_act(world.kenya.administrator(), "ring.new", next.d, {}, {next.wrap});
    keys = MUST(open_wrap(world.directory, kenya, generation, next.wrap, world.kenya.seal));
    if (generation == 100) at_100 = next.wrap.size();
    if (generation == 200) at_200 = next.wrap.size();
  }
  CHECK(keys.size() == 200);
  CHECK(at_200 < 100'000);
  CHECK(at_200 - at_100 < at_100);  // each generation adds the same
  CHECK(MUST(walk_back(world.directory, kenya, keys, 200, 1)).key().public_key() == first_key);
  for (const std::int64_t wanted : {199, 101, 2})
    CHECK(MUST(walk_back(world.directory, kenya, keys, 200, wanted)).size() == static_cast<std::size_t>(wanted));

  // A history in another order than the directory's is somebody's invention.
  const std::string text(text_of(keys.plaintext().view()));
  const codec::Json read = MUST(codec::parse_json(text));
  codec::Json::Array swapped = read.find("keys")->array_items();
  std::swap(swapped[1], swapped[2]);
  const auto shuffled = MUST(RingKeys::parse(bytes_of(codec::to_json(codec::Json::object({{"keys", swapped}})))));
  CHECK(rule_of(walk_back(world.directory, kenya, shuffled, 200, 199)) == "ring.substituted");
  CHECK(rule_of(walk_back(world.directory, kenya, shuffled, 200, 200)) == "accepted");

  // There is an end to it, which is said.
  codec::Json::Array many(kGenerationsMax, swapped[0]);
  const auto full = MUST(RingKeys::parse(bytes_of(codec::to_json(codec::Json::object({{"keys", many}})))));
  CHECK(rule_of(full.followed_by(full.key())) == "ring.history");
  many.push_back(swapped[0]);
  CHECK(rule_of(RingKeys::parse(bytes_of(codec::to_json(codec::Json::object({{"keys", many}}))))) ==
        "ring.plaintext");
  for (const char* wrong : {"{}", "{\"keys\":[]}", "{\"keys\":[1]}", "{\"keys\":[],\"prev\":null}", "[]"}) {
    INFO(wrong);
    CHECK(!RingKeys::parse(bytes_of(std::string_view(wrong))));
  }
}

TEST_CASE("a wrap with another key than the announced one is noticed, and strangers open none") {
  World world;
  const NewRing ring =
      MUST(make_ring(world.directory, world.kenya.authority, nullptr, world.clock.now(), world.random));
  const NewRing other =
      MUST(make_ring(world.directory, world.kenya.authority, nullptr, world.clock.now(), world.random));
  world.directory_act(world.kenya.administrator(), "ring.new", ring.d, {}, {ring.wrap});
  CHECK(rule_of(open_wrap(world.directory, world.kenya.authority, 2, other.wrap, world.kenya.seal)) ==
        "ring.substituted");
  CHECK(rule_of(open_wrap(world.directory, world.kenya.authority, 1, ring.wrap, world.kenya.seal)) == "ring.context");
  CHECK(rule_of(open_wrap(world.directory, world.kenya.authority, 2, ring.wrap, world.france.seal)) ==
        "jwe.not_recipient");
  const RingKeys keys = MUST(open_wrap(world.directory, world.kenya.authority, 2, ring.wrap, world.kenya.seal));
  CHECK(rule_of(grant_ring(world.directory, world.kenya.authority, 2, keys, KeyId("unknown"), world.random)) ==
        "ring.member");
}

TEST_CASE("a file of 700 kB is encrypted, sent in pieces over a line that breaks, fetched and found whole") {
  World world;
  auto client = world.client_of(world.france, "france");
  const Bytes content = world.random.bytes(700'000);
  {
    std::ofstream out(world.folder / "order.pdf", std::ios::binary);
    out.write(reinterpret_cast<const char*>(content.data()), static_cast<std::streamsize>(content.size()));
  }
  const FileEntry entry = MUST(encrypt_file(world.folder / "order.pdf", world.folder / "sealed", world.random));
  CHECK(entry.size == 700'000);
  CHECK(static_cast<std::uint64_t>(entry.sealed_size) == crypto::sealed_file_size(700'000));
  const FileEntry again = MUST(read_manifest_entry(MUST(codec::parse_json(codec::to_json(manifest_entry(entry))))));
  CHECK(again.sealed_hash == entry.sealed_hash);

  // A tus server in a few lines; the third piece arrives, its answer does not.
  std::string stored;
  int pieces = 0;
  bool exists = false;
  world.hub.tamper = [&](const HttpRequest& request, HttpResponse& response) {
    if (request.url.find("/v1/files") == std::string::npos) return;
    if (request.method == "POST") {
      exists = true;
      response = {201, {}, ""};
    } else if (request.method == "HEAD") {
      response = exists ? HttpResponse{200, {{"upload-offset", std::to_string(stored.size())}}, ""}
                        : HttpResponse{404, {}, ""};
    } else if (request.method == "PATCH") {
      stored += request.body;
      if (++pieces == 3) world.hub.break_after = 1;
      response = {204, {{"upload-offset", std::to_string(stored.size())}}, ""};
    } else {
      std::string range;
      for (const auto& [name, value] : request.headers)
        if (name == "Range") range = value.substr(6);
      const std::size_t from = std::stoul(range), to = std::stoul(range.substr(range.find('-') + 1));
      response = {206, {}, stored.substr(from, to - from + 1)};
    }
  };
  MUST(upload_file(client->api, world.folder / "sealed", entry, 100'000));
  CHECK(crypto::sha256(std::string_view(stored)) == entry.sealed_hash);
  MUST(download_file(client->api, entry, world.folder / "fetched"));
  CHECK(MUST(read_file(world.folder / "fetched", 1 << 20)) == content);

  stored[300'000] = static_cast<char>(stored[300'000] ^ 1);
  CHECK_FALSE(download_file(client->api, entry, world.folder / "bad").has_value());
  CHECK_FALSE(std::filesystem::exists(world.folder / "bad"));
  CHECK_FALSE(std::filesystem::exists(world.folder / "bad.part"));
}

TEST_CASE("many sealed summaries come with their acts, and each is judged by itself") {
  Request request;
  request.seal();
  std::vector<ActId> sent;
  for (int i = 0; i < 3; ++i) {
    request.send([&](act::Act& act) { act.nonce = codec::base64url(request.world.random.bytes(16)); });
    sent.push_back(MUST(act::parse_act(request.body)).id);
  }
  World::Client& kenya = *request.kenya;
  MUST(kenya.mirror.update(kenya.api));
  Reader reader{kenya.api, kenya.mirror, &rules(), &kenya.rings, request.world.kenya.authority};
  const auto summary_of = [&](const FetchedAct& act, const ActId& id) {
    const OpenedAct opened = MUST(open_summary(reader, id, act));
    if (const Step* failed = opened.verdict.first_failure()) return "fails: " + failed->check;
    REQUIRE(opened.objects.size() == 1);  // the document and its translation were not asked for
    return opened.objects[0].document->find("text")->string();
  };
  const std::vector<ActId> asked{sent[2], ActId{}, sent[0], sent[1]};

  SUBCASE("in as many answers as it takes, without those that are not there") {
    for (const std::size_t at_once : {100, 2, 1}) {
      request.world.hub.acts_at_once = at_once;
      const auto fetched = MUST(fetch_with_summaries(kenya.api, asked));
      CHECK(fetched.size() == 3);
      for (const ActId& id : sent) CHECK(summary_of(fetched.at(id), id) == request.contents.summary);
    }
    const int before = request.world.hub.requests;
    CHECK(MUST(fetch_with_summaries(kenya.api, {})).empty());
    CHECK(request.world.hub.requests == before);
  }
  SUBCASE("without a request more for each") {
    const auto fetched = MUST(fetch_with_summaries(kenya.api, asked));
    (void)summary_of(fetched.at(sent[0]), sent[0]);  // asks for the ring, once
    int asked_for_acts = 0;
    request.world.hub.tamper = [&](const HttpRequest& made, HttpResponse&) {
      if (made.url.find("/v1/") != std::string::npos) ++asked_for_acts;
    };
    for (const ActId& id : sent) (void)summary_of(fetched.at(id), id);
    CHECK(asked_for_acts == 0);  // the ledger's public tiles are another matter
  }
  SUBCASE("an altered one fails, and the others hold") {
    auto fetched = MUST(fetch_with_summaries(kenya.api, asked));
    fetched.at(sent[1]).sealed.begin()->second.back() = ' ';
    CHECK(summary_of(fetched.at(sent[1]), sent[1]) == "fails: object");
    CHECK(summary_of(fetched.at(sent[0]), sent[0]) == request.contents.summary);
    // One act in the place of another.
    CHECK(summary_of(fetched.at(sent[0]), sent[2]) == "fails: format");
  }
  SUBCASE("a hub that gives a part and no way to the rest is not believed") {
    for (const Json& next : {Json(act::to_text(asked[0])), Json(act::to_text(request.world.genesis))}) {
      request.world.hub.tamper = [&](const HttpRequest& request_made, HttpResponse& response) {
        if (request_made.url.find("/v1/acts?") != std::string::npos)
          response.body = codec::to_json(Json::object({{"items", Json::array()}, {"next", next}}));
      };
      CHECK(rule_of(fetch_with_summaries(kenya.api, asked)) == "act.record");
    }
  }
}
