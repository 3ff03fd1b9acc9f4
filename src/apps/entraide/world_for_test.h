#pragma once

// A hub's own program and a small world around it, made by the program alone: for tests that run it as people do.

#include <chrono>
#include <csignal>

#include <fcntl.h>
#include <unistd.h>

#include "apps/entraide/run_for_test.h"
#include "codec/codec.h"
#include "codec/json.h"

namespace entraide::cli {

using codec::Json;

/// The hub's own program on a port of its choice, ended with the test.
class Hub {
 public:
  explicit Hub(const Folder& folder) : log_(folder.path / "hub.log") {
    const std::string data = (folder.path / "hub").string();
    std::vector<std::string> words{ENTRAIDE_HUB_PROGRAM,
                                   "serve",
                                   "--listen",
                                   "127.0.0.1:0",
                                   "--database",
                                   "sqlite:" + data + "/hub.db",
                                   "--blobs",
                                   data + "/blobs",
                                   "--log-key-file",
                                   data + "/log.key",
                                   "--session-key-file",
                                   data + "/session.key",
                                   "--rulebook",
                                   std::string(ENTRAIDE_SOURCE_DIR) + "/rulebook",
                                   "--desk",
                                   "none"};
    fs::create_directories(data);
    child_ = fork();
    REQUIRE(child_ >= 0);
    if (child_ == 0) {
      const int log = ::open(log_.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
      ::dup2(log, STDERR_FILENO);
      std::vector<char*> argv;
      for (std::string& word : words) argv.push_back(word.data());
      argv.push_back(nullptr);
      ::execv(argv[0], argv.data());
      ::_exit(127);
    }
  }
  ~Hub() {
    ::kill(child_, SIGTERM);
    ::waitpid(child_, nullptr, 0);
  }
  Hub(const Hub&) = delete;
  Hub& operator=(const Hub&) = delete;

  /// Where it serves, once its log says so.
  std::string url() const {
    for (int i = 0; i < 600; ++i) {
      std::istringstream lines(text_of(log_));
      for (std::string line; std::getline(lines, line);) {
        const auto event = codec::parse_json(line);
        const Json* port = event && event->is_object() ? event->find("port") : nullptr;
        if (port != nullptr)
          return "http://127.0.0.1:" + (port->is_string() ? port->string() : codec::to_json(*port));
      }
      ::usleep(50'000);
    }
    FAIL("the hub did not start: " << text_of(log_));
    return {};
  }

 private:
  fs::path log_;
  pid_t child_ = -1;
};

struct World {
  Folder folder;
  std::string environment;
  std::string kind = "ncb";  // of each country's one authority
  std::string device;        // how it is asked for: "--aal prf "
  std::string url;

  /// What the command says of itself, which must be well.
  std::string must(const std::string& profile, const std::string& arguments) {
    const Ran ran = run(folder, "--profile " + profile + " --pin-file pin --yes " + arguments, environment);
    INFO(profile << ": " << arguments << "\n" << ran.err);
    REQUIRE(ran.code == 0);
    return ran.out;
  }
  Ran tries(const std::string& profile, const std::string& arguments) {
    return run(folder, "--profile " + profile + " --pin-file pin --yes " + arguments, environment);
  }
  std::string seen_in_terminal(const std::string& profile, const std::string& arguments) {
    const Ran ran =
        run_in_terminal(folder, "--profile " + profile + " --pin-file pin --yes " + arguments, environment);
    INFO(profile << ": " << arguments << "\n" << ran.out);
    REQUIRE(ran.code == 0);
    return ran.out;
  }
  std::string field(const std::string& profile, const std::string& arguments, std::string_view name) {
    const Json value = MUST(codec::parse_json(must(profile, arguments + " --json")));
    const Json* found = value.find(name);
    REQUIRE_MESSAGE(found != nullptr, arguments << ": no " << name);
    return found->string();
  }

  /// The passphrase, a home for each profile, and the ceremony.
  void found(const std::string& hub, std::initializer_list<const char*> profiles) {
    url = hub;
    write(folder.path / "pin", "pass phrase\n");
    for (const char* profile : profiles) must(profile, "init --hub " + url);
    for (const char* number : {"1", "2"})
      must("org", std::string("key new root-") + number + " --use root --for org --public root-" + number + ".jwk");
    must("org",
         "org genesis --root root-1.jwk --root root-2.jwk --threshold 2 --key root-1 --with-key root-2 "
         "--rulebook-folder " ENTRAIDE_SOURCE_DIR "/rulebook");
  }
  /// An example of the rulebook as a file of answers.
  std::string filled_in(const std::string& name) {
    const fs::path example = fs::path(ENTRAIDE_SOURCE_DIR) / "rulebook/examples/answers" / name;
    const Json read = MUST(codec::parse_json(text_of(example)));
    write(folder.path / name, codec::to_json(*read.find("values")));
    return " --answers " + name;
  }
  void country(const std::string& cc) {
    must("org", "key new root-" + cc + " --use root --for cc:" + cc + " --public root-" + cc + ".jwk");
    must("org", "pki root --key pki-" + cc + " --country " + cc +
                    " --organization Ministry --name 'Document root' --out pki-" + cc + ".pem");
    must("org", "country add " + cc + " --root root-" + cc + ".jwk --pki pki-" + cc +
                    ".pem --key root-1 --with-key root-2 --with-key root-" + cc);
    for (const char* number : {"1", "2"})
      must("org", "key new admin-" + cc + "-" + number + " --use administrator --for au:" + cc + ":" + kind +
                      " --public admin-" + cc + "-" + number + ".jwk");
    must("org", "authority add au:" + cc + ":" + kind + " --kind " + kind + " --name-en NCB --key root-" + cc +
                    " --administrator admin-" + cc + "-1.jwk --administrator admin-" + cc + "-2.jwk");
  }
  /// France and Kenya, each with an authority and an officer who signs documents.
  void two_officers(const std::string& hub) {
    found(hub, {"org", "fr", "ke"});
    for (const char* cc : {"fr", "ke"}) {
      country(cc);
      must(cc, "key new document --use document");
      enrol(cc);
    }
  }
  /// The officer's device is there; the administrator enrols it, and certifies its document key.
  void enrol(const std::string& cc) {
    const std::string au = "--authority au:" + cc + ":" + kind + " ", admin = " --key admin-" + cc + "-1";
    const std::string name = "of:" + cc + ":" + (cc == "fr" ? "AAAAAAAAAAAAAAAA" : "BBBBBBBBBBBBBBBB");
    must("org",
         au + "officer add --pseudonym " + name + " --role officer --role duty-officer --until 2099-12-31" + admin);
    must(cc, "device request " + device + "--officer " + name + " --authority au:" + cc + ":" + kind + " --out " +
                 cc + ".json");
    must("org", au + "device enrol " + cc + ".json --save " + cc + ".act" + admin);
    must(cc, "act cosign " + cc + ".act --key device.sign");
    must(cc, "act submit " + cc + ".act");
    must("org", au + "ring new" + admin);
    must(cc, "key show document --public document-" + cc + ".jwk");
    must("org", "pki issue document-" + cc + ".jwk --key pki-" + cc + " --name 'Officer of " + cc +
                    "' --out document-" + cc + ".pem");
    must(cc, "key certificate document document-" + cc + ".pem");
  }
};

inline std::string today() {
  return codec::rfc3339(
             from_seconds(
                 std::chrono::duration_cast<Seconds>(std::chrono::system_clock::now().time_since_epoch()).count()))
      .substr(0, 10);
}

}  // namespace entraide::cli
