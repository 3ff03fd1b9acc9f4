// proof: bundles for people who have no account, and their verification without any network.

#include "client/proof.h"

#include "apps/entraide/case_view.h"
#include "client/files.h"
#include "codec/codec.h"
#include "crypto/digest.h"

namespace entraide::cli {
namespace {

using codec::Json;

constexpr std::size_t kDocumentBytesMax = std::size_t{1} << 31;

/// Whether a file at hand is one that a signed document names; the words say which.
void match_documents(Context& context, const client::ProofVerdict& verdict, client::Verdict& out) {
  for (const std::string& path : context.args().all("document")) {
    const auto bytes = client::read_file(path, kDocumentBytesMax);
    if (!bytes) {
      out.fails("file", bytes.error().message);
      continue;
    }
    const Digest hash = crypto::sha256(BytesView(*bytes));
    std::string found;
    for (const client::ProofLine& line : verdict.lines)
      for (const client::OpenedObject& document : line.documents)
        for (const client::FileEntry& file : document.files)
          if (line.verdict.good() && document.document && file.plaintext_hash == hash)
            found = path + " is the file \"" + file.name + "\" of act " + act::to_text(line.id) +
                    ", bit for bit, signed by " + document.signer;
    if (found.empty())
      out.fails("file", path + " (sha256 " + codec::hex(hash.view()) +
                            ") is not named by any signed document in this bundle");
    else out.holds("file", found);
  }
}

Json json_of_line(const client::ProofLine& line) {
  Json documents = Json::array();
  for (const client::OpenedObject& document : line.documents)
    if (document.document)
      documents.push_back(
          Json::object({{"role", document.ref.role}, {"signer", document.signer}, {"document", *document.document}}));
  return Json::object({{"role", line.role},
                       {"act", act::to_text(line.id)},
                       {"type", line.type},
                       {"by", line.by},
                       {"for", line.for_authority},
                       {"index", line.index},
                       {"time", codec::rfc3339(line.time)},
                       {"good", line.verdict.good()},
                       {"verdict", json_of(line.verdict)},
                       {"documents", std::move(documents)}});
}

Result<client::ProofBundle> read_bundle(const std::string& file) {
  const std::string text = TRY(read_text(file));
  if (text.starts_with("c2sp.org/tlog-proof@"))
    return fail(Errc::invalid, "proof.form",
                file +
                    ": is a receipt alone, which says nothing without its act; make a bundle of both with "
                    "`entraide proof export ACT --out FILE`, and verify that");
  auto bundle = client::parse_bundle_file(text);
  if (!bundle) bundle.error().message = file + ": is no proof bundle, or not a whole one: " + bundle.error().message;
  return bundle;
}

Result<> verify_bundle(Context& context) {
  const client::ProofBundle bundle = TRY(read_bundle(*context.args().get("FILE")));
  std::optional<ActId> genesis;
  if (const std::string named = context.config().get("genesis"); !named.empty())
    genesis = TRY(act::act_id_from_text(named));
  client::ProofVerdict verdict = client::verify_proof(bundle, genesis);
  match_documents(context, verdict, verdict.bundle);
  const bool good = verdict.good();
  if (context.out().as_json()) {
    Json lines = Json::array();
    for (const client::ProofLine& line : verdict.lines) lines.push_back(json_of_line(line));
    context.out().record(Json::object({{"good", good},
                                       {"witnessed", verdict.witnessed},
                                       {"genesis", act::to_text(bundle.genesis)},
                                       {"verdict", json_of(verdict.bundle)},
                                       {"items", std::move(lines)}}));
  } else {
    context.out().text("The bundle\n");
    print_verdict(context.out(), verdict.bundle);
    for (const client::ProofLine& line : verdict.lines) {
      context.out().text(safe("\n" + line.type + " for " + line.for_authority + ", index " +
                              std::to_string(line.index) + ", admitted " + codec::rfc3339(line.time) + "\n  " +
                              act::to_text(line.id) + "\n"));
      print_verdict(context.out(), line.verdict);
    }
    context.out().text(
        good ? "\nThis proof holds" +
                   std::string(verdict.witnessed
                                   ? ", and enough witnesses saw the same ledger"
                                   : "; it is vouched for by the log alone, no quorum of witnesses is shown") +
                   ".\n"
             : "\nTHIS PROOF DOES NOT HOLD.\n");
  }
  if (good) return {};
  const client::Step* failed = verdict.bundle.first_failure();
  for (const client::ProofLine& line : verdict.lines)
    if (failed == nullptr) failed = line.verdict.first_failure();
  return fail(Errc::not_authentic, "proof.fails",
              failed == nullptr ? "the proof does not hold" : "the proof does not hold: " + failed->words);
}

Result<> list_bundle(Context& context) {
  const client::ProofBundle bundle = TRY(read_bundle(*context.args().get("FILE")));
  Json::Array rows;
  for (const client::ProofItem& item : bundle.items) {
    const auto parsed = act::parse_act(item.body);
    rows.push_back(Json::object({{"act", parsed ? act::to_text(parsed->id) : "malformed"},
                                 {"role", item.is_directory ? "directory" : "act"},
                                 {"type", parsed ? parsed->act.type : ""},
                                 {"for", parsed ? parsed->act.for_authority.str() : ""},
                                 {"documents", item.documents.size()}}));
  }
  context.out().rows({{"act", "ACT"}, {"role", "ROLE"}, {"type", "TYPE"}, {"for", "FOR"}, {"documents", "DOCUMENTS"}},
                     rows);
  context.out().say("Nothing was checked: `entraide proof verify` does.");
  return {};
}

Result<> make_bundle(Context& context) {
  const std::string name = *context.args().get("WHAT");
  const Subject own = TRY(context.authority());
  client::Reader reader = TRY(reader_for(context, own));
  std::vector<ActId> ids;
  if (const auto single = act::act_id_from_text(name)) {
    ids.push_back(*single);
  } else {
    const CaseView file = TRY(read_case(context, name));
    for (const Json& item : file.json.find("acts")->array_items()) {
      codec::ObjectReader in(item, "act");
      const std::string id = in.string("id");
      TRY(in.finish_open());
      ids.push_back(TRY(act::act_id_from_text(id)));
    }
  }
  std::vector<client::OpenedAct> acts;
  for (const ActId& id : ids) acts.push_back(TRY(client::open_act(reader, id)));
  const bool disclose = context.args().has("disclose");
  if (disclose)
    TRY(
        context.confirm("Put the opened documents, in clear, into the bundle? Whoever has the file reads them, with "
                        "the keys of their files."));
  const client::ProofBundle bundle = TRY(client::export_proof(
      reader.api, reader.mirror, acts, disclose, [&](const Digest& digest) -> Result<std::string> {
        const rulebook::Rulebook* rules = TRY(context.rules(digest));
        return rules->bundle();
      }));
  const std::string text = client::to_text(bundle);
  if (const auto file = context.args().get("out")) {
    TRY(client::write_file_whole(*file, bytes_of(text)));
    context.out().say("Wrote " + *file + ": " + std::to_string(bundle.items.size()) +
                      " items. Anybody checks it with `entraide proof verify " + *file + " --genesis " +
                      act::to_text(bundle.genesis) + "`.");
  } else {
    context.out().text(text);
  }
  return {};
}

}  // namespace

std::vector<Command> proof_commands() {
  const Option file{"FILE", "FILE", "a proof bundle", true};
  return {
      {"proof",
       "verify",
       "Check a proof bundle, with no network and no account, and say in words what holds",
       {file, {"--document", "FILE", "a file to be matched with the signed documents", false, true}},
       &verify_bundle,
       "entraide proof verify case.proof.json --genesis ID"},
      {"proof",
       "export",
       "Make a proof bundle of an act or of a whole case",
       {{"WHAT", "CASE|ACT", "reference, case id or act id", true},
        {"--out", "FILE", "where to write it"},
        {"--disclose", "", "put the opened documents in, in clear"}},
       &make_bundle,
       "entraide proof export FR-2026-00017 --out case.proof.json"},
      {"proof", "show", "List what a bundle holds, unchecked", {file}, &list_bundle, ""},
  };
}

}  // namespace entraide::cli
