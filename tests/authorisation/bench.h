#pragma once

// Two countries with everybody in place, strangers, people who have lost their right; and cases in every state that the
// rulebook's examples lead to, each reached through the real door.

#include "client/seal.h"
#include "kit/hub.h"
#include "rulebook/model.h"
#include "testing/testing.h"

namespace entraide::authorisation {

/// A case in a state, and how it came there.
struct Node {
  std::vector<std::pair<std::string, codec::Json>> path;  // types of acts, with their answers
  demo::Course course;
  std::map<std::string, std::string> states;  // kind to state
};

/// An act that the rules permit at a node, ready to be bent.
struct Permitted {
  std::size_t node = 0;
  std::string type;
  Subject actor;
  codec::Json answers;
};

/// What became of a submission: "permitted", or the rule that refused it.
using Verdict = std::string;

struct Bench {
  Bench();

  Verdict rehearse(const std::string& body, const std::vector<std::string>& objects);
  /// Sends it for good: for what must be refused.
  Verdict submit(const std::string& body, const std::vector<std::string>& objects);

  const demo::Officer& officer(const Subject& authority, std::string_view role) const;
  /// Which authority takes a step of this transition in the cases of this bench: France asks, Kenya is asked.
  static Subject actor_of(const rulebook::Transition& transition);
  static std::vector<Subject> receivers_of(const rulebook::Transition& transition, const Subject& actor,
                                           const codec::Json& answers);
  Result<demo::Prepared> prepare(const Node& node, const demo::Officer& officer, const std::string& type,
                                 const codec::Json& answers, std::vector<Subject> to);
  /// Fills `nodes` and `permitted`, and checks that everything else is refused by a rule with words.
  void explore();

  kit::Hub hub;
  std::vector<Node> nodes;
  std::vector<Permitted> permitted;
  std::map<std::string, std::set<std::string>> refusals;  // by type: what said no while exploring
  act::CheckpointRef early;  // a true checkpoint, older than everybody's newest
  std::shared_ptr<const directory::Directory>
      before_renewal;  // in which au:ke:central and au:fr:central have an older ring
  const demo::Officer* revoked = nullptr;  // of au:fr:central, each
  const demo::Officer* closed = nullptr;
  const demo::Officer* expired = nullptr;
  std::map<std::string, const rulebook::Transition*> transitions;  // by type, without the clocks' own

 private:
  std::map<std::string, std::string> state_of(const CaseId& id);
  bool is_new(const std::map<std::string, std::string>& states) const;
  void visit(std::size_t node);
  void go_on(const Node& from, const std::string& type, const codec::Json& answers);

  std::map<std::pair<Subject, std::string>, const demo::Officer*> officers_;
  std::set<std::size_t> visited_;
  std::set<std::string> followed_;  // acts that move nothing, by type and state
};

/// Answers that the rulebook's examples give for an act that they expect to be allowed.
const std::vector<codec::Json>& example_answers(const std::string& type);
/// Whether a person can be told why, in English and the three other languages.
bool has_words(const std::string& rule);

}  // namespace entraide::authorisation
