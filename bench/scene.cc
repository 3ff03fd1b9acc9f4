#include "bench/scene.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <fstream>

#include "codec/codec.h"
#include "crypto/digest.h"
#include "crypto/jwe.h"
#include "crypto/jws.h"

namespace entraide::bench {
namespace {

using codec::Json;

constexpr std::string_view kOrigin = "bench.example/ledger";
constexpr std::string_view kType = "preservation.request";

bool answers(std::uint16_t port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const bool open = ::connect(socket, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0;
  ::close(socket);
  return open;
}

Json parsed(const Wire::Answer& answer, int status, const char* what) {
  if (answer.status != status) {
    std::fprintf(stderr, "bench: %s: %d %s\n", what, answer.status, answer.body.c_str());
    std::exit(1);
  }
  return BENCH_MUST(codec::parse_json(answer.body));
}

std::string text_in(const Json& json, std::string_view name) {
  const Json* value = json.find(name);
  return value != nullptr && value->is_string() ? value->string() : std::string();
}

std::string header_for(const CaseId& case_id, Random& random) {
  return codec::base64url(bytes_of(codec::to_json(Json::object({{"enc", "A256GCM"},
                                                                {"typ", "entraide-seal+json"},
                                                                {"cty", "jose+json"},
                                                                {"cid", codec::base64url(random.bytes(16))},
                                                                {"ctx", case_id.str()}}))));
}

}  // namespace

ledger::Log make_log(const Folder& folder) {
  SystemRandom random;
  auto key = crypto::LogSigningKey::generate(random);
  const std::string file = folder / "log.key";
  std::ofstream(file) << codec::base64url(key.seed().view()) << "\n";
  ::chmod(file.c_str(), 0600);
  return {std::string(kOrigin), std::move(key)};
}

ServerProcess::ServerProcess(const Folder& folder, std::string database) {
  if (database.empty()) database = "sqlite:" + (folder / "hub.db");
  plain_ = free_port();
  do tls_ = free_port();
  while (tls_ == plain_);
  make_certificate(folder / "server.pem", folder / "server.key");
  const std::vector<std::string> arguments{ENTRAIDE_SERVER,
                                           "serve",
                                           "--database",
                                           database,
                                           "--blobs",
                                           folder / "blobs",
                                           "--rulebook",
                                           ENTRAIDE_RULEBOOK,
                                           "--origin",
                                           std::string(kOrigin),
                                           "--log-key-file",
                                           folder / "log.key",
                                           "--session-key-file",
                                           folder / "session.key",
                                           "--listen",
                                           "127.0.0.1:" + std::to_string(plain_),
                                           "https://127.0.0.1:" + std::to_string(tls_),
                                           "--tls-certificate",
                                           folder / "server.pem",
                                           "--tls-key",
                                           folder / "server.key"};
  std::vector<char*> raw;
  for (const std::string& argument : arguments) raw.push_back(const_cast<char*>(argument.c_str()));
  raw.push_back(nullptr);
  const std::string log_file = folder / "server.log";

  const auto begin = std::chrono::steady_clock::now();
  pid_ = ::fork();
  if (pid_ == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    const int log = ::open(log_file.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    ::dup2(log, 2);
    ::execv(raw[0], raw.data());
    _exit(127);
  }
  while (!answers(plain_)) {
    if (::waitpid(pid_, nullptr, WNOHANG) == pid_ || seconds_since(begin) > 120) {
      std::fprintf(stderr, "bench: the server did not start:\n");
      std::ifstream log(log_file);
      for (std::string line; std::getline(log, line);) std::fprintf(stderr, "  %s\n", line.c_str());
      std::exit(1);
    }
    ::usleep(2000);
  }
  started_in_ = seconds_since(begin);
}

ServerProcess::~ServerProcess() { stop(); }

void ServerProcess::stop() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGTERM);
  ::waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

Scene::Scene(const ledger::Log& log, demo::Door door, std::size_t devices, std::size_t object_bytes)
    : rules_(BENCH_MUST(rulebook::load_folder(ENTRAIDE_RULEBOOK))) {
  world_ = std::make_unique<demo::World>(
      demo::World::Parts{rules_, clock_, random_, log.verifier().vkey(), std::move(door)});
  BENCH_MUST(world_->begin());
  const std::vector<std::string> roles{"officer", "duty-officer", "ring-admin"};
  for (const char* code : {"fr", "ke"}) {
    BENCH_MUST(world_->add_country(code, "Demonstration authority"));
    demo::Office* office = BENCH_MUST(
        world_->add_authority(code, "contact-point", "contact-point", Json::object({{"en", "Contact point"}})));
    demo::Officer* officer = BENCH_MUST(world_->add_officer(*office, "Fictional Person", roles));
    BENCH_MUST(world_->renew_ring(*office));
    if (office->authority.str() == kAsking) senders_.push_back({officer});
    else asked_ = officer;
  }
  while (senders_.size() < devices)
    senders_.push_back({BENCH_MUST(world_->add_officer(world_->office(kAsking), "Fictional Person", roles))});

  const auto answers = BENCH_MUST(demo::Answers::read(ENTRAIDE_RULEBOOK));
  const auto values = answers.named("preservation-full", world_->now());
  ENSURE(values.has_value());
  const demo::Prepared full = BENCH_MUST(world_->prepare(
      world_->new_course(), *senders_[0].officer,
      {std::string(kType), *values, "A summary for the inbox", {}, {}, {Subject(std::string(kAsked))}}));
  model_ = full.act;

  // The document gets as many bytes of content as make an object of the size that is asked for.
  for (std::size_t i = 0; i < model_.objects.size(); ++i) {
    std::string jwe = full.objects[i];
    if (model_.objects[i].role == "doc") {
      std::vector<crypto::PublicKey> readers;
      for (const act::SealedTo& to : model_.objects[i].to)
        readers.push_back(world_->directory().authority(to.authority)->current_ring()->key);
      const auto seal = [&](std::size_t size) {
        return BENCH_MUST(crypto::seal(
            random_.bytes(size),
            {"entraide-seal+json", "jose+json", codec::base64url(random_.bytes(16)), model_.case_id->str()}, readers,
            random_));
      };
      const std::size_t empty = seal(0).size();
      jwe = seal(object_bytes > empty ? (object_bytes - empty) / 4 * 3 : 1);
    }
    after_header_.push_back(jwe.substr(jwe.find("\",\"recipients\"")));
  }
}

Scene::Prepared Scene::next(std::size_t device) {
  Sender& sender = senders_[device];
  act::Act act = model_;
  act.by = sender.officer->id;
  act.device = sender.officer->sign.public_key().kid();
  act.nonce = codec::base64url(random_.bytes(16));
  act.at = world_->now();
  act.case_id = CaseId(codec::base64url(random_.bytes(16)));
  act.checkpoint = world_->checkpoint();
  act.sent = {{std::string(kAsked), ++sender.sent}};
  Prepared out;
  for (std::size_t i = 0; i < act.objects.size(); ++i) {
    const std::string& jwe =
        out.objects.emplace_back(R"({"protected":")" + header_for(*act.case_id, random_) + after_header_[i]);
    act.objects[i].hash = crypto::sha256(std::string_view(jwe));
    act.objects[i].bytes = static_cast<std::int64_t>(jwe.size());
  }
  const crypto::Signer* const signers[] = {&sender.officer->sign};
  out.body = BENCH_MUST(act::sign_act(act, signers));
  out.id = act::to_text(ActId{crypto::sha256(act::payload_of(act)).value});
  return out;
}

std::string submission_text(const std::string& act, const std::vector<std::string>& objects) {
  Json list = Json::array();
  for (const std::string& object : objects) list.push_back(object);
  return codec::to_json(Json::object({{"act", act}, {"objects", std::move(list)}}));
}

demo::Door door_to(Wire& wire) {
  return [&wire](const std::string& act, const std::vector<std::string>& objects) -> Result<demo::Answer> {
    const Json json = parsed(wire.post("/v1/acts", submission_text(act, objects)), 201, "act");
    const auto time = TRY(codec::from_rfc3339(text_in(json, "time")));
    return demo::Answer{json.find("index")->integer(), to_seconds(time), text_in(json, "receipt"),
                        text_in(json, "reference")};
  };
}

std::vector<hub::Outcome> commit(hub::Committer& committer, std::vector<hub::Submission> batch) {
  std::vector<hub::Outcome> outcomes;
  std::vector<hub::Work> work;
  for (hub::Submission& submission : batch)
    work.push_back(
        {std::move(submission), [&](hub::Outcome outcome) { outcomes.push_back(std::move(outcome)); }, false});
  committer.commit(std::move(work));
  return outcomes;
}

demo::Door door_to(hub::Committer& committer) {
  return [&committer](const std::string& act, const std::vector<std::string>& objects) -> Result<demo::Answer> {
    std::vector<hub::Submission> batch;
    batch.push_back(TRY(hub::receive(act, objects, *committer.directory())));
    auto outcome = std::move(commit(committer, std::move(batch)).front());
    if (!outcome) return std::unexpected(outcome.error().error);
    return demo::Answer{outcome->receipt.index, outcome->receipt.unix_seconds, outcome->receipt.proof_text,
                        outcome->reference};
  };
}

Reader::Reader(Wire& wire, const demo::Officer& officer, const Clock& clock, Random& random)
    : clock_(clock), random_(random), dpop_(crypto::PrivateKey::generate(random)) {
  const Json challenge =
      parsed(wire.post("/v1/sessions/challenges",
                       codec::to_json(Json::object({{"kid", officer.sign.public_key().kid().str()}}))),
             200, "challenge");
  const Json claims = Json::object({{"nonce", text_in(challenge, "nonce")},
                                    {"hub", kOrigin},
                                    {"jkt", dpop_.public_key().kid().str()},
                                    {"at", codec::rfc3339(clock_.now())}});
  const std::string proof =
      BENCH_MUST(crypto::make_compact_jws(officer.sign, "entraide-session+jwt", bytes_of(codec::to_json(claims))));
  const auto made = wire.post("/v1/sessions", codec::to_json(Json::object({{"proof", proof}})));
  token_ = text_in(parsed(made, made.status == 200 ? 200 : 201, "session"), "token");
}

std::string Reader::headers(std::string_view method, std::string_view url) {
  const Json claims = Json::object({{"htm", method},
                                    {"htu", url},
                                    {"iat", to_seconds(clock_.now())},
                                    {"jti", codec::base64url(random_.bytes(16))},
                                    {"ath", codec::base64url(crypto::sha256(std::string_view(token_)).view())}});
  return "Authorization: DPoP " + token_ + "\r\nDPoP: " + BENCH_MUST(crypto::make_dpop_proof(dpop_, claims)) + "\r\n";
}

}  // namespace entraide::bench
