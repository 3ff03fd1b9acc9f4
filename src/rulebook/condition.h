#pragma once

// The closed vocabulary of conditions: parsed once, when the rulebook is loaded; total and loop-free.

#include "codec/json.h"
#include "rulebook/period.h"
#include "rulebook/rulebook.h"

namespace entraide::rulebook {

/// Something that a condition asks the value of.
struct Operand {
  enum class Of {
    field,
    label,
    basis,
    thread,
    happened,
    clock,
    profile,
    signers,
    now,
    actor_kind,
    actor_country,
    receiver_kind,
    receiver_country,
  };
  Of of = Of::now;
  std::string name;  // of the field, label, kind, act type, clock or profile field
};

/// An authority that a condition names.
enum class Who { actor, requesting, requested, receiver };

struct Condition {
  enum class Test {
    all,
    any,
    not_,
    equals,
    in,
    contains,
    has_role,
    same_authority,
    sealed_to,
    basis_is,
    within,
    before,
    ground_in,
    count_at_least,
  };
  Test test = Test::all;
  std::vector<Condition> parts;        // all, any, not
  std::vector<Operand> operands;       // what is compared
  std::vector<codec::Json> values;     // equals, in: what with
  std::vector<std::string> names;      // has_role: the role; basis_is, ground_in: the list
  std::string vocab;                   // ground_in: a vocabulary instead of a list
  std::vector<Who> who;                // same_authority: two; sealed_to: one
  Period period;                       // within
  std::int64_t count = 0;              // count_at_least, when it is no operand
};

/// What a condition speaks of by name; the loader looks whether it is there.
struct Reference {
  enum class To { field, label, kind, act, clock, profile_field, vocab, role, basis };
  To to = To::field;
  std::string name;
  std::string where;  // file and JSON path
};

enum class ConditionPlace { form, transition };

/// Reads a condition; `where` is its file and JSON path. What it names goes to `references`.
/// Rule: rulebook.condition.
Result<Condition> parse_condition(const codec::Json& json, const std::string& where, ConditionPlace place,
                                  std::vector<Reference>& references);
Result<Operand> parse_operand(std::string_view text, const std::string& where, ConditionPlace place,
                              std::vector<Reference>& references);

/// All that a condition may look at. What is null is simply not there.
struct Scope {
  const Model& model;
  const CaseState* state = nullptr;
  const ActFacts* act = nullptr;
  const Authority* requesting = nullptr;
  const Authority* requested = nullptr;
  const Authority* actor = nullptr;
  std::string_view basis;
  const codec::Json* answers = nullptr;
  const codec::Json* label = nullptr;
  const codec::Json* profile = nullptr;
  Time now;
};

bool holds(const Condition& condition, const Scope& scope);

/// The text that an operand has, or empty: what a clock chooses its period by.
std::string_view text_of_operand(const Operand& operand, const Scope& scope);

/// Whether the condition looks at something that only a finished act has: its fields, receivers, signers or seals. For an act
/// that opens a thread the basis and the profile are such things too.
bool needs_act(const Condition& condition, bool opens);

/// The fields that a condition reads.
void fields_of(const Condition& condition, std::vector<std::string>& names);

/// Whether `basis` is `wide` or below it: "budapest" covers "budapest.29".
bool covers(std::string_view wide, std::string_view basis);

}  // namespace entraide::rulebook
