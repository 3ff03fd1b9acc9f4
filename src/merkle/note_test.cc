#include "merkle/note.h"

#include "merkle/test_support.h"

using namespace entraide;
using namespace entraide::merkle;
using namespace entraide::merkle::test;

namespace {

constexpr std::string_view kLog = "hub.example/ledger";
constexpr std::string_view kWitness = "witness.example/w1";

NoteVerifier verifier(std::string_view name, SignatureType type, const crypto::LogSigningKey& key) {
  return NoteVerifier(std::string(name), type, key.verify_key());
}

}  // namespace

TEST_CASE("a verifier key reads back, and its id binds name, type and key") {
  const codec::Json vector = vector_json("ledger.json");
  for (const char* which : {"log_vkey", "witness_vkey"}) {
    const std::string vkey = vector.find(which)->string();
    CHECK(MUST(NoteVerifier::parse(vkey)).vkey() == vkey);
  }
  const auto key = test_key(1);
  const NoteVerifier log = verifier(kLog, SignatureType::ed25519, key);
  CHECK(log.id() != verifier(kWitness, SignatureType::ed25519, key).id());
  CHECK(log.id() != verifier(kLog, SignatureType::cosignature_v1, key).id());
  CHECK(log.id() != verifier(kLog, SignatureType::ed25519, test_key(2)).id());
}

TEST_CASE("what is not a verifier key is refused") {
  const std::string good = vector_json("ledger.json").find("log_vkey")->string();
  const std::string name = "hub.entraide.example/ledger";
  for (const std::string& wrong :
       {std::string(), std::string("+"), std::string("++"), name, with(good, name, ""), with(good, name, "hub"),
        with(good, name, "a b"), with(good, "+af17ec7d", ""), with(good, "+af17ec7d", "+AF17EC7D"),
        with(good, "+af17ec7d", "+af17ec7e"), with(good, "+af17ec7d", "+0af17ec7d"), with(good, "+Afhy", "+Bfhy"),
        with(good, "+Afhy", "+/fhy"), with(good, "+Afhy", "+Afhz"), good + "=", good.substr(0, good.size() - 4),
        good + "\n", " " + good})
    CHECK_MESSAGE(testing::rule_of(NoteVerifier::parse(wrong)) == "merkle.vkey", wrong);
}

TEST_CASE("a key name has no spaces of any script, no control characters, no plus") {
  CHECK(is_key_name("hub.example/ledger"));
  CHECK(is_key_name("témoin.example/w1"));
  CHECK(is_key_name(std::string(255, 'x')));
  for (const std::string& wrong :
       {std::string(), std::string("a b"), std::string("a+b"), std::string("a\nb"), std::string("a\tb"),
        std::string("a\xc2\xa0"
                    "b"),
        std::string("a\xe2\x80\xa8"), std::string("\xe3\x80\x80"), std::string("a\xff"), std::string(256, 'x'),
        std::string(1, '\0')})
    CHECK_MESSAGE(!is_key_name(wrong), wrong);
}

TEST_CASE("a note reads back, whatever its text") {
  const auto key = test_key(1);
  for (const std::string text : {"one line\n", "two\n\nparagraphs\n", "\n", "\n\n", "accents é, ق\n"}) {
    Note note{.text = text, .signatures = {sign_note(text, kLog, key), cosign_note(text, kWitness, key, 7)}};
    CHECK(MUST(parse_note(to_text(note))) == note);
  }
}

TEST_CASE("what is not a note is refused") {
  const auto key = test_key(1);
  const std::string text = "first\n\nsecond\n";
  const Note note{.text = text, .signatures = {sign_note(text, kLog, key), sign_note(text, kWitness, key)}};
  const std::string good = to_text(note);
  const std::string line = to_line(note.signatures[1]);
  REQUIRE(parse_note(good));

  for (const std::string& wrong :
       {std::string(), std::string("\n"), std::string("text\n"), with(good, "first", "fi\trst"),
        with(good, "first", "fi\rrst"), with(good, "first", std::string(1, '\0')), with(good, "first", "fi\xffrst"),
        std::string("text\nmore\n")})
    CHECK_MESSAGE(testing::rule_of(parse_note(wrong)) == "merkle.note", wrong);
  for (const std::string& wrong :
       {text + "\n", good.substr(0, good.size() - 1), good + "\n", good + "x\n", good + line,
        with(good, line, "- " + line.substr(4)), with(good, line, line.substr(0, 3) + line.substr(4)),
        with(good, line, "\xe2\x80\x94 \n"), with(good, line, "\xe2\x80\x94 name\n"),
        with(good, line, "\xe2\x80\x94 name \n"), with(good, line, "\xe2\x80\x94  AAAAAAAA\n"),
        with(good, line, "\xe2\x80\x94 na+me AAAAAAAA\n"), with(good, line, "\xe2\x80\x94 name AAAAAA==\n"),
        with(good, line, "\xe2\x80\x94 name AAAAAAAB=\n"), with(good, line, "\xe2\x80\x94 name AAAAAAB=\n"),
        with(good, line, "\xe2\x80\x94 name AAAA AAAA\n"), with(good, line, "\xe2\x80\x94 na me AAAAAAAA\n")})
    CHECK_MESSAGE(testing::rule_of(parse_note(wrong)) == "merkle.note.signature", wrong);
}

