#pragma once

// Enrolment by invitation, seen from both ends. An administrator makes a code and gives it to the newcomer by a way that
// is not the hub's; the newcomer answers with new keys; both read four words to each other. The hub knows neither the code
// nor the words, so a hub that put keys of its own in between would have to guess 44 bits at the first try.
//
//     C      = the 20 characters of the code
//     ticket = b64u(SHA-256("entraide/invitation-ticket/v1\n" || C))       shown to the hub, which keeps its hash
//     words  : SHA-256("entraide/invitation-words/v1\n" || C || "\n" || kid of the signing key || "\n" || kid of the sealing key);
//              word i is number of bits 11i to 11i+10, most significant first, in the list of 2,048 (words.txt)

#include <array>

#include "base/ids.h"
#include "base/random.h"

namespace entraide::client {

/// A fresh code as people read it: "K7QF-9M2X-D3RT-8WZA-4HVC". Crockford's base 32, 100 bits.
std::string new_invitation_code(Random& random);
/// The 20 characters of a code as somebody typed it: any case, with or without hyphens and spaces, O for 0, I or L for 1.
/// Rule: invitation.code.
Result<std::string> read_invitation_code(std::string_view typed);

/// Of a code that `read_invitation_code` gave.
std::string invitation_ticket(std::string_view code);
std::array<std::string, 4> invitation_words(std::string_view code, const KeyId& sign, const KeyId& seal);

/// The list: 2,048 plain English words, sorted; no two share their first four letters or differ by one letter alone.
std::span<const std::string_view> word_list();

}  // namespace entraide::client
