#include "client/open.h"

#include <algorithm>

#include "client/outbox.h"
#include "codec/codec.h"
#include "crypto/content.h"
#include "crypto/digest.h"
#include "crypto/document.h"
#include "crypto/jwe.h"

namespace entraide::client {
namespace {

using codec::Json;

std::string member(const Json& object, std::string_view key) {
  const Json* value = object.find(key);
  return value != nullptr && value->is_string() ? value->string() : "";
}

std::string list_of(const std::vector<Subject>& subjects) {
  std::string out;
  for (const Subject& subject : subjects) out += (out.empty() ? "" : ", ") + subject.str();
  return out;
}

/// Whether the document inside the seal speaks of the act around it: otherwise an honest document could be forwarded
/// in another act, to others, under another case.
std::string disagreement(const Json& document, const act::Act& act) {
  if (member(document, "act") != act.type)
    return "the document was made for " + member(document, "act") + ", the act is " + act.type;
  if (!act.case_id || member(document, "case") != act.case_id->str()) return "the document belongs to another case";
  if (member(document, "issuing") != act.for_authority.str())
    return "the document was issued by " + member(document, "issuing") + ", the act is for " +
           act.for_authority.str();
  Json receiving = Json::array();
  for (const Subject& receiver : act.to) receiving.push_back(receiver.str());
  const Json* named = document.find("receiving");
  if (named == nullptr || *named != receiving)
    return "the document names other receivers than the act (" + list_of(act.to) + ")";
  const Json* routing = document.find("routing");
  if (routing == nullptr || *routing != act.d)
    return "the routing fields that were signed in the document are not those of the act";
  return {};
}

std::string manifest_disagreement(const std::vector<FileEntry>& files, const act::Act& act) {
  for (const FileEntry& file : files) {
    const bool named = std::any_of(act.objects.begin(), act.objects.end(), [&](const act::ObjectRef& ref) {
      return ref.kind == act::ObjectRef::Kind::file && ref.file_id == file.file_id && ref.hash == file.sealed_hash &&
             ref.bytes == file.sealed_size;
    });
    if (!named) return "the manifest names the file \"" + file.name + "\", the act does not";
  }
  return {};
}

void check_document(Verdict& verdict, OpenedObject& out, const act::Act& act, BytesView document,
                    std::span<const Bytes> pki, Time admitted, const rulebook::Rulebook* rules) {
  std::vector<crypto::Certificate> roots;
  for (const Bytes& der : pki)
    if (auto root = crypto::Certificate::from_der(der)) roots.push_back(std::move(*root));
  const std::string country = act::country_of(act.for_authority).str();
  const auto verified = crypto::verify_document(document, roots, admitted);
  if (!verified) return verdict.fails("document", "the signed document does not hold: " + verified.error().message);
  out.signer = verified->chain.empty() ? "" : verified->chain[0].subject();
  verdict.holds("document", "the document is signed by " + out.signer + ", whose certificate leads to a root that " +
                                country + " has announced");
  const auto payload = codec::parse_json(verified->payload);
  if (!payload || member(*payload, "format") != "entraide-document/1")
    return verdict.fails("document-form", "the document is not of a form that this program reads");
  if (const std::string words = disagreement(*payload, act); !words.empty()) return verdict.fails("agreement", words);
  if (const Json* files = payload->find("files"); files != nullptr && files->is_array()) {
    for (const Json& item : files->array_items()) {
      auto entry = read_manifest_entry(item);
      if (!entry) return verdict.fails("manifest", entry.error().message);
      out.files.push_back(std::move(*entry));
    }
  }
  if (const std::string words = manifest_disagreement(out.files, act); !words.empty())
    return verdict.fails("manifest", words);
  verdict.holds("agreement", "the document speaks of this act, this case, these authorities and these files");
  const std::string form = member(*payload, "form");
  const Json* sealed = payload->find("answers");
  const Json* routing = payload->find("routing");
  if (rules == nullptr) {
    verdict.not_shown("form", "the form was not checked: the rulebook that the act names is not at hand");
  } else if (form.empty() || sealed == nullptr || !sealed->is_object()) {
    verdict.fails("form", "the document names no form");
  } else {
    Json answers = *sealed;
    for (const auto& [name, value] : routing->members()) answers.set(name, value);
    const std::string requested = act.to.empty() ? "" : act::country_of(act.to[0]).str();
    const Json* profile = requested.size() > 3 ? rulebook::profile_of(*rules, requested.substr(3)) : nullptr;
    const auto defects = rulebook::validate_form(*rules, form, member(*payload, "basis"), answers, profile, admitted);
    if (form != rulebook::form_of(*rules, act.type))
      verdict.fails("form", "the document uses the form " + form + ", which is not that of " + act.type);
    else if (defects.empty()) verdict.holds("form", "the answers are complete and well-formed under " + form);
    else verdict.fails("form", "the answers do not obey the form: " + words_of(*rules, form, defects, "en"));
  }
  out.document = *payload;
}

}  // namespace

OpenedObject check_content(Verdict& verdict, const act::Act& act, const act::ObjectRef& ref, BytesView plaintext,
                           std::span<const Bytes> pki, Time admitted, const rulebook::Rulebook* rules) {
  OpenedObject out;
  out.ref = ref;
  const auto commitment = codec::hash_from_text<Digest>(ref.content_commitment, "cc");
  if (!commitment) {
    verdict.fails("commitment", "the act's commitment to the content is malformed");
    return out;
  }
  const auto content = crypto::unpack_content(plaintext, *commitment);
  if (!verdict.note("commitment", content, "the content is the one that the signed act commits to")) return out;
  out.plaintext = SecretBytes(Bytes(plaintext.begin(), plaintext.end()));
  if (ref.role == "doc") {
    check_document(verdict, out, act, content->view(), pki, admitted, rules);
    return out;
  }
  const auto value = codec::parse_json(content->view());
  const std::string expected = ref.role == "sum" ? "entraide-summary/1" : "entraide-translation/1";
  if (!value || member(*value, "format") != expected || member(*value, "act") != act.type || !act.case_id ||
      member(*value, "case") != act.case_id->str()) {
    verdict.fails("agreement",
                  ref.role == "sum" ? "the summary is not of this act" : "the translation is not of this act");
    return out;
  }
  if (ref.role == "tr") {
    const bool known = std::any_of(act.objects.begin(), act.objects.end(), [&](const act::ObjectRef& other) {
      return other.role == "doc" && other.content_commitment == member(*value, "document");
    });
    if (!known) {
      verdict.fails("agreement", "the translation is of another document than the act's");
      return out;
    }
  }
  verdict.holds("agreement", ref.role == "sum" ? "the summary is of this act"
                                               : "the translation names the document that it is of");
  out.document = *value;
  return out;
}

namespace {

void check_signers(Reader& reader, OpenedAct& out, const act::SignedAct& parsed) {
  const directory::Directory then = reader.mirror.directory_before(out.index);
  auto verified = act::verify(parsed, then);
  if (!out.verdict.note(
          "signature", verified,
          "every signature on the act verifies, " + std::to_string(parsed.signatures.size()) + " of them"))
    return;
  if (directory::is_directory_act(parsed.act.type)) {
    directory::Directory again = then;
    out.verdict.note("directory", again.admit(*verified, out.index, out.time),
                     "the directory admits it, as it was at that index");
    return;
  }
  const auto actor = then.authorise(*verified, out.time);
  if (!actor) return out.verdict.fails("chain", actor.error().message);
  out.verdict.holds(
      "chain", "the device of " + actor->officers.front().officer.str() + " spoke for " + actor->authority.str() +
                   " when the act was admitted: genesis, country, authority, officer and device were each checked");
}

Result<std::string> jwe_of(Reader& reader, const OpenedAct& act, const act::ObjectRef& ref,
                           const FetchedAct& fetched) {
  const std::string hash = codec::to_text(ref.hash);
  if (const auto given = fetched.sealed.find(hash); given != fetched.sealed.end()) return given->second;
  return reader.api.get_text("/v1/acts/" + act::to_text(act.id) + "/objects/" + hash);
}

void open_object(Reader& reader, OpenedAct& out, const act::ObjectRef& ref, const FetchedAct& fetched) {
  const std::string name = ref.role == "doc" ? "document" : ref.role == "sum" ? "summary" : "translation";
  const auto mine = std::find_if(ref.to.begin(), ref.to.end(),
                                 [&](const act::SealedTo& to) { return to.authority == reader.authority; });
  if (reader.rings == nullptr || mine == ref.to.end())
    return out.verdict.not_shown(
        "seal", "the " + name + " was not opened: it is not sealed to " +
                    (reader.authority.empty() ? std::string("anybody known here") : reader.authority.str()) +
                    " or no key is at hand");
  const auto jwe = jwe_of(reader, out, ref, fetched);
  if (!jwe) return out.verdict.not_shown("seal", "the " + name + " is not to be had: " + jwe.error().message);
  if (crypto::sha256(std::string_view(*jwe)) != ref.hash)
    return out.verdict.fails("object", "the hub gave another " + name + " than the one that the act names");
  const auto sealed = crypto::parse_jwe(*jwe);
  if (!sealed) return out.verdict.fails("seal", "the " + name + " is not well sealed: " + sealed.error().message);
  if (!out.act->case_id || sealed->header().typ != "entraide-seal+json" ||
      sealed->header().ctx != out.act->case_id->str())
    return out.verdict.fails("seal", "the " + name + " was sealed for another case");
  std::vector<KeyId> named;
  for (const act::SealedTo& to : ref.to) named.push_back(to.kid);
  if (sealed->recipients() != named)
    return out.verdict.fails("seal", "the " + name + " is sealed to others than the act says");
  const auto keys = reader.rings->keys(mine->authority, mine->generation);
  if (!keys) {
    if (keys.error().code == Errc::not_authentic) return out.verdict.fails("ring", keys.error().message);
    return out.verdict.not_shown("ring", keys.error().message);
  }
  const auto plaintext = crypto::open(*sealed, (*keys)->key());
  if (!out.verdict.note("seal", plaintext,
                        "the " + name + " opens with the ring of " + mine->authority.str() + ", generation " +
                            std::to_string(mine->generation)))
    return;
  const directory::Directory then = reader.mirror.directory_before(out.index);
  const directory::Country* country = then.country(act::country_of(out.act->for_authority));
  const rulebook::Rulebook* rules =
      reader.rules != nullptr && reader.rules->digest() == out.act->rulebook ? reader.rules : nullptr;
  out.objects.push_back(check_content(out.verdict, *out.act, ref, plaintext->view(),
                                      country == nullptr ? std::span<const Bytes>() : country->pki, out.time, rules));
}

}  // namespace

namespace {

void read_delivery(OpenedAct& out, const Json& delivery, const Subject& authority) {
  if (!delivery.is_array()) return;
  for (const Json& one : delivery.array_items()) {
    if (member(one, "authority") != authority.str()) continue;
    out.delivered_told = !member(one, "delivered_at").empty();
    out.opened_told = !member(one, "opened_at").empty();
  }
}

// Of the sealed objects those of that role; of any, where it is empty.
Result<OpenedAct> judge(Reader& reader, const ActId& id, const FetchedAct& fetched, std::string_view role) {
  OpenedAct out;
  out.id = id;
  out.body = fetched.body;
  out.receipt = fetched.receipt;
  read_delivery(out, fetched.delivery, reader.authority);
  auto parsed = act::parse_act(out.body);
  if (!parsed) {
    out.verdict.fails("format", parsed.error().message);
    return out;
  }
  out.act = parsed->act;
  if (parsed->id != id) {
    out.verdict.fails("format", "the hub gave another act than the one that was asked for");
    return out;
  }
  out.verdict.holds("format", "the act is well-formed and is the one that was asked for");
  const auto receipt = check_receipt(reader.api, reader.mirror, *parsed, out.receipt);
  if (!receipt && receipt.error().code == Errc::unavailable) return std::unexpected(receipt.error());
  if (!out.verdict.note("receipt", receipt,
                        receipt ? "it stands in the ledger at index " + std::to_string(receipt->leaf_index) +
                                      ", admitted " + codec::rfc3339(from_seconds(receipt->unix_seconds)) +
                                      ", in the one tree that this client has verified"
                                : ""))
    return out;
  out.index = static_cast<std::int64_t>(receipt->leaf_index);
  out.time = from_seconds(receipt->unix_seconds);
  check_signers(reader, out, *parsed);
  if (out.act->checkpoint.size > out.index) {
    out.verdict.fails("signer-view", "the signer claims to have seen a tree of " +
                                         std::to_string(out.act->checkpoint.size) +
                                         " entries, before the act stood there");
  } else {
    const auto seen = reader.mirror.require_prefix(reader.api, static_cast<std::uint64_t>(out.act->checkpoint.size),
                                                   out.act->checkpoint.root);
    if (!seen && seen.error().code == Errc::unavailable) return std::unexpected(seen.error());
    out.verdict.note("signer-view", seen,
                     "the ledger that the signer saw is the beginning of ours: nobody was shown another one");
  }
  if (!out.verdict.good()) return out;  // nothing is opened on the word of somebody unknown
  for (const act::ObjectRef& ref : out.act->objects)
    if (ref.kind == act::ObjectRef::Kind::seal && (role.empty() || ref.role == role))
      open_object(reader, out, ref, fetched);
  return out;
}

}  // namespace

Result<OpenedAct> open_act(Reader& reader, const ActId& id) {
  return judge(reader, id, TRY(fetch_act(reader.api, id)), "");
}

Result<OpenedAct> open_summary(Reader& reader, const ActId& id, const FetchedAct& fetched) {
  return judge(reader, id, fetched, "sum");
}

}  // namespace entraide::client
