#pragma once

// What is measured: the real server in a process of its own, a small world of two fictional contact points that is built
// by acts, and acts that were signed beforehand.

#include "bench/wire.h"
#include "demo/cases.h"
#include "hub/hub.h"

namespace entraide::bench {

/// An `entraided` of ours, until this goes.
class ServerProcess {
 public:
  /// `database` empty: SQLite inside `folder`. Waits until the server answers; how long that took is `started_in`.
  ServerProcess(const Folder& folder, std::string database);
  ~ServerProcess();
  int pid() const { return pid_; }
  std::uint16_t plain_port() const { return plain_; }
  std::uint16_t tls_port() const { return tls_; }
  double started_in() const { return started_in_; }
  double cpu() const { return process_cpu(pid_); }
  Memory memory() const { return memory_of(pid_); }
  /// Ends it, and waits.
  void stop();

 private:
  int pid_ = -1;
  std::uint16_t plain_ = 0, tls_ = 0;
  double started_in_ = 0;
};

/// The ledger of every benchmark, with its key in `folder`, where the server looks for it.
ledger::Log make_log(const Folder& folder);

/// A request as it arrives, with a case of its own. Document and summary were sealed once for real and get a fresh header
/// each time: the hub checks everything about them but the tag, which it cannot.
class Scene {
 public:
  static constexpr std::string_view kAsking = "au:fr:contact-point";
  static constexpr std::string_view kAsked = "au:ke:contact-point";

  /// `devices` officers' devices of one authority that ask another one. `object_bytes`: of the
  /// sealed document; a summary is sealed beside it, as the rules ask.
  Scene(const ledger::Log& log, demo::Door door, std::size_t devices, std::size_t object_bytes = 4096);

  demo::World& world() { return *world_; }
  const rulebook::Rulebook& rules() const { return rules_; }

  struct Prepared {
    std::string body;
    std::vector<std::string> objects;
    std::string id;  // of the act, as events spell it
  };
  /// The next act of that device: opens a case. Sent in this order.
  Prepared next(std::size_t device);
  std::size_t devices() const { return senders_.size(); }
  SystemRandom& random() { return random_; }
  const Clock& clock() const { return clock_; }
  const demo::Officer& asked() const { return *asked_; }

 private:
  rulebook::Rulebook rules_;
  SystemClock clock_;
  SystemRandom random_;
  std::unique_ptr<demo::World> world_;
  struct Sender {
    demo::Officer* officer;
    std::int64_t sent = 0;
  };
  std::vector<Sender> senders_;
  demo::Officer* asked_ = nullptr;
  act::Act model_;
  std::vector<std::string> after_header_;  // of each object
};

/// The world's door over HTTP.
demo::Door door_to(Wire& wire);
/// The same, straight into a committer of this process.
demo::Door door_to(hub::Committer& committer);
/// Commits one batch and gives its outcomes.
std::vector<hub::Outcome> commit(hub::Committer& committer, std::vector<hub::Submission> batch);
std::string submission_text(const std::string& act, const std::vector<std::string>& objects);
/// The head of a reading request with a session of that officer's device; each is good once.
class Reader {
 public:
  Reader(Wire& wire, const demo::Officer& officer, const Clock& clock, Random& random);
  std::string headers(std::string_view method, std::string_view url);

 private:
  const Clock& clock_;
  Random& random_;
  crypto::PrivateKey dpop_;
  std::string token_;
};

}  // namespace entraide::bench
