// What comes from outside as JOSE, JSON keys, certificates and sealed content. The first byte picks the reader.
// Besides not falling over, a reader keeps its promises: what it accepts obeys the profile, and writing it again is
// accepted.

#include "codec/codec.h"
#include "crypto/content.h"
#include "crypto/document.h"
#include "crypto/jwe.h"
#include "crypto/jws.h"
#include "crypto/oprf.h"

using namespace entraide;
using namespace entraide::crypto;

namespace {

constexpr std::string_view kType = "entraide-act+json";

struct World {
  SeededRandom random{1};
  PrivateKey key = PrivateKey::generate(random);
  Certificate root =
      create_root(key, {"FR", "", "Fictional Root"}, {from_seconds(0), from_seconds(4'000'000'000)}, random).value();
};
const World& world() {
  static const World world;
  return world;
}

// A header of the fuzzer's own, truly signed: only the profile stands between it and acceptance.
void signed_header(std::string_view header) {
  const PrivateKey& key = world().key;
  const std::string part = codec::base64url(bytes_of(header));
  const auto kid = jws_key_id(part, kType);
  if (!kid) return;
  const auto json = codec::parse_json(header);
  ENSURE(json && json->is_object() && json->members().size() == 3);
  ENSURE(*json->find("alg") == codec::Json("ES256") && *json->find("typ") == codec::Json(kType));
  ENSURE(kid->str().size() == 43 && *json->find("kid") == codec::Json(kid->str()));
  const JwsSignature made{part, codec::base64url(key.sign(bytes_of(part + ".e30")).value())};
  ENSURE(verify_jws(made, "e30", kType, key.public_key()).has_value() == (*kid == key.public_key().kid()));
}

void sealed_object(BytesView bytes) {
  const auto sealed = parse_jwe(bytes);
  if (!sealed) return;
  ENSURE(!sealed->recipients().empty() && sealed->recipients().size() <= kJweRecipientsMax);
  (void)open(*sealed, world().key);
}

// A committed plaintext of the fuzzer's own: what unpacks must pack to the same bytes.
void committed_content(BytesView plaintext) {
  const auto document = unpack_content(plaintext, content_commitment(plaintext));
  if (!document) return;
  struct Salt final : Random {
    explicit Salt(BytesView bytes) : salt(bytes) {}
    void fill(std::span<std::uint8_t> out) override { std::copy_n(salt.begin(), out.size(), out.begin()); }
    BytesView salt;
  } salt(plaintext);
  const auto packed = pack_content(document->view(), salt);
  ENSURE(packed && std::ranges::equal(packed->plaintext.view(), plaintext));
}

void certificate(BytesView der) {
  const auto read = Certificate::from_der(der);
  if (!read) return;
  (void)read->public_key();
  (void)verify_chain({&*read, 1}, {&world().root, 1}, from_seconds(1'767'323'045));
}

void json_key(std::string_view text) {
  const auto json = codec::parse_json(text);
  if (!json) return;
  if (const auto key = PublicKey::from_jwk(*json)) ENSURE(*PublicKey::from_jwk(key->jwk()) == *key);
  (void)PrivateKey::from_jwk(*json);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const BytesView bytes(data + 1, size - 1);
  const std::string_view text = text_of(bytes);
  switch (data[0] % 8) {
    case 0: signed_header(text); break;
    case 1: (void)verify_compact_jws(text, kType, world().key.public_key()); break;
    case 2: (void)verify_dpop_proof(text); break;
    case 3: sealed_object(bytes); break;
    case 4: (void)verify_document(bytes, {&world().root, 1}, from_seconds(1'767'323'045)); break;
    case 5: committed_content(bytes); break;
    case 6: certificate(bytes); break;
    case 7: json_key(text); break;
  }
  return 0;
}
