// request print: a case as a document on paper, with everything that proves it attached.

#include <algorithm>

#include "apps/entraide/case_view.h"
#include "apps/entraide/case_words.h"
#include "client/files.h"
#include "codec/codec.h"
#include "crypto/content.h"
#include "print/print.h"
#include "rulebook/model.h"

namespace entraide::cli {
namespace {

using codec::Json;
using print::Block;
using Kind = Block::Kind;

constexpr std::size_t kCodeBytesMax = 2900;

class CasePrinter {
 public:
  CasePrinter(const CaseWords& say, print::Document& out) : say_(say), out_(out) {}

  void add(Kind kind, std::string text, std::string label = {}) {
    if (!text.empty() || kind == Kind::new_page) out_.blocks.push_back({kind, std::move(text), std::move(label)});
  }

  void head(const CaseView& file) {
    add(Kind::field, file.reference, say_.word(CaseWord::reference));
    const Json* threads = file.json.find("threads");
    if (threads == nullptr || !threads->is_array()) return;
    for (const Json& thread : threads->array_items()) {
      const std::string kind = text_member(thread, "kind"), state = text_member(thread, "state");
      add(Kind::subheading, say_.rule_word("kind." + kind, kind));
      add(Kind::field, say_.authority(text_member(thread, "requesting")), say_.word(CaseWord::from));
      add(Kind::field, say_.authority(text_member(thread, "requested")), say_.word(CaseWord::to));
      add(Kind::field, say_.basis(text_member(thread, "basis")), say_.word(CaseWord::basis));
      add(Kind::field, say_.rule_word("state." + kind + "." + state, state), say_.word(CaseWord::state));
    }
  }

  void act(const client::OpenedAct& act) {
    const std::string type = act.act ? act.act->type : "";
    add(Kind::heading, say_.rule_word("act." + type, type));
    add(Kind::note, codec::rfc3339(act.time) + (act.act ? "  " + act.act->for_authority.str() : std::string()));
    if (const client::Step* failed = act.verdict.first_failure()) {
      // What does not hold is not printed as if it did.
      add(Kind::mark, failed->words, say_.word(CaseWord::not_verified));
      return;
    }
    bool opened = false;
    for (const client::OpenedObject& object : act.objects) {
      if (!object.document) continue;
      opened = true;
      document(*object.document, object.signer);
    }
    if (!opened && !act.objects.empty()) add(Kind::note, say_.word(CaseWord::closed));
  }

  void proof(const client::OpenedAct& act) {
    add(Kind::subheading, act::to_text(act.id));
    for (const client::Step& step : act.verdict.steps) {
      if (step.finding == client::Finding::not_shown) continue;
      add(Kind::mark, step.words,
          say_.word(step.finding == client::Finding::holds ? CaseWord::verified : CaseWord::not_verified));
    }
    if (act.receipt.size() <= kCodeBytesMax) add(Kind::code, act.receipt, say_.word(CaseWord::receipt));
  }

  Result<> attach(const client::OpenedAct& act, std::size_t number) {
    const std::string name = std::to_string(number + 1) + "-" + (act.act ? act.act->type : std::string("act"));
    file(name + ".act", "text/plain", "the signed act", act.body);
    file(name + ".tlog-proof", "text/plain", "its receipt", act.receipt);
    std::size_t count = 0;
    for (const client::OpenedObject& object : act.objects) {
      if (!object.document || !object.plaintext) continue;
      const std::string part = name + "-" + object.ref.role + (count++ == 0 ? "" : "-" + std::to_string(count));
      file(part + ".json", "application/json", "the text, canonical JSON", codec::canonical_json(*object.document));
      const auto commitment = codec::hash_from_text<Digest>(object.ref.content_commitment, "cc");
      if (!commitment) continue;
      const SecretBytes text = TRY(crypto::unpack_content(object.plaintext->view(), *commitment));
      file(part + ".jws.json", "application/jose+json", "the text as it was signed", text_of(text.view()));
    }
    return {};
  }

