#include "crypto/digest.h"

#include "crypto/literals_for_test.h"

using namespace entraide;
using namespace entraide::crypto;
using codec::hex;

TEST_CASE("SHA-256 and SHA-512 give the values of FIPS 180-4") {
  CHECK(hex(sha256(std::string_view("abc")).view()) ==
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(hex(sha256().view()) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(hex(sha512(to_bytes("abc"))) ==
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
        "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f");
}

TEST_CASE("parts hash as their concatenation") {
  const Bytes b = to_bytes("b");
  const Digest whole = sha256(to_bytes("abc"));
  CHECK(sha256("a", b, std::string("c")) == whole);
  Sha256 hash;
  CHECK(hash.update("ab").update("c").finish() == whole);
  CHECK(hash.update("abc").finish() == whole);
  Sha256 moved = std::move(hash);
  CHECK(moved.update("abc").finish() == whole);
}

TEST_CASE("HMAC gives the values of RFC 4231") {
  CHECK(hex(hmac_sha256(Bytes(20, 0x0b), to_bytes("Hi There")).view()) ==
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  CHECK(hex(hmac_sha512(to_bytes("Jefe"), to_bytes("what do ya want for nothing?"))) ==
        "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
        "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737");
  CHECK(hex(hmac_sha256({}, {}).view()) == "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

TEST_CASE("HKDF gives the values of RFC 5869") {
  CHECK(hex(hkdf_sha256(Bytes(22, 0x0b), unhex("000102030405060708090a0b0c"), unhex("f0f1f2f3f4f5f6f7f8f9"), 42)
                .view()) == "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
  CHECK(hex(hkdf_sha256(Bytes(22, 0x0b), {}, {}, 42).view()) ==
        "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
}

TEST_CASE("equality looks at every byte and at the size") {
  CHECK(equal_in_constant_time(to_bytes("abc"), to_bytes("abc")));
  CHECK(equal_in_constant_time({}, {}));
  CHECK(!equal_in_constant_time(to_bytes("abc"), to_bytes("abd")));
  CHECK(!equal_in_constant_time(to_bytes("abc"), to_bytes("ab")));
}
