#include "client/proof.h"

#include <algorithm>
#include <set>

#include "codec/codec.h"
#include "crypto/content.h"

namespace entraide::client {
namespace {

using codec::Json;
using codec::ObjectReader;

constexpr std::string_view kProofFormat = "entraide-proof/1";
constexpr std::size_t kBundleBytesMax = 64 << 20;
constexpr std::size_t kItemsMax = 10'000;

Result<ProofItem> read_item(const Json& value, const std::string& what) {
  ObjectReader in(value, what);
  ProofItem out;
  out.body = in.string("act");
  out.receipt = in.string("receipt");
  const std::string role = in.string("role");
  if (!in.failed() && role != "directory" && role != "act") in.fault("role", "must be directory or act");
  out.is_directory = role == "directory";
  const Json* documents = in.optional_value("documents");
  const Json* files = in.optional_value("files");
  TRY(in.finish());
  if (files != nullptr) out.files = *files;
  if (documents != nullptr && documents->is_array()) {
    for (const Json& item : documents->array_items()) {
      ObjectReader document(item, what + ".documents");
      const std::string hash = document.string("h"), plaintext = document.string("plaintext");
      TRY(document.finish());
      out.documents.push_back({TRY(codec::hash_from_text<Digest>(hash, "h")), TRY(codec::from_base64url(plaintext))});
    }
  } else if (documents != nullptr) {
    return fail(Errc::invalid, "proof.form", what + ".documents: must be a list");
  }
  return out;
}

}  // namespace

std::string to_text(const ProofBundle& bundle) {
  Json items = Json::array(), rulebooks = Json::array();
  for (const std::string& text : bundle.rulebooks) rulebooks.push_back(text);
  for (const ProofItem& item : bundle.items) {
    Json documents = Json::array();
    for (const auto& document : item.documents)
      documents.push_back(
          Json::object({{"h", codec::to_text(document.hash)}, {"plaintext", codec::base64url(document.plaintext)}}));
    items.push_back(Json::object({{"act", item.body},
                                  {"receipt", item.receipt},
                                  {"role", item.is_directory ? "directory" : "act"},
                                  {"documents", std::move(documents)},
                                  {"files", item.files}}));
  }
  return codec::to_pretty_json(Json::object({{"format", kProofFormat},
                                             {"genesis", act::to_text(bundle.genesis)},
                                             {"policy", bundle.policy},
                                             {"rulebooks", std::move(rulebooks)},
                                             {"items", std::move(items)}})) +
         "\n";
}

Result<ProofBundle> parse_bundle_file(std::string_view text) {
  const Json value = TRY(codec::parse_json(text, {.bytes = kBundleBytesMax}));
  ObjectReader in(value, "proof");
  const std::string format = in.string("format"), genesis = in.string("genesis");
  ProofBundle out;
  out.policy = in.string("policy");
  out.rulebooks = in.optional_strings("rulebooks");
  const Json::Array& items = in.array("items");
  if (!in.failed() && format != kProofFormat) in.fault("format", "must be " + std::string(kProofFormat));
  if (!in.failed() && (items.empty() || items.size() > kItemsMax)) in.fault("items", "must be 1 to 10,000");
  if (const auto read = in.finish(); !read)
    return fail(Errc::invalid, "proof.form", read.error().message, read.error().path);
  out.genesis = TRY(act::act_id_from_text(genesis));
  for (std::size_t i = 0; i < items.size(); ++i)
    out.items.push_back(TRY(read_item(items[i], "proof.items." + std::to_string(i))));
  return out;
}

bool ProofVerdict::good() const {
  return bundle.good() && !lines.empty() &&
         std::all_of(lines.begin(), lines.end(), [](const ProofLine& line) { return line.verdict.good(); });
}

namespace {

/// What stays the same from one item to the next.
struct Judge {
  const merkle::Policy& policy;
  const ProofBundle& bundle;
  struct Admitted {
    act::VerifiedAct act;
    std::int64_t index;
    Time time;
  };
  std::map<Digest, rulebook::Rulebook> rulebooks;  // by the digest that was computed here
  directory::Directory directory;             // after all directory items so far
  std::vector<Admitted> admitted;
  std::map<std::uint64_t, Digest> roots;      // tree size -> root, of every checkpoint seen
  std::set<Digest> rulebooks_named = {};
  std::int64_t last_directory = -1;
  bool witnessed = true;

