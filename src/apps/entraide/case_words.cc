#include "apps/entraide/case_words.h"

#include <algorithm>
#include <array>

#include "apps/entraide/case_view.h"
#include "codec/codec.h"

namespace entraide::cli {

using codec::Json;
using print::Block;
using Kind = Block::Kind;

std::string_view case_word(CaseWord word, std::string_view language) {
  using Row = std::array<std::string_view, 4>;
  static constexpr Row rows[] = {
      {"page {n} of {m}", "page {n} sur {m}", "página {n} de {m}", "صفحة {n} من {m}"},
      {"Copy, printed", "Copie imprimée", "Copia impresa", "نسخة مطبوعة"},
      {"From", "De", "De", "من"},
      {"To", "À", "Para", "إلى"},
      {"Reference", "Référence", "Referencia", "المرجع"},
      {"Legal basis", "Base légale", "Base jurídica", "الأساس القانوني"},
      {"State", "État", "Estado", "الحالة"},
      {"Signed by", "Signé par", "Firmado por", "موقّع من"},
      {"Translation", "Traduction", "Traducción", "ترجمة"},
      {"checked by", "vérifiée par", "revisada por", "راجعها"},
      {"Files", "Fichiers", "Archivos", "الملفات"},
      {"Proof", "Preuve", "Prueba", "الإثبات"},
      {"verified here", "vérifié ici", "verificado aquí", "تم التحقق منه هنا"},
      {"DOES NOT HOLD", "NE TIENT PAS", "NO ES VÁLIDO", "غير صحيح"},
      {"Receipt, for any tlog-proof reader", "Récépissé, pour tout lecteur de tlog-proof",
       "Recibo, para cualquier lector de tlog-proof", "إيصال يقرؤه أي برنامج لصيغة tlog-proof"},
      {"sealed to others", "scellé pour d’autres", "sellado para otros", "مختوم لغيركم"},
      {"yes", "oui", "sí", "نعم"},
      {"no", "non", "no", "لا"},
      {"Attached to this file: the acts, their receipts, and the signed texts as they were sent. They hold the keys "
       "of "
       "the case’s files: keep this copy as you keep the case.",
       "Joints à ce fichier : les actes, leurs récépissés et les textes signés tels qu’ils ont été envoyés. Ils "
       "contiennent les clés des fichiers du dossier : conservez cette copie comme le dossier lui-même.",
       "Adjuntos a este archivo: los actos, sus recibos y los textos firmados tal como se enviaron. Contienen las "
       "claves de los archivos del caso: guarde esta copia como guarda el caso.",
       "مرفق بهذا الملف: التصرفات وإيصالاتها والنصوص الموقّعة كما أُرسلت. وهي تتضمن مفاتيح ملفات القضية: احفظوا هذه "
       "النسخة "
       "كما تحفظون ملف القضية."},
      {"{instrument}, article {article}", "{instrument}, article {article}", "{instrument}, artículo {article}",
       "{instrument}، المادة {article}"},
      {"Receipt acknowledged", "Réception confirmée", "Recibo acusado", "تم تأكيد الاستلام"},
  };
  const std::size_t column = language == "fr" ? 1 : language == "es" ? 2 : language == "ar" ? 3 : 0;
  return rows[static_cast<std::size_t>(word)][column];
}

bool CaseWords::speaks(const std::string& language) const {
  return std::ranges::find(languages_, language) != languages_.end();
}

std::string CaseWords::isolated(const std::string& text) const {
  // An isolate ends with its paragraph anyway.
  return speaks("ar") && text.find('\n') == std::string::npos ? "\u2068" + text + "\u2069" : text;
}

template <class F>
std::string CaseWords::joined(F&& in_language) const {
  std::vector<std::string> said;
  for (const std::string& language : languages_) {
    const std::string one(in_language(language));
    if (!one.empty() && std::ranges::find(said, one) == said.end()) said.push_back(one);
  }
  if (said.size() == 1) return said[0];
  std::string out;
  for (const std::string& one : said) out += (out.empty() ? "" : " / ") + isolated(one);
  return out;
}

std::string CaseWords::word(CaseWord which) const {
  return joined([&](const std::string& language) { return case_word(which, language); });
}

std::string CaseWords::rule_word(const std::string& key, const std::string& otherwise) const {
  const std::string out = joined([&](const std::string& language) { return rules_.word(language, key); });
  return out.empty() ? otherwise : out;
}

std::string CaseWords::authority(const std::string& name) const {
  const directory::Authority* of = people_.authority(Subject(name));
  if (of == nullptr) return name;
  const std::string called = joined([&](const std::string& language) -> std::string_view {
    const Json* word = of->name.find(language);
    return word != nullptr && word->is_string() ? std::string_view(word->string()) : std::string_view();
  });
  if (!called.empty()) return called + " (" + name + ")";
  // In another language rather than not at all.
  const bool any = of->name.is_object() && !of->name.members().empty() && of->name.members()[0].second.is_string();
  return any ? of->name.members()[0].second.string() + " (" + name + ")" : name;
}

std::string CaseWords::basis(const std::string& source) const {
  const std::size_t dot = std::min(source.find('.'), source.size());
  const std::string instrument = source.substr(0, dot);
  std::string article;
  for (std::size_t at = dot; at < source.size();) {
    const std::size_t end = std::min(source.find('.', at + 1), source.size());
    const std::string part = source.substr(at + 1, end - at - 1);
    article += article.empty() ? part : "(" + part + ")";
    at = end;
  }
  return joined([&](const std::string& language) {
    std::string name(rules_.word(language, "instrument." + instrument));
    if (name.empty()) name = instrument;
    if (article.empty() || article.front() < '0' || article.front() > '9') return name;
    std::string out(case_word(CaseWord::cited, language));
    out.replace(out.find("{instrument}"), 12, name);
    return out.replace(out.find("{article}"), 9, article);
  });
}

std::string CaseWords::value(const rulebook::Schema& schema, const std::string& key, const Json& value) const {
  using Type = rulebook::Schema::Type;
  if (schema.type == Type::array && value.is_array() && !schema.items.empty()) {
    std::string out;
    if (value.array_items().size() == 1) return this->value(schema.items[0], key, value.array_items()[0]);
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
      out += (out.empty() ? "" : "; ") +
             isolated(rule_word(path, field.name) + ": " + isolated(this->value(field.schema, path, *inner)));
    }
    return out;
  }
  if (value.is_bool()) return word(value.boolean() ? CaseWord::yes : CaseWord::no);
  if (!value.is_string()) return codec::to_json(value);
  if (!schema.vocab.empty()) return rule_word("vocab." + schema.vocab + "." + value.string(), value.string());
  if (schema.format == rulebook::Format::authority) return authority(value.string());
  if (schema.format == rulebook::Format::basis) return basis(value.string());
  return value.string();
}

