#include "client/compose.h"

#include "codec/codec.h"

namespace entraide::client {

CaseId new_case_id(Random& random) { return CaseId(codec::base64url(random.bytes(16))); }

act::Act compose(const Mirror& mirror, const Author& author, Intent intent, Time now, Random& random,
                 std::optional<Digest> rulebook) {
  ENSURE(author.signer != nullptr);
  act::Act act;
  act.type = std::move(intent.type);
  act.nonce = codec::base64url(random.bytes(16));
  act.by = author.by;
  act.device = author.signer->public_key().kid();
  act.for_authority = author.for_authority;
  for (const Subject& receiver : intent.to) act.sent[receiver.str()] = mirror.sent(act.device, receiver) + 1;
  act.to = std::move(intent.to);
  act.at = from_seconds(to_seconds(now));
  act.case_id = std::move(intent.case_id);
  act.previous = intent.previous;
  if (rulebook) act.rulebook = *rulebook;
  else if (!mirror.directory().rulebooks().empty()) act.rulebook = mirror.directory().rulebooks().back();
  act.checkpoint = mirror.checkpoint_ref();
  act.objects = std::move(intent.objects);
  act.d = std::move(intent.d);
  return act;
}

Result<std::string> sign(const act::Act& act, const Author& author, std::span<const crypto::Signer* const> further) {
  std::vector<const crypto::Signer*> signers{author.signer};
  signers.insert(signers.end(), further.begin(), further.end());
  return act::sign_act(act, signers);
}

}  // namespace entraide::client
