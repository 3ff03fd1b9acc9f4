#include <filesystem>

#include "client/admin.h"
#include "client/world_for_test.h"
#include "codec/codec.h"
#include "crypto/digest.h"

namespace entraide::client {

using codec::Json;

TemporaryFolder::TemporaryFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "entraide-client-XXXXXX").string();
  REQUIRE(::mkdtemp(name.data()) != nullptr);
  path_ = name;
}
TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

namespace {
constexpr const char* kOrigin = "hub.test/ledger";

HttpResponse json_response(const Json& value) {
  return {200, {{"content-type", "application/json"}}, codec::to_json(value)};
}
HttpResponse problem(int status, const std::string& rule) {
  return {status,
          {},
          codec::to_json(Json::object({{"type", "https://entraide.example/problems/" + rule},
                                       {"title", rule},
                                       {"status", status},
                                       {"detail", "no"}}))};
}
std::string query(const std::string& url, const std::string& name) {
  const std::size_t at = url.find(name + "=");
  if (at == std::string::npos) return "";
  const std::size_t start = at + name.size() + 1;
  return url.substr(start, url.find('&', start) - start);
}
}  // namespace

FakeHub::FakeHub(Clock& clock, Random& random)
    : clock_(clock), random_(random), key_(crypto::LogSigningKey::generate(random)) {}

std::string FakeHub::vkey() const {
  return merkle::NoteVerifier(kOrigin, merkle::SignatureType::ed25519, key_.verify_key()).vkey();
}

void FakeHub::push(merkle::EntryKind kind, const std::string& body, std::vector<std::string> objects) {
  merkle::Blind blind;
  random_.fill(blind.value);
  const Time time = from_seconds(to_seconds(clock_.now()));
  std::string text = merkle::to_text(
      merkle::Entry{kind, to_seconds(time), merkle::commit(blind, crypto::sha256(std::string_view(body)))});
  levels_.append(merkle::leaf_hash(bytes_of(text)));
  entries.push_back({kind, time, blind, body, std::move(text), std::move(objects)});
}

std::int64_t FakeHub::append(const std::string& body, std::vector<std::string> objects) {
  const act::SignedAct act = MUST(act::parse_act(body));
  push(directory::is_directory_act(act.act.type) ? merkle::EntryKind::dir : merkle::EntryKind::act, body,
       std::move(objects));
  return static_cast<std::int64_t>(entries.size()) - 1;
}
std::int64_t FakeHub::append_note(const std::string& body) {
  push(merkle::EntryKind::note, body, {});
  return static_cast<std::int64_t>(entries.size()) - 1;
}

void FakeHub::truncate(std::size_t size) {
  entries.resize(size);
  levels_ = {};
  for (const Entry& entry : entries) levels_.append(merkle::leaf_hash(bytes_of(entry.text)));
}

std::string FakeHub::checkpoint() const {
  const auto prover = MUST(merkle::Prover::at(levels_, levels_.size()));
  return merkle::to_text(merkle::sign_checkpoint({kOrigin, levels_.size(), prover.root()}, key_).note);
}

std::string FakeHub::receipt(std::size_t index) const {
  const auto prover = MUST(merkle::Prover::at(levels_, levels_.size()));
  merkle::Receipt receipt;
  receipt.blind = entries[index].blind;
  receipt.unix_seconds = to_seconds(entries[index].time);
  receipt.leaf_index = index;
  receipt.proof = MUST(prover.inclusion(index));
  receipt.checkpoint = MUST(merkle::parse_checkpoint(checkpoint()));
  return merkle::to_text(receipt);
}

Result<HttpResponse> FakeHub::send(const HttpRequest& request) {
  ++requests;
  HttpResponse response = answer(request);
  if (tamper) tamper(request, response);
  if (break_after > 0) {
    --break_after;
    return fail(Errc::unavailable, "network.connect", "the line broke");
  }
  return response;
}

Result<HttpResponse> FakeHub::stream(const HttpRequest& request, const std::function<bool(std::string_view)>& take) {
  HttpResponse response = answer(request);
  if (tamper) tamper(request, response);
  take(response.body);
  return response;
}

HttpResponse FakeHub::take_act(const HttpRequest& request) {
  const Json value = MUST(codec::parse_json(request.body, {.bytes = 64 << 20}));
  const std::string body = value.find("act")->string();
  const act::SignedAct act = MUST(act::parse_act(body));
  std::size_t index = 0;
  while (index < entries.size() && entries[index].body != body) ++index;
  const bool is_new = index == entries.size();
  if (is_new) {
    std::vector<std::string> objects;
    for (const Json& object : value.find("objects")->array_items()) objects.push_back(object.string());
    append(body, std::move(objects));
  }
  return {is_new ? 201 : 200,
          {},
          codec::to_json(Json::object({{"id", act::to_text(act.id)},
                                       {"index", index},
                                       {"time", codec::rfc3339(entries[index].time)},
                                       {"kind", merkle::to_text(entries[index].kind)},
                                       {"receipt", receipt(index)},
                                       {"case", act.act.case_id ? Json(act.act.case_id->str()) : Json()},
                                       {"reference", nullptr},
                                       {"state", Json::object()},
                                       {"new", is_new}}))};
}