void CaseWords::add_answers(std::vector<Block>& out, const std::string& form, const Json& document) const {
  const auto& forms = rules_.model().forms;
  const auto found = forms.find(form);
  if (found == forms.end()) return;
  for (const rulebook::Form::Section& section : found->second.sections) {
    bool headed = false;
    for (const rulebook::Field& field : section.fields) {
      const Json* answer = nullptr;
      for (const char* part : {"answers", "routing"})
        if (const Json* all = document.find(part); answer == nullptr && all != nullptr && all->is_object())
          answer = all->find(field.name);
      if (answer == nullptr || answer->is_null()) continue;
      if (const std::string heading = rule_word("form." + form + "." + section.name, ""); !headed && !heading.empty())
        out.push_back({Kind::subheading, heading, {}});
      headed = true;
      const std::string key = "field." + form + "." + field.name;
      out.push_back({Kind::field, value(field.schema, key, *answer), rule_word(key, field.name)});
    }
  }
}

std::vector<Block> CaseWords::document(const Json& document, const std::string& signer) const {
  const std::string format = text_member(document, "format");
  if (format == "entraide-summary/1") return {{Kind::paragraph, text_member(document, "text"), {}}};
  std::vector<Block> out;
  std::string form = text_member(document, "form");
  if (format == "entraide-translation/1") {
    const std::string checked = text_member(document, "checked_by");
    form = rulebook::form_of(rules_, text_member(document, "act"));
    out.push_back({Kind::subheading,
                   word(CaseWord::translation) + " (" + text_member(document, "language") + ", " +
                       text_member(document, "maker") +
                       (checked.empty() ? "" : ", " + word(CaseWord::checked_by) + " " + checked) + ")",
                   {}});
  }
  add_answers(out, form, document);
  std::string list;
  if (const Json* files = document.find("files"); files != nullptr && files->is_array())
    for (const Json& one : files->array_items()) {
      const Json* size = one.find("size");
      list += (list.empty() ? "" : "\n") + text_member(one, "name") + ", " +
              (size != nullptr && size->is_integer() ? std::to_string(size->integer()) : "?") + " B, SHA-256 " +
              text_member(one, "sha256");
    }
  if (!list.empty()) out.push_back({Kind::field, list, word(CaseWord::files)});
  if (!signer.empty()) out.push_back({Kind::field, signer, word(CaseWord::signed_by)});
  return out;
}

}  // namespace entraide::cli
