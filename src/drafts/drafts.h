#pragma once

// Drafts that a team hands over: each sealed to the authority's own ring, so that whoever is on duty opens it and the
// hub does not. In clear stand only the kind of request, the form's version, when, and by whom.
//
// A draft is changed by whoever has seen its newest version (its tag). One that is deleted is gone.

#include <optional>

#include "base/ids.h"
#include "crypto/keys.h"
#include "store/store.h"

namespace entraide::drafts {

constexpr std::size_t kDraftBytesMax = 1 << 20;
constexpr std::int64_t kDraftsMax = 200;  // of one authority
constexpr std::int64_t kAuthorityBytesMax = 64 << 20;

struct Draft {
  std::string id;  // base64url of 16 random bytes
  Subject authority;
  std::string kind, form;  // what is being drafted, under which version of its form
  std::string jwe;  // empty in lists
  std::int64_t bytes = 0;  // of the JWE
  Digest tag;  // of the version
  Time updated;
  Subject updated_by;
};

/// Fills in `bytes` and `tag` of what is given.
Draft with_tag(Draft draft);

/// Whether `jwe` is a draft of this authority: typ entraide-draft+json, cty application/json, cid the draft's id, ctx
/// "draft:<authority>", sealed to `ring` and to nobody else. Rules: draft.size, draft.seal, draft.ring (the ring has been renewed:
/// seal again), jwe.*.
Result<> check_sealed(const Draft& draft, const KeyId& ring);

std::span<const store::Migration> migrations();
Result<std::optional<Draft>> find(store::Connection& connection, const Subject& authority, std::string_view id);
/// Newest first, without their content.
Result<std::vector<Draft>> list(store::Connection& connection, const Subject& authority);
/// Makes or replaces it. Rule: draft.full.
Result<> put(store::Connection& connection, const Draft& draft);
Result<> remove(store::Connection& connection, const Subject& authority, std::string_view id);

}  // namespace entraide::drafts
