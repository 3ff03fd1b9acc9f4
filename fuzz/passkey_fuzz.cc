// What an authenticator and its browser say before anybody has a session: client data, authenticator data with its CBOR,
// a signature. The first byte says how long the client data is, in sixteenths of the input.

#include "passkeys/cbor.h"
#include "passkeys/passkeys.h"

using namespace entraide;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const BytesView input(data + 1, size - 1);
  const std::size_t split = input.size() * (data[0] & 15) / 16;
  const Bytes client(input.begin(), input.begin() + static_cast<std::ptrdiff_t>(split));
  const Bytes said(input.begin() + static_cast<std::ptrdiff_t>(split), input.end());
  const passkeys::RelyingParty party{"hub.example", "https://hub.example"};

  const Bytes id = said.size() > 55 + 16 ? Bytes(said.begin() + 55, said.begin() + 71) : Bytes();
  if (const auto made = passkeys::check_registration(party, "nonce", {id, said, client})) {
    // What was taken has everything that it must have.
    ENSURE(said.size() >= 37 && (said[32] & 0x45) == 0x45);
    ENSURE(made->counter >= 0);
  }
  static const crypto::PublicKey key = [] {
    SeededRandom random(1);
    return crypto::PrivateKey::generate(random).public_key();
  }();
  // Nobody can sign for this key here.
  ENSURE(!passkeys::check_assertion(party, "nonce", key, 0, {said, client, client}));

  passkeys::CborReader whole(input);
  if (whole.skip()) ENSURE(whole.rest().size() < input.size());
  return 0;
}
