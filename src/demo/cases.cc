#include "demo/cases.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <queue>
#include <sstream>

#include "codec/codec.h"
#include "demo/stories.h"
#include "rulebook/model.h"

namespace entraide::demo {
namespace {

using codec::Json;

// The examples of the rulebook play on this day.
constexpr std::string_view kExampleDay = "2031-03-02";
constexpr int kExampleYear = 2031;

struct CountryNames {
  const char* code;
  const char* organization;
  const char *en, *fr, *es, *ar;      // "Central Authority of ..."
  std::vector<const char*> officers;  // central authority (two), contact point, bureau, unit
  std::vector<std::string> languages;
};

const CountryNames kCountries[] = {
    {"fr",
     "Autorité de démonstration (France)",
     "France",
     "France",
     "Francia",
     "فرنسا",
     {"Odile Ferrandier", "Basile Quenneau", "Yann Le Guirec", "Maud Tessandier", "Rémi Vauclair"},
     {"fr", "en"}},
    {"ke",
     "Demonstration authority (Kenya)",
     "Kenya",
     "Kenya",
     "Kenia",
     "كينيا",
     {"Wanjiku Demo-Kamau", "Otieno Demo-Odhiambo", "Achieng Demo-Were", "Kiprono Demo-Langat", "Njeri Demo-Mwangi"},
     {"en"}},
    {"ma",
     "السلطة التجريبية (المغرب)",
     "Morocco",
     "Maroc",
     "Marruecos",
     "المغرب",
     {"سلمى التجريبي", "إدريس النموذجي", "هدى المثالي", "يوسف التوضيحي", "أمينة الافتراضي"},
     {"ar", "fr"}},
    {"mx",
     "Autoridad de demostración (México)",
     "Mexico",
     "Mexique",
     "México",
     "المكسيك",
     {"Ximena Ejemplar", "Lázaro Muestra", "Itzel Modelo", "Rubén Ficticio", "Noemí Ensayo"},
     {"es", "en"}},
    {"sn",
     "Autorité de démonstration (Sénégal)",
     "Senegal",
     "Sénégal",
     "Senegal",
     "السنغال",
     {"Awa Démo-Ndiaye", "Ousmane Démo-Sarr", "Fatou Démo-Diop", "Cheikh Démo-Fall", "Mame Démo-Sow"},
     {"fr"}},
};

struct OfficeNames {
  const char* slug;
  const char* kind;
  const char *en, *fr, *es, *ar;
  std::vector<std::string> roles;
  int officers;
};
const OfficeNames kOffices[] = {
    {"central-authority",
     "central-authority",
     "Central Authority",
     "Autorité centrale",
     "Autoridad Central",
     "السلطة المركزية",
     {"officer", "magistrate", "ring-admin"},
     2},
    {"contact-point",
     "contact-point",
     "24/7 contact point",
     "Point de contact 24/7",
     "Punto de contacto 24/7",
     "جهة الاتصال الدائمة",
     {"officer", "duty-officer", "ring-admin"},
     1},
    {"ncb",
     "ncb",
     "National Central Bureau",
     "Bureau central national",
     "Oficina Central Nacional",
     "المكتب المركزي الوطني",
     {"officer", "duty-officer", "ring-admin"},
     1},
    {"cyber-unit",
     "unit",
     "Cybercrime unit",
     "Unité de lutte contre la cybercriminalité",
     "Unidad contra la ciberdelincuencia",
     "وحدة مكافحة الجريمة السيبرانية",
     {"officer", "ring-admin"},
     1},
};

int year_of(Time now) {
  return static_cast<int>(std::chrono::year_month_day(std::chrono::floor<std::chrono::days>(now)).year());
}

Time day_of(std::string_view text) { return *codec::from_rfc3339(std::string(text.substr(0, 10)) + "T00:00:00Z"); }

bool is_date(std::string_view text) {
  return (text.size() == 10 || (text.size() > 19 && text[10] == 'T')) &&
         codec::from_rfc3339(std::string(text.substr(0, 10)) + "T00:00:00Z").has_value();
}

// A day ahead of the example's day stays as far ahead of today; everything else happened this year.
std::string moved(const std::string& text, Time now) {
  if (is_date(text) && text > kExampleDay) {
    const Time day = now - (day_of(kExampleDay) - day_of(text));
    return codec::rfc3339(day).substr(0, 10) + text.substr(10);
  }
  std::string out = text;
  for (int ago = 0; ago < 3; ++ago) {
    const std::string then = std::to_string(kExampleYear - ago), here = std::to_string(year_of(now) - ago);
    for (std::size_t at = out.find(then); at != std::string::npos; at = out.find(then, at + 4))
      out.replace(at, 4, here);
  }
  return out;
}

Json moved(const Json& value, Time now) {
  if (value.is_string()) return moved(value.string(), now);
  if (value.is_array()) {
    Json out = Json::array();
    for (const Json& item : value.array_items()) out.push_back(moved(item, now));
    return out;
  }
  if (value.is_object()) {
    Json out = Json::object();
    for (const auto& [name, item] : value.members()) out.set(name, moved(item, now));
    return out;
  }
  return value;
}

// The shortest way to each state of a kind, as act types.
std::map<std::string, std::vector<const rulebook::Transition*>> ways(const rulebook::Kind& kind) {
  std::map<std::string, std::vector<const rulebook::Transition*>> out;
  std::queue<std::string> open;
  const auto reach = [&](const std::string& state, std::vector<const rulebook::Transition*> way) {
    if (out.emplace(state, std::move(way)).second) open.push(state);
  };
  for (const rulebook::Transition& transition : kind.transitions)
    if (transition.opens && transition.by == rulebook::By::requesting) reach(transition.to, {&transition});
  while (!open.empty()) {
    const std::string here = open.front();
    open.pop();
    for (const rulebook::Transition& transition : kind.transitions) {
      if (transition.opens || transition.to.empty() || transition.by == rulebook::By::clock) continue;
      if (std::find(transition.from.begin(), transition.from.end(), here) == transition.from.end()) continue;
      std::vector<const rulebook::Transition*> way = out.at(here);
      way.push_back(&transition);
      reach(transition.to, std::move(way));
    }
  }
  return out;
}

// The office of the kind that the rulebook names first: who usually does this.
std::string slug_for(const std::vector<std::string>& kinds) {
  for (const std::string& kind : kinds)
    for (const OfficeNames& office : kOffices)
      if (kind == office.kind) return office.slug;
  return kOffices[0].slug;
}

// Where the shortest way is not the lawful one: confidentiality is settled before execution, and the other side is
// consulted before a refusal or a postponement.
std::vector<std::string> lawful_way(std::string_view state) {
  const std::vector<std::string> execution{"assistance.request", "assistance.acknowledge",
                                           "assistance.accept-confidentiality", "assistance.assign"};
  const auto then = [&](std::vector<std::string> more) {
    std::vector<std::string> way = execution;
    way.insert(way.end(), more.begin(), more.end());
    return way;
  };
  if (state == "assistance.in-execution") return execution;
  if (state == "assistance.answered") return then({"assistance.answer"});
  if (state == "assistance.received") return then({"assistance.answer", "assistance.receive"});
  if (state == "assistance.closed")
    return then({"assistance.answer", "assistance.receive", "assistance.feedback", "assistance.close"});
  if (state == "assistance.postponed")
    return then({"assistance.consult", "assistance.answer-consultation", "assistance.postpone"});
  if (state == "assistance.refused")
    return then({"assistance.consult", "assistance.answer-consultation", "assistance.refuse"});
  return {};
}

// Permission to use something is asked where something was given.
std::vector<std::string> before_of(std::string_view kind) {
  if (kind == "permission") return {"spontaneous.send"};
  return {};
}

}  // namespace

Result<Answers> Answers::read(const std::string& rulebook_folder) {
  Answers out;
  std::error_code error;
  for (const auto& file :
       std::filesystem::directory_iterator(std::filesystem::path(rulebook_folder) / "examples/answers", error)) {
    std::ifstream in(file.path(), std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    const Json value = TRY(codec::parse_json(text.str()));
    codec::ObjectReader reader(value, file.path().filename().string());
    const std::string name = reader.string("answers"), form = reader.string("form");
    const Json& values = reader.value("values");
    TRY(reader.finish_open());
    out.by_name_[name] = values;
    out.by_form_[form].push_back(name);
  }
  if (error || out.by_name_.empty())
    return fail(Errc::not_found, "demo.answers", rulebook_folder + "/examples/answers: cannot be read");
  for (auto& [form, names] : out.by_form_) std::sort(names.begin(), names.end());
  return out;
}

std::optional<Json> Answers::named(std::string_view name, Time now) const {
  const auto found = by_name_.find(name);
  if (found == by_name_.end()) return std::nullopt;
  return moved(found->second, now);
}

std::optional<Json> Answers::for_act(const rulebook::Rulebook& rules, std::string_view type, Time now,
                                     std::string_view language) const {
  const std::string_view form = rulebook::form_of(rules, type);
  if (form.empty()) return Json::object();
  const auto names = by_form_.find(form);
  if (names == by_form_.end()) return std::nullopt;
  for (const std::string& name : names->second)
    if (!language.empty() && name.ends_with("-full-" + std::string(language))) return named(name, now);
  for (const std::string& name : names->second)
    if (name.ends_with("-full")) return named(name, now);
  return named(names->second.front(), now);
}

std::vector<std::string> languages_of(std::string_view country) {
  for (const CountryNames& names : kCountries)
    if (country == names.code) return names.languages;
  return {"en"};
}

Result<> build_countries(World& world) {
  TRY(world.begin());
  for (const CountryNames& country : kCountries) {
    TRY(world.add_country(country.code, country.organization));
    std::size_t next = 0;
    for (const OfficeNames& names : kOffices) {
      const auto named = [](const char* office, const char* of) { return std::string(office) + " – " + of; };
      Office* office = TRY(world.add_authority(country.code, names.slug, names.kind,
                                               Json::object({{"en", named(names.en, country.en)},
                                                             {"fr", named(names.fr, country.fr)},
                                                             {"es", named(names.es, country.es)},
                                                             {"ar", named(names.ar, country.ar)}})));
      for (int i = 0; i < names.officers; ++i) TRY(world.add_officer(*office, country.officers[next++], names.roles));
      TRY(world.renew_ring(*office));
    }
  }
  return {};
}

namespace {

bool writes_french(const Officer& officer) {
  const std::vector<std::string> languages = languages_of(act::country_of(officer.authority).str().substr(3));
  return std::ranges::find(languages, "fr") != languages.end();
}

// One case, played from its first act on.
class Play {
 public:
  Play(World& world, const Answers& answers, const Officer& asking, const Officer& asked, std::size_t story)
      : world_(world),
        answers_(answers),
        asking_(asking),
        asked_(asked),
        story_(story),
        course_(world.new_course()) {}

  Result<> act(const std::string& type, bool by_requested) {
    const Officer& actor = by_requested ? asked_ : asking_;
    const Officer& other = by_requested ? asking_ : asked_;
    const bool in_french = writes_french(actor);
    auto values = answers_.for_act(world_.rules(), type, world_.now(), in_french ? "fr" : "en");
    if (!values) return fail(Errc::not_found, "demo.answers", type + ": no example answers its form");
    if (rulebook::find_act(world_.rules().model(), type)->opens) number(*values, story_);
    std::vector<Subject> to{other.authority};
    if (values->find("new_authority") != nullptr) {
      // A hand-over goes to the central authority at home, which hears of it.
      const Subject heir(actor.authority.str().substr(0, 6) + "central-authority");
      values->set("new_authority", heir.str());
      to.push_back(heir);
    }
    TRY(world_.take(
        course_, actor,
        {type, std::move(*values), summary_of(world_.rules(), type, story_, in_french), {}, {}, std::move(to)}));
    ++acts_;
    return {};
  }
  int acts() const { return acts_; }

 private:
  World& world_;
  const Answers& answers_;
  const Officer& asking_;
  const Officer& asked_;
  const std::size_t story_;
  Course course_;
  int acts_ = 0;
};

}  // namespace

Result<Populated> populate(World& world, const Answers& answers) {
  Populated out;
  std::size_t turn = 0;
  constexpr std::size_t n = std::size(kCountries);
  // Every other case goes from the first country to the second, who play the main job; the rest between all of them.
  const auto pair_of = [](std::size_t number) {
    const std::size_t other = number / 2;
    return number % 2 == 0 ? std::pair<std::size_t, std::size_t>{0, 1}
                           : std::pair{other % n, (other + 1 + other / n % (n - 1)) % n};
  };
  for (const auto& [id, kind] : world.rules().model().kinds) {
    for (const auto& [state, way] : ways(kind)) {
      Result<> played;
      // Some pairs of countries lack the treaty that the example stands on: then the next pair plays it.
      for (std::size_t attempt = 0; attempt < 2 * n; ++attempt) {
        const auto [one, another] = pair_of(turn++);
        const std::string from = kCountries[one].code, to = kCountries[another].code;
        Play play(world, answers, world.officer_of("au:" + from + ":" + slug_for(kind.requesting)),
                  world.officer_of("au:" + to + ":" + slug_for(kind.requested)), out.reached.size());
        played = {};
        // Information that was given on one's own initiative is used by who received it: the other side asks.
        for (const std::string& type : before_of(id)) played = played ? play.act(type, true) : played;
        std::vector<std::string> types = lawful_way(id + "." + state);
        if (types.empty())
          for (const rulebook::Transition* transition : way) types.push_back(transition->t);
        for (const std::string& type : types)
          played =
              played ? play.act(type, rulebook::find_act(world.rules().model(), type)->by == rulebook::By::requested)
                     : played;
        out.acts += play.acts();
        if (play.acts() > 0) ++out.cases;
        if (played) break;
        const Errc code = played.error().code;
        if (code == Errc::storage || code == Errc::internal || code == Errc::unavailable)
          return std::unexpected(played.error());
      }
      if (played) out.reached.push_back(id + "." + state);
      else
        out.not_reached.push_back(id + "." + state + " (" + played.error().rule + ": " + played.error().message +
                                  ")");
    }
  }
  return out;
}

}  // namespace entraide::demo