HttpResponse FakeHub::answer(const HttpRequest& request) {
  const std::string path = request.url.substr(request.url.find('/', 8));
  if (path == "/v1/status") return json_response(Json::object({{"origin", kOrigin}, {"log_vkey", vkey()}}));
  if (path == "/v1/sessions/challenges")
    return json_response(Json::object({{"nonce", "n"}, {"expires_at", "2030-01-01T00:00:00Z"}}));
  if (path == "/v1/sessions")
    return json_response(Json::object({{"token", "t"}, {"expires_at", "2090-01-01T00:00:00Z"}}));
  if (path == "/v1/acts" && request.method == "POST") return take_act(request);
  if (path == "/ledger/checkpoint") return {200, {}, checkpoint()};
  if (path.starts_with("/ledger/tile/")) {
    const std::string name = path.substr(8);
    if (const auto bundle = merkle::parse_bundle_path(name)) {
      std::vector<Bytes> texts;
      for (std::size_t i = 0; i < bundle->width && bundle->index * 256 + i < entries.size(); ++i)
        texts.push_back(to_bytes(entries[bundle->index * 256 + i].text));
      return {200, {}, std::string(text_of(MUST(merkle::bundle_bytes(texts))))};
    }
    const auto tile = MUST(merkle::parse_tile_path(name));
    std::string bytes;
    for (unsigned i = 0; i < tile.width; ++i) {
      const merkle::Node node{tile.level * 8, tile.index * 256 + i};
      Digest hash;
      if (!levels_.read(std::span(&node, 1), std::span(&hash, 1))) return problem(404, "api.not_found");
      bytes += text_of(hash.view());
    }
    return {200, {}, bytes};
  }
  if (path.starts_with("/v1/directory/feed")) {
    const std::size_t from = std::stoul(query(path, "from")), limit = std::stoul(query(path, "limit"));
    Json list = Json::array(), next;
    for (std::size_t i = from; i < entries.size(); ++i) {
      if (entries[i].kind != merkle::EntryKind::dir) continue;
      if (list.array_items().size() == limit) {
        next = i;
        break;
      }
      list.push_back(Json::object({{"index", i},
                                   {"time", codec::rfc3339(entries[i].time)},
                                   {"kind", "dir"},
                                   {"blind", codec::to_text(entries[i].blind)},
                                   {"body", entries[i].body}}));
    }
    return json_response(Json::object({{"entries", list}, {"next", next}, {"tree_size", entries.size()}}));
  }
  if (path.starts_with("/v1/rings/")) {
    Json wraps = Json::array();
    for (std::size_t i = entries.size(); i-- > 0;) {
      if (entries[i].kind != merkle::EntryKind::dir) continue;
      const act::SignedAct act = MUST(act::parse_act(entries[i].body));
      if (act.act.type.starts_with("ring.") && path.find(escape(act.act.for_authority.str())) != std::string::npos)
        wraps.push_back(Json::object(
            {{"g", *act.act.d.find("g")}, {"h", *act.act.d.find("wrap")}, {"act", act::to_text(act.id)}}));
    }
    return json_response(Json::object({{"wraps", wraps}}));
  }
  if (path.starts_with("/v1/acts?")) return many_acts(query(path, "ids"), query(path, "sealed"));
  if (path.starts_with("/v1/acts/")) {
    for (std::size_t i = 0; i < entries.size(); ++i) {
      if (entries[i].kind == merkle::EntryKind::note) continue;
      const std::string id = act::to_text(MUST(act::parse_act(entries[i].body)).id);
      if (path == "/v1/acts/" + id) return json_response(record(i));
      for (const std::string& object : entries[i].objects)
        if (path == "/v1/acts/" + id + "/objects/" + codec::to_text(crypto::sha256(std::string_view(object))))
          return {200, {}, object};
    }
  }
  return problem(404, "api.not_found");
}

Json FakeHub::record(std::size_t index) const {
  const Entry& entry = entries[index];
  return Json::object({{"id", act::to_text(MUST(act::parse_act(entry.body)).id)},
                       {"index", index},
                       {"time", codec::rfc3339(entry.time)},
                       {"kind", merkle::to_text(entry.kind)},
                       {"act", entry.body},
                       {"receipt", receipt(index)},
                       {"objects", Json::array()}});
}

