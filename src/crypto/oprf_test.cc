#include "crypto/oprf.h"

#include "crypto/literals_for_test.h"
#include "crypto/secretbox.h"
#include "crypto/vectors_for_test.h"

using namespace entraide;
using namespace entraide::crypto;
using entraide::testing::rule_of;

namespace {

OprfElement element(std::string_view text) {
  const Bytes bytes = unhex(text);
  OprfElement out{};
  std::copy(bytes.begin(), bytes.end(), out.begin());
  return out;
}
// The order of the group, little-endian.
constexpr std::string_view kGroupOrder = "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010";

struct Question {
  SeededRandom random{5};
  OprfKey key = MUST(OprfKey::derive(Bytes(32, 3), "test"));
  std::vector<BlindedInput> inputs;
  OprfKey::Evaluation evaluation;

  Question() {
    for (const char* value : {"+254700000001", "+254700000002", "+254700000003"})
      inputs.push_back(MUST(blind(match_input("tel", value), random)));
    const OprfElement elements[] = {inputs[0].element, inputs[1].element, inputs[2].element};
    evaluation = MUST(key.evaluate_blinded(elements, random));
  }
  std::string rule(const OprfKey::Evaluation& with) const {
    return rule_of(finalize(inputs, with, key.public_key()));
  }
};

}  // namespace

TEST_CASE("the golden questions blind, evaluate and finalise to the golden outputs and rows") {
  const codec::Json golden = vectors("match.json");
  const OprfKey key = MUST(OprfKey::derive(bytes_at(golden, "seed_hex"), text_at(golden, "info")));
  CHECK(codec::hex(key.secret()) == text_at(golden, "sk_hex"));
  CHECK(codec::hex(key.public_key()) == text_at(golden, "pk_hex"));
  SeededRandom random(1);
  for (const codec::Json& item : golden.find("cases")->array_items()) {
    CAPTURE(text_at(item, "kind"));
    const Bytes input = match_input(text_at(item, "kind"), text_at(item, "norm"));
    CHECK(codec::hex(input) == text_at(item, "x_hex"));
    std::vector<BlindedInput> question;
    question.push_back(MUST(blind_with(input, bytes_at(item, "blind_hex"))));
    CHECK(codec::hex(question[0].element) == text_at(item, "blinded_hex"));
    const auto evaluation = MUST(key.evaluate_blinded({&question[0].element, 1}, random));
    CHECK(codec::hex(evaluation.elements[0]) == text_at(item, "evaluated_hex"));
    const OprfOutput output = MUST(finalize(question, evaluation, key.public_key()))[0];
    CHECK(codec::hex(output) == text_at(item, "F_hex"));
    CHECK(MUST(key.evaluate(input)) == output);
    CHECK(match_bucket(output) == number_at(item, "bucket"));

    const Bytes row = bytes_at(item, "row_hex"), pointer_bytes = bytes_at(item, "pointer_hex");
    const MatchPointer pointer = MUST(open_row(output, row, text_at(golden, "cc"), text_at(golden, "epoch")));
    CHECK(same(pointer.reference, BytesView(pointer_bytes).subspan(2, 16)));
    CHECK(pointer.hit_class == pointer_bytes[1]);
    CHECK(pointer.expiry_day == 20500);
    ScriptedRandom nonce(Bytes(row.begin(), row.begin() + 12));
    CHECK(seal_row(output, pointer, text_at(golden, "cc"), text_at(golden, "epoch"), nonce) == row);
  }
}

