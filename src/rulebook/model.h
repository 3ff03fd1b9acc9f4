#pragma once

// The rulebook as it is in memory: what the loader makes, what everything else reads. Pointers between parts are set
// once, at the end of loading, and live as long as the model.

#include <set>
#include <unordered_map>

#include "rulebook/condition.h"

namespace entraide::rulebook {

struct Source {
  std::string id;          // "uncc.42.6"; empty where none is needed
  bool from_text = false;  // checked against the published text; otherwise from memory
  bool operator==(const Source&) const = default;
};

// ---- lists ---------------------------------------------------------------------------------

struct Instrument {
  struct Member {
    std::string country;
    Time from;
  };
  std::string id;
  std::string symbol;
  std::string adopted;
  std::string in_force;  // empty: not in force
  bool enforce_parties = false;
  std::vector<std::string> articles;
  std::vector<Member> parties;
  std::vector<std::string> declaration_codes;
};

struct Vocab {
  std::string id;
  Source source;
  std::vector<std::string> codes;
  std::set<std::string, std::less<>> known;
  std::vector<Source> sources;  // one a code
};

// ---- forms ---------------------------------------------------------------------------------

enum class Format { none, date, date_time, country, email, authority, language, offset, period, basis };

struct Field;

struct Schema {
  enum class Type { string, integer, boolean, array, object };
  Type type = Type::string;
  std::int64_t min = 0;  // length, value or number of items, by type
  std::int64_t max = 0;
  Format format = Format::none;
  std::string vocab;
  const Vocab* vocabulary = nullptr;
  std::vector<Schema> items;   // array: exactly one
  std::vector<Field> fields;   // object
};

struct Field {
  std::string name;
  bool routing = false;
  Schema schema;
  bool required = false;
  std::optional<Condition> required_when;
  std::optional<Condition> show_if;
  std::string widget;
  std::string prefill;  // where its first value comes from; empty: nowhere
  Source source;
};

/// A rule of a transition or of a form: refused unless it holds.
struct Rule {
  std::string id;
  Condition that;
  std::string path;
  Source source;
  bool needs_act = false;
  std::vector<std::string> fields;  // what it reads
};

struct Form {
  struct Section {
    std::string name;
    std::vector<Field> fields;
  };
  std::string id;
  std::string file;
  Source source;
  std::vector<Section> sections;
  std::vector<Rule> checks;
  std::vector<const Field*> fields;  // all, in order
  std::unordered_map<std::string_view, const Field*> by_name;
  bool has_sealed = false;
};

// ---- kinds ---------------------------------------------------------------------------------

enum class By { requesting, requested, either, clock };
enum class Assurance { session, step_up, two_person };
enum class Presence { required, optional, forbidden };

struct State {
  std::string name;
  bool is_final = false;
};

struct StartClock {
  std::string clock;
  std::optional<Condition> when;
};

struct SignerNeed {
  std::string role;
  int count = 1;
  bool threshold = false;  // directory acts: the m of these roots
};

struct HandOver {
  By party = By::requested;
  std::string field;
};

struct Kind;

struct Transition {
  std::string t;
  By by = By::requesting;
  bool opens = false;
  bool from_any = false;
  std::vector<std::string> from;
  std::string to;  // empty: stays
  std::string form;
  const Form* form_rules = nullptr;
  Assurance assurance = Assurance::session;
  std::vector<std::string> roles;
  std::vector<SignerNeed> signers;
  Presence doc = Presence::optional;
  Presence sum = Presence::optional;
  Presence tr = Presence::optional;
  bool doc_said = false;  // the file says so itself, not the default
  bool sum_said = false;
  std::vector<std::string> inform;
  std::optional<HandOver> hand_over;
  std::vector<Rule> require;
  std::vector<StartClock> starts;
  std::vector<std::string> stops;
  std::vector<std::string> extends;
  bool urgent = false;
  std::optional<Condition> urgent_when;
  Source source;
  const Kind* kind = nullptr;
};

struct PeriodRule {
  enum class How { fixed, until, by };
  How how = How::fixed;
  Period fixed;
  std::string field;  // until
  std::optional<Period> at_least;
  std::optional<Period> at_most;
  Operand operand;    // by
  std::vector<std::pair<std::string, Period>> periods;
  Period otherwise;
};

struct ClockRule {
  std::string id;
  By owner = By::requesting;
  PeriodRule period;
  std::vector<Period> alarms;
  std::string lapse;
  const Transition* lapse_rules = nullptr;
  Source source;
  const Kind* kind = nullptr;
};

struct Reaction {
  std::string on;
  std::vector<std::string> from;
  std::string to;
  std::vector<StartClock> starts;
  std::vector<std::string> stops;
  Source source;
};

struct Kind {
  std::string id;
  std::string file;
  Source source;
  std::vector<std::string> basis;
  std::vector<std::string> requesting;
  std::vector<std::string> requested;
  std::vector<std::string> roles;
  std::vector<State> states;
  std::vector<Transition> transitions;
  std::vector<ClockRule> clocks;
  std::vector<Reaction> reactions;
  std::vector<std::string> label;
  Period keep;
  Source keep_source;

