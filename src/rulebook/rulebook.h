#pragma once

// Law as data: load the rulebook, and ask it what may happen.
//
//   files ── load ──► Rulebook ──┬── decide(case, act, now)   ► permitted, or refused with its rule
//                                ├── abilities(case, person)  ► what this person can do here
//                                ├── fall_due(case, clock)    ► what the end of a clock does
//                                └── validate_form(answers)   ► list of defects
//
// Everything here is pure: no clock, no randomness, no I/O but `read_folder`. A Rulebook never changes once it is
// loaded; any number of threads may use it. The format is docs/formats/rulebook.md. Checking a rulebook, running its
// examples and printing it are in lint.h, examples.h and show.h.

#include <expected>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>

#include "base/ids.h"
#include "codec/json.h"

namespace entraide::rulebook {

struct Model;

// ---- loading -------------------------------------------------------------------------------

/// The files of a rulebook: path inside the folder ("kinds/preservation.json") to text.
using Files = std::map<std::string, std::string, std::less<>>;

class Rulebook {
 public:
  explicit Rulebook(std::unique_ptr<const Model> model);
  Rulebook(Rulebook&&) noexcept;
  Rulebook& operator=(Rulebook&&) noexcept;
  ~Rulebook();

  /// SHA-256 of the manifest: the version that acts name in `rb`. Examples do not count.
  const Digest& digest() const;
  /// One canonical JSON with all files but the examples; `load_bundle` gives a rulebook of the same digest.
  std::string bundle() const;
  /// The words for a key, or empty when the language or the key is not there.
  std::string_view word(std::string_view language, std::string_view key) const;
  /// The languages in which the rulebook speaks, in its own order.
  const std::vector<std::string>& languages() const;
  /// All act types that the rulebook knows for cases, in the order of the kinds.
  std::vector<std::string> act_types() const;
  /// The parsed rules, for lint, show and tests (model.h).
  const Model& model() const { return *model_; }

