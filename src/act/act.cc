#include "act/act.h"

#include <algorithm>
#include <set>

#include "codec/codec.h"
#include "crypto/digest.h"
#include "crypto/jws.h"

namespace entraide::act {
namespace {

using codec::Json;
using codec::ObjectReader;

constexpr std::string_view kType = "entraide-act+json";
constexpr std::int64_t kObjectBytesMax = std::int64_t{1} << 40;

bool in_alphabet(std::string_view part) {
  return !part.empty() && part.size() <= 64 && std::all_of(part.begin(), part.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
           c == '-';
  });
}
bool is_lower(std::string_view part) {
  return std::none_of(part.begin(), part.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

std::vector<std::string_view> split(std::string_view text, char at) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t end = text.find(at);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

// The name of a subject in its parts, at most three of which mean anything.
struct Name {
  std::array<std::string_view, 3> parts;
  std::size_t count = 0;  // of all parts

  explicit Name(std::string_view text) {
    while (true) {
      const std::size_t end = text.find(':');
      if (count < parts.size()) parts[count] = text.substr(0, end);
      ++count;
      if (end == std::string_view::npos) return;
      text.remove_prefix(end + 1);
    }
  }
};

bool is_country_code(std::string_view part) { return part.size() == 2 && is_lower(part); }

std::string read_sized(ObjectReader& in, std::string_view key, std::size_t size) {
  const std::string_view text = in.text(key);
  if (!in.failed() && !codec::is_base64url(text, size))
    in.fault(key, "must be base64url of " + std::to_string(size) + " bytes");
  return std::string(text);
}

Digest read_digest(ObjectReader& in, std::string_view key) {
  Digest digest;
  if (const std::string_view text = in.text(key); !in.failed() && !codec::decode_base64url(text, digest.value))
    in.fault(key, "must be base64url of 32 bytes");
  return in.failed() ? Digest{} : digest;
}

// None where it is spelled like no subject.
std::optional<SubjectKind> kind_of(std::string_view subject) {
  const Name name(subject);
  if (name.count > name.parts.size()) return std::nullopt;
  const auto& [head, second, third] = name.parts;
  for (std::size_t i = 0; i < name.count; ++i)
    if (!in_alphabet(name.parts[i])) return std::nullopt;
  const bool country = is_country_code(second);
  if (head == "org" && name.count == 1) return SubjectKind::org;
  if (head == "cc" && name.count == 2 && country) return SubjectKind::country;
  if (head == "au" && name.count == 3 && country && is_lower(third)) return SubjectKind::authority;
  if (head == "of" && name.count == 3 && country && codec::is_base64url(third, 12)) return SubjectKind::officer;
  if (head == "dv" && name.count == 2 && codec::is_base64url(second, 32)) return SubjectKind::device;
  if (head == "sy" && name.count == 3 && country && is_lower(third)) return SubjectKind::system;
  if (head == "wi" && name.count == 2 && is_lower(second)) return SubjectKind::witness;
  return std::nullopt;
}

Subject read_subject(ObjectReader& in, std::string_view key) {
  Subject subject(in.string(key));
  if (!in.failed() && !kind_of(subject.str())) in.fault(key, "is not the name of a subject");
  return subject;
}

Result<ObjectRef> read_object(const Json& value, const std::string& what) {
  ObjectReader in(value, what);
  ObjectRef out;
  const std::string_view kind = in.text("k");
  out.hash = read_digest(in, "h");
  out.bytes = in.integer("n");
  if (!in.failed() && (out.bytes < 1 || out.bytes > kObjectBytesMax)) in.fault("n", "must be 1 to 2^40 bytes");
  if (kind == "seal") {
    if (auto role = in.optional_string("r")) out.role = *role;
    if (out.role != "doc" && out.role != "sum" && out.role != "tr") in.fault("r", "must be doc, sum or tr");
    out.content_commitment = read_sized(in, "cc", 32);
    const Json::Array& receivers = in.array("to");
    out.to.reserve(receivers.size());
    for (std::size_t i = 0; i < receivers.size(); ++i) {
      ObjectReader to(receivers[i], what + ".to." + std::to_string(i));
      SealedTo sealed{read_subject(to, "au"), to.integer("g"), KeyId(read_sized(to, "kid", 32))};
      TRY(to.finish());
      out.to.push_back(std::move(sealed));
    }
    if (!in.failed() && (out.to.empty() || out.to.size() > kReceiversMax))
      in.fault("to", "must name 1 to 64 receivers");
  } else if (kind == "file") {
    out.kind = ObjectRef::Kind::file;
    out.role.clear();
    out.file_id = read_sized(in, "fid", 16);
  } else {
    in.fault("k", "must be seal or file");
  }
  TRY(in.finish());
  return out;
}

Result<Act> read_payload(BytesView payload) {
  const Json value = TRY(codec::parse_json(payload, {.bytes = kActBytesMax}));
  ObjectReader in(value, "act");
  Act act;
  if (in.integer("v") != 1) in.fault("v", "must be 1");
  act.type = in.string("t");
  if (!in.failed() && (act.type.size() > 64 || !in_alphabet(act.type) || !is_lower(act.type) ||
                       act.type.find('.') == std::string::npos))
    in.fault("t", "is not a type of act");
  act.nonce = read_sized(in, "n", 16);
  act.by = read_subject(in, "by");
  act.device = KeyId(read_sized(in, "dv", 32));
  act.for_authority = read_subject(in, "for");
  std::set<std::string> receivers;
  for (const std::string& name : in.strings("to")) {
    act.to.emplace_back(name);
    const auto kind = kind_of(name);
    if (!kind || (*kind != SubjectKind::authority && *kind != SubjectKind::country))
      in.fault("to", "must name authorities");
    if (!receivers.insert(name).second) in.fault("to", "names an authority twice");
  }
  if (act.to.size() > kReceiversMax) in.fault("to", "names more than 64 authorities");
  const std::string_view at = in.text("at");
  if (!in.failed()) {
    if (auto time = codec::from_rfc3339(at)) act.at = *time;
    else in.fault("at", "must be a time like 2026-01-02T03:04:05Z");
  }
  if (auto text = in.nullable_string("case")) {
    if (auto id = case_id_from_text(*text)) act.case_id = *id;
    else in.fault("case", "must be base64url of 16 bytes");
  }
  if (auto text = in.nullable_string("prev")) {
    if (auto id = act_id_from_text(*text)) act.previous = *id;
    else in.fault("prev", "must be base64url of 32 bytes");
  }
  if (const Json& sent = in.value("st"); sent.is_object()) {
    for (const auto& [name, count] : sent.members()) {
      if (!receivers.contains(name)) in.fault("st", "counts an authority that is not in `to`");
      if (!count.is_integer() || count.integer() < 1) in.fault("st", "counts from 1");
      else act.sent.emplace(name, count.integer());
    }
    if (act.sent.size() != act.to.size()) in.fault("st", "must count every authority in `to`");
  } else {
    in.fault("st", "must be an object");
  }
  act.rulebook = read_digest(in, "rb");
  {
    ObjectReader cp(in.value("cp"), "act.cp");
    act.checkpoint.size = cp.integer("n");
    const std::string_view root = cp.text("h");
    if (!cp.failed() && act.checkpoint.size < 0) cp.fault("n", "must not be negative");
    const auto bytes = codec::from_base64(root);
    if (!cp.failed() && (!bytes || bytes->size() != 32)) cp.fault("h", "must be base64 of 32 bytes");
    if (!in.failed()) TRY(cp.finish());
    if (bytes && bytes->size() == 32) act.checkpoint.root = codec::hash_from_bytes<Digest>(*bytes);
  }
  const Json::Array& objects = in.array("obj");
  if (objects.size() > kObjectsMax) in.fault("obj", "lists more than 32 objects");
  if (!in.failed())
    for (std::size_t i = 0; i < objects.size(); ++i)
      act.objects.push_back(TRY(read_object(objects[i], "act.obj." + std::to_string(i))));
  act.d = in.value("d");
  if (!in.failed() && !act.d.is_object()) in.fault("d", "must be an object");
  TRY(in.finish());
  return act;
}

Result<Signature> read_signature(std::string_view line) {
  const std::size_t dot = line.find('.');
  if (dot == std::string_view::npos)
    return fail(Errc::invalid, "act.form", "act: a signature line must be protected, a dot, and the signature");
  Signature out;
  out.protected_b64 = line.substr(0, dot);
  out.kid = TRY(crypto::jws_key_id(out.protected_b64, kType));
  out.value = TRY(codec::from_base64url_sized(line.substr(dot + 1), 64, "act: signature"));
  return out;
}

Json json_of(const ObjectRef& object) {
  Json out = Json::object();
  if (object.kind == ObjectRef::Kind::seal) {
    out.set("k", "seal");
    if (object.role != "doc") out.set("r", object.role);
  } else {
    out.set("k", "file").set("fid", object.file_id);
  }
  out.set("h", codec::to_text(object.hash)).set("n", object.bytes);
  if (object.kind == ObjectRef::Kind::seal) {
    Json to = Json::array();
    for (const SealedTo& sealed : object.to)
      to.push_back(
          Json::object({{"au", sealed.authority.str()}, {"g", sealed.generation}, {"kid", sealed.kid.str()}}));
    out.set("cc", object.content_commitment).set("to", std::move(to));
  }
  return out;
}

Result<std::string> signature_line(const std::string& payload_b64, const crypto::Signer& signer) {
  const crypto::JwsSignature made = TRY(crypto::sign_jws(signer, kType, payload_b64));
  return made.protected_header + "." + made.signature;
}

std::string body_of(const std::string& payload_b64, std::vector<std::string> lines) {
  std::sort(lines.begin(), lines.end());
  std::string body = payload_b64 + "\n";
  for (const std::string& line : lines) body += line + "\n";
  return body;
}

}  // namespace

Result<SignedAct> parse_act(std::string_view body) {
  if (body.size() > kActBytesMax)
    return fail(Errc::too_large, "act.size", "act: larger than 64 KiB; long texts and files go into sealed objects");
  if (!body.ends_with('\n')) return fail(Errc::invalid, "act.form", "act: must end with a line feed");
  body.remove_suffix(1);
  const std::vector<std::string_view> lines = split(body, '\n');
  if (lines.size() < 2) return fail(Errc::invalid, "act.form", "act: has no signature line");
  if (lines.size() > kSignaturesMax + 1)
    return fail(Errc::invalid, "act.form", "act: has more than 32 signature lines");

  SignedAct out;
  out.payload_b64 = lines[0];
  const Bytes payload = TRY(codec::from_base64url(lines[0]));
  out.act = TRY(read_payload(payload));
  out.id = ActId{crypto::sha256(payload).value};
  std::set<KeyId> seen;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    if (i > 1 && !(lines[i - 1] < lines[i]))
      return fail(Errc::invalid, "act.form", "act: signature lines must be sorted, each once");
    Signature signature = TRY(read_signature(lines[i]));
    if (!seen.insert(signature.kid).second)
      return fail(Errc::invalid, "act.signature.twice", "act: two signatures by one key");
    out.signatures.push_back(std::move(signature));
  }
  out.body.reserve(body.size() + 1);
  out.body = body;
  out.body += '\n';
  out.body_digest = crypto::sha256(bytes_of(out.body));
  return out;
}

bool VerifiedAct::signed_by(const KeyId& kid) const {
  return std::find(signers_.begin(), signers_.end(), kid) != signers_.end();
}

Result<VerifiedAct> verify(SignedAct act, const KeyDirectory& keys) {
  const std::vector<crypto::PublicKey> announced = TRY(announced_keys(act.act));
  std::vector<KeyId> signers;
  for (const Signature& signature : act.signatures) {
    std::optional<crypto::PublicKey> key = keys.signing_key(signature.kid);
    for (const crypto::PublicKey& candidate : announced)
      if (!key && candidate.kid() == signature.kid) key = candidate;
    if (!key)
      return fail(Errc::refused, "act.device.unknown",
                  "act: signing key " + signature.kid.str() + " is not in the directory; enrol the device first");
    if (!crypto::verify(*key, crypto::sha256(signature.protected_b64, ".", act.payload_b64), signature.value))
      return fail(Errc::not_authentic, "act.signature",
                  "act: the signature by key " + signature.kid.str() + " does not verify");
    signers.push_back(signature.kid);
  }
  if (std::find(signers.begin(), signers.end(), act.act.device) == signers.end())
    return fail(Errc::invalid, "act.dv", "act: the device named in `dv` has not signed");
  return VerifiedAct(std::move(act), std::move(signers));
}

std::string payload_of(const Act& act) {
  Json to = Json::array(), sent = Json::object(), objects = Json::array();
  for (const Subject& receiver : act.to) {
    to.push_back(receiver.str());
    if (const auto count = act.sent.find(receiver.str()); count != act.sent.end())
      sent.set(receiver.str(), count->second);
  }
  for (const ObjectRef& object : act.objects) objects.push_back(json_of(object));
  return codec::to_json(Json::object({
      {"v", 1},
      {"t", act.type},
      {"n", act.nonce},
      {"by", act.by.str()},
      {"dv", act.device.str()},
      {"for", act.for_authority.str()},
      {"to", std::move(to)},
      {"at", codec::rfc3339(act.at)},
      {"case", act.case_id ? Json(act.case_id->str()) : Json()},
      {"prev", act.previous ? Json(to_text(*act.previous)) : Json()},
      {"st", std::move(sent)},
      {"rb", codec::to_text(act.rulebook)},
      {"cp", Json::object({{"n", act.checkpoint.size}, {"h", codec::base64(act.checkpoint.root.view())}})},
      {"obj", std::move(objects)},
      {"d", act.d},
  }));
}

Result<std::string> sign_act(const Act& act, std::span<const crypto::Signer* const> signers) {
  ENSURE(!signers.empty() && signers.size() <= kSignaturesMax);
  const std::string payload_b64 = codec::base64url(bytes_of(payload_of(act)));
  std::vector<std::string> lines;
  for (const crypto::Signer* signer : signers) lines.push_back(TRY(signature_line(payload_b64, *signer)));
  std::string body = body_of(payload_b64, std::move(lines));
  // What leaves here is what the other side will read: a field that does not survive the format fails now.
  TRY(parse_act(body));
  return body;
}

Result<std::string> add_signature(std::string_view body, const crypto::Signer& signer) {
  const SignedAct parsed = TRY(parse_act(body));
  std::vector<std::string> lines;
  for (const Signature& signature : parsed.signatures) {
    if (signature.kid == signer.public_key().kid())
      return fail(Errc::invalid, "act.signature.twice", "act: this key has signed already");
    lines.push_back(signature.protected_b64 + "." + codec::base64url(signature.value));
  }
  lines.push_back(TRY(signature_line(parsed.payload_b64, signer)));
  std::string out = body_of(parsed.payload_b64, std::move(lines));
  TRY(parse_act(out));
  return out;
}

Result<std::vector<crypto::PublicKey>> announced_keys(const Act& act) {
  std::vector<crypto::PublicKey> keys;
  if (!act.type.starts_with("dir.")) return keys;
  const auto add = [&](const Json& jwk) -> Result<> {
    keys.push_back(TRY(crypto::PublicKey::from_jwk(jwk)));
    return {};
  };
  for (const std::string_view list : {"roots", "ops"}) {
    const Json* values = act.d.find(list);
    if (values == nullptr) continue;
    if (!values->is_array() || values->array_items().size() > kSignaturesMax)
      return fail(Errc::invalid, "act.member", "act.d." + std::string(list) + ": must be a list of at most 32 keys");
    for (const Json& jwk : values->array_items()) TRY(add(jwk));
  }
  if (const Json* jwk = act.d.find("sig")) TRY(add(*jwk));
  return keys;
}

Result<SubjectKind> subject_kind(const Subject& subject) {
  if (const auto kind = kind_of(subject.str())) return *kind;
  return fail(Errc::invalid, "act.subject", "\"" + subject.str().substr(0, 80) + "\" is not the name of a subject");
}

Subject country_of(const Subject& subject) {
  const Name name(subject.str());
  if (name.count < 2 || name.parts[1].size() != 2 || name.parts[0] == "dv" || name.parts[0] == "wi") return {};
  return Subject("cc:" + std::string(name.parts[1]));
}

std::string to_text(const ActId& id) { return codec::to_text(id); }
Result<ActId> act_id_from_text(std::string_view text) { return codec::hash_from_text<ActId>(text, "act id"); }
Result<CaseId> case_id_from_text(std::string_view text) {
  std::array<std::uint8_t, 16> id;
  TRY(codec::read_base64url(text, id, "case"));
  return CaseId(std::string(text));
}

}  // namespace entraide::act