  const State* find_state(std::string_view name) const {
    for (const State& state : states)
      if (state.name == name) return &state;
    return nullptr;
  }
};

// ---- platform ------------------------------------------------------------------------------

struct UseRule {
  std::string article;
  std::vector<std::string> enforced_by;
  bool by_agreement = false;
};

struct DirectoryAct {
  std::string t;
  std::vector<SignerNeed> signers;
  bool device = false;
  std::optional<Period> window;  // how long signatures may take to gather; nothing: as for any other act
  Source source;
};

/// By when a receiver's device confirms that an act has arrived.
struct DeliveryRule {
  Period within, urgent;
  std::vector<std::string> acts;  // the acts that confirm
  Source source;
};

using Words = std::map<std::string, std::string, std::less<>>;

struct Model {
  Files files;  // without the examples
  Files examples;
  Digest digest;

  std::string version;
  std::vector<std::string> languages;
  std::vector<std::string> suites;
  std::vector<std::string> roles;
  std::vector<std::string> authority_kinds;

  std::map<std::string, Instrument, std::less<>> instruments;
  std::map<std::string, Vocab, std::less<>> vocabs;
  std::map<std::string, Form, std::less<>> forms;
  std::map<std::string, Kind, std::less<>> kinds;
  std::map<std::string, codec::Json, std::less<>> profiles;  // country to answers
  std::map<std::string, Words, std::less<>> words;           // language to words
  std::vector<UseRule> use;
  std::vector<DirectoryAct> directory;
  std::optional<DeliveryRule> delivery;

  std::unordered_map<std::string_view, const Transition*> acts;
  std::unordered_map<std::string_view, const ClockRule*> clocks;
  std::unordered_map<std::string_view, std::vector<std::pair<const Kind*, const Reaction*>>> reactions;
  std::unordered_map<std::string_view, const DirectoryAct*> directory_acts;
  std::unordered_map<std::string_view, std::string> engine_sources;  // engine rule to "use.<article>"

  /// Where a source was used, for lint: source to file.
  std::vector<std::pair<std::string, std::string>> cited;
};

/// Every rule by which the engine itself refuses.
const std::vector<std::string>& engine_rules();
/// The headings of a printed kind.
const std::vector<std::string>& show_words();
/// Every code of a defect.
const std::vector<std::string>& defect_codes();

const Transition* find_act(const Model& model, std::string_view type);
/// What an act that the rulebook does not know is answered with.
Refused unknown_act(const Model& model);
std::string_view name_of(By by);
std::string_view name_of(Assurance assurance);

// The pieces that decide, forms and examples share.

/// Whether the value counts as an answer: not null, not blank, not empty.
bool is_answered(const codec::Json* value);
/// What the answers lack; `scope` gives basis, profile and now, its `answers` are not looked at.
std::vector<Defect> validate_answers(const Form& form, Scope scope, const codec::Json& answers);
/// The same for the routing fields alone, as the hub sees them in `d`.
std::vector<Defect> validate_routing(const Form& form, Scope scope, const codec::Json& d);

}  // namespace entraide::rulebook
