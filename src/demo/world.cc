#include "demo/world.h"

#include "client/admin.h"
#include "client/rings.h"
#include "codec/codec.h"

namespace entraide::demo {
namespace {

using codec::Json;
using crypto::PrivateKey;
using crypto::Signer;

constexpr auto kAssignmentLasts = std::chrono::hours(24 * 365);
constexpr auto kCertificateLasts = std::chrono::hours(24 * 365 * 2);

std::vector<const Signer*> pointers(const std::vector<PrivateKey>& keys) {
  std::vector<const Signer*> out;
  for (const PrivateKey& key : keys) out.push_back(&key);
  return out;
}
std::vector<crypto::PublicKey> publics(const std::vector<PrivateKey>& keys) {
  std::vector<crypto::PublicKey> out;
  for (const PrivateKey& key : keys) out.push_back(key.public_key());
  return out;
}
std::string upper(std::string text) {
  for (char& c : text) c = static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  return text;
}

}  // namespace

client::Contents contents_of(Step step, const CaseId& case_id, const Subject& by) {
  const Json* basis = step.answers.find("basis");
  std::string under = basis != nullptr ? basis->string() : std::string();
  return {step.type,
          case_id,
          by,
          step.to,
          std::move(under),
          std::move(step.answers),
          std::move(step.summary),
          std::move(step.translations),
          std::move(step.files)};
}

Office& World::office(std::string_view authority) {
  for (Office& office : offices_)
    if (office.authority.str() == authority) return office;
  ENSURE(!"an authority of this world");
  std::abort();
}

Officer& World::officer_of(std::string_view authority) {
  for (Officer& officer : officers_)
    if (officer.authority.str() == authority) return officer;
  ENSURE(!"an officer of this world");
  std::abort();
}

act::Act World::compose(const Officer& officer, std::string type, std::vector<Subject> to) const {
  act::Act act;
  act.type = std::move(type);
  act.nonce = codec::base64url(parts_.random.bytes(16));
  act.by = officer.id;
  act.device = officer.sign.public_key().kid();
  act.for_authority = officer.authority;
  act.to = std::move(to);
  act.at = now();
  for (const Subject& receiver : act.to) {
    const auto newest = sent_.find({act.device, receiver});
    act.sent[receiver.str()] = (newest == sent_.end() ? 0 : newest->second) + 1;
  }
  act.rulebook = parts_.rules.digest();
  act.checkpoint = checkpoint_;
  return act;
}

// Sends, and learns from the receipt: the next act binds itself to the tree that this one is in.
Result<Answer> World::deliver(const std::string& body, const std::vector<std::string>& objects) {
  const Answer answer = TRY(parts_.door(body, objects));
  const merkle::Receipt receipt = TRY(merkle::parse_receipt(answer.receipt));
  const merkle::Checkpoint& seen = receipt.checkpoint.checkpoint;
  if (static_cast<std::int64_t>(seen.size) > checkpoint_.size)
    checkpoint_ = {static_cast<std::int64_t>(seen.size), seen.root};
  return answer;
}

Result<Answer> World::enact(Subject by, Subject for_authority, std::string type, Json d,
                            std::vector<const Signer*> signers, std::vector<std::string> objects) {
  act::Act act;
  act.type = std::move(type);
  act.nonce = codec::base64url(parts_.random.bytes(16));
  act.by = std::move(by);
  act.device = signers.front()->public_key().kid();
  act.for_authority = std::move(for_authority);
  act.at = now();
  act.rulebook = parts_.rules.digest();
  act.checkpoint = checkpoint_;
  act.d = std::move(d);
  const std::string body = TRY(act::sign_act(act, signers));
  const Answer answer = TRY(deliver(body, objects));
  auto parsed = TRY(act::parse_act(body));
  const auto verified = TRY(act::verify(std::move(parsed), directory_));
  TRY(directory_.admit(verified, answer.index, from_seconds(answer.unix_seconds)));
  return answer;
}

Result<> World::begin() {
  for (int i = 0; i < 3; ++i) roots_.push_back(new_key());
  const Subject org("org");
  TRY(enact(org, org, "dir.genesis",
            client::admin::as_demonstration(
                client::admin::genesis(publics(roots_), 2, parts_.log_vkey, "", parts_.rules.digest())),
            {&roots_[0], &roots_[1]}));
  genesis_ = directory_.genesis()->id;
  return {};
}

Result<> World::add_country(const std::string& code, const std::string& organization) {
  std::vector<PrivateKey> roots{new_key(), new_key()};
  PrivateKey pki_key = new_key();
  const crypto::Validity validity{now() - std::chrono::minutes(1), now() + 5 * kCertificateLasts};
  auto pki = TRY(crypto::create_root(pki_key, {upper(code), organization, organization + " document root"}, validity,
                                     parts_.random));
  const std::vector<crypto::Certificate> certificates{pki};
  const Subject org("org");
  TRY(enact(org, org, "dir.country", client::admin::country(code, publics(roots), 2, certificates),
            {&roots_[0], &roots_[1], &roots[0], &roots[1]}));
  countries_.emplace(code, Country{code, std::move(roots), std::move(pki_key), std::move(pki)});
  return {};
}

Result<Office*> World::add_authority(const std::string& country, const std::string& slug, const std::string& kind,
                                     Json name) {
  const Subject authority("au:" + country + ":" + slug), parent("cc:" + country);
  const Country& of = countries_.at(country);
  std::vector<PrivateKey> administrators{new_key(), new_key()};
  PrivateKey issuer_key = new_key();
  const crypto::Validity validity{now() - std::chrono::minutes(1), now() + 3 * kCertificateLasts};
  auto issuer = TRY(crypto::issue_issuer_certificate(of.pki_key, of.pki, issuer_key.public_key(),
                                                     {upper(country), authority.str(), authority.str() + " issuer"},
                                                     validity, parts_.random));
  Office office{authority, std::move(administrators), {}, std::move(issuer_key), std::move(issuer)};
  TRY(enact(parent, parent, "dir.authority",
            client::admin::authority(office.authority, kind, {}, std::move(name), publics(office.administrators)),
            pointers(countries_.at(country).roots)));
  return &offices_.emplace_back(std::move(office));
}

Result<Officer*> World::add_officer(Office& office, const std::string& name, std::vector<std::string> roles,
                                    const std::string& assurance_level) {
  const std::string code = act::country_of(office.authority).str().substr(3);
  Officer officer{client::admin::new_officer(code, parts_.random),
                  office.authority,
                  name,
                  std::move(roles),
                  new_key(),
                  new_key(),
                  new_key(),
                  {}};
  const crypto::Validity validity{now() - std::chrono::minutes(1), now() + kCertificateLasts};
  officer.chain = {
      TRY(crypto::issue_signing_certificate(office.issuer_key, office.issuer, officer.document.public_key(),
                                            {upper(code), office.authority.str(), name}, validity, parts_.random)),
      office.issuer};
  TRY(enact(office.authority, office.authority, "dir.officer",
            client::admin::officer(officer.id, officer.roles, now() + kAssignmentLasts),
            pointers(office.administrators)));
  TRY(enact(office.authority, office.authority, "dir.device",
            client::admin::device(officer.id, officer.sign.public_key(), officer.seal.public_key(), assurance_level),
            {&office.administrators[0], &officer.sign}));
  return &officers_.emplace_back(std::move(officer));
}

Result<> World::renew_ring(Office& office) {
  const client::NewRing ring = TRY(
      client::make_ring(directory_, office.authority, office.ring ? &*office.ring : nullptr, now(), parts_.random));
  TRY(enact(office.authority, office.authority, "ring.new", ring.d, {&office.administrators[0]}, {ring.wrap}));
  // A member opens the wrap, as every member will.
  for (const Officer& officer : officers_) {
    if (officer.authority != office.authority ||
        !directory_.is_member(office.authority, officer.sign.public_key().kid(), now()))
      continue;
    const std::int64_t generation = directory_.authority(office.authority)->current_ring()->generation;
    office.ring = TRY(client::open_wrap(directory_, office.authority, generation, ring.wrap, officer.seal));
    break;
  }
  return {};
}

Result<> World::revoke_device(Office& office, const Officer& officer, const std::string& why) {
  TRY(enact(office.authority, office.authority, "dir.revoke",
            client::admin::revoke_key(officer.sign.public_key().kid(), why, now()), {&office.administrators[0]}));
  return {};
}

Course World::new_course() { return {CaseId(codec::base64url(parts_.random.bytes(16))), {}, {}}; }

Result<Prepared> World::prepare(const Course& course, const Officer& officer, Step step) {
  Prepared out;
  out.act = compose(officer, step.type, step.to);
  out.act.case_id = course.id;
  if (course.newest != ActId{}) out.act.previous = course.newest;
  const client::Contents contents = contents_of(std::move(step), course.id, officer.authority);
  const client::DocumentSigner signer = officer.document_signer();
  client::Sealed sealed =
      TRY(client::seal_contents(parts_.rules, directory_, contents, &signer, now(), parts_.random));
  out.act.d = std::move(sealed.d);
  out.act.objects = std::move(sealed.objects);
  out.objects = std::move(sealed.jwes);
  const Signer* const keys[] = {&officer.sign};
  out.body = TRY(act::sign_act(out.act, keys));
  return out;
}

Result<Answer> World::send(Course& course, const Prepared& prepared) {
  const Answer answer = TRY(deliver(prepared.body, prepared.objects));
  for (const auto& [receiver, count] : prepared.act.sent) sent_[{prepared.act.device, Subject(receiver)}] = count;
  const auto parsed = TRY(act::parse_act(prepared.body));
  course.newest = parsed.id;
  if (!answer.reference.empty()) course.reference = answer.reference;
  return answer;
}

Result<Answer> World::take(Course& course, const Officer& officer, Step step) {
  const Prepared prepared = TRY(prepare(course, officer, std::move(step)));
  return send(course, prepared);
}

}  // namespace entraide::demo
