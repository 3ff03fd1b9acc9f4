#pragma once

// For this folder's tests only: a small organisation and a hub in memory that speaks the hub's language over
// `Transport`. What it serves is made with the same code as the real one; `tamper` lets a test make it lie.

#include <functional>

#include "base/clock.h"
#include "client/api.h"
#include "client/compose.h"
#include "client/mirror.h"
#include "client/rings.h"
#include "client/seal.h"
#include "crypto/certificate.h"
#include "testing/testing.h"

namespace entraide::client {

/// A folder that goes away with the test.
class TemporaryFolder {
 public:
  TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder();
  std::filesystem::path operator/(std::string_view name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

class FakeHub final : public Transport {
 public:
  FakeHub(Clock& clock, Random& random);

  Result<HttpResponse> send(const HttpRequest& request) override;
  Result<HttpResponse> stream(const HttpRequest& request, const std::function<bool(std::string_view)>& take) override;

  struct Entry {
    merkle::EntryKind kind;
    Time time;
    merkle::Blind blind;
    std::string body;
    std::string text;
    std::vector<std::string> objects;
  };
  /// Takes an act in, unjudged, and gives its index.
  std::int64_t append(const std::string& body, std::vector<std::string> objects = {});
  std::int64_t append_note(const std::string& body);
  std::string receipt(std::size_t index) const;
  std::string checkpoint() const;
  std::string vkey() const;
  /// Forgets everything from `size` on: what a hub that goes back does.
  void truncate(std::size_t size);

  std::vector<Entry> entries;
  std::function<void(const HttpRequest&, HttpResponse&)> tamper;
  /// Fails this many of the next exchanges as a broken line does, after the hub has done what was asked.
  int break_after = 0;
  int requests = 0;
  /// Of many acts asked for together, so many fit into one answer.
  std::size_t acts_at_once = 100;

 private:
  HttpResponse answer(const HttpRequest& request);
  codec::Json record(std::size_t index) const;
  HttpResponse many_acts(std::string_view ids, std::string_view role) const;
  HttpResponse take_act(const HttpRequest& request);
  void push(merkle::EntryKind kind, const std::string& body, std::vector<std::string> objects);

  Clock& clock_;
  Random& random_;
  crypto::LogSigningKey key_;
  merkle::HashLevels levels_;
};

/// Somebody who can act: authority, officer, device.
struct Party {
  Subject authority, officer;
  crypto::PrivateKey country_root, administrator_1, administrator_2, sign, seal, dpop, document, pki;
  std::vector<crypto::Certificate> chain;  // document certificate, root

  Author author() const { return {officer, authority, &sign}; }
  Author administrator() const { return {authority, authority, &administrator_1}; }
};

/// A hub with France and Kenya enrolled, an officer with a device and a ring each.
struct World {
  ManualClock clock{from_seconds(1'800'000'000)};
  SeededRandom random{7};
  TemporaryFolder folder;
  FakeHub hub{clock, random};
  crypto::PrivateKey root_1 = crypto::PrivateKey::generate(random);
  crypto::PrivateKey root_2 = crypto::PrivateKey::generate(random);
  Party france = make_party("fr"), kenya = make_party("ke");
  ActId genesis;
  directory::Directory directory;  // what the hub would compute

  World();
  Party make_party(const std::string& country);
  /// A client of that party, with a session and an empty mirror.
  struct Client;
  std::unique_ptr<Client> client_of(const Party& party, const std::string& name);

  /// Signs and appends a directory act, admitting it to `directory`.
  std::string directory_act(const Author& author, const std::string& type, codec::Json d,
                            std::span<const crypto::Signer* const> further = {},
                            std::vector<std::string> objects = {});
  act::CheckpointRef seen() const;
};

struct World::Client {
  Client(World& world, const Party& party, const std::string& name);
  Api api;
  Mirror mirror;
  RingReader rings;
};

}  // namespace entraide::client