  directory::Directory before(std::int64_t index) const {
    directory::Directory out;
    for (const Admitted& one : admitted)
      if (one.index < index) ENSURE(out.admit(one.act, one.index, one.time).has_value());
    return out;
  }

  void read_rulebooks(Verdict& verdict, const ProofBundle& from);
  void judge_rulebooks(Verdict& verdict) const;
  const rulebook::Rulebook* rules_of(ProofLine& line, const act::Act& act, const directory::Directory& then);
  void judge_revocation(ProofLine& line, const act::SignedAct& parsed) const;
  void judge_receipt(ProofLine& line, const ProofItem& item, const act::SignedAct& parsed);
  void judge_directory(ProofLine& line, const act::SignedAct& parsed);
  void judge_act(ProofLine& line, const ProofItem& item, const act::SignedAct& parsed);
};

/// The list of files beside an act is the exporter's: each must stand in a document that was signed.
void check_files(ProofLine& line, const ProofItem& item) {
  if (!item.files.is_array()) return line.verdict.fails("files", "the list of files is malformed");
  for (const Json& named : item.files.array_items()) {
    bool found = false;
    for (const OpenedObject& document : line.documents)
      for (const FileEntry& file : document.files)
        found = found || named == Json::object({{"fid", file.file_id},
                                                {"name", file.name},
                                                {"sha256", codec::to_text(file.plaintext_hash)}});
    if (!found) return line.verdict.fails("files", "the bundle lists a file that no signed document in it names");
  }
}

void Judge::judge_receipt(ProofLine& line, const ProofItem& item, const act::SignedAct& parsed) {
  const merkle::EntryKind kind =
      directory::is_directory_act(parsed.act.type) ? merkle::EntryKind::dir : merkle::EntryKind::act;
  const merkle::ReceiptVerdict receipt = merkle::verify_receipt(parsed.body_digest, kind, item.receipt, policy);
  for (const merkle::ReceiptStep& step : receipt.steps) {
    const bool optional =
        step.check == merkle::ReceiptCheck::cosignature || step.check == merkle::ReceiptCheck::quorum;
    const std::string name = "receipt-" + std::string(merkle::to_text(step.check));
    if (step.holds) line.verdict.holds(name, step.words);
    else if (optional) line.verdict.not_shown(name, step.words);
    else line.verdict.fails(name, step.words);
  }
  witnessed = witnessed && receipt.witnessed;
  if (!receipt.receipt) return;
  line.index = static_cast<std::int64_t>(receipt.receipt->leaf_index);
  line.time = from_seconds(receipt.receipt->unix_seconds);
  if (!receipt.logged) return;
  const merkle::Checkpoint& seen = receipt.receipt->checkpoint.checkpoint;
  const auto [at, fresh] = roots.emplace(seen.size, seen.root);
  if (!fresh && at->second != seen.root)
    line.verdict.fails("fork", "the log signed two different trees of " + std::to_string(seen.size) +
                                   " entries: this bundle proves that it cheated");
}

void Judge::judge_directory(ProofLine& line, const act::SignedAct& parsed) {
  if (line.index <= last_directory)
    return line.verdict.fails("order", "the directory acts are not in the order of the ledger");
  last_directory = line.index;
  auto verified = act::verify(parsed, directory);
  if (!line.verdict.note("signature", verified, "every signature on it verifies")) return;
  if (!directory.genesis() && verified->id() != bundle.genesis)
    return line.verdict.fails("genesis", "the first act is not the genesis that the bundle names");
  if (line.verdict.note("directory", directory.admit(*verified, line.index, line.time),
                        "it is signed by those who may, and follows from the acts before it"))
    admitted.push_back({std::move(*verified), line.index, line.time});
}

void Judge::read_rulebooks(Verdict& verdict, const ProofBundle& from) {
  for (const std::string& text : from.rulebooks) {
    auto read = rulebook::load_bundle(bytes_of(text));
    if (!read) {
      verdict.fails("rulebook", "a rulebook in the bundle cannot be read: " + read.error().message);
      continue;
    }
    const Digest digest = read->digest();
    rulebooks.emplace(digest, std::move(*read));
  }
}

// A rulebook is believed for its digest, which the signers of the acts have named. One that nobody named was altered.
void Judge::judge_rulebooks(Verdict& verdict) const {
  for (const auto& [digest, rules] : rulebooks)
    if (!rulebooks_named.contains(digest))
      return verdict.fails("rulebook", "the bundle carries a rulebook, " + codec::to_text(digest) +
                                           ", that no act in it names: it was altered, or belongs elsewhere");
  if (!rulebooks.empty())
    verdict.holds("rulebook", "each rulebook in the bundle is, bit for bit, the one that the acts name");
}

const rulebook::Rulebook* Judge::rules_of(ProofLine& line, const act::Act& act, const directory::Directory& then) {
  const auto found = rulebooks.find(act.rulebook);
  if (found == rulebooks.end()) return nullptr;
  const std::vector<Digest>& in_force = then.rulebooks();
  if (std::find(in_force.begin(), in_force.end(), act.rulebook) == in_force.end()) {
    line.verdict.fails("rulebook", "the act names a rulebook that no act of the directory before it put into force");
    return nullptr;
  }
  line.verdict.holds("rulebook", "the rulebook that the act names was put into force by an act of the directory");
  return &found->second;
}

// What was revoked before the act would have stopped `authorise`, had it been shown: what is in the bundle counts,
// what was left out of it cannot be seen from here.
void Judge::judge_revocation(ProofLine& line, const act::SignedAct& parsed) const {
  std::string later;
  for (const act::Signature& signature : parsed.signatures)
    if (const directory::Key* key = directory.key(signature.kid); key != nullptr && key->revoked)
      later = "; it was revoked later, at index " + std::to_string(*key->revoked);
  line.verdict.not_shown(
      "revocation",
      "among the " + std::to_string(admitted.size()) +
          " acts of the directory in this bundle, none revokes the device, its officer or its authority "
          "before index " +
          std::to_string(line.index) + later +
          ". That none was left out of the bundle, this file cannot show: it rests on the hub's admission, "
          "and any member's client checks it against the whole directory");
}

void Judge::judge_act(ProofLine& line, const ProofItem& item, const act::SignedAct& parsed) {
  const directory::Directory then = before(line.index);
  auto verified = act::verify(parsed, then);
  if (!line.verdict.note("signature", verified,
                         "every signature on it verifies, " + std::to_string(parsed.signatures.size()) + " of them"))
    return;
  const auto actor = then.authorise(*verified, line.time);
  if (!actor) return line.verdict.fails("chain", actor.error().message);
  line.verdict.holds("chain", "the device of " + actor->officers.front().officer.str() + " speaks for " +
                                  actor->authority.str() + ", step by step from the genesis act");
  judge_revocation(line, parsed);
  const rulebook::Rulebook* rules = rules_of(line, parsed.act, then);
  const directory::Country* country = then.country(act::country_of(parsed.act.for_authority));
  ENSURE(country != nullptr);  // authorise has looked
  for (const auto& document : item.documents) {
    const auto ref =
        std::find_if(parsed.act.objects.begin(), parsed.act.objects.end(), [&](const act::ObjectRef& object) {
          return object.kind == act::ObjectRef::Kind::seal && object.hash == document.hash;
        });
    if (ref == parsed.act.objects.end()) {
      line.verdict.fails("document-of-act", "the bundle discloses a document that the act does not name");
      continue;
    }
    line.documents.push_back(
        check_content(line.verdict, parsed.act, *ref, document.plaintext, country->pki, line.time, rules));
  }
  check_files(line, item);
  for (const act::ObjectRef& object : parsed.act.objects) {
    const bool given = std::any_of(item.documents.begin(), item.documents.end(),
                                   [&](const auto& document) { return document.hash == object.hash; });
    if (object.kind == act::ObjectRef::Kind::seal && object.role == "doc" && !given)
      line.verdict.not_shown("document", "the sealed document was not disclosed to you; the act commits to it");
  }
}

}  // namespace

ProofVerdict verify_proof(const ProofBundle& bundle, const std::optional<ActId>& genesis) {
  ProofVerdict out;
  if (!genesis)
    out.bundle.not_shown("anchor", "you named no genesis: compare " + act::to_text(bundle.genesis) +
                                       " with the one that your authority publishes, or give --genesis");
  else if (*genesis == bundle.genesis) out.bundle.holds("anchor", "the bundle stands on the genesis that you trust");
  else
    out.bundle.fails("anchor", "the bundle stands on genesis " + act::to_text(bundle.genesis) + ", and you trust " +
                                   act::to_text(*genesis));
  const auto policy = merkle::Policy::parse(bundle.policy);
  if (!out.bundle.note("policy", policy, "the trust policy is well-formed")) return out;

  Judge judge{*policy, bundle, {}, {}, {}, {}};
  judge.read_rulebooks(out.bundle, bundle);
  bool acts_began = false;
  for (const ProofItem& item : bundle.items) {
    ProofLine line;
    line.role = item.is_directory ? "directory" : "act";
    const auto parsed = act::parse_act(item.body);
    if (!parsed) {
      line.verdict.fails("format", parsed.error().message);
      out.lines.push_back(std::move(line));
      continue;
    }
    line.id = parsed->id;
    line.type = parsed->act.type;
    line.by = parsed->act.by.str();
    line.for_authority = parsed->act.for_authority.str();
    if (item.is_directory != directory::is_directory_act(parsed->act.type))
      line.verdict.fails("role", "the bundle gives " + line.type + " the role " + line.role);
    if (item.is_directory && acts_began)
      line.verdict.fails("order", "a directory act comes after the acts that rest on it");
    acts_began = acts_began || !item.is_directory;
    judge.rulebooks_named.insert(parsed->act.rulebook);
    judge.judge_receipt(line, item, *parsed);
    if (item.is_directory) judge.judge_directory(line, *parsed);
    else judge.judge_act(line, item, *parsed);
    out.lines.push_back(std::move(line));
  }
  // The policy is the bundle's word until genesis confirms it.
  if (!judge.directory.genesis()) {
    out.bundle.fails("genesis", "the bundle holds no genesis act that can be believed");
  } else {
    const auto& named = *judge.directory.genesis();
    const bool same_log = policy->logs().size() == 1 && policy->logs()[0].key.vkey() == named.log_vkey;
    const bool same_policy =
        bundle.policy == named.witness_policy ||
        bundle.policy ==
            "log " + named.log_vkey + "\n" + (named.witness_policy.empty() ? "quorum none\n" : named.witness_policy);
    if (same_log && same_policy)
      out.bundle.holds("genesis", "the log and the witnesses are those that the genesis act names");
    else
      out.bundle.fails("genesis",
                       "the bundle's policy is not that of its genesis act: its receipts are vouched for by others");
  }
  judge.judge_rulebooks(out.bundle);
  if (judge.roots.size() == 1)
    out.bundle.holds("one-tree", "everything stands in one and the same tree of " +
                                     std::to_string(judge.roots.begin()->first) + " entries");
  else if (judge.roots.size() > 1)
    out.bundle.not_shown("one-tree",
                         "the receipts are for " + std::to_string(judge.roots.size()) +
                             " sizes of the ledger; that these are one ledger, this bundle does not show");
  out.witnessed = judge.witnessed && !policy->quorum().empty();
  return out;
}

}  // namespace entraide::client
