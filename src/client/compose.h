#pragma once

// From intention to signed act: what every act carries besides what it says.

#include "client/mirror.h"

namespace entraide::client {

/// Who signs, for whom.
struct Author {
  Subject by;             // the officer; for roots and administrators the subject itself
  Subject for_authority;
  const crypto::Signer* signer = nullptr;
};

/// What an act says, before nonce, time, counters, checkpoint and rulebook are filled in.
struct Intent {
  std::string type;
  std::vector<Subject> to;
  std::optional<CaseId> case_id;
  std::optional<ActId> previous;
  std::vector<act::ObjectRef> objects;
  codec::Json d = codec::Json::object();
};

CaseId new_case_id(Random& random);

/// The unsigned act: nonce fresh, `at` now, `st` the next counters of the author's key, `cp` the newest checkpoint
/// that the mirror has verified, `rb` the rulebook in force (or `rulebook`, for genesis).
act::Act compose(const Mirror& mirror, const Author& author, Intent intent, Time now, Random& random,
                 std::optional<Digest> rulebook = {});

/// Signs with the author's key and the further ones.
Result<std::string> sign(const act::Act& act, const Author& author,
                         std::span<const crypto::Signer* const> further = {});

}  // namespace entraide::client