TEST_CASE("a proof is the one of RFC 9497, appendix A.1.2, test vector 1") {
  const OprfKey key = MUST(OprfKey::derive(Bytes(32, 0xa3), "test key"));
  CHECK(codec::hex(key.secret()) == "e6f73f344b79b379f1a0dd37e07ff62e38d9f71345ce62ae3a9bc60b04ccd909");
  CHECK(codec::hex(key.public_key()) == "c803e2cc6b05fc15064549b5920659ca4a77b2cca6f04f6b357009335476ad4e");
  std::vector<BlindedInput> question;
  question.push_back(
      MUST(blind_with(Bytes{0}, unhex("64d37aed22a27f5191de1c1d69fadb899d8862b58eb4220029e036ec4c1f6706"))));
  CHECK(codec::hex(question[0].element) == "863f330cc1a1259ed5a5998a23acfd37fb4351a793a5b3c090b642ddc439b945");
  Bytes scalar = unhex("222a5e897cf59db8145db8d16e597e8facb80ae7d4e26d9881aa6f61d645fc0e");
  scalar.resize(64);
  ScriptedRandom random(scalar);
  const auto evaluation = MUST(key.evaluate_blinded({&question[0].element, 1}, random));
  CHECK(codec::hex(evaluation.elements[0]) == "aa8fa048764d5623868679402ff6108d2521884fa138cd7f9c7669a9a014267e");
  CHECK(codec::hex(evaluation.proof) ==
        "ddef93772692e535d1a53903db24367355cc2cc78de93b3be5a8ffcc6985dd06"
        "6d4346421d17bf5117a2a1ff0fcb2a759f58a539dfbe857a40bce4cf49ec600d");
  CHECK(codec::hex(MUST(finalize(question, evaluation, key.public_key()))[0]) ==
        "b58cfbe118e0cb94d79b5fd6a6dafb98764dff49c14e1770b566e42402da1a7d"
        "a4d8527693914139caee5bd03903af43a491351d23b430948dd50cde10d32b3c");
}

TEST_CASE("many questions have one proof, and each output is that of the direct evaluation") {
  const Question asked;
  const auto outputs = MUST(finalize(asked.inputs, asked.evaluation, asked.key.public_key()));
  REQUIRE(outputs.size() == 3);
  for (std::size_t i = 0; i < 3; ++i) CHECK(outputs[i] == MUST(asked.key.evaluate(asked.inputs[i].input)));
}

TEST_CASE("answers by another key, out of order, bent or missing are refused") {
  const Question asked;
  CHECK(asked.rule(asked.evaluation) == "accepted");
  SeededRandom random(6);
  const OprfKey other = MUST(OprfKey::derive(Bytes(32, 4), "test"));
  const OprfElement elements[] = {asked.inputs[0].element, asked.inputs[1].element, asked.inputs[2].element};
  const auto by_other = MUST(other.evaluate_blinded(elements, random));
  CHECK(asked.rule(by_other) == "oprf.proof");
  CHECK(rule_of(finalize(asked.inputs, asked.evaluation, other.public_key())) == "oprf.proof");
  auto bent = asked.evaluation;
  std::swap(bent.elements[0], bent.elements[1]);
  CHECK(asked.rule(bent) == "oprf.proof");
  bent = asked.evaluation;
  bent.elements[2] = by_other.elements[2];
  CHECK(asked.rule(bent) == "oprf.proof");
  for (std::size_t bit = 0; bit < 512; bit += 5) {
    bent = asked.evaluation;
    bent.proof[bit / 8] ^= static_cast<std::uint8_t>(1 << (bit % 8));
    CHECK(asked.rule(bent) == "oprf.proof");
  }
  bent = asked.evaluation;
  bent.proof.fill(0);
  CHECK(asked.rule(bent) == "oprf.proof");
  bent = asked.evaluation;
  bent.elements.pop_back();
  CHECK(asked.rule(bent) == "oprf.count");
  bent = asked.evaluation;
  bent.elements[0].fill(0);
  CHECK(asked.rule(bent) == "oprf.element");
  bent.elements[0].fill(0xff);
  CHECK(asked.rule(bent) == "oprf.element");
  CHECK(rule_of(finalize(asked.inputs, asked.evaluation, OprfElement{})) == "oprf.element");
  CHECK(rule_of(finalize({}, {}, asked.key.public_key())) == "oprf.count");
}

