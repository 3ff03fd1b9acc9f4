// A country's officer whose keys never leave a token, by the program alone: from the genesis to a request that was sealed,
// signed, answered and opened.

#include "apps/entraide/world_for_test.h"
#include "crypto/soft_token_for_test.h"

namespace entraide::cli {

TEST_CASE("with every key in a token, an officer seals and signs a request, and opens the answer") {
  const crypto::SoftToken& card = crypto::soft_token();
  if (!card.ready) return;  // it has said so
  World world;
  const fs::path& folder = world.folder.path;
  write(folder / "card-pin", "123456\n");
  world.environment = "SOFTHSM2_CONF='" + (card.folder / "softhsm2.conf").string() + "'";
  const Hub hub(world.folder);

  // The ceremony and two countries.
  world.found(hub.url(), {"org", "fr", "ke"});
  world.country("fr");
  world.country("ke");

  // France's officer: three keys made in the token. Kenya's: in the key store.
  const std::string token =
      " --module " + crypto::softhsm_module() + " --token entraide-test --card-pin-file card-pin ";
  world.must("fr", "key card device.sign --use sign --make --label sign" + token);
  world.must("fr", "key card device.seal --use seal --make --label seal" + token);
  world.must("fr", "key card document --use document --make --label document" + token);
  world.must("ke", "key new document --use document");
  world.enrol("fr");
  world.enrol("ke");
  CHECK(text_of(folder / "fr.json").find("\"hw\"") != std::string::npos);
  CHECK(text_of(folder / "home/fr/keys").find("jwk") == std::string::npos);

  // The request goes out, is opened, answered; the answer is opened with the token.
  const std::string reference =
      world.field("fr",
                  "request new police-information --to au:ke:ncb --set date=" + today() +
                      " --summary 'One person, three days'" + world.filled_in("police-information-request.json"),
                  "reference");
  CHECK(reference.starts_with("FR-"));
  const std::string shown = world.must("ke", "request show " + reference + " --json");
  CHECK(has(shown, "Office de lutte contre la criminalit"));
  world.must("ke", "request answer " + reference + " --summary 'Identity confirmed'" +
                       world.filled_in("police-information-reply.json"));
  const Json answer = MUST(codec::parse_json(world.must("fr", "request show " + reference + " --json")));
  const std::string opened = codec::to_json(answer);
  CHECK(has(opened, "police-information.reply"));

  // Without its token the device can neither sign nor open, and says so.
  fs::rename(card.folder / "tokens", card.folder / "taken-out");
  fs::create_directory(card.folder / "tokens");
  const Ran gone = world.tries("fr", "request show " + reference);
  CHECK(gone.code != 0);
  CHECK(has(gone.err, "pkcs11."));
  fs::remove(card.folder / "tokens");
  fs::rename(card.folder / "taken-out", card.folder / "tokens");
  write(folder / "card-pin", "999999\n");
  const Ran wrong = world.tries("fr", "--lang es request ack " + reference);
  CHECK(wrong.code != 0);
  CHECK(has(wrong.err, "El PIN de la tarjeta es err"));
}

}  // namespace entraide::cli
