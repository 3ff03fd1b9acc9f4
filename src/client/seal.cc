#include "client/seal.h"

#include <algorithm>
#include <set>

#include "codec/codec.h"
#include "crypto/content.h"
#include "crypto/digest.h"
#include "crypto/document.h"
#include "crypto/jwe.h"
#include "rulebook/model.h"

namespace entraide::client {
namespace {

using codec::Json;
using codec::ObjectReader;

Json names(std::span<const Subject> subjects) {
  Json out = Json::array();
  for (const Subject& subject : subjects) out.push_back(subject.str());
  return out;
}

Json values(const Json& object) { return object.is_object() ? object : Json::object(); }

}  // namespace

Json manifest_entry(const FileEntry& file) {
  Json out = Json::object({{"fid", file.file_id},
                           {"name", file.name},
                           {"type", file.type},
                           {"size", file.size},
                           {"sha256", codec::to_text(file.plaintext_hash)},
                           {"ct", codec::to_text(file.sealed_hash)},
                           {"ct_size", file.sealed_size},
                           {"fk", codec::base64url(file.key.view())}});
  if (!file.note.empty()) out.set("note", file.note);
  return out;
}

Result<FileEntry> read_manifest_entry(const Json& entry) {
  ObjectReader in(entry, "files");
  FileEntry out;
  out.file_id = in.string("fid");
  out.name = in.string("name");
  out.type = in.string("type");
  out.size = in.integer("size");
  const std::string plain = in.string("sha256"), sealed = in.string("ct");
  out.sealed_size = in.integer("ct_size");
  const std::string key = in.string("fk");
  out.note = in.optional_string("note").value_or("");
  TRY(in.finish_open());
  TRY(codec::from_base64url_sized(out.file_id, 16, "files.fid"));
  out.plaintext_hash = TRY(codec::hash_from_text<Digest>(plain, "files.sha256"));
  out.sealed_hash = TRY(codec::hash_from_text<Digest>(sealed, "files.ct"));
  Bytes secret = TRY(codec::from_base64url_sized(key, 32, "files.fk"));
  out.key = SecretBytes(std::move(secret));
  return out;
}

Result<SealedOne> seal_one(const directory::Directory& directory, BytesView content, std::string_view role,
                           std::string_view context, std::span<const Subject> readers, Random& random) {
  crypto::PackedContent packed = TRY(crypto::pack_content(content, random));
  SealedOne out;
  std::vector<crypto::PublicKey> keys;
  std::set<Subject> seen;
  for (const Subject& reader : readers) {
    if (!seen.insert(reader).second) continue;
    const directory::Authority* authority = directory.authority(reader);
    const directory::Ring* ring = authority == nullptr ? nullptr : authority->current_ring();
    if (ring == nullptr)
      return fail(
          Errc::refused, "seal.ring",
          reader.str() + " has no ring: nothing can be sealed to it; ask its administrator, or take another channel");
    keys.push_back(ring->key);
    out.ref.to.push_back({reader, ring->generation, ring->key.kid()});
  }
  out.jwe = TRY(crypto::seal(
      packed.plaintext.view(),
      {"entraide-seal+json", "jose+json", codec::base64url(random.bytes(16)), std::string(context)}, keys, random));
  out.ref.role = role;
  out.ref.hash = crypto::sha256(std::string_view(out.jwe));
  out.ref.bytes = static_cast<std::int64_t>(out.jwe.size());
  out.ref.content_commitment = codec::to_text(packed.commitment);
  return out;
}

namespace {

// How a person who writes the answers themselves would put it right.
std::string what_would_do(const rulebook::Rulebook& rules, const rulebook::Defect& defect) {
  if (const Json* type = defect.params.find("type"); defect.code == "type" && type != nullptr)
    return *type == Json("array") ? " [..., ...]" : "";
  const Json* name = defect.params.find("vocab");
  if (defect.code != "vocab" || name == nullptr || !name->is_string()) return {};
  const auto known = rules.model().vocabs.find(name->string());
  if (known == rules.model().vocabs.end()) return {};
  std::string out;
  for (const std::string& code : known->second.codes) out += (out.empty() ? ": " : ", ") + code;
  return out;
}

}  // namespace

std::string words_of(const rulebook::Rulebook& rules, std::string_view form,
                     std::span<const rulebook::Defect> defects, std::string_view language) {
  std::string out;
  for (const rulebook::Defect& defect : defects) {
    std::string key = "defect." + defect.code;
    if (const Json* rule = defect.params.find("rule"); defect.code == "check" && rule != nullptr && rule->is_string())
      key = "rule." + rule->string();
    std::string words(rules.word(language, key));
    const Json params = values(defect.params);
    for (const auto& [name, value] : params.members()) {
      const std::string place = "{" + name + "}", text = value.is_string() ? value.string() : codec::to_json(value);
      for (std::size_t at = words.find(place); at != std::string::npos; at = words.find(place, at + text.size()))
        words.replace(at, place.size(), text);
    }
    const std::string field = defect.path.substr(0, defect.path.find('.'));
    const std::string_view label = rules.word(language, "field." + std::string(form) + "." + field);
    if (!out.empty()) out += "\n";
    out += defect.path.empty() ? "" : defect.path + (label.empty() ? "" : " (" + std::string(label) + ")") + ": ";
    out += words.empty() ? defect.code : words;
    out += what_would_do(rules, defect);
  }
  return out;
}

Result<Sealed> seal_contents(const rulebook::Rulebook& rules, const directory::Directory& directory,
                             const Contents& contents, const DocumentSigner* document_signer, Time now,
                             Random& random) {
  const std::string form(rulebook::form_of(rules, contents.type));
  const std::string requested = contents.receiving.empty() ? "" : act::country_of(contents.receiving[0]).str();
  const Json* profile = requested.size() > 3 ? rulebook::profile_of(rules, requested.substr(3)) : nullptr;
  Sealed out;
  rulebook::PartedAnswers parted;
  if (form.empty()) {
    if (const Json answers = values(contents.answers); !answers.members().empty())
      return fail(Errc::invalid, "seal.form", contents.type + " has no form: it takes no answers");
  } else {
    const auto defects = rulebook::validate_form(rules, form, contents.basis, contents.answers, profile, now);
    if (!defects.empty())
      return fail(Errc::invalid, "form." + defects[0].code, words_of(rules, form, defects, "en"), defects[0].path);
    parted = rulebook::part_answers(rules, form, contents.basis, contents.answers, profile, now);
    out.d = parted.routing;
    out.removed = parted.removed;
  }
  std::vector<Subject> readers = contents.receiving;
  readers.push_back(contents.issuing);
  const std::string context = contents.case_id.str();
  const auto add = [&](BytesView content, std::string_view role) -> Result<std::string> {
    SealedOne one = TRY(seal_one(directory, content, role, context, readers, random));
    out.objects.push_back(one.ref);
    out.jwes.push_back(std::move(one.jwe));
    return one.ref.content_commitment;
  };

  // A form without a sealed field and without a file leaves nothing to say that the act does not say.
  const rulebook::Transition* transition = rulebook::find_act(rules.model(), contents.type);
  if (transition == nullptr)
    return fail(Errc::invalid, "seal.form", contents.type + ": the rulebook knows no such act");
  if (transition->sum == rulebook::Presence::required && contents.summary.empty())
    return fail(
        Errc::invalid, "seal.summary",
        contents.type + " needs a summary for the receiver's inbox: at most 120 characters, sealed like the rest",
        "summary");
  std::string document_commitment;
  if (transition->doc == rulebook::Presence::required || !parted.sealed.members().empty() ||
      !contents.files.empty()) {
    if (document_signer == nullptr || document_signer->signer == nullptr)
      return fail(Errc::refused, "seal.signer",
                  "no document signing key; see `entraide pki issue` and `entraide key certificate`");
    Json files = Json::array();
    for (const FileEntry& file : contents.files) files.push_back(manifest_entry(file));
    const Json payload = Json::object({{"format", "entraide-document/1"},
                                       {"act", contents.type},
                                       {"case", context},
                                       {"form", form},
                                       {"rulebook", codec::to_text(rules.digest())},
                                       {"issuing", contents.issuing.str()},
                                       {"receiving", names(contents.receiving)},
                                       {"basis", contents.basis},
                                       {"answers", parted.sealed},
                                       {"routing", parted.routing},
                                       {"files", std::move(files)}});
    const std::string document = TRY(crypto::make_document(bytes_of(codec::to_json(payload)),
                                                           *document_signer->signer, document_signer->chain, now));
    document_commitment = TRY(add(bytes_of(document), "doc"));
  }
  if (!contents.summary.empty()) {
    if (codec::code_points(contents.summary) > kSummaryCodePointsMax)
      return fail(Errc::invalid, "seal.summary", "the summary is longer than 120 characters", "summary");
    TRY(add(bytes_of(codec::to_json(Json::object({{"format", "entraide-summary/1"},
                                                  {"case", context},
                                                  {"act", contents.type},
                                                  {"text", contents.summary}}))),
            "sum"));
  }
  for (const Translation& translation : contents.translations)
    TRY(add(bytes_of(codec::to_json(Json::object({{"format", "entraide-translation/1"},
                                                  {"case", context},
                                                  {"act", contents.type},
                                                  {"document", document_commitment},
                                                  {"language", translation.language},
                                                  {"maker", translation.maker},
                                                  {"checked_by", translation.checked_by},
                                                  {"answers", translation.answers}}))),
            "tr"));
  for (const FileEntry& file : contents.files) {
    act::ObjectRef ref;
    ref.kind = act::ObjectRef::Kind::file;
    ref.role.clear();
    ref.file_id = file.file_id;
    ref.bytes = file.sealed_size;
    ref.hash = file.sealed_hash;
    out.objects.push_back(std::move(ref));
  }
  return out;
}

}  // namespace entraide::client
