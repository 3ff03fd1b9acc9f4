#include "sim/node.h"

#include "sim/mutant.h"

namespace entraide::sim {
namespace {

constexpr char kBlobsFolder[] = "/hub/blobs";

class RealNode final : public Node {
 public:
  RealNode(Parts parts, std::unique_ptr<store::Database> database) : Node(parts), database_(std::move(database)) {}

  Result<> open() {
    TRY(hub::Committer::migrate(*database_));
    committer_ = TRY(hub::Committer::open(
        {*database_, parts_.stage.log(), parts_.stage.shelf(), parts_.stage.clock, parts_.random, metrics_}));
    return {};
  }
  void commit(std::vector<hub::Work> batch) override { committer_->commit(std::move(batch)); }
  std::shared_ptr<const directory::Directory> directory() const override { return committer_->directory(); }
  bool failed() const override { return committer_->failed(); }
  Result<> stop() override {
    const bool had_failed = failed();
    committer_.reset();
    return had_failed ? Result<>() : database_->close();
  }

 private:
  store::Database& database() override { return *database_; }
  metrics::Registry metrics_;
  std::unique_ptr<store::Database> database_;
  std::unique_ptr<hub::Committer> committer_;
};

}  // namespace

std::string_view to_text(Mutant mutant) {
  switch (mutant) {
    case Mutant::none: return "none";
    case Mutant::copy: return "copy";
    case Mutant::receipt_first: return "receipt-first";
    case Mutant::no_sync: return "no-sync";
    case Mutant::second_transaction: return "second-transaction";
    case Mutant::carries_on: return "carries-on";
    case Mutant::not_idempotent: return "not-idempotent";
  }
  return "";
}

Result<std::unique_ptr<Node>> Node::start(Parts parts) {
  parts.disk.hide_failed_syncs(parts.mutant == Mutant::carries_on);
  auto database = TRY(make_sim_database(parts.disk, kDatabasePath, {.checkpoint_pages = parts.checkpoint_pages}));
  if (parts.mutant != Mutant::none && parts.mutant != Mutant::carries_on)
    return start_mutant(parts, std::move(database));
  auto node = std::make_unique<RealNode>(parts, std::move(database));
  TRY(node->open());
  return Result<std::unique_ptr<Node>>(std::move(node));
}

Result<std::int64_t> Node::publish_tiles() {
  auto blobs = TRY(store::Blobs::open(kBlobsFolder, parts_.disk));
  auto connection = TRY(connect());
  return hub::publish_tiles(connection, blobs);
}

Result<std::optional<std::string>> Node::published_checkpoint() {
  auto blobs = TRY(store::Blobs::open(kBlobsFolder, parts_.disk));
  const std::string key = hub::ledger_blob_key("checkpoint");
  const bool there = TRY(blobs.exists(key));
  if (!there) return std::nullopt;
  const Bytes note = TRY(blobs.get(key));
  return std::string(text_of(note));
}

}  // namespace entraide::sim
