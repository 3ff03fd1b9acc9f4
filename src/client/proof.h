#pragma once

// Proof bundles: what a court or an auditor checks with no network and no account.
//
// {"format":"entraide-proof/1","genesis":aid,"policy":tlog-policy,"rulebooks":[bundle text],
//  "items":[{"act":body,"receipt":tlog-proof,"role":"directory|act","documents":[{"h","plaintext"}],
//            "files":[{"fid","name","sha256"}]}]}
// Directory items are the chain of every signer and what was decided about it later, in ledger order; rulebooks are
// those that the acts name; documents are there by the exporter's choice.

#include <functional>

#include "client/open.h"

namespace entraide::client {

struct ProofItem {
  std::string body, receipt;
  bool is_directory = false;
  struct Document {
    Digest hash;
    Bytes plaintext;
  };
  std::vector<Document> documents;
  codec::Json files = codec::Json::array();
};
struct ProofBundle {
  ActId genesis;
  std::string policy;
  std::vector<std::string> rulebooks;  // as Rulebook::bundle gives them
  std::vector<ProofItem> items;
};
std::string to_text(const ProofBundle& bundle);
/// Rules: proof.form, json.*.
Result<ProofBundle> parse_bundle_file(std::string_view text);

/// Makes a bundle of these acts, all receipts made anew for the one newest checkpoint that the mirror has verified,
/// so that every item stands in one and the same tree. Acts whose verdict fails are refused (proof.not-good). With
/// `disclose`, opened documents go in. `rulebook` gives the text of a version (Rulebook::bundle); without it, the
/// bundle carries none and leaves the forms unchecked.
using RulebookSource = std::function<Result<std::string>(const Digest&)>;
Result<ProofBundle> export_proof(Api& api, Mirror& mirror, std::span<const OpenedAct> acts, bool disclose,
                                 const RulebookSource& rulebook = {});

/// What one act of the bundle is worth.
struct ProofLine {
  std::string role;  // directory or act
  ActId id;
  std::string type;
  std::string by, for_authority;
  std::int64_t index = 0;
  Time time{};
  Verdict verdict;
  std::vector<OpenedObject> documents;
};
struct ProofVerdict {
  Verdict bundle;  // form, anchor, policy, one tree
  std::vector<ProofLine> lines;
  bool witnessed = false;
  bool good() const;
};
/// `genesis` is the trust anchor that the verifier has from elsewhere; left out, the step says that it is not shown.
ProofVerdict verify_proof(const ProofBundle& bundle, const std::optional<ActId>& genesis);

}  // namespace entraide::client