 private:
  void file(std::string name, std::string type, std::string what, std::string_view content) {
    out_.attachments.push_back({std::move(name), std::move(type), std::move(what), to_bytes(content)});
  }

  void document(const Json& document, const std::string& signer) {
    if (text_member(document, "format") == "entraide-translation/1" &&
        !say_.speaks(text_member(document, "language")))
      return;
    for (Block& block : say_.document(document, signer))
      add(block.kind, std::move(block.text), std::move(block.label));
  }

  const CaseWords& say_;
  print::Document& out_;
};

Result<std::vector<std::string>> languages_of(Context& context) {
  std::vector<std::string> out = context.args().all("language");
  if (out.empty()) out.push_back(context.language());
  for (const std::string& language : out)
    if (language != "en" && language != "fr" && language != "es" && language != "ar")
      return fail(Errc::invalid, "usage", "--language: must be en, fr, es or ar");
  if (out.size() > 2) return fail(Errc::invalid, "usage", "--language: one or two languages fit on a page");
  return out;
}

Result<> print_case(Context& context) {
  const std::string paper = context.args().get_or("paper", "a4");
  if (paper != "a4" && paper != "letter") return fail(Errc::invalid, "usage", "--paper: must be a4 or letter");
  const auto languages = TRY(languages_of(context));
  const CaseView file = TRY(read_case(context, *context.args().get("CASE")));
  client::Reader reader = TRY(reader_for(context, TRY(context.authority())));
  const CaseWords say(*reader.rules, reader.mirror.directory(), languages);

  print::Document out;
  out.reference = file.reference;
  const std::string kind = text_member(file.json, "kind");
  out.title = say.rule_word("kind." + kind, kind);
  out.language = say.first();
  out.page_words = case_word(CaseWord::page, say.first());
  out.made = from_seconds(to_seconds(context.clock().now()));
  out.stamp = std::string(case_word(CaseWord::stamp, say.first())) + " " + codec::rfc3339(out.made);
  out.paper = paper == "a4" ? print::Paper::a4 : print::Paper::letter;

  CasePrinter printer(say, out);
  printer.head(file);
  std::vector<client::OpenedAct> acts;
  bool good = true;
  for (const Json& item : file.json.find("acts")->array_items()) {
    acts.push_back(TRY(client::open_act(reader, TRY(act::act_id_from_text(text_member(item, "id"))))));
    good = good && acts.back().verdict.good();
    printer.act(acts.back());
    TRY(printer.attach(acts.back(), acts.size() - 1));
  }
  printer.add(Kind::new_page, {});
  printer.add(Kind::heading, say.word(CaseWord::proof));
  printer.add(Kind::note, say.word(CaseWord::attached));
  for (const client::OpenedAct& act : acts) printer.proof(act);

  const Bytes pdf = TRY(print::to_pdf(out));
  const std::string to = context.args().get_or("out", file.reference + ".pdf");
  TRY(client::write_file_whole(to, pdf, 0600));
  context.out().record(Json::object({{"file", to}, {"bytes", pdf.size()}, {"attached", out.attachments.size()}}));
  if (good) return {};
  return fail(Errc::not_authentic, "case.verdict",
              file.reference + ": not everything in this case holds; the document says where");
}

}  // namespace

std::vector<Command> print_commands() {
  return {
      {"request",
       "print",
       "Print a case as PDF: request, answer and proof, with the signed texts attached",
       {{"CASE", "CASE", "reference (FR-2026-00017) or case id", true},
        {"--out", "FILE", "the PDF (default: REFERENCE.pdf)"},
        {"--language", "LANG", "in which language, en, fr, es or ar; twice for two side by side", false, true},
        {"--paper", "SIZE", "a4 or letter"}},
       &print_case,
       "entraide request print FR-2026-00017 --out request.pdf --language fr --language en"},
  };
}

}  // namespace entraide::cli
