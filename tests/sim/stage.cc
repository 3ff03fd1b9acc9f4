#include "sim/stage.h"

#include <filesystem>

#include "sim/node.h"

namespace entraide::sim {
namespace {

using codec::Json;

constexpr std::uint64_t kWorldSeed = 2031;
const Time kBegin = from_seconds(1930208400);  // 2031-03-02T09:00:00Z, as in the rulebook's examples
constexpr std::string_view kCountries[] = {"fr", "ke", "mx"};
constexpr int kOfficersEach = 3;

hub::Outcome commit_one(Node& node, hub::Submission submission) {
  std::optional<hub::Outcome> outcome;
  std::vector<hub::Work> batch;
  batch.push_back({std::move(submission), [&](hub::Outcome answer) { outcome = std::move(answer); }, false});
  node.commit(std::move(batch));
  ENSURE(outcome);
  return std::move(*outcome);
}

}  // namespace

Stage::Stage(ledger::Log log, merkle::Policy policy)
    : clock(kBegin), random(kWorldSeed), log_(std::move(log)), policy_(std::move(policy)) {}

Result<std::unique_ptr<Stage>> Stage::build() {
  seed_openssl(kWorldSeed);
  SeededRandom keys(kWorldSeed);
  ledger::Log log{"hub.example/ledger", crypto::LogSigningKey::generate(keys)};
  auto policy = TRY(merkle::Policy::parse("log " + log.verifier().vkey() + "\nquorum none\n"));
  std::unique_ptr<Stage> stage(new Stage(std::move(log), std::move(policy)));
  TRY(stage->read_answers());
  TRY(stage->enrol());
  return stage;
}

Result<> Stage::read_answers() {
  const std::filesystem::path folder = std::filesystem::path(ENTRAIDE_SOURCE_DIR) / "rulebook/examples/answers";
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const Bytes text = TRY(store::read_file(store::real_files(), entry.path().string(), 1 << 20));
    const Json file = TRY(codec::parse_json(text));
    if (const Json* values = file.find("values")) answers_.emplace(entry.path().stem().string(), *values);
  }
  return {};
}

Result<> Stage::enrol() {
  // The shelf stands on a database of its own: the runs' copies stay small.
  SimDisk shelf_disk(kWorldSeed), disk(kWorldSeed);
  auto shelf_database = TRY(make_sim_database(shelf_disk, kDatabasePath));
  TRY(hub::Committer::migrate(*shelf_database));
  {
    auto connection = TRY(shelf_database->connect());
    shelf_ = TRY(hub::Shelf::open(connection));
    auto rulebook = TRY(rulebook::load_folder(std::filesystem::path(ENTRAIDE_SOURCE_DIR) / "rulebook"));
    const Digest digest = rulebook.digest();
    TRY(shelf_->add(connection, std::move(rulebook)));
    rules_ = shelf_->find(digest);
  }

  SeededRandom blinds(kWorldSeed);
  auto node = TRY(Node::start({disk, *this, blinds}));
  door_ = [&](const std::string& body, const std::vector<std::string>& objects) -> Result<demo::Answer> {
    auto received = TRY(hub::receive(body, objects, *node->directory()));
    hub::Outcome outcome = commit_one(*node, std::move(received));
    if (!outcome) return std::unexpected(outcome.error().error);
    return demo::Answer{outcome->receipt.index, outcome->receipt.unix_seconds, outcome->receipt.proof_text,
                        outcome->reference};
  };
  // Through one more door, which each run replaces.
  const demo::Door through = [this](const std::string& body, const std::vector<std::string>& objects) {
    return door_(body, objects);
  };
  world_.emplace(demo::World::Parts{*rules_, clock, random, log_.verifier().vkey(), through});
  TRY(world_->begin());
  for (const std::string_view code : kCountries) {
    const std::string country(code);
    TRY(world_->add_country(country, "Organisation " + country));
    demo::Office* office = TRY(world_->add_authority(country, "permanence", "contact-point",
                                                     Json::object({{"en", "Contact point " + country}})));
    for (int i = 0; i < kOfficersEach; ++i)
      TRY(world_->add_officer(*office, "Officer " + std::to_string(i), {"officer", "duty-officer"}, "hw"));
    TRY(world_->renew_ring(*office));
  }
  TRY(node->stop());
  node.reset();
  database_ = TRY(store::read_file(disk, kDatabasePath, 64u << 20));
  return {};
}

demo::World Stage::begin(std::uint64_t seed, demo::Door door) {
  seed_openssl(seed);
  clock.set(kBegin + std::chrono::hours(1));
  random = SeededRandom(seed);
  door_ = std::move(door);
  return *world_;
}

Result<> Stage::furnish(SimDisk& disk) const {
  const std::string path = kDatabasePath;
  auto file = TRY(disk.open(path, store::Open::create_new));
  TRY(file->write(0, database_));
  TRY(file->sync());
  return disk.sync_folder(store::folder_of(path));
}

}  // namespace entraide::sim
