#pragma once

// Decides one act against the ledger's state, and says what it changes. Reads, never writes; the committer
// asks it inside the batch's transaction, so it sees what the acts before it in the batch have written.

#include <unordered_map>

#include "cases/cases.h"
#include "clocks/clocks.h"
#include "delivery/delivery.h"
#include "directory/directory.h"
#include "hub/intake.h"
#include "hub/shelf.h"

namespace entraide::hub {

/// What judging needs to see.
struct Bench {
  store::Connection& connection;
  const directory::Directory& directory;
  const Shelf& shelf;
  Time now;                                // admission time, whole seconds
  std::int64_t index = 0;                  // where the act will stand
  cases::References& references;           // those of this transaction
};

/// A case as the rules see it, and as it is kept.
struct Docket {
  std::optional<cases::Case> file;         // none yet when the act opens it
  std::vector<cases::Box> boxes;
  std::vector<clocks::Clock> clocks;
  rulebook::CaseState state;
};

/// What the database says about an act's device, checkpoint and case: all that judging it reads, but for uploaded files.
/// Good until an act of the same device or in the same case is admitted.
struct Facts {
  std::optional<std::int64_t> index;  // where this very act stands already
  std::optional<Digest> checkpoint_root;  // what the ledger signed at the size that the act names
  std::int64_t seen_checkpoint = 0;
  std::map<std::string, std::int64_t> sent;  // by receiver
  bool previous_in_case = false;  // `prev` is an entry of the case
  Docket docket;
};

/// Roots that this ledger signed, by tree size: what was signed once stays so, whoever signed it. Signers name one of the
/// newest, so few are enough. One thread.
class KnownRoots {
 public:
  const Digest* find(std::int64_t size) const {
    const auto found = roots_.find(size);
    return found == roots_.end() ? nullptr : &found->second;
  }
  void add(std::int64_t size, const Digest& root) {
    if (roots_.size() >= kMost) roots_.clear();
    roots_.emplace(size, root);
  }

 private:
  static constexpr std::size_t kMost = 4096;
  std::unordered_map<std::int64_t, Digest> roots_;
};

/// How facts are come by: `ask` and `ask_on` for every act of a batch, then `facts` of each, so that a database at the
/// other end of a wire is waited for twice a batch and not ten times an act. All within one transaction.
class Inquiry {
 public:
  /// Asks what the act alone says, but for a root that is among `known`, where the others are added.
  static Result<Inquiry> ask(store::Connection& connection, const act::VerifiedAct& act, KnownRoots* known = nullptr);
  /// Asks what only its case can tell.
  Result<> ask_on(store::Connection& connection);
  /// Once, after both.
  Result<Facts> facts();

 private:
  template <class T>
  using Later = store::Later<T>;
  // What one statement tells of most acts.
  struct Known {
    std::optional<std::int64_t> index;  // where the act stands
    std::optional<std::int64_t> case_no;  // of its case
    delivery::Counters counters;  // of its device, for its first receiver
  };
  struct OfCase {
    Later<std::vector<cases::Box>> boxes;
    Later<std::vector<clocks::Clock>> clocks;
    Later<cases::Happened> happened;

    static Result<OfCase> ask(store::Connection& connection, std::int64_t case_no);
    Result<Docket> docket(cases::Case file);
  };
  friend Result<Docket> load_docket(store::Connection& connection, cases::Case file);

  explicit Inquiry(Later<Known> known) : asked_(known) {}

  Later<Known> asked_;
  Known found_;  // `asked_`, once `ask_on` has taken it
  std::int64_t checkpoint_size_ = 0;
  KnownRoots* known_ = nullptr;
  std::optional<Digest> root_;  // where it is known; otherwise asked for
  std::optional<Later<std::optional<Digest>>> checkpoint_root_;
  std::string first_receiver_;
  std::vector<std::pair<std::string, Later<delivery::Counters>>> counters_;  // for the others
  std::optional<Later<std::optional<cases::Case>>> file_;
  std::optional<Later<std::optional<std::int64_t>>> previous_;
  std::optional<OfCase> of_case_;
  std::optional<Later<bool>> previous_in_case_;
};
/// The same for one act at once.
Result<Facts> facts_for(store::Connection& connection, const act::VerifiedAct& act);

/// What an admitted case act changes.
struct Plan {
  Docket before;
  rulebook::Permitted permitted;
  std::shared_ptr<const rulebook::Rulebook> rules;
};

Result<Docket> load_docket(store::Connection& connection, cases::Case file);

/// Whether the act is what its signer could have meant at this moment: time, rulebook, checkpoint, counters,
/// receivers, ring generations, files. Rules: act.time.window, act.rulebook.unknown, act.checkpoint.unknown,
/// act.checkpoint.stale, act.recipient.unknown, act.st.gap, act.st.replayed, act.ring.generation, act.file.missing.
Result<> check_admission(const Bench& bench, const Submission& submission, const Facts& facts);
/// The same for a directory act: time, rulebook, checkpoint, and the ring's wrap being sealed to the right devices.
/// Rules: as above, ring.members, dir.genesis.log, dir.rulebook.unknown.
Result<> check_directory_admission(const Bench& bench, const Submission& submission, const Facts& facts,
                                   std::string_view log_vkey);

/// Who acts and what the rulebook says. Also used to rebuild, where the first step is past.
std::expected<Plan, Refusal> decide_case_act(const Bench& bench, const act::VerifiedAct& act, Facts facts);

}  // namespace entraide::hub
