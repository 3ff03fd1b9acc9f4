// demo: a small complete world on this machine, built through the real door, and the main job played in it.

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <iostream>
#include <sstream>

#include "apps/entraide/context.h"
#include "client/files.h"
#include "codec/codec.h"
#include "demo/homes.h"
#include "demo/people.h"

namespace entraide::cli {
namespace {

namespace fs = std::filesystem;
using codec::Json;

constexpr int kStartsWithinTenths = 600;

fs::path program() { return fs::read_symlink("/proc/self/exe"); }
fs::path folder_of(Context& context) { return fs::absolute(context.args().get_or("dir", "run/demo")); }

// The rulebook that the binary was built beside, unless another is named.
std::string rulebook_of(Context& context) { return context.args().get_or("rulebook", ENTRAIDE_RULEBOOK); }

// ---- the world -----------------------------------------------------------------------------

// The keys of everybody, for the desk's cards: the hub of a demonstration gives them to whoever asks.
std::string people_of(const fs::path& folder) { return (folder / "hub/people.json").string(); }

// A home is complete when its papers are: they are written last.
bool is_built(const fs::path& folder) { return fs::exists(folder / "papers" / "connection-log.csv"); }

Result<> build_world(Context& context, const std::string& hub_url, const fs::path& folder) {
  auto transport = client::make_curl_transport({});
  client::Api api(*transport, context.clock(), context.random(), {.base_url = hub_url});
  const Json status = TRY(api.get_public("/v1/status"));
  const Json* demonstration = status.find("demonstration");
  if (demonstration == nullptr || !demonstration->is_bool() || !demonstration->boolean())
    return fail(Errc::refused, "demo.hub",
                hub_url + ": is not a demonstration hub; start one with `entraide demo start`");
  if (const Json* genesis = status.find("genesis"); genesis != nullptr && !genesis->is_null())
    return fail(Errc::conflict, "demo.begun",
                hub_url + ": has a world already whose keys are not here; start with an empty --dir");

  const auto rules = TRY(rulebook::load_folder(rulebook_of(context)));
  const auto answers = TRY(demo::Answers::read(rulebook_of(context)));
  const auto door = [&](const std::string& act, const std::vector<std::string>& objects) -> Result<demo::Answer> {
    const client::SubmitAnswer answer = TRY(api.submit(act, objects));
    return demo::Answer{answer.index, to_seconds(answer.time), answer.receipt, answer.reference};
  };
  demo::World world({rules, context.clock(), context.random(), status.find("log_vkey")->string(), door});
  context.out().say("Building five countries ...");
  TRY(demo::build_countries(world));
  context.out().say("Playing cases in every state ...");
  const demo::Populated populated = TRY(demo::populate(world, answers));
  for (const std::string& missing : populated.not_reached) context.out().warn("not reached: " + missing);
  TRY(demo::write_people(world, people_of(folder)));
  context.out().say("Writing the key stores of " + std::to_string(world.officers().size()) + " officers ...");
  const auto homes = TRY(demo::write_homes(world, (folder / "home").string(), hub_url));
  TRY(demo::write_people(world, people_of(folder)));
  TRY(demo::write_papers(answers, (folder / "papers").string(), context.clock().now()));
  for (const demo::Home& home : homes) {
    const std::string script = "#!/bin/sh\n# " + home.person + ", " + home.authority.str() + " (fictional)\nexec '" +
                               program().string() + "' --home '" + (folder / "home").string() + "' --profile " +
                               home.profile + " --pin-file '" + (folder / "home/pin").string() + "' \"$@\"\n";
    TRY(client::write_file_whole(folder / home.profile, bytes_of(script), 0755));
  }
  context.out().say(std::to_string(populated.cases) + " cases, " + std::to_string(populated.acts) + " acts; " +
                    std::to_string(homes.size()) + " officers, each a program in " + folder.string() + ".");
  return {};
}

// ---- the hub -------------------------------------------------------------------------------

pid_t start_hub(Context& context, const fs::path& folder, const std::string& listen) {
  const std::string daemon = (program().parent_path() / "entraided").string();
  const std::string database = "sqlite:" + (folder / "hub/hub.db").string(), blobs = (folder / "hub/blobs").string();
  const std::string log_key = (folder / "hub/log.key").string(), session_key = (folder / "hub/session.key").string(),
                    rulebook = rulebook_of(context), people = people_of(folder);
  const pid_t parent = getpid(), child = fork();
  if (child != 0) return child;
  // However this program ends, the hub ends after it.
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (getppid() != parent) _exit(0);
  execl(daemon.c_str(), daemon.c_str(), "serve", "--demonstration", "--name", "Entraide demonstration", "--listen",
        listen.c_str(), "--database", database.c_str(), "--blobs", blobs.c_str(), "--log-key-file", log_key.c_str(),
        "--session-key-file", session_key.c_str(), "--rulebook", rulebook.c_str(), "--demonstration-people",
        people.c_str(), nullptr);
  std::cerr << "entraide: cannot start " << daemon << "\n";
  _exit(127);
}

Result<> wait_until_ready(Context& context, const std::string& url, pid_t hub) {
  auto transport = client::make_curl_transport({});
  for (int i = 0; i < kStartsWithinTenths; ++i) {
    if (waitpid(hub, nullptr, WNOHANG) == hub)
      return fail(Errc::unavailable, "demo.hub", "the hub ended at once; its last lines say why");
    client::Api api(*transport, context.clock(), context.random(), {.base_url = url, .attempts = 1});
    if (api.get_public("/v1/status")) return {};
    usleep(100'000);
  }
  return fail(Errc::unavailable, "demo.hub", "the hub does not answer at " + url);
}

bool has_desk(Context& context, const std::string& url) {
  auto transport = client::make_curl_transport({});
  client::Api api(*transport, context.clock(), context.random(), {.base_url = url, .attempts = 1});
  return api.get_public("/v1/desk").has_value();
}

void print_main_job(Context& context, const fs::path& folder, const std::string& url) {
  const std::string f = (folder / "fr-central-authority").string(), k = (folder / "ke-central-authority").string(),
                    p = (folder / "papers").string();
  const std::string desk =
      has_desk(context, url) ? "\nOpen it in a browser, and be whoever you like:  " + url + "/\n" : std::string();
  context.out().text("\nThe hub serves at " + url + " (demonstration: every person is fictional).\n" + desk +
                     "\nThe main job, from both sides:\n\n"
                     "  " +
                     f + " request new assistance --to au:ke:central-authority --answers " + p +
                     "/request.json --translation en=" + p + "/request-en.json --attach " + p +
                     "/order.pdf --summary 'Données d’abonné et de trafic de deux comptes' --yes\n"
                     "  " +
                     k +
                     " inbox\n"
                     "  " +
                     program().string() + " demo play --dir " + folder.string() +
                     "\n\n"
                     "The third plays it all: request, acknowledgement, supplement, answer, and the proof checked "
                     "offline. Ctrl-C ends the hub.\n");
  std::cout.flush();
}

Result<> start(Context& context) {
  const fs::path folder = folder_of(context);
  const std::string listen = context.args().get_or("listen", "127.0.0.1:8480"), url = "http://" + listen;
  std::error_code error;
  fs::create_directories(folder / "hub", error);
  // Ctrl-C goes to the whole group: the hub ends by itself, and we wait for it.
  std::signal(SIGINT, SIG_IGN);
  const pid_t hub = start_hub(context, folder, listen);
  if (hub < 0) return fail(Errc::internal, "demo.hub", "the hub cannot be started");
  auto ready = wait_until_ready(context, url, hub);
  if (ready && !is_built(folder)) ready = build_world(context, url, folder);
  if (!ready) {
    kill(hub, SIGTERM);
    waitpid(hub, nullptr, 0);
    return ready;
  }
  print_main_job(context, folder, url);
  int status = 0;
  while (waitpid(hub, &status, 0) < 0 && errno == EINTR) {}
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
  return fail(Errc::unavailable, "demo.hub", "the hub ended unexpectedly; start again, it checks itself first");
}

// ---- the main job --------------------------------------------------------------------------

// Runs this very program as an officer would and shows the command. With `keep` its standard output is shown and given
// back; otherwise it writes to ours, as it would for a person.
Result<std::string> play(Context& context, const fs::path& folder, const std::string& who,
                         std::vector<std::string> words, bool keep) {
  std::string shown = who.empty() ? "entraide" : who;
  for (const std::string& word : words)
    shown += " " + (word.find(' ') == std::string::npos ? word : "'" + word + "'");
  context.out().text("\n$ " + shown + "\n");
  std::cout.flush();
  std::vector<std::string> all{program().string()};
  if (!who.empty())
    all.insert(all.end(), {"--home", (folder / "home").string(), "--profile", who, "--pin-file",
                           (folder / "home/pin").string()});
  all.insert(all.end(), words.begin(), words.end());

  int ends[2];
  if (pipe(ends) != 0) return fail(Errc::internal, "demo.play", "no pipe");
  const pid_t child = fork();
  if (child == 0) {
    if (keep) dup2(ends[1], STDOUT_FILENO);
    close(ends[0]);
    close(ends[1]);
    std::vector<char*> argv;
    for (std::string& word : all) argv.push_back(word.data());
    argv.push_back(nullptr);
    execv(argv[0], argv.data());
    _exit(127);
  }
  close(ends[1]);
  std::string out;
  char buffer[4096];
  for (ssize_t n = 0; (n = read(ends[0], buffer, sizeof buffer)) > 0;)
    out.append(buffer, static_cast<std::size_t>(n));
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  context.out().text(out);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
    return fail(Errc::internal, "demo.play", shown + ": ended with an error");
  return out;
}

Result<std::string> reference_in(const std::string& json_text) {
  const Json value = TRY(codec::parse_json(json_text));
  const Json* reference = value.find("reference");
  if (reference == nullptr || !reference->is_string())
    return fail(Errc::internal, "demo.play", "the request got no reference");
  return reference->string();
}

Result<> play_main_job(Context& context) {
  const fs::path folder = folder_of(context), papers = folder / "papers";
  if (!is_built(folder))
    return fail(Errc::not_found, "demo.missing",
                folder.string() + ": no demonstration world; run `entraide demo start` first");
  const std::string fr = "fr-central-authority", ke = "ke-central-authority";
  const auto paper = [&](const char* name) { return (papers / name).string(); };
  const auto by = [&](const std::string& who, std::vector<std::string> words, bool keep = false) {
    return play(context, folder, who, std::move(words), keep);
  };

  const std::string made = TRY(by(fr,
                                  {"request", "new", "assistance", "--to", "au:ke:central-authority", "--answers",
                                   paper("request.json"), "--translation", "en=" + paper("request-en.json"),
                                   "--translator", "sworn translator (demonstration)", "--attach", paper("order.pdf"),
                                   "--summary", "Données d’abonné et de trafic de deux comptes", "--yes", "--json"},
                                  true));
  const std::string reference = TRY(reference_in(made));
  TRY(by(ke, {"inbox"}));
  TRY(by(ke, {"request", "ack", reference, "--answers", paper("acknowledgement.json"), "--summary",
              "Received, registered", "--yes"}));
  TRY(by(ke, {"request", "act", reference, "assistance.accept-confidentiality", "--answers",
              paper("confidentiality.json"), "--summary", "Confidentiality accepted", "--yes"}));
  TRY(by(ke, {"request", "show", reference}));
  TRY(by(ke, {"request", "ask", reference, "--answers", paper("supplement-asked.json"), "--summary",
              "Please add the time zone", "--yes"}));
  TRY(by(fr, {"request", "act", reference, "assistance.supply", "--answers", paper("supplement.json"), "--summary",
              "Complément", "--yes"}));
  TRY(by(ke, {"request", "answer", reference, "--answers", paper("answer.json"), "--attach",
              paper("connection-log.csv"), "--summary", "Answer with connection log", "--yes"}));
  TRY(by(fr, {"request", "show", reference}));
  const std::string bundle = (folder / (reference + ".proof.json")).string();
  TRY(by(fr, {"proof", "export", reference, "--out", bundle, "--disclose", "--yes"}));
  const std::string said = TRY(by(fr, {"config", "get", "genesis"}, true));
  TRY(by("", {"proof", "verify", bundle, "--genesis", said.substr(0, said.find('\n'))}));
  context.out().say("\nPlayed. " + bundle + " can be checked by a court that has neither network nor account.");
  return {};
}

}  // namespace

std::vector<Command> demo_commands() {
  const Option dir{"--dir", "DIR", "where the world lies (default: run/demo)"};
  const Option rulebook{"--rulebook", "DIR", "the rulebook's folder (default: the one this program was built with)"};
  return {
      {"demo",
       "start",
       "Start a hub with a small complete world on this machine",
       {dir, rulebook, {"--listen", "ADDRESS", "loopback address (default: 127.0.0.1:8480)"}},
       &start,
       "entraide demo start"},
      {"demo",
       "play",
       "Play the main job between France and Kenya, step by step",
       {dir},
       &play_main_job,
       "entraide demo play"},
  };
}

}  // namespace entraide::cli
