// What judging costs without the database: rules, forms, signatures, seals. A second of one core's CPU.
//   rules_bench

#include "bench/scene.h"
#include "codec/codec.h"
#include "crypto/digest.h"
#include "crypto/jwe.h"

using namespace entraide;
using namespace entraide::bench;

namespace {

rulebook::Authority authority(std::string_view id) {
  return {Subject(std::string(id)), "contact-point", std::string(id.substr(3, 2))};
}

void print(const char* what, double rate, double limit = 0, const char* limit_name = "") {
  std::printf("%-58s %10.0f/s  %7.2f us", what, rate, 1e6 / rate);
  if (limit > 0) std::printf("   %5.2f of %s", rate / limit, limit_name);
  std::printf("\n");
}

}  // namespace

int main() {
  print_head("rules: decisions, forms, signatures, seals, without a database");
  const Folder folder("rules");
  const ledger::Log log = make_log(folder);
  SystemRandom random;
  SystemClock clock;
  metrics::Registry metrics;
  auto database = BENCH_MUST(store::Database::open("sqlite:" + (folder / "hub.db")));
  BENCH_MUST(hub::Committer::migrate(*database));
  auto connection = std::make_unique<store::Connection>(BENCH_MUST(database->connect()));
  auto shelf = BENCH_MUST(hub::Shelf::open(*connection));
  BENCH_MUST(shelf->add(*connection, BENCH_MUST(rulebook::load_folder(ENTRAIDE_RULEBOOK))));
  auto committer = BENCH_MUST(hub::Committer::open({*database, log, *shelf, clock, random, metrics}));
  Scene scene(log, door_to(*committer), 1);
  const rulebook::Rulebook& rules = scene.rules();
  const Time now = scene.world().now();

  const Scene::Prepared prepared = scene.next(0);
  const std::string& jwe = prepared.objects[0];
  const auto people = committer->directory();
  const act::SignedAct parsed = BENCH_MUST(act::parse_act(prepared.body));
  const std::string input = parsed.signatures[0].protected_b64 + "." + parsed.payload_b64;
  const auto key = crypto::PrivateKey::generate(random);
  const Bytes signature = BENCH_MUST(key.sign(bytes_of(input)));
  std::printf("act: %zu bytes; sealed object: %zu bytes to 2 authorities\n", prepared.body.size(), jwe.size());

  const double verify = rate_of([&] { ENSURE(crypto::verify(key.public_key(), bytes_of(input), signature)); });
  print("limit: one ES256 verification", verify);
  print("limit: SHA-256 of the sealed object", rate_of([&] { (void)crypto::sha256(std::string_view(jwe)); }));
  print("parse_act", rate_of([&] { (void)BENCH_MUST(act::parse_act(prepared.body)); }));
  print("parse_act and verify",
        rate_of([&] { (void)BENCH_MUST(act::verify(BENCH_MUST(act::parse_act(prepared.body)), *people)); }), verify,
        "the verification alone");
  print("parse_jwe (every key on the curve)", rate_of([&] { (void)BENCH_MUST(crypto::parse_jwe(jwe)); }));
  print("receive: all that the hub checks before the queue",
        rate_of([&] { (void)BENCH_MUST(hub::receive(prepared.body, prepared.objects, *people)); }), verify,
        "the verification alone");
  print("read the HTTP body (JSON)", rate_of([&, text = submission_text(prepared.body, prepared.objects)] {
          (void)BENCH_MUST(codec::parse_json(text));
        }));

  rulebook::ActFacts facts;
  facts.type = parsed.act.type;
  facts.actor = authority(Scene::kAsking);
  facts.signers.push_back({parsed.act.by, {"officer", "duty-officer", "ring-admin"}, rulebook::DeviceLevel::prf});
  facts.receivers.push_back(authority(Scene::kAsked));
  for (const act::ObjectRef& object : parsed.act.objects)
    facts.objects.push_back(
        {object.role, {Subject(std::string(Scene::kAsked)), Subject(std::string(Scene::kAsking))}});
  facts.d = parsed.act.d;
  if (const auto decision = rulebook::decide(rules, {}, facts, now); !decision)
    return std::fprintf(stderr, "bench: refused by %s\n", decision.error().rule.c_str()), 1;
  print("decide: open a preservation", rate_of([&] { (void)rulebook::decide(rules, {}, facts, now); }));
  const rulebook::CaseState after = rulebook::apply({}, *rulebook::decide(rules, {}, facts, now), facts.type);
  print("apply", rate_of([&] { (void)rulebook::apply({}, *rulebook::decide(rules, {}, facts, now), facts.type); }));
  const rulebook::Person person{authority(Scene::kAsked), {"officer", "duty-officer"}, rulebook::DeviceLevel::prf};
  print("abilities in that case", rate_of([&] { (void)rulebook::abilities(rules, after, person, now); }));
  const auto answers = BENCH_MUST(demo::Answers::read(ENTRAIDE_RULEBOOK));
  for (const char* type : {"preservation.request", "assistance.request"}) {
    const auto values = answers.for_act(rules, type, now);
    ENSURE(values.has_value());
    const codec::Json* basis = values->find("basis");
    const std::string form(rulebook::form_of(rules, type));
    print((std::string("validate the form of a whole ") + type).c_str(), rate_of([&] {
            (void)rulebook::validate_form(rules, form, basis != nullptr ? basis->string() : "", *values,
                                          rulebook::profile_of(rules, "ke"), now);
          }));
  }

  const auto asked_ring = scene.world().office(Scene::kAsked).ring,
             asking_ring = scene.world().office(Scene::kAsking).ring;
  ENSURE(asked_ring && asking_ring);
  const crypto::PublicKey readers[] = {asked_ring->key().public_key(), asking_ring->key().public_key()};
  for (const std::size_t size : {std::size_t{4} << 10, std::size_t{700} << 10}) {
    const Bytes content = random.bytes(size);
    const crypto::SealHeader header{"entraide-seal+json", "jose+json", codec::base64url(random.bytes(16)),
                                    parsed.act.case_id->str()};
    const std::string sealed = BENCH_MUST(crypto::seal(content, header, readers, random));
    const std::string words = std::to_string(size >> 10) + " KiB";
    print(("seal " + words + " to 2 authorities").c_str(),
          rate_of([&] { (void)BENCH_MUST(crypto::seal(content, header, readers, random)); }, 1));
    print(("open " + words).c_str(), rate_of([&] { (void)BENCH_MUST(crypto::open(sealed, asked_ring->key())); }, 1));
  }
  std::printf("load at the end: %.1f\n", load_average());
  committer.reset();
  shelf.reset();
  connection.reset();
  return 0;
}
