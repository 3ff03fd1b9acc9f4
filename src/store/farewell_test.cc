// A PostgreSQL server that says goodbye in the middle of a pipeline: to the moment, as no real one can be made to. It
// speaks just enough of the wire protocol (version 3.0) for a link of ours; a place decides where the farewell comes.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <map>
#include <thread>

#include "store/link.h"
#include "testing/testing.h"

namespace entraide::store {
namespace {

std::string number(std::uint32_t value) {
  const std::uint32_t bytes = htonl(value);
  return {reinterpret_cast<const char*>(&bytes), sizeof bytes};
}
std::string small(std::uint16_t value) {
  const std::uint16_t bytes = htons(value);
  return {reinterpret_cast<const char*>(&bytes), sizeof bytes};
}
std::string text(std::string_view value) { return std::string(value) + '\0'; }
std::string message(char type, const std::string& body) {
  return type + number(static_cast<std::uint32_t>(body.size() + 4)) + body;
}
std::string cell(std::string_view bytes) {
  return number(static_cast<std::uint32_t>(bytes.size())) + std::string(bytes);
}

const std::string kFarewell = message('E', "S" + text("FATAL") + "V" + text("FATAL") + "C" + text("57P01") + "M" +
                                               text("terminating connection due to administrator command") + '\0');

class Server {
 public:
  Server() : listener_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof at;
    REQUIRE(::bind(listener_, reinterpret_cast<sockaddr*>(&at), size) == 0);
    REQUIRE(::listen(listener_, 4) == 0);
    REQUIRE(::getsockname(listener_, reinterpret_cast<sockaddr*>(&at), &size) == 0);
    port_ = ntohs(at.sin_port);
    thread_ = std::thread([this] {
      for (int client = ::accept(listener_, nullptr, nullptr); client >= 0;
           client = ::accept(listener_, nullptr, nullptr)) {
        serve(client);
        ::close(client);
      }
    });
  }
  ~Server() {
    ::shutdown(listener_, SHUT_RDWR);  // ends the wait for a client
    thread_.join();
    ::close(listener_);
  }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  std::string conninfo() const {
    return "host=127.0.0.1 port=" + std::to_string(port_) +
           " user=nobody dbname=none sslmode=disable gssencmode=disable";
  }
  /// Before which of its next messages of this kind it ends the connection: 'E' the answer to a statement, 'S' the end
  /// of the pipeline. Once.
  void say_goodbye(char where, int after) {
    after_ = after;
    where_ = where;
  }

 private:
  static bool read(int client, char* to, std::size_t size) {
    for (std::size_t done = 0; done < size;) {
      const ssize_t got = ::recv(client, to + done, size - done, 0);
      if (got <= 0) return false;
      done += static_cast<std::size_t>(got);
    }
    return true;
  }
  static bool read_body(int client, std::string& body) {
    std::uint32_t size = 0;
    if (!read(client, reinterpret_cast<char*>(&size), sizeof size)) return false;
    body.resize(ntohl(size) - 4);
    return read(client, body.data(), body.size());
  }
  static void send(int client, std::string& out) {
    for (std::size_t done = 0; done < out.size();) {
      const ssize_t sent = ::send(client, out.data() + done, out.size() - done, MSG_NOSIGNAL);
      if (sent <= 0) break;
      done += static_cast<std::size_t>(sent);
    }
    out.clear();
  }

  void serve(int client) {
    std::string body, out;
    if (!read_body(client, body)) return;  // the startup message: whoever comes is welcome
    state_ = 'I';
    out = message('R', number(0)) + message('S', text("client_encoding") + text("UTF8")) +
          message('S', text("server_version") + text("15.0")) + message('K', number(1) + number(1)) +
          message('Z', "I");
    std::map<std::string, std::string> statements;
    std::string current;
    char type = 0;
    for (send(client, out); read(client, &type, 1) && read_body(client, body);) {
      if (type == where_ && after_-- == 0) {
        where_ = 0;
        out += kFarewell;
        return send(client, out);
      }
      const std::string first = body.c_str(),
                        second = body.size() > first.size() ? body.c_str() + first.size() + 1 : "";
      if (type == 'P') {
        statements[first] = second;
        out += message('1', "");
      } else if (type == 'B') {
        current = statements[second];
        out += message('2', "");
      } else if (type == 'D') {
        out += is_greeting(current) ? message('T', small(2) + column("encoding", 25) + column("sorted", 16))
                                    : message('n', "");
      } else if (type == 'E') {
        if (is_greeting(current)) out += message('D', small(2) + cell("UTF8") + cell("\1"));
        if (current.starts_with("begin")) state_ = 'T';
        if (current == "commit" || current == "rollback") state_ = 'I';
        out += message('C', text(current == "commit" ? "COMMIT" : "SELECT 0"));
      } else if (type == 'Q') {
        out += message('C', text("SET")) + message('Z', std::string(1, state_));
        send(client, out);
      } else if (type == 'S') {
        out += message('Z', std::string(1, state_));
        send(client, out);
      } else if (type == 'X') {
        return;
      }
    }
  }
  static bool is_greeting(const std::string& sql) { return sql.find("server_encoding") != std::string::npos; }
  static std::string column(std::string_view name, std::uint32_t type) {
    return text(name) + number(0) + small(0) + number(type) + small(0xffff) + number(0xffffffff) + small(1);
  }

  int listener_;
  std::uint16_t port_ = 0;
  std::atomic<char> where_{0};
  std::atomic<int> after_{0};
  char state_ = 'I';
  std::thread thread_;
};

using testing::rule_of;

constexpr Sql kOne{"t.one", "select 1"}, kTwo{"t.two", "select 2"}, kThree{"t.three", "select 3"};

}  // namespace

TEST_CASE(
    "a server that ends the connection anywhere in a pipeline is a lost connection, and the next use is whole") {
  Server server;
  auto link = MUST(open_postgresql(server.conninfo(), {}));
  struct Place {
    char where;
    int after;
    const char* name;
  };
  // `begin` is a statement too: four answers, and then the end of the pipeline.
  for (const Place& place :
       {Place{'E', 0, "before the first answer"}, Place{'E', 1, "after the first"}, Place{'E', 2, "after the second"},
        Place{'E', 3, "before the last"}, Place{'S', 0, "after all answers, where nobody has asked"}}) {
    INFO(place.name);
    MUST(link->begin(Access::read));
    server.say_goodbye(place.where, place.after);
    MUST(link->ask(kOne, {}, 1));
    MUST(link->ask(kTwo, {}, 2));
    MUST(link->ask(kThree, {}, 3));
    CHECK(rule_of(link->answer(3)) == "store.connection");
    link->answers.clear();
    MUST(link->rollback());

    MUST(link->begin(Access::read));
    MUST(link->ask(kOne, {}, 4));
    CHECK(MUST(link->answer(4)).empty());
    MUST(link->rollback());
  }
}

TEST_CASE("a server that ends the connection after a commit was sent leaves the outcome unknown") {
  Server server;
  auto link = MUST(open_postgresql(server.conninfo(), {}));
  for (const auto& [where, after] : {std::pair{'E', 1}, std::pair{'E', 2}, std::pair{'S', 0}}) {
    INFO(std::string(1, where) << after);
    MUST(link->begin(Access::write));
    MUST(link->execute_later(kOne, {}));
    server.say_goodbye(where, after);
    CHECK(rule_of(link->commit()) == "store.commit.unknown");
    MUST(link->rollback());
    MUST(link->begin(Access::write));
    MUST(link->commit());
  }
}

}  // namespace entraide::store
