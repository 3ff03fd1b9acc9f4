// rulebook.json, rules-of-use.json, directory.json, instruments, vocabularies, profiles, words: the plain lists.

#include "codec/codec.h"
#include "rulebook/loader.h"

namespace entraide::rulebook {

using codec::Json;
using codec::ObjectReader;

namespace {
const Json kNothing;
}  // namespace

At At::member(std::string_view name) const {
  const Json* found = json.find(name);
  return {found ? *found : kNothing, where + "." + std::string(name)};
}
At At::item(std::size_t index) const { return {json.array_items()[index], where + "." + std::to_string(index)}; }

bool is_identifier(std::string_view text) {
  if (text.empty() || text.size() > 100 || text.front() == '.' || text.back() == '.') return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '.' && text[i - 1] == '.') return false;
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.')) return false;
  }
  return true;
}

bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
}

Result<> check_names(const std::vector<std::string>& names, const std::string& where, bool identifiers) {
  std::set<std::string_view> seen;
  for (const std::string& name : names) {
    if (identifiers ? !is_identifier(name) : !is_name(name))
      return refuse("rulebook.name", where, "`" + name + "` is no name: small letters, digits and -");
    if (!seen.insert(name).second) return refuse("rulebook.name", where, "`" + name + "` is there twice");
  }
  return {};
}

std::vector<At> items_of(const At& at, ObjectReader& in, std::string_view key) {
  std::vector<At> out;
  if (!in.has(key)) return out;
  const Json::Array& items = in.array(key);
  for (std::size_t i = 0; i < items.size(); ++i)
    out.push_back({items[i], at.where + "." + std::string(key) + "." + std::to_string(i)});
  return out;
}

Result<Period> read_period(const std::string& text, const std::string& where) {
  const auto period = parse_period(text);
  if (!period) return refuse("rulebook.period", where, "`" + text + "` is no period; write P60D, PT8H, P1M or -P7D");
  return *period;
}

Result<> read_confidence(ObjectReader& in, const std::string& where, Loading& loading) {
  loading.confidence = in.optional_string("confidence").value_or("");
  if (!loading.confidence.empty() && loading.confidence != "text" && loading.confidence != "memory")
    return refuse("rulebook.member", where + ".confidence", "must be text or memory");
  return {};
}

Result<Source> read_source(ObjectReader& in, const std::string& where, Loading& loading, const Source& fallback) {
  const auto id = in.optional_string("source");
  const auto confidence = in.optional_string("confidence");
  TRY(in.finish_open());
  if (!id) {
    if (fallback.id.empty())
      return refuse("rulebook.member", where + ".source", "is missing: which article says so?");
    return fallback;
  }
  const std::string how = confidence.value_or(loading.confidence);
  if (how != "text" && how != "memory")
    return refuse("rulebook.member", where + ".confidence", "must be text or memory, here or at the top of the file");
  if (!is_identifier(*id) || id->find('.') == std::string::npos)
    return refuse("rulebook.name", where + ".source",
                  "`" + *id + "` is no source; write INSTRUMENT.ARTICLE, for example uncc.42.6");
  loading.model.cited.emplace_back(*id, where);
  return Source{*id, how == "text"};
}

Result<SignerNeed> read_signer_need(const At& at, bool may_be_threshold) {
  ObjectReader in(at.json, at.where);
  SignerNeed out;
  out.role = in.string("role");
  const Json& count = in.value("count");
  TRY(in.finish());
  if (may_be_threshold && count.is_string() && count.string() == "threshold") {
    out.threshold = true;
    return out;
  }
  if (!count.is_integer() || count.integer() < 1 || count.integer() > 32)
    return refuse("rulebook.member", at.where + ".count", "must be a number from 1 to 32");
  out.count = static_cast<int>(count.integer());
  return out;
}