TEST_CASE("a note is bounded, and holds at least the sixteen signatures that the specification asks for") {
  const std::string text = "text\n";
  Note note{.text = text, .signatures = {}};
  for (std::uint32_t i = 0; i < kNoteSignaturesMax; ++i) note.signatures.push_back({"name", i, {1}});
  CHECK(parse_note(to_text(note)));
  note.signatures.push_back({"name", kNoteSignaturesMax, {1}});
  CHECK(testing::rule_of(parse_note(to_text(note))) == "merkle.note.size");
  CHECK(testing::rule_of(parse_note(std::string(kNoteBytesMax + 1, 'x'))) == "merkle.note.size");
  CHECK(testing::rule_of(parse_signature_lines(std::string(kNoteBytesMax + 1, 'x'))) == "merkle.note.size");
}

TEST_CASE("two signatures of one key are refused, even by a key that nobody knows") {
  const std::string text = "text\n";
  Note note{.text = text, .signatures = {{"name", 1, {1}}, {"name", 2, {1}}, {"other", 1, {1}}}};
  CHECK(parse_note(to_text(note)));
  note.signatures.push_back({"name", 2, {2}});
  CHECK(testing::rule_of(parse_note(to_text(note))) == "merkle.note.signature");
}

TEST_CASE("a signature holds for its text, name and key; unknown ones are kept and not looked at") {
  const auto key = test_key(1), other_key = test_key(2);
  const std::string text = "text\n";
  const Note note = MUST(parse_note(to_text(
      {.text = text,
       .signatures = {{"stranger", 9, {1, 2, 3}}, sign_note(text, kLog, key), {std::string(kLog), 77, {1}}}})));
  CHECK(note.signatures.size() == 3);
  const NoteVerifier log = verifier(kLog, SignatureType::ed25519, key);
  CHECK(MUST(verify_note(note, log)).has_value());
  CHECK_FALSE(MUST(verify_note(note, log))->unix_seconds.has_value());
  CHECK_FALSE(MUST(verify_note(note, verifier(kWitness, SignatureType::ed25519, key))).has_value());
  CHECK_FALSE(MUST(verify_note(note, verifier(kLog, SignatureType::ed25519, other_key))).has_value());
  CHECK_FALSE(MUST(verify_note(note, verifier(kLog, SignatureType::cosignature_v1, key))).has_value());

  Note changed = note;
  changed.text = "Text\n";
  CHECK(testing::rule_of(verify_note(changed, log)) == "merkle.note.forged");
  for (std::size_t i = 0; i < 64; ++i) {
    Note flipped = note;
    flipped.signatures[1].bytes[i] ^= 1;
    CHECK(testing::rule_of(verify_note(flipped, log)) == "merkle.note.forged");
  }
  for (const std::size_t size : {0, 1, 63, 65}) {
    Note resized = note;
    resized.signatures[1].bytes.resize(size);
    CHECK(testing::rule_of(verify_note(resized, log)) == "merkle.note.forged");
  }
}

TEST_CASE("a cosignature says when, and holds for that time only") {
  const auto key = test_key(3);
  const std::string text = "hub.example/ledger\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n";
  const NoteVerifier witness = verifier(kWitness, SignatureType::cosignature_v1, key);
  const Note note{.text = text, .signatures = {cosign_note(text, kWitness, key, 1767323400)}};
  CHECK(MUST(verify_note(note, witness))->unix_seconds == 1767323400);
  for (std::size_t i = 0; i < 72; ++i) {
    Note flipped = note;
    flipped.signatures[0].bytes[i] ^= i == 0 ? 0x80 : 1;
    CHECK(testing::rule_of(verify_note(flipped, witness)) == "merkle.note.forged");
  }
  Note shorter = note;
  shorter.signatures[0].bytes.resize(64);
  CHECK(testing::rule_of(verify_note(shorter, witness)) == "merkle.note.forged");

  // A plain signature of the same key is no cosignature, nor the other way round.
  Note plain{.text = text, .signatures = {sign_note(text, kWitness, key)}};
  plain.signatures[0].id = witness.id();
  CHECK(testing::rule_of(verify_note(plain, witness)) == "merkle.note.forged");
}