 private:
  std::unique_ptr<const Model> model_;
};

/// Reads all `.json` files below a folder. Rules: rulebook.folder, rulebook.file.
Result<Files> read_folder(const std::filesystem::path& folder);
/// Loads all files or none. An error says which file, which JSON path, what is wrong.
/// Rules: rulebook.syntax (no strict JSON), rulebook.member, rulebook.name, rulebook.reference (names something that is
/// not there), rulebook.condition, rulebook.period, rulebook.schema, rulebook.words, rulebook.profile.
Result<Rulebook> load(Files files);
Result<Rulebook> load_folder(const std::filesystem::path& folder);
/// What `Rulebook::bundle` gave, from another program. Rules: those of load, and rulebook.bundle.
Result<Rulebook> load_bundle(BytesView bundle);

// ---- deciding ------------------------------------------------------------------------------

/// An authority as the directory knows it.
struct Authority {
  Subject id;
  std::string kind;  // "central-authority"
  std::string country;  // "fr"
};

/// One kind's course within a case.
struct Thread {
  std::string kind;
  std::string state;
  std::string basis;
  Authority requesting;
  Authority requested;
  codec::Json label;  // routing facts kept for clocks and inbox
};

struct RunningClock {
  std::string clock;
  Subject owner;
  Time due;
};

/// What the rules need to know of a case. Empty for a new one.
struct CaseState {
  std::vector<Thread> threads;
  std::vector<RunningClock> clocks;
  std::map<std::string, int, std::less<>> happened;  // act type to how often
};

/// How well a device holds its key (trust core, dir.device): decides step-up and two-person assurance.
enum class DeviceLevel { soft, prf, hw };

struct Signer {
  Subject officer;
  std::vector<std::string> roles;
  DeviceLevel level = DeviceLevel::soft;
};

/// A sealed object of an act: its role ("doc", "sum", "tr") and to whom it is sealed.
struct SealedObject {
  std::string role;
  std::vector<Subject> to;
};

/// What a verified act says, as plain values.
struct ActFacts {
  std::string type;
  Authority actor;  // for whom it is signed
  std::vector<Signer> signers;
  std::vector<Authority> receivers;
  std::vector<SealedObject> objects;
  codec::Json d;
  /// What the requested country has notified by acts; null means the profile in the rulebook.
  const codec::Json* requested_profile = nullptr;
};

struct Refused {
  std::string rule;  // "decide.party" or the rulebook's own; words at "rule.<rule>"
  std::string source;  // "uncc.42.6", or the article of the rules of use
  std::string path;  // the field or member at fault, empty where there is none
  codec::Json params = codec::Json::object();  // for the words' {places}
  bool operator==(const Refused&) const = default;
};

struct ThreadChange {
  std::string kind;
  std::string from;  // empty when the act opens the thread
  std::string to;
  std::string basis;
  Authority requesting;  // after the change: an act may hand a part over
  Authority requested;
  codec::Json label;  // after the change
  bool is_final = false;
};

struct ClockStart {
  std::string clock;
  std::string kind;
  Subject owner;
  Time due;
  std::vector<Time> alarms;  // ascending; the last one is `due` or later
  bool lapses = false;  // something happens when it falls due (`fall_due`), not only an alarm
};

/// A running clock that another authority must now beat: its times stay as they are.
struct ClockMove {
  std::string clock;
  Subject owner;
};

struct Permitted {
  std::vector<ThreadChange> threads;  // the act's own first, then those that react to it
  std::vector<ClockStart> started;  // replaces a running clock of the same id
  std::vector<std::string> stopped;  // only clocks that were running
  std::vector<ClockMove> moved;  // running clocks that go with a matter that was handed over
  bool urgent = false;
};

using Decision = std::expected<Permitted, Refused>;

/// Judges an act on a case at its admission time. Never fails, whatever the values.
Decision decide(const Rulebook& rules, const CaseState& state, const ActFacts& act, Time now);

/// Whether an act takes the urgent lane, as far as its type and routing fields say: asked before its case is known.
bool is_urgent(const Rulebook& rules, std::string_view act_type, const codec::Json& d);

/// What happens when a clock falls due: a transition by the clock itself, or nothing (an empty Permitted) for a clock
/// that only alarms. Refused (decide.clock) when the clock does not run or is not due yet.
Decision fall_due(const Rulebook& rules, const CaseState& state, std::string_view clock, Time now);

/// The state after a permitted act, as projections will store it.
CaseState apply(CaseState before, const Permitted& permitted, std::string_view act_type);

/// Who is asking what can be done.
struct Person {
  Authority authority;
  std::vector<std::string> roles;
  DeviceLevel level = DeviceLevel::soft;
};

struct Ability {
  std::string act;  // act type
  std::string form;  // to fill in, empty when there is none
  std::string assurance;  // session, step-up, two-person
  std::optional<Refused>
      refused;  // why not; nothing when it can be done, as far as it is known before the act exists
};

/// Every act of the case's kinds, and every act that could open another thread in it: allowed, or why not. A second signer, the
/// receivers, the sealed objects and the answers are not looked at: they are not there yet.
std::vector<Ability> abilities(const Rulebook& rules, const CaseState& state, const Person& person, Time now);

// ---- directory -----------------------------------------------------------------------------

/// How long after an act was signed it may be admitted, and how far its signer's clock may be ahead.
constexpr std::chrono::seconds kSigningWindow{300};
/// The last moment at which an act signed at `at` may be admitted. Acts of the directory for which several persons sign
/// have the `window` that the rulebook gives their type; every other act has `kSigningWindow`.
Time admissible_until(const Rulebook& rules, std::string_view act_type, Time at);

struct DirectoryFacts {
  std::string type;  // "dir.country", "ring.new"
  std::map<std::string, int, std::less<>> signers;  // role to how many different signers have it
  std::map<std::string, int, std::less<>> threshold;  // role to the m that genesis or the country has set
  bool device_signed = false;  // the enrolled device signed too
};

/// Whether the signatures that the directory asks of this act type are there. Rules: decide.act, decide.signers,
/// decide.assurance.possession.
std::expected<void, Refused> decide_directory(const Rulebook& rules, const DirectoryFacts& facts);

// ---- delivery ------------------------------------------------------------------------------

/// By when each receiver of an act should have confirmed its arrival (`ack.delivered`): after that the sender
/// telephones. Nothing when the rulebook sets no time.
std::optional<Time> acknowledgement_due(const Rulebook& rules, std::string_view act_type, const codec::Json& d,
                                        Time admitted);

// ---- forms ---------------------------------------------------------------------------------

struct Defect {
  std::string path;  // "persons.0.name"
  std::string code;  // words at "defect.<code>", or for "check" at "rule.<params.rule>"
  codec::Json params = codec::Json::object();
  bool operator==(const Defect&) const = default;
};

/// What the answers lack, in the order of the form. `profile` is the requested country's, or null. The form must exist
/// (`find_form`); an unknown one gives the single defect "unknown" with an empty path.
std::vector<Defect> validate_form(const Rulebook& rules, std::string_view form, std::string_view basis,
                                  const codec::Json& answers, const codec::Json* profile, Time now);

/// Answers without what the form hides, parted into what travels in `d` and what is sealed.
struct PartedAnswers {
  codec::Json routing = codec::Json::object();
  codec::Json sealed = codec::Json::object();
  std::vector<std::string> removed;  // fields that were hidden and had an answer: the person is told
};
PartedAnswers part_answers(const Rulebook& rules, std::string_view form, std::string_view basis,
                           const codec::Json& answers, const codec::Json* profile, Time now);

/// The form of an act type, or empty. The profile of a country, or null.
std::string_view form_of(const Rulebook& rules, std::string_view act_type);
const codec::Json* profile_of(const Rulebook& rules, std::string_view country);

}  // namespace entraide::rulebook
