#include "crypto/content.h"

#include "crypto/digest.h"
#include "crypto/vectors_for_test.h"

using namespace entraide;
using namespace entraide::crypto;
using entraide::testing::rule_of;

namespace {
// Commits to whatever stands there, as a lying sender would.
std::string rule_of_plaintext(const Bytes& plaintext) {
  return rule_of(unpack_content(plaintext, content_commitment(plaintext)));
}
}  // namespace

TEST_CASE("the golden contents have the golden sizes and commitments, and unpack again") {
  const codec::Json golden = vectors("content.json");
  for (const codec::Json& item : golden.find("cases")->array_items()) {
    const auto size = static_cast<std::size_t>(number_at(item, "doc_len"));
    CAPTURE(size);
    const Bytes document = counting_bytes(size);
    ScriptedRandom random(bytes_at(item, "salt_hex"));
    const PackedContent packed = MUST(pack_content(document, random));
    CHECK(packed.plaintext.size() == static_cast<std::size_t>(number_at(item, "padded_len")));
    CHECK(codec::to_text(packed.commitment) == text_at(item, "cc"));
    CHECK(same(MUST(unpack_content(packed.plaintext.view(), packed.commitment)).view(), document));
  }
}

TEST_CASE("padding never shrinks, adds at most 12 %, and a padded size stays as it is") {
  for (std::size_t size = 2; size < 300'000; size += 1 + size / 50) {
    const std::size_t padded = padme(size);
    CHECK(padded >= size);
    CHECK(padded * 100 <= size * 112 + 100);
    CHECK(padme(padded) == padded);
  }
}

TEST_CASE("a document over 1 MiB is refused") {
  SeededRandom random(1);
  CHECK(rule_of(pack_content(Bytes(kDocumentBytesMax), random)) == "accepted");
  CHECK(rule_of(pack_content(Bytes(kDocumentBytesMax + 1), random)) == "content.size");
}

TEST_CASE("a content that is not the one committed to is refused") {
  SeededRandom random(2);
  const PackedContent packed = MUST(pack_content(to_bytes("the request"), random));
  for (std::size_t bit = 0; bit < packed.plaintext.size() * 8; bit += 37)
    CHECK(rule_of(unpack_content(flipped(packed.plaintext.view(), bit), packed.commitment)) == "content.commitment");
  const PackedContent other = MUST(pack_content(to_bytes("the request"), random));
  CHECK(rule_of(unpack_content(other.plaintext.view(), packed.commitment)) == "content.commitment");
  CHECK(rule_of(unpack_content({}, packed.commitment)) == "content.commitment");
}

TEST_CASE("a committed content whose length or padding lies is refused") {
  SeededRandom random(3);
  const PackedContent packed = MUST(pack_content(to_bytes("the request"), random));
  const Bytes good(packed.plaintext.view().begin(), packed.plaintext.view().end());
  CHECK(rule_of_plaintext(good) == "accepted");
  for (const std::size_t at : {std::size_t{36 + 11}, good.size() / 2, good.size() - 1}) {
    Bytes bent = good;
    bent[at] = 1;
    CHECK(rule_of_plaintext(bent) == "content.form");
  }
  const auto with_length = [&](std::uint32_t length) {
    Bytes bent = good, number;
    codec::append_be32(number, length);
    std::copy(number.begin(), number.end(), bent.begin() + 32);
    return rule_of_plaintext(bent);
  };
  CHECK(with_length(11) == "accepted");
  CHECK(with_length(10) == "content.form");  // the last letter would count as padding
  CHECK(with_length(988) == "accepted");     // another document, with zeros at its end
  CHECK(with_length(989) == "content.form");
  CHECK(with_length(0xffffffff) == "content.form");
  CHECK(with_length(0xffffffdc) == "content.form");  // 36 + length would wrap in 32 bits
  Bytes longer = good;
  longer.resize(good.size() + 64);
  CHECK(rule_of_plaintext(longer) == "content.form");
  CHECK(rule_of_plaintext(Bytes(good.begin(), good.end() - 1)) == "content.form");
  CHECK(rule_of_plaintext(Bytes(good.begin(), good.begin() + 36 + 11)) == "content.form");
  CHECK(rule_of_plaintext(Bytes(35)) == "content.form");
}
