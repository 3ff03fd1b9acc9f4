#pragma once

// The people of a demonstration with their private keys, for a hub that lets any visitor act as any of them. They are
// fictional and so are their cases; a ledger says so in its genesis, and no other hub reads such a file.
//
// {"format":"entraide-demonstration-people/1","genesis":aid,"people":[
//    {"subject": officer, or the authority for each of its administrators, "number": among those,"name","authority","kind","country","roles":[..],"languages":[..],
//     "keys":{"sign": JWK|null,"seal": JWK|null,"document": {"key": JWK,"chain":[b64 DER]}|null,"administrators":[JWK]}}]}

#include "demo/cases.h"

namespace entraide::demo {

/// Writes everybody into one file that its owner alone reads. Rule: file.write.
Result<> write_people(World& world, const std::string& file);
/// What the file holds.
codec::Json people(World& world);

}  // namespace entraide::demo
