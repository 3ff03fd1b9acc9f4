#pragma once

// Reading an act that others have made: fetched, every check of the hub repeated, opened, and judged step by step.

#include "client/fetch.h"
#include "client/rings.h"
#include "client/seal.h"
#include "client/verdict.h"

namespace entraide::client {

struct OpenedObject {
  act::ObjectRef ref;
  std::optional<codec::Json> document;   // the payload, once everything about it held
  std::string signer;                    // of a document: the certificate's subject
  std::vector<FileEntry> files;
  std::optional<SecretBytes> plaintext;  // what was sealed, for a proof bundle that discloses it
};

struct OpenedAct {
  ActId id;
  std::int64_t index = 0;
  Time time{};
  std::string body, receipt;
  std::optional<act::Act> act;
  Verdict verdict;
  std::vector<OpenedObject> objects;
  // What the reader's authority has told the sender already, as the hub says.
  bool delivered_told = false, opened_told = false;
};

struct Reader {
  Api& api;
  Mirror& mirror;
  const rulebook::Rulebook* rules = nullptr;   // null: forms are not validated again
  RingReader* rings = nullptr;                 // null: nothing is opened
  Subject authority;                           // for which it is read
};

/// Fetches and checks: receipt, signatures, the signers in the directory as it was at that index, the tree that the
/// signer saw; then each sealed object: hash, ring, opening, content commitment, document signature and chain to the
/// country's root, that the document speaks of this act, the form. Fails only when there was nothing to judge; what
/// does not hold is in the verdict.
Result<OpenedAct> open_act(Reader& reader, const ActId& id);
/// The same of what was fetched already, and of its sealed objects the summary alone.
Result<OpenedAct> open_summary(Reader& reader, const ActId& id, const FetchedAct& fetched);

/// The steps for one sealed object's plaintext, shared with proof bundles: commitment, document, chain, agreement
/// with the act. `pki` are the roots of the issuing authority's country.
OpenedObject check_content(Verdict& verdict, const act::Act& act, const act::ObjectRef& ref, BytesView plaintext,
                           std::span<const Bytes> pki, Time admitted, const rulebook::Rulebook* rules);

}  // namespace entraide::client
