#include "crypto/secretbox.h"

#include "crypto/vectors_for_test.h"

using namespace entraide;
using namespace entraide::crypto;
using entraide::testing::rule_of;

namespace {
constexpr ScryptCost kCheap{.log2_n = 10, .r = 8, .p = 1};
}

TEST_CASE("AES-256-GCM gives the values of the GCM specification, test case 16") {
  const auto unhex = [](std::string_view text) { return MUST(codec::from_hex(text)); };
  const Bytes key = unhex("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308");
  const Bytes nonce = unhex("cafebabefacedbaddecaf888"), aad = unhex("feedfacedeadbeeffeedfacedeadbeefabaddad2");
  const Bytes plain = unhex(
      "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
      "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39");
  const Bytes sealed = aes256gcm_encrypt(key, nonce, aad, plain);
  CHECK(codec::hex(sealed) ==
        "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
        "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
        "76fc6ece0f4e1768cddf8853bb2d551b");
  CHECK(same(MUST(aes256gcm_decrypt(key, nonce, aad, sealed)).view(), plain));
  for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit)
    CHECK(rule_of(aes256gcm_decrypt(key, nonce, aad, flipped(sealed, bit))) == "cipher.tag");
  CHECK(rule_of(aes256gcm_decrypt(key, nonce, {}, sealed)) == "cipher.tag");
  CHECK(rule_of(aes256gcm_decrypt(key, flipped(nonce, 0), aad, sealed)) == "cipher.tag");
  for (std::size_t size = 0; size < sealed.size(); ++size)
    CHECK(rule_of(aes256gcm_decrypt(key, nonce, aad, BytesView(sealed).first(size))) == "cipher.tag");
}

TEST_CASE("an empty text is sealed by its tag alone") {
  const Bytes key(32, 1), nonce(12, 2);
  const Bytes sealed = aes256gcm_encrypt(key, nonce, {}, {});
  CHECK(sealed.size() == 16);
  CHECK(MUST(aes256gcm_decrypt(key, nonce, {}, sealed)).empty());
}

TEST_CASE("a box opens with its passphrase and with no other") {
  SeededRandom random(1);
  const Bytes box = MUST(lock_box(bytes_of("a secret"), bytes_of("correct horse"), random, kCheap));
  CHECK(text_of(MUST(open_box(box, bytes_of("correct horse"))).view()) == "a secret");
  CHECK(rule_of(open_box(box, bytes_of("correct horsf"))) == "box.passphrase");
  CHECK(rule_of(open_box(box, {})) == "box.passphrase");
  CHECK(MUST(open_box(MUST(lock_box({}, {}, random, kCheap)), {})).empty());
}

TEST_CASE("the cost of every day is 128 MiB") {
  SeededRandom random(2);
  const Bytes box = MUST(lock_box(bytes_of("a secret"), bytes_of("passphrase"), random));
  CHECK(Bytes(box.begin() + 16, box.begin() + 19) == Bytes{17, 8, 1});
  CHECK(text_of(MUST(open_box(box, bytes_of("passphrase"))).view()) == "a secret");
}

TEST_CASE("a box that was altered, cut or asks too much stays shut") {
  SeededRandom random(3);
  const Bytes good = MUST(lock_box(bytes_of("a secret"), bytes_of("passphrase"), random, kCheap));
  for (std::size_t byte = 19; byte < good.size(); ++byte)
    CHECK(rule_of(open_box(flipped(good, byte * 8), bytes_of("passphrase"))) == "box.passphrase");
  for (std::size_t byte = 0; byte < 16; ++byte)
    CHECK(rule_of(open_box(flipped(good, byte * 8), bytes_of("passphrase"))) == "box.form");
  for (std::size_t size = 0; size < good.size(); size += 5)
    CHECK(!open_box(BytesView(good).first(size), bytes_of("passphrase")));
  const auto with_cost = [&](std::uint8_t n, std::uint8_t r, std::uint8_t p) {
    Bytes bent = good;
    bent[16] = n;
    bent[17] = r;
    bent[18] = p;
    return rule_of(open_box(bent, bytes_of("passphrase")));
  };
  CHECK(with_cost(11, 8, 1) == "box.passphrase");
  CHECK(with_cost(0, 8, 1) == "box.cost");
  CHECK(with_cost(10, 0, 1) == "box.cost");
  CHECK(with_cost(10, 8, 0) == "box.cost");
  CHECK(with_cost(21, 8, 1) == "box.cost");
  CHECK(with_cost(63, 8, 1) == "box.cost");
  CHECK(with_cost(20, 255, 1) == "box.cost");
  CHECK(with_cost(10, 8, 255) == "box.cost");
}