HttpResponse FakeHub::many_acts(std::string_view ids, std::string_view role) const {
  Json items = Json::array(), next;
  for (std::size_t at = 0; at <= ids.size();) {
    const std::string id(ids.substr(at, ids.find(',', at) - at));
    at += id.size() + 1;
    for (std::size_t i = 0; i < entries.size(); ++i) {
      if (entries[i].kind == merkle::EntryKind::note) continue;
      const act::SignedAct act = MUST(act::parse_act(entries[i].body));
      if (act::to_text(act.id) != id) continue;
      if (items.array_items().size() == acts_at_once) {
        next = id;
        return json_response(Json::object({{"items", std::move(items)}, {"next", std::move(next)}}));
      }
      Json sealed = Json::array();
      for (const act::ObjectRef& ref : act.act.objects)
        for (const std::string& object : entries[i].objects)
          if (ref.role == role && ref.hash == crypto::sha256(std::string_view(object)))
            sealed.push_back(Json::object({{"h", codec::to_text(ref.hash)}, {"jwe", object}}));
      items.push_back(record(i).set("sealed", std::move(sealed)));
    }
  }
  return json_response(Json::object({{"items", std::move(items)}, {"next", std::move(next)}}));
}

// ---- the organisation ----------------------------------------------------------------------

Party World::make_party(const std::string& country) {
  const auto key = [&] { return crypto::PrivateKey::generate(random); };
  Party out{Subject("au:" + country + ":central-authority"),
            admin::new_officer(country, random),
            key(),
            key(),
            key(),
            key(),
            key(),
            key(),
            key(),
            key(),
            {}};
  const crypto::Validity validity{clock.now() - Seconds(86400), clock.now() + Seconds(86400 * 3650)};
  std::string code = country == "fr" ? "FR" : "KE";
  const auto root =
      MUST(crypto::create_root(out.pki, {code, "Ministry of Examples", "Document root"}, validity, random));
  out.chain = {
      MUST(crypto::issue_signing_certificate(out.pki, root, out.document.public_key(),
                                             {code, "Central Authority", "Example Officer"}, validity, random)),
      root};
  return out;
}

act::CheckpointRef World::seen() const {
  if (hub.entries.empty()) return {};
  const auto note = MUST(merkle::parse_checkpoint(hub.checkpoint()));
  return {static_cast<std::int64_t>(note.checkpoint.size), note.checkpoint.root};
}

std::string World::directory_act(const Author& author, const std::string& type, Json d,
                                 std::span<const crypto::Signer* const> further, std::vector<std::string> objects) {
  act::Act act;
  act.type = type;
  act.nonce = codec::base64url(random.bytes(16));
  act.by = author.by;
  act.device = author.signer->public_key().kid();
  act.for_authority = author.for_authority;
  act.at = clock.now();
  act.checkpoint = seen();
  act.d = std::move(d);
  const std::string body = MUST(sign(act, author, further));
  const std::int64_t index = hub.append(body, std::move(objects));
  MUST(directory.admit(MUST(act::verify(MUST(act::parse_act(body)), directory)), index, clock.now()));
  return body;
}

World::World() {
  const Author org{Subject("org"), Subject("org"), &root_1};
  const crypto::Signer* second[] = {&root_2};
  const std::string first = directory_act(
      org, "dir.genesis",
      admin::genesis(std::vector{root_1.public_key(), root_2.public_key()}, 2, hub.vkey(), "quorum none\n", Digest{}),
      second);
  genesis = MUST(act::parse_act(first)).id;
  for (Party* party : {&france, &kenya}) {
    const std::string code = act::country_of(party->authority).str().substr(3);
    const crypto::Signer* roots[] = {&root_2, &party->country_root};
    directory_act(
        org, "dir.country",
        admin::country(code, std::vector{party->country_root.public_key()}, 1, std::span(party->chain).subspan(1)),
        roots);
    directory_act(
        {Subject("cc:" + code), Subject("cc:" + code), &party->country_root}, "dir.authority",
        admin::authority(party->authority, "central-authority", {}, Json::object({{"en", "Central authority"}}),
                         std::vector{party->administrator_1.public_key(), party->administrator_2.public_key()}));
    const crypto::Signer* other[] = {&party->administrator_2};
    directory_act(party->administrator(), "dir.officer",
                  admin::officer(party->officer, {"officer", "ring-admin"}, clock.now() + Seconds(86400 * 365)),
                  other);
    const crypto::Signer* device[] = {&party->sign};
    directory_act(party->administrator(), "dir.device",
                  admin::device(party->officer, party->sign.public_key(), party->seal.public_key(), "hw"), device);
    const NewRing ring = MUST(make_ring(directory, party->authority, nullptr, clock.now(), random));
    directory_act(party->administrator(), "ring.new", ring.d, {}, {ring.wrap});
  }
}

World::Client::Client(World& world, const Party& party, const std::string& name)
    : api(world.hub, world.clock, world.random, {"https://hub.test", "en", 5, [](Milliseconds) {}, {}}),
      mirror(MUST(Mirror::load({world.folder / (name + ".json"), world.genesis}))),
      rings(api, mirror, party.seal) {
  api.sign_in_with({&party.sign}, party.dpop);
}

std::unique_ptr<World::Client> World::client_of(const Party& party, const std::string& name) {
  return std::make_unique<Client>(*this, party, name);
}

}  // namespace entraide::client
