#pragma once

// The other end of the wire, for load: many keep-alive connections on one thread, TLS 1.3 or plain. Certificates are not
// looked at: what is measured is the server.

#include <functional>
#include <memory>

#include "bench/measure.h"

struct ssl_st;

namespace entraide::bench {

class Wire {
 public:
  Wire(std::uint16_t port, bool tls);
  ~Wire();
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;
  int descriptor() const { return socket_; }

  /// Blocking: sends one request and waits for its whole answer.
  struct Answer {
    int status = 0;
    std::string body;
  };
  Answer ask(std::string_view request);
  Answer get(std::string_view path);
  Answer post(std::string_view path, std::string_view body);

  void do_not_block();
  void send(std::string_view bytes);
  /// Takes in what there is; false when the other end has closed.
  bool receive();
  /// The next whole answer among what came in.
  bool next_answer(Answer& out);
  /// What came in and nobody has taken; for event streams.
  std::string& pending() { return pending_; }

 private:
  void flush();
  int socket_ = -1;
  ssl_st* ssl_ = nullptr;
  std::string pending_;
};

std::string request_text(std::string_view method, std::string_view path, std::string_view body,
                         std::string_view headers = {});

/// One line of requests that must go out one after another, each once the one before is answered.
struct Lane {
  std::vector<std::string> requests;
};

struct LoadResult {
  std::size_t done = 0;
  std::size_t failed = 0;  // any status but 200 and 201
  std::string first_failure;
  double wall = 0;
  std::vector<double> latency_ms;  // from when the request was due
};

/// Called for each answer, and for what comes in on `listener`, if there is one.
struct Watch {
  std::function<void(std::size_t lane, std::size_t number, SteadyTime due)> sent = {};
  Wire* listener = nullptr;
  std::function<void(std::string& pending)> heard = {};
  std::function<bool()> complete = {};  // after the last answer: whether all has been heard
};

/// Sends every lane's requests from number `from` on, `count` in all, one lane after another. `a_second` 0: as fast as
/// answers come, one request under way in each lane; otherwise each is due at its own moment, whatever the answers do.
LoadResult run_load(std::vector<std::unique_ptr<Wire>>& wires, const std::vector<Lane>& lanes, std::size_t from,
                    std::size_t count, double a_second, const Watch& watch = {});

/// Allows as many open files as the system gives; how many that is.
std::size_t allow_open_files();
/// A port of loopback that is free now.
std::uint16_t free_port();
/// Writes a new self-signed certificate and its key.
void make_certificate(const std::string& certificate_file, const std::string& key_file);

}  // namespace entraide::bench
