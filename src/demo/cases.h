#pragma once

// Cases in every state, for a world that is to be looked at.

#include "demo/world.h"

namespace entraide::demo {

/// Complete answers to forms by name ("assistance-full"), as the rulebook's examples keep them.
class Answers {
 public:
  /// Reads `examples/answers` below a rulebook's folder. Rules: file.*, json.*.
  static Result<Answers> read(const std::string& rulebook_folder);
  /// For an act type: "<kind>-<word>", or the kind's full example for an opening act, in `language` where there is one.
  /// Years are this year's, and days that lay ahead of the example's own day lie as far ahead of `now`. None when no
  /// example answers that form.
  std::optional<codec::Json> for_act(const rulebook::Rulebook& rules, std::string_view type, Time now,
                                     std::string_view language = {}) const;
  std::optional<codec::Json> named(std::string_view name, Time now) const;

 private:
  std::map<std::string, codec::Json, std::less<>> by_name_;  // the values alone
  std::map<std::string, std::vector<std::string>, std::less<>> by_form_;
};

/// What people of that country's authorities read and write here, best first.
std::vector<std::string> languages_of(std::string_view country);

/// Five countries, plainly fictional in their people: France, Kenya, Morocco, Mexico, Senegal; in each a central
/// authority, a 24/7 contact point, a National Central Bureau and a unit, with their officers and rings.
Result<> build_countries(World& world);

struct Populated {
  int cases = 0;
  int acts = 0;
  std::vector<std::string> reached;  // "preservation.linked"
  std::vector<std::string> not_reached;  // with the rule that stood in the way
};
/// One case for each state of each kind that acts can reach, between changing pairs of countries.
Result<Populated> populate(World& world, const Answers& answers);

}  // namespace entraide::demo
