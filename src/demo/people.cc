#include "demo/people.h"

#include "client/files.h"
#include "codec/codec.h"

namespace entraide::demo {
namespace {

using codec::Json;

Json secret(const crypto::PrivateKey& key) {
  const SecretBytes text = key.secret_jwk();
  auto value = codec::parse_json(text.view());
  ENSURE(value.has_value());  // our own spelling
  return std::move(*value);
}

Json texts(const std::vector<std::string>& values) {
  Json out = Json::array();
  for (const std::string& value : values) out.push_back(value);
  return out;
}

Json card(World& world, const Subject& subject, const std::string& name, const Subject& authority,
          const std::vector<std::string>& roles, Json keys, std::int64_t number = 1) {
  const std::string country = act::country_of(authority).str().substr(3);
  return Json::object({{"subject", subject.str()},
                       {"number", number},
                       {"name", name},
                       {"authority", authority.str()},
                       {"kind", world.directory().authority(authority)->kind},
                       {"country", country},
                       {"roles", texts(roles)},
                       {"languages", texts(languages_of(country))},
                       {"keys", std::move(keys)}});
}

}  // namespace

Json people(World& world) {
  Json out = Json::array();
  for (const Officer& officer : world.officers()) {
    Json chain = Json::array();
    for (const crypto::Certificate& certificate : officer.chain) chain.push_back(codec::base64(certificate.der()));
    out.push_back(card(
        world, officer.id, officer.name, officer.authority, officer.roles,
        Json::object({{"sign", secret(officer.sign)},
                      {"seal", secret(officer.seal)},
                      {"document", Json::object({{"key", secret(officer.document)}, {"chain", std::move(chain)}})},
                      {"administrators", Json::array()},
                      {"issuer", Json()}})));
  }
  for (const Office& office : world.offices()) {
    // A person each: where two must sign, neither can alone.
    std::int64_t number = 0;
    for (const crypto::PrivateKey& key : office.administrators)
      out.push_back(card(
          world, office.authority, "", office.authority, {"administrator"},
          Json::object({{"sign", Json()},
                        {"seal", Json()},
                        {"document", Json()},
                        {"administrators", Json::array({secret(key)})},
                        {"issuer", Json::object({{"key", secret(office.issuer_key)},
                                                 {"chain", Json::array({codec::base64(office.issuer.der())})}})}}),
          ++number));
  }
  return Json::object({{"format", "entraide-demonstration-people/1"},
                       {"genesis", act::to_text(world.genesis())},
                       {"people", std::move(out)}});
}

Result<> write_people(World& world, const std::string& file) {
  return client::write_file_whole(file, bytes_of(codec::to_json(people(world))), 0600);
}

}  // namespace entraide::demo
