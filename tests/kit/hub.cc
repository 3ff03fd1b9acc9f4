#include "kit/hub.h"

#include <stdlib.h>

#include <fstream>
#include <sstream>

#include "codec/codec.h"
#include "kit/http.h"
#include "testing/testing.h"

namespace entraide::kit {

using codec::Json;

TemporaryFolder::TemporaryFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "entraide-kit-XXXXXX").string();
  ENSURE(mkdtemp(name.data()) != nullptr);
  path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string read_text(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  ENSURE(in.good());
  std::ostringstream text;
  text << in.rdbuf();
  return std::move(text).str();
}

const rulebook::Rulebook& rules() {
  static const rulebook::Rulebook loaded = MUST(rulebook::load_folder(ENTRAIDE_SOURCE_DIR "/rulebook"));
  return loaded;
}

namespace {
const std::map<std::string, Json>& answer_files() {
  static const std::map<std::string, Json> files = [] {
    std::map<std::string, Json> out;
    for (const auto& entry : std::filesystem::directory_iterator(ENTRAIDE_SOURCE_DIR "/rulebook/examples/answers"))
      out.emplace(entry.path().stem().string(), MUST(codec::parse_json(read_text(entry.path()))));
    return out;
  }();
  return files;
}
}  // namespace

Json answers(std::string_view name) { return *answer_files().at(std::string(name)).find("values"); }

std::string answers_for(std::string_view form) {
  for (const auto& [name, file] : answer_files())
    if (file.find("form")->string() == form) return name;
  return {};
}

namespace {
// Enough of a desk to be served.
std::shared_ptr<const desk::Bundle> small_desk() {
  const auto text = [](std::string_view words) { return std::make_shared<const Bytes>(to_bytes(words)); };
  net::StaticFiles files;
  files["index.html"] = {"text/html; charset=utf-8", text("<!doctype html><style nonce=\"__CSP_NONCE__\"></style>")};
  files["assets/app-0a1b2c3d.js"] = {"text/javascript; charset=utf-8", text("void 0;")};
  return std::make_shared<const desk::Bundle>(MUST(desk::bundle_of(std::move(files))));
}
}  // namespace

Hub::Hub(bool demonstration)
    : demonstration_(demonstration), clock_(MUST(codec::from_rfc3339("2031-03-02T09:00:00Z"))) {
  ledger::Log log{"hub.test/ledger", MUST(crypto::LogSigningKey::from_seed(random_.bytes(32)))};
  const std::string vkey = log.verifier().vkey();
  hub_ = MUST(hub::Hub::open({.database = "sqlite:" + (folder() / "hub.db").string(),
                              .blobs = (folder() / "blobs").string(),
                              .rulebook = ENTRAIDE_SOURCE_DIR "/rulebook"},
                             std::move(log), clock_, random_, metrics_));
  hub_->start();
  router_ = std::make_unique<net::Router>(make_router(std::string(kUrl)));
  world_ = std::make_unique<demo::World>(demo::World::Parts{rules(), clock_, random_, vkey, door()});
}

Hub::~Hub() { stop(); }

http::Settings Hub::settings(std::string url) const {
  return {"a hub for tests",
          std::move(url),
          demonstration_,
          "0.0.0",
          SecretBytes(Bytes(32, 7)),
          read_text(ENTRAIDE_SOURCE_DIR "/src/http/api/openapi.json"),
          small_desk(),
          people_file().string()};
}

net::Router Hub::make_router(std::string url) { return http::make_router(*hub_, metrics_, settings(std::move(url))); }

void Hub::serve(http::Settings settings) {
  router_ = std::make_unique<net::Router>(http::make_router(*hub_, metrics_, std::move(settings)));
}

void Hub::stop() {
  if (!hub_) return;
  router_.reset();
  const auto stopped = hub_->stop();
  CHECK_MESSAGE(stopped.has_value(), "the hub must end cleanly");
  hub_.reset();
}

demo::Door Hub::door() {
  return [this](const std::string& act, const std::vector<std::string>& objects) -> Result<demo::Answer> {
    Http http(*this);
    client::Api api(http, clock_, random_, {.base_url = std::string(kUrl), .attempts = 1});
    const client::SubmitAnswer answer = TRY(api.submit(act, objects));
    return demo::Answer{answer.index, to_seconds(answer.time), answer.receipt, answer.reference};
  };
}

void Hub::found(std::initializer_list<std::string_view> countries) {
  MUST(world_->begin());
  for (const std::string_view code : countries) {
    const std::string name(code);
    MUST(world_->add_country(name, "Demonstration ministry " + name));
    demo::Office& office =
        *MUST(world_->add_authority(name, "central", "central-authority",
                                    Json::object({{"en", "Central authority of " + name + " (demonstration)"}})));
    MUST(world_->add_officer(office, "Officer of " + name, {"officer", "magistrate"}));
    MUST(world_->renew_ring(office));
  }
}

}  // namespace entraide::kit
