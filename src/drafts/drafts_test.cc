#include "drafts/drafts.h"

#include "crypto/jwe.h"
#include "store/test_databases.h"
#include "testing/testing.h"

using namespace entraide;
using namespace entraide::drafts;
using entraide::testing::rule_of;

namespace {

const Subject kOurs("au:fr:central"), kTheirs("au:ke:central");
const Time kNow = from_seconds(1'900'000'000);

Draft draft(std::string id, std::string jwe, Subject authority = kOurs) {
  return with_tag({std::move(id),
                   std::move(authority),
                   "assistance",
                   "1",
                   std::move(jwe),
                   0,
                   {},
                   kNow,
                   Subject("of:fr:AAAAAAAAAAAAAAAA")});
}

}  // namespace

TEST_CASE("a draft is kept for one authority, replaced and deleted") {
  store::in_a_database(migrations(), [](store::Connection& connection) {
    MUST(put(connection, draft("one", "first")));
    const Draft first = *MUST(find(connection, kOurs, "one"));
    CHECK(first.jwe == "first");
    CHECK(first.bytes == 5);
    CHECK(first.tag == draft("one", "first").tag);
    CHECK(first.tag != draft("one", "second").tag);
    CHECK(!MUST(find(connection, kTheirs, "one")));
    MUST(put(connection, draft("one", "theirs", kTheirs)));
    CHECK(MUST(find(connection, kOurs, "one"))->jwe == "first");

    MUST(put(connection, draft("one", "second")));
    CHECK(MUST(find(connection, kOurs, "one"))->jwe == "second");
    Draft later = draft("two", "2");
    later.updated = kNow + Seconds(1);
    MUST(put(connection, later));
    const auto all = MUST(list(connection, kOurs));
    REQUIRE(all.size() == 2);
    CHECK(all[0].id == "two");
    CHECK(all[0].jwe.empty());

    MUST(remove(connection, kOurs, "one"));
    CHECK(!MUST(find(connection, kOurs, "one")));
    CHECK(MUST(find(connection, kTheirs, "one")));
  });
}

TEST_CASE("an authority's drafts are bounded in number and in size, and replacing one needs no room for two") {
  store::in_a_database(migrations(), [](store::Connection& connection) {
    for (int i = 0; i < kDraftsMax; ++i) MUST(put(connection, draft(std::to_string(i), "x")));
    CHECK(rule_of(put(connection, draft("more", "x"))) == "draft.full");
    MUST(put(connection, draft("0", "y")));
    MUST(put(connection, draft("more", "x", kTheirs)));

    Draft large = draft("large", "x", kTheirs);
    large.bytes = kAuthorityBytesMax;  // as if it were
    CHECK(rule_of(put(connection, large)) == "draft.full");
    large.bytes = kAuthorityBytesMax - 1;
    MUST(put(connection, large));
    MUST(put(connection, large));
    CHECK(rule_of(put(connection, draft("another", "x", kTheirs))) == "draft.full");
  });
}

TEST_CASE("a draft is sealed to its authority's ring and to nobody else") {
  SystemRandom random;
  const auto ring = crypto::PrivateKey::generate(random), other = crypto::PrivateKey::generate(random);
  const std::string one(22, 'A');  // base64url of 16 zeros
  const crypto::SealHeader right{"entraide-draft+json", "application/json", one, "draft:au:fr:central"};
  const auto verdict = [&](const crypto::SealHeader& header, std::vector<crypto::PublicKey> to) {
    return rule_of(
        check_sealed(draft(one, MUST(crypto::seal(bytes_of("text"), header, to, random))), ring.public_key().kid()));
  };
  CHECK(verdict(right, {ring.public_key()}) == "accepted");
  CHECK(verdict(right, {other.public_key()}) == "draft.ring");
  CHECK(verdict(right, {ring.public_key(), other.public_key()}) == "draft.ring");
  for (const auto bend : {+[](crypto::SealHeader& h) { h.typ = "entraide-seal+json"; },
                          +[](crypto::SealHeader& h) { h.cty = "jose+json"; },
                          +[](crypto::SealHeader& h) { h.cid = std::string(21, 'A') + "Q"; },
                          +[](crypto::SealHeader& h) { h.ctx = "draft:au:ke:central"; }}) {
    crypto::SealHeader header = right;
    bend(header);
    CHECK(verdict(header, {ring.public_key()}) == "draft.seal");
  }
  CHECK(rule_of(check_sealed(draft("one", "{}"), ring.public_key().kid())) == "jwe.member");
  CHECK(rule_of(check_sealed(draft("one", std::string(kDraftBytesMax + 1, 'x')), ring.public_key().kid())) ==
        "draft.size");
}
