// request print: a case as a document on paper, with everything that proves it attached.

#include <algorithm>

#include "apps/entraide/case_view.h"
#include "apps/entraide/print_words.h"
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

// Says things in one or two languages: "Faits / Facts".
class Speaker {
 public:
  Speaker(const rulebook::Rulebook& rules, const directory::Directory& people, std::vector<std::string> languages)
      : rules_(rules), people_(people), languages_(std::move(languages)) {}

  const std::string& first() const { return languages_.front(); }
  bool speaks(const std::string& language) const {
    return std::ranges::find(languages_, language) != languages_.end();
  }

  std::string word(PrintWord which) const {
    return joined([&](const std::string& language) { return print_word(which, language); });
  }
  std::string rule_word(const std::string& key, const std::string& otherwise) const {
    const std::string out = joined([&](const std::string& language) { return rules_.word(language, key); });
    return out.empty() ? otherwise : out;
  }
  std::string authority(const std::string& name) const {
    const directory::Authority* of = people_.authority(Subject(name));
    if (of == nullptr) return name;
    const std::string called = joined([&](const std::string& language) -> std::string_view {
      const Json* word = of->name.find(language);
      return word != nullptr && word->is_string() ? std::string_view(word->string()) : std::string_view();
    });
    return called.empty() ? name : called + " (" + name + ")";
  }

  /// An answer in words: codes by their meaning, whatever language they were written in.
  std::string value(const rulebook::Schema& schema, const std::string& key, const Json& value) const {
    using Type = rulebook::Schema::Type;
    if (schema.type == Type::array && value.is_array() && !schema.items.empty()) {
      std::string out;
      for (const Json& item : value.array_items())
        out += (out.empty() ? "" : "\n") + std::string("– ") + this->value(schema.items[0], key, item);
      return out;
    }
    if (schema.type == Type::object && value.is_object()) {
      std::string out;
      for (const rulebook::Field& field : schema.fields) {
        const Json* inner = value.find(field.name);
        if (inner == nullptr || inner->is_null()) continue;
        const std::string path = key + "." + field.name;
        out +=
            (out.empty() ? "" : "; ") + rule_word(path, field.name) + ": " + this->value(field.schema, path, *inner);
      }
      return out;
    }
    if (value.is_bool()) return word(value.boolean() ? PrintWord::yes : PrintWord::no);
    if (!value.is_string()) return codec::to_json(value);
    if (!schema.vocab.empty()) return rule_word("vocab." + schema.vocab + "." + value.string(), value.string());
    if (schema.format == rulebook::Format::authority) return authority(value.string());
    return value.string();
  }

 private:
  template <class F>
  std::string joined(F&& in_language) const {
    std::vector<std::string> said;
    for (const std::string& language : languages_) {
      const std::string one(in_language(language));
      if (!one.empty() && std::ranges::find(said, one) == said.end()) said.push_back(one);
    }
    std::string out;
    for (const std::string& one : said) out += (out.empty() ? "" : " / ") + one;
    return out;
  }

  const rulebook::Rulebook& rules_;
  const directory::Directory& people_;
  std::vector<std::string> languages_;
};

class CasePrinter {
 public:
  CasePrinter(const rulebook::Rulebook& rules, const Speaker& say, print::Document& out)
      : rules_(rules), say_(say), out_(out) {}

  void add(Kind kind, std::string text, std::string label = {}) {
    if (!text.empty() || kind == Kind::new_page) out_.blocks.push_back({kind, std::move(text), std::move(label)});
  }

  void head(const CaseView& file) {
    add(Kind::field, file.reference, say_.word(PrintWord::reference));
    const Json* threads = file.json.find("threads");
    if (threads == nullptr || !threads->is_array()) return;
    for (const Json& thread : threads->array_items()) {
      const std::string kind = text_member(thread, "kind"), state = text_member(thread, "state");
      add(Kind::subheading, say_.rule_word("kind." + kind, kind));
      add(Kind::field, say_.authority(text_member(thread, "requesting")), say_.word(PrintWord::from));
      add(Kind::field, say_.authority(text_member(thread, "requested")), say_.word(PrintWord::to));
      add(Kind::field, text_member(thread, "basis"), say_.word(PrintWord::basis));
      add(Kind::field, say_.rule_word("state." + kind + "." + state, state), say_.word(PrintWord::state));
    }
  }

