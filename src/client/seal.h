#pragma once

// From answers to sealed objects: the signed document (JAdES), its summary and its translations, sealed to the
// receiving authorities and to the sender's own. The hub gets ciphertext and the routing fields.
//
// Document payload: {"format":"entraide-document/1","act":type,"case":id,"form":id,"rulebook":digest,"issuing":au,
//   "receiving":[au],"basis":basis,"answers":{sealed fields},"routing":{routing fields},"files":[manifest entries]}
// Summary: {"format":"entraide-summary/1","case","act","text"}; translation: {"format":"entraide-translation/1",
//   "case","act","document":cc,"language","maker","checked_by","answers"}.

#include "client/compose.h"
#include "crypto/certificate.h"
#include "rulebook/rulebook.h"

namespace entraide::client {

inline constexpr std::size_t kSummaryCodePointsMax = 120;

/// An encrypted file, as the document's manifest names it. The file key is in the manifest, inside the seal.
struct FileEntry {
  std::string file_id;         // base64url of 16 bytes
  std::string name, type;
  std::int64_t size = 0;       // of the plaintext
  Digest plaintext_hash;
  std::int64_t sealed_size = 0;
  Digest sealed_hash;
  SecretBytes key;             // 32 bytes
  std::string note;
};
codec::Json manifest_entry(const FileEntry& file);
Result<FileEntry> read_manifest_entry(const codec::Json& entry);

/// Who signs documents: the key and the certificates that lead to the country's root.
struct DocumentSigner {
  const crypto::Signer* signer = nullptr;
  std::vector<crypto::Certificate> chain;
};

struct Translation {
  std::string language, maker, checked_by;
  codec::Json answers;
};

struct Contents {
  std::string type;                    // of the act
  CaseId case_id;
  Subject issuing;
  std::vector<Subject> receiving;      // everybody in `to`
  std::string basis;
  codec::Json answers = codec::Json::object();
  std::string summary;                 // empty: none
  std::vector<Translation> translations;
  std::vector<FileEntry> files;
};

/// What goes out: references for the act, and the objects themselves in the same order (files have none here).
struct Sealed {
  codec::Json d = codec::Json::object();
  std::vector<act::ObjectRef> objects;
  std::vector<std::string> jwes;
  std::vector<std::string> removed;    // answers that the form hides: the person is told
};

/// Validates by the form of the act, parts the answers, signs, seals to the current rings of the receivers and of the
/// issuing authority. A type without a form takes no answers. Rules: form.<code> (the first defect; `path` is the
/// field; all of them in the message), seal.ring (an authority has no ring), seal.summary, seal.form, content.size
/// (too much text: put it into a file).
Result<Sealed> seal_contents(const rulebook::Rulebook& rules, const directory::Directory& directory,
                             const Contents& contents, const DocumentSigner* document_signer, Time now,
                             Random& random);

/// One sealed object, as it goes into an act. Rules: seal.ring, content.size.
struct SealedOne {
  act::ObjectRef ref;
  std::string jwe;
};
Result<SealedOne> seal_one(const directory::Directory& directory, BytesView content, std::string_view role,
                           std::string_view context, std::span<const Subject> readers, Random& random);

/// The words of a list of defects, one a line, in a language.
std::string words_of(const rulebook::Rulebook& rules, std::string_view form,
                     std::span<const rulebook::Defect> defects, std::string_view language);

}  // namespace entraide::client
