#pragma once

// What stands inside a seal: P = salt (32 bytes) || BE32(length) || document || zeros, padded so that the size says
// little, and its commitment cc = SHA-256("entraide/content/v1\n" || P), which stands in the signed act. AES-GCM does
// not commit to its key: without cc a sender could show two recipients two texts under one hash.

#include "base/ids.h"
#include "base/random.h"

namespace entraide::crypto {

inline constexpr std::size_t kDocumentBytesMax = 1 << 20;  // what is larger goes in a file

/// The padded size for `size` >= 2 bytes: at most 12 % more, and log log `size` bits are all that it tells (PURBs).
std::size_t padme(std::size_t size);

/// cc of a sealed plaintext.
Digest content_commitment(BytesView plaintext);

struct PackedContent {
  SecretBytes plaintext;  // what is sealed
  Digest commitment;  // what the act says, as base64url
};
/// Rule: content.size.
Result<PackedContent> pack_content(BytesView document, Random& random);

/// The document of an opened seal. Refuses a plaintext that does not match the commitment of the signed act, a length
/// that lies, padding that is not zero or not of the one right size.
/// Rules: content.commitment (Errc::not_authentic), content.form.
Result<SecretBytes> unpack_content(BytesView plaintext, const Digest& commitment);

}  // namespace entraide::crypto