  void act(const client::OpenedAct& act) {
    const std::string type = act.act ? act.act->type : "";
    add(Kind::heading, say_.rule_word("act." + type, type));
    add(Kind::note, codec::rfc3339(act.time) + (act.act ? "  " + act.act->for_authority.str() : std::string()));
    if (const client::Step* failed = act.verdict.first_failure()) {
      // What does not hold is not printed as if it did.
      add(Kind::mark, failed->words, say_.word(PrintWord::not_verified));
      return;
    }
    bool opened = false;
    for (const client::OpenedObject& object : act.objects) {
      if (!object.document) continue;
      opened = true;
      document(*object.document, object.signer);
    }
    if (!opened && !act.objects.empty()) add(Kind::note, say_.word(PrintWord::closed));
  }

  void proof(const client::OpenedAct& act) {
    add(Kind::subheading, act::to_text(act.id));
    for (const client::Step& step : act.verdict.steps) {
      if (step.finding == client::Finding::not_shown) continue;
      add(Kind::mark, step.words,
          say_.word(step.finding == client::Finding::holds ? PrintWord::verified : PrintWord::not_verified));
    }
    if (act.receipt.size() <= kCodeBytesMax) add(Kind::code, act.receipt, say_.word(PrintWord::receipt));
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
    const std::string format = text_member(document, "format");
    if (format == "entraide-summary/1") return add(Kind::paragraph, text_member(document, "text"));
    std::string form_id = text_member(document, "form");
    if (format == "entraide-translation/1") {
      const std::string language = text_member(document, "language"), checked = text_member(document, "checked_by");
      if (!say_.speaks(language)) return;
      form_id = rulebook::form_of(rules_, text_member(document, "act"));
      add(Kind::subheading,
          say_.word(PrintWord::translation) + " (" + language + ", " + text_member(document, "maker") +
              (checked.empty() ? "" : ", " + say_.word(PrintWord::checked_by) + " " + checked) + ")");
    }
    const auto& forms = rules_.model().forms;
    if (const auto form = forms.find(form_id); form != forms.end())
      for (const rulebook::Form::Section& section : form->second.sections) answers(form_id, section, document);
    files(document);
    if (!signer.empty()) add(Kind::field, signer, say_.word(PrintWord::signed_by));
  }

  void answers(const std::string& form, const rulebook::Form::Section& section, const Json& document) {
    bool headed = false;
    for (const rulebook::Field& field : section.fields) {
      const Json* value = nullptr;
      for (const char* part : {"answers", "routing"})
        if (const Json* all = document.find(part); value == nullptr && all != nullptr && all->is_object())
          value = all->find(field.name);
      if (value == nullptr || value->is_null()) continue;
      if (!headed) add(Kind::subheading, say_.rule_word("form." + form + "." + section.name, ""));
      headed = true;
      const std::string key = "field." + form + "." + field.name;
      add(Kind::field, say_.value(field.schema, key, *value), say_.rule_word(key, field.name));
    }
  }

  void files(const Json& document) {
    const Json* files = document.find("files");
    if (files == nullptr || !files->is_array() || files->array_items().empty()) return;
    std::string list;
    for (const Json& one : files->array_items()) {
      const Json* size = one.find("size");
      list += (list.empty() ? "" : "\n") + text_member(one, "name") + ", " +
              (size != nullptr && size->is_integer() ? std::to_string(size->integer()) : "?") + " B, SHA-256 " +
              text_member(one, "sha256");
    }
    add(Kind::field, list, say_.word(PrintWord::files));
  }

  const rulebook::Rulebook& rules_;
  const Speaker& say_;
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
  const Speaker say(*reader.rules, reader.mirror.directory(), languages);

  print::Document out;
  out.reference = file.reference;
  const std::string kind = text_member(file.json, "kind");
  out.title = say.rule_word("kind." + kind, kind);
  out.language = say.first();
  out.page_words = print_word(PrintWord::page, say.first());
  out.made = from_seconds(to_seconds(context.clock().now()));
  out.stamp = std::string(print_word(PrintWord::stamp, say.first())) + " " + codec::rfc3339(out.made);
  out.paper = paper == "a4" ? print::Paper::a4 : print::Paper::letter;

  CasePrinter printer(*reader.rules, say, out);
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
  printer.add(Kind::heading, say.word(PrintWord::proof));
  printer.add(Kind::note, say.word(PrintWord::attached));
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