TEST_CASE("an evaluator refuses what is no element, and more than 50") {
  SeededRandom random(7);
  const OprfKey key = MUST(OprfKey::derive(Bytes(32, 3), "test"));
  const auto rule = [&](std::span<const OprfElement> elements) {
    return rule_of(key.evaluate_blinded(elements, random));
  };
  const OprfElement good = MUST(blind(bytes_of("x"), random)).element;
  CHECK(rule(std::vector(50, good)) == "accepted");
  CHECK(rule(std::vector(51, good)) == "oprf.count");
  CHECK(rule({}) == "oprf.count");
  CHECK(rule(std::vector(1, OprfElement{})) == "oprf.element");
  // Not canonical, negative, and not a square: RFC 9496 appendix A.3.
  for (const char* bad : {"00ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
                          "0100000000000000000000000000000000000000000000000000000000000000",
                          "26948d35ca62e643e26a83177332e6b6afeb9d08e4268b650f1f5bbd8d81d371"})
    CHECK_MESSAGE(rule(std::vector(1, element(bad))) == "oprf.element", bad);
}

TEST_CASE("seeds, blinds and inputs out of bounds are refused") {
  CHECK(rule_of(OprfKey::derive(Bytes(31), "x")) == "oprf.seed");
  CHECK(rule_of(blind_with(bytes_of("x"), Bytes(32))) == "oprf.blind");
  CHECK(rule_of(blind_with(bytes_of("x"), unhex(kGroupOrder))) == "oprf.blind");
  CHECK(rule_of(blind_with(bytes_of("x"), Bytes(31, 1))) == "oprf.blind");
  CHECK(rule_of(blind_with(Bytes(65'536), Bytes(32, 1))) == "oprf.input");
  CHECK(rule_of(blind_with(Bytes(65'535), Bytes(32, 1))) == "accepted");
}

TEST_CASE("a row opens for its value, country and epoch only") {
  SeededRandom random(8);
  const OprfKey key = MUST(OprfKey::derive(Bytes(32, 3), "test"));
  const OprfOutput output = MUST(key.evaluate(bytes_of("x"))), other = MUST(key.evaluate(bytes_of("y")));
  const MatchPointer pointer{.hit_class = 2, .reference = {9}, .expiry_day = 20500};
  const Bytes row = seal_row(output, pointer, "ke", "2026-01", random);
  CHECK(MUST(open_row(output, row, "ke", "2026-01")) == pointer);
  CHECK(rule_of(open_row(other, row, "ke", "2026-01")) == "match.row");
  CHECK(rule_of(open_row(output, row, "fr", "2026-01")) == "match.row");
  CHECK(rule_of(open_row(output, row, "ke", "2026-02")) == "match.row");
  CHECK(rule_of(open_row(output, random.bytes(60), "ke", "2026-01")) == "match.row");
  CHECK(rule_of(open_row(output, BytesView(row).first(59), "ke", "2026-01")) == "match.row");
  for (std::size_t bit = 0; bit < row.size() * 8; bit += 7)
    CHECK(rule_of(open_row(output, flipped(row, bit), "ke", "2026-01")) == "match.row");
}

TEST_CASE("a row of another version or with spare bytes set is not read as ours") {
  const OprfOutput output{1};
  const auto rule = [&](Bytes text) {
    Bytes row(12);
    const Bytes sealed =
        aes256gcm_encrypt(BytesView(output).subspan(32), row, bytes_of("entraide/row/v1\nke\n1"), text);
    append(row, sealed);
    return rule_of(open_row(output, row, "ke", "1"));
  };
  Bytes text(32);
  text[0] = 1;
  CHECK(rule(text) == "accepted");
  text[0] = 2;
  CHECK(rule(text) == "match.pointer");
  text[0] = 1;
  text[31] = 1;
  CHECK(rule(text) == "match.pointer");
}
