#pragma once

// The officers' programs: each has a few acts under way, numbers them as the trust core asks, and sends again what it has
// no answer for.

#include "sim/dice.h"
#include "sim/memory.h"

namespace entraide::sim {

class Clients {
 public:
  Clients(Stage& stage, demo::World& world, Memory& memory, Dice& dice)
      : stage_(stage), world_(world), memory_(memory), dice_(dice) {}

  /// A new act of some officer, sealed and signed; none when everybody has enough under way.
  Result<SentAct*> begin_act();
  /// Everything without an answer, each device's in its order.
  std::vector<SentAct*> under_way() const;
  /// To be called when an answer was heard.
  void learn(SentAct& sent, const hub::Outcome& outcome);
  /// No more acts by this officer.
  void retire(const demo::Officer& officer) { retired_.insert(officer.id); }
  bool is_retired(const demo::Officer& officer) const { return retired_.contains(officer.id); }

 private:
  struct Course {
    CaseId id;
    Subject asking, asked;
    ActId newest;
    bool open = false;
    std::map<std::string, std::string> states;  // by kind, as far as answers have told
  };
  struct Move;
  static const Move kMoves[];

  Result<SentAct*> write(const demo::Officer& officer, Course& course, const Move& move);
  bool fits(const Move& move, const Course& course, const Subject& authority) const;
  std::int64_t next_count(const KeyId& device, const Subject& receiver) const;

  Stage& stage_;
  demo::World& world_;
  Memory& memory_;
  Dice& dice_;
  std::deque<Course> courses_;
  std::map<KeyId, std::vector<SentAct*>> under_way_;
  std::map<std::pair<KeyId, std::string>, std::int64_t> counted_;  // by acts with a receipt
  std::set<Subject> retired_;
};

}  // namespace entraide::sim