Result<> load_platform(const At& at, Loading& loading) {
  ObjectReader in(at.json, at.where);
  const std::string name = in.string("rulebook");
  Model& model = loading.model;
  model.version = in.string("version");
  model.languages = in.strings("languages");
  model.suites = in.strings("suites");
  model.roles = in.strings("roles");
  model.authority_kinds = in.strings("authority_kinds");
  TRY(in.finish());
  if (name != "entraide") return refuse("rulebook.member", at.where + ".rulebook", "must be `entraide`");
  TRY(check_names(model.languages, at.where + ".languages", true));
  TRY(check_names(model.roles, at.where + ".roles", true));
  TRY(check_names(model.authority_kinds, at.where + ".authority_kinds", true));
  if (model.languages.empty()) return refuse("rulebook.member", at.where + ".languages", "must not be empty");
  return {};
}

Result<> load_use(const At& at, Loading& loading) {
  ObjectReader in(at.json, at.where);
  TRY(read_confidence(in, at.where, loading));
  const std::vector<At> rules = items_of(at, in, "rules");
  TRY(in.finish());
  std::vector<std::string> articles;
  for (const At& rule : rules) {
    ObjectReader one(rule.json, rule.where);
    UseRule use;
    use.article = one.string("article");
    use.enforced_by = one.optional_strings("enforced_by");
    const auto by = one.optional_string("by");
    TRY(one.finish());
    if (by && *by != "agreement") return refuse("rulebook.member", rule.where + ".by", "can only be `agreement`");
    use.by_agreement = by.has_value();
    if (use.by_agreement == !use.enforced_by.empty())
      return refuse("rulebook.member", rule.where, "says either `enforced_by` or `by`: `agreement`");
    articles.push_back(use.article);
    loading.model.use.push_back(std::move(use));
  }
  return check_names(articles, at.where, true);
}

Result<> load_directory(const At& at, Loading& loading) {
  ObjectReader in(at.json, at.where);
  TRY(read_confidence(in, at.where, loading));
  const std::vector<At> acts = items_of(at, in, "acts");
  TRY(in.finish());
  std::vector<std::string> types;
  for (const At& item : acts) {
    ObjectReader one(item.json, item.where);
    DirectoryAct act;
    act.t = one.string("t");
    Source source = TRY(read_source(one, item.where, loading));
    act.source = std::move(source);
    act.device = one.optional_boolean("device").value_or(false);
    const auto window = one.optional_string("window");
    const std::vector<At> signers = items_of(item, one, "signers");
    TRY(one.finish());
    if (window) {
      Period period = TRY(read_period(*window, item.where + ".window"));
      if (add(Time{}, period) < Time{} + kSigningWindow)
        return refuse("rulebook.period", item.where + ".window", "must not be shorter than that of any other act");
      act.window = std::move(period);
    }
    for (const At& signer : signers) {
      SignerNeed need = TRY(read_signer_need(signer, true));
      act.signers.push_back(std::move(need));
    }
    if (act.signers.empty()) return refuse("rulebook.member", item.where + ".signers", "must not be empty");
    types.push_back(act.t);
    loading.model.directory.push_back(std::move(act));
  }
  return check_names(types, at.where, true);
}

Result<> load_delivery(const At& at, Loading& loading) {
  ObjectReader in(at.json, at.where);
  TRY(read_confidence(in, at.where, loading));
  DeliveryRule rule;
  Source source = TRY(read_source(in, at.where, loading));
  rule.source = std::move(source);
  const std::string within = in.string("within"), urgent = in.string("urgent");
  rule.acts = in.strings("acts");
  TRY(in.finish());
  TRY(check_names(rule.acts, at.where + ".acts", true));
  for (const auto& [text, into] : {std::pair(&within, &rule.within), std::pair(&urgent, &rule.urgent)}) {
    Period period = TRY(read_period(*text, at.where));
    if (add(Time{}, period) <= Time{}) return refuse("rulebook.period", at.where, "a time limit lies in the future");
    *into = std::move(period);
  }
  loading.model.delivery = std::move(rule);
  return {};
}

