#pragma once

// A small world of plainly fictional people, built by sending real acts through the real door. The demonstration, the
// end-to-end tests, the simulation and the benchmarks stand on the same builder.

#include <deque>
#include <functional>

#include "base/clock.h"
#include "client/rings.h"
#include "client/seal.h"
#include "directory/directory.h"

namespace entraide::demo {

/// What came back for an act.
struct Answer {
  std::int64_t index = 0;
  std::int64_t unix_seconds = 0;
  std::string receipt;
  std::string reference;
};
/// The hub's door: over HTTP, or straight into a committer.
using Door = std::function<Result<Answer>(const std::string& act, const std::vector<std::string>& objects)>;

struct Officer {
  Subject id;
  Subject authority;
  std::string name;  // fictional, for the demonstration only: the ledger knows the pseudonym
  std::vector<std::string> roles;
  crypto::PrivateKey sign, seal, document;
  std::vector<crypto::Certificate> chain;  // of the document key, its own first

  client::DocumentSigner document_signer() const { return {&document, chain}; }
};

struct Country {
  std::string code;  // "fr"
  std::vector<crypto::PrivateKey> roots;
  crypto::PrivateKey pki_key;
  crypto::Certificate pki;
};

/// An authority and the two administrators who speak for it.
struct Office {
  Subject authority;
  std::vector<crypto::PrivateKey> administrators;
  std::optional<client::RingKeys> ring;  // the newest generation, with the older ones
  crypto::PrivateKey issuer_key;  // with which the administrators certify their officers
  crypto::Certificate issuer;
};

/// A case as its parties build on it.
struct Course {
  CaseId id;
  std::string reference;
  ActId newest;
};

/// What an act says, before the world fills in the rest.
struct Step {
  std::string type;
  codec::Json answers = codec::Json::object();  // routing and sealed together, as a person fills in the form
  std::string summary;
  std::vector<client::Translation> translations;
  std::vector<client::FileEntry> files;
  std::vector<Subject> to;
};

/// What `by` seals for that step of a case; the legal basis is the one among the answers, where there is one.
client::Contents contents_of(Step step, const CaseId& case_id, const Subject& by);

/// A signed act with its objects, not yet sent: what tests bend.
struct Prepared {
  act::Act act;
  std::string body;
  std::vector<std::string> objects;
};

class World {
 public:
  struct Parts {
    const rulebook::Rulebook& rules;
    const Clock& clock;
    Random& random;
    std::string log_vkey;
    Door door;
  };
  explicit World(Parts parts) : parts_(std::move(parts)) {}

  /// Three roots of the organisation, two of which must sign.
  Result<> begin();
  /// Two roots, both must sign; a root certificate for documents.
  Result<> add_country(const std::string& code, const std::string& organization);
  Result<Office*> add_authority(const std::string& country, const std::string& slug, const std::string& kind,
                                codec::Json name);
  Result<Officer*> add_officer(Office& office, const std::string& name, std::vector<std::string> roles,
                               const std::string& assurance_level = "prf");
  /// A new generation, wrapped to every member device there is now.
  Result<> renew_ring(Office& office);
  Result<> revoke_device(Office& office, const Officer& officer, const std::string& why);

  /// Seals, signs and sends one step of a case; opens the case when `course` has no acts yet.
  Result<Answer> take(Course& course, const Officer& officer, Step step);
  /// The same, but not sent; `send` delivers it and moves the course on.
  Result<Prepared> prepare(const Course& course, const Officer& officer, Step step);
  Result<Answer> send(Course& course, const Prepared& prepared);
  Course new_course();

  /// An act with everything filled in but what it says.
  act::Act compose(const Officer& officer, std::string type, std::vector<Subject> to) const;
  /// Signs and sends an act of the directory.
  Result<Answer> enact(Subject by, Subject for_authority, std::string type, codec::Json d,
                       std::vector<const crypto::Signer*> signers, std::vector<std::string> objects = {});

  const directory::Directory& directory() const { return directory_; }
  std::deque<Office>& offices() { return offices_; }
  std::deque<Officer>& officers() { return officers_; }
  std::map<std::string, Country>& countries() { return countries_; }
  Office& office(std::string_view authority);
  Officer& officer_of(std::string_view authority);
  const std::vector<crypto::PrivateKey>& roots() const { return roots_; }
  const ActId& genesis() const { return genesis_; }
  const act::CheckpointRef& checkpoint() const { return checkpoint_; }
  Time now() const { return from_seconds(to_seconds(parts_.clock.now())); }
  const rulebook::Rulebook& rules() const { return parts_.rules; }
  Random& random() { return parts_.random; }

 private:
  crypto::PrivateKey new_key() { return crypto::PrivateKey::generate(parts_.random); }
  Result<Answer> deliver(const std::string& body, const std::vector<std::string>& objects);

  Parts parts_;
  directory::Directory directory_;
  act::CheckpointRef checkpoint_{0, merkle::empty_root()};
  ActId genesis_;
  std::vector<crypto::PrivateKey> roots_;
  std::map<std::string, Country> countries_;
  std::deque<Office> offices_;
  std::deque<Officer> officers_;
  std::map<std::pair<KeyId, Subject>, std::int64_t> sent_;
};

}  // namespace entraide::demo
