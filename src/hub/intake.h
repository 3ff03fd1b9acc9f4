#pragma once

// What can be checked about a submission without the ledger's state, on any thread: the act's form and
// signatures, and that the sealed objects beside it are the ones it names.

#include "act/act.h"
#include "hub/outcome.h"

namespace entraide::hub {

/// How many bytes of sealed objects one act may bring along.
constexpr std::size_t kObjectsBytesMax = 8 << 20;

/// A sealed object as it arrived, in the order in which the act names them.
struct SealedObject {
  Digest hash;
  std::string jwe;
};

/// Ready for the committer. Only `receive` makes one.
class Submission {
 public:
  const act::VerifiedAct& act() const { return act_; }
  const std::vector<SealedObject>& objects() const { return objects_; }

 private:
  friend Result<Submission> receive(std::string_view, std::vector<std::string>, const act::KeyDirectory&);
  Submission(act::VerifiedAct act, std::vector<SealedObject> objects)
      : act_(std::move(act)), objects_(std::move(objects)) {}
  act::VerifiedAct act_;
  std::vector<SealedObject> objects_;
};

/// Parses, verifies, and matches the objects. About 0.2 ms and one hash over the objects. Any thread.
/// Rules: act.*, jose.*, json.*, jwe.*, act.object.missing, act.object.extra, act.object.size,
/// act.object.recipients, act.object.context, act.object.type.
Result<Submission> receive(std::string_view act_body, std::vector<std::string> objects,
                           const act::KeyDirectory& keys);

}  // namespace entraide::hub