Result<> load_instrument(const At& at, std::string_view id, Loading& loading) {
  ObjectReader in(at.json, at.where);
  TRY(read_confidence(in, at.where, loading));
  in.optional_string("note");
  Instrument out;
  out.id = in.string("instrument");
  out.symbol = in.optional_string("symbol").value_or("");
  out.adopted = in.optional_string("adopted").value_or("");
  if (in.has("in_force")) out.in_force = in.nullable_string("in_force").value_or("");
  out.enforce_parties = in.optional_boolean("enforce_parties").value_or(false);
  out.articles = in.optional_strings("articles");
  const std::vector<At> parties = items_of(at, in, "parties");
  const std::vector<At> declarations = items_of(at, in, "declarations");
  TRY(in.finish());
  if (out.id != id)
    return refuse("rulebook.name", at.where + ".instrument",
                  "must be the name of the file, `" + std::string(id) + "`");
  if (!is_name(out.id)) return refuse("rulebook.name", at.where + ".instrument", "`" + out.id + "` is no name");
  for (const auto& [date, key] : {std::pair{out.adopted, ".adopted"}, std::pair{out.in_force, ".in_force"}})
    if (!date.empty() && !parse_date(date)) return refuse("rulebook.member", at.where + key, "must be a date");
  TRY(check_names(out.articles, at.where + ".articles", true));
  for (const At& item : parties) {
    ObjectReader one(item.json, item.where);
    one.optional_string("note");
    const std::string country = one.string("country");
    const auto from = parse_date(one.string("from"));
    TRY(one.finish());
    if (!from) return refuse("rulebook.member", item.where + ".from", "must be a date");
    out.parties.push_back({country, *from});
  }
  for (const At& item : declarations) {
    ObjectReader one(item.json, item.where);
    one.optional_string("note");
    one.string("country");
    one.string("article");
    if (const auto code = one.optional_string("code")) out.declaration_codes.push_back(*code);
    TRY(one.finish());
  }
  loading.model.instruments[out.id] = std::move(out);
  return {};
}

Result<> load_vocab(const At& at, std::string_view id, Loading& loading) {
  ObjectReader in(at.json, at.where);
  TRY(read_confidence(in, at.where, loading));
  in.optional_string("note");
  Vocab out;
  out.id = in.string("vocab");
  Source source = TRY(read_source(in, at.where, loading));
  out.source = std::move(source);
  const std::vector<At> codes = items_of(at, in, "codes");
  TRY(in.finish());
  if (out.id != id)
    return refuse("rulebook.name", at.where + ".vocab", "must be the name of the file, `" + std::string(id) + "`");
  for (const At& item : codes) {
    ObjectReader one(item.json, item.where);
    one.optional_string("note");
    const std::string code = one.string("code");
    Source of = TRY(read_source(one, item.where, loading, out.source));
    TRY(one.finish());
    out.codes.push_back(code);
    out.known.insert(code);
    out.sources.push_back(std::move(of));
  }
  if (out.codes.empty()) return refuse("rulebook.member", at.where + ".codes", "must not be empty");
  TRY(check_names(out.codes, at.where + ".codes", false));
  loading.model.vocabs[out.id] = std::move(out);
  return {};
}

Result<> load_profile(const At& at, std::string_view country, Loading& loading) {
  ObjectReader in(at.json, at.where);
  const std::string of = in.string("country");
  const std::string as_of = in.string("as_of");
  in.optional_string("note");
  Json answers = in.value("answers");
  TRY(in.finish());
  if (of != country)
    return refuse("rulebook.name", at.where + ".country",
                  "must be the name of the file, `" + std::string(country) + "`");
  if (!parse_date(as_of)) return refuse("rulebook.member", at.where + ".as_of", "must be a date");
  loading.model.profiles[of] = std::move(answers);
  return {};
}

Result<> load_words(const At& at, std::string_view language, Loading& loading) {
  if (std::find(loading.model.languages.begin(), loading.model.languages.end(), language) ==
      loading.model.languages.end())
    return refuse("rulebook.words", at.where,
                  "rulebook.json does not list the language `" + std::string(language) + "`");
  if (!at.json.is_object()) return refuse("rulebook.words", at.where, "must be an object of key to text");
  Words& words = loading.model.words[std::string(language)];
  for (const auto& [key, text] : at.json.members()) {
    if (!text.is_string() || text.string().empty())
      return refuse("rulebook.words", at.where + "." + key, "must be a text that is not empty");
    if (!words.emplace(key, text.string()).second)
      return refuse("rulebook.words", at.where + "." + key, "is already in another file of this language");
  }
  return {};
}

}  // namespace entraide::rulebook
