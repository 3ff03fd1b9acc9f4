#include "hub/tiles.h"

#include <map>

namespace entraide::hub {
namespace {

// Bundles and level 0 grow 256 entries at a time; a step of this many keeps memory small.
constexpr std::int64_t kStep = 4096;

class PublishedTiles final : public merkle::TileReader {
 public:
  explicit PublishedTiles(const store::Blobs& blobs) : blobs_(blobs) {}
  Result<Bytes> read_tile(const merkle::TileId& tile) const override {
    return blobs_.get(ledger_blob_key(merkle::tile_path(tile)));
  }

 private:
  const store::Blobs& blobs_;
};

// What is written is kept until `put_away`, and read from here meanwhile.
class BlobTiles final : public merkle::TileReader, public merkle::TileWriter {
 public:
  explicit BlobTiles(store::Blobs& blobs) : blobs_(blobs) {}
  Result<Bytes> read_tile(const merkle::TileId& tile) const override {
    const std::string key = ledger_blob_key(merkle::tile_path(tile));
    const auto fresh = fresh_.find(key);
    return fresh != fresh_.end() ? fresh->second : blobs_.get(key);
  }
  Result<> write_tile(const merkle::TileId& tile, BytesView hashes) override {
    keep(merkle::tile_path(tile), {hashes.begin(), hashes.end()});
    return {};
  }
  void keep(std::string_view resource, Bytes bytes) { fresh_[ledger_blob_key(resource)] = std::move(bytes); }
  Result<> put_away() {
    TRY(blobs_.put_all(fresh_));
    fresh_.clear();
    return {};
  }

 private:
  store::Blobs& blobs_;
  std::map<std::string, Bytes> fresh_;
};

}  // namespace

std::string ledger_blob_key(std::string_view resource) { return "ledger/" + std::string(resource); }

Result<std::optional<merkle::SignedCheckpoint>> published_checkpoint(const store::Blobs& blobs) {
  const std::string key = ledger_blob_key("checkpoint");
  if (!TRY(blobs.exists(key))) return std::nullopt;
  const Bytes note = TRY(blobs.get(key));
  return TRY(merkle::parse_checkpoint(text_of(note)));
}

Result<merkle::Proof> consistency_proof(const store::Blobs& blobs, const merkle::Checkpoint& to,
                                        std::uint64_t old_size) {
  const PublishedTiles tiles(blobs);
  const merkle::TileHashReader hashes(tiles, to.size);
  const auto prover = TRY(merkle::Prover::at(hashes, to.size));
  if (prover.root() != to.root)
    return fail(Errc::internal, "merkle.proof.root",
                "ledger: the published tiles are not those of the published checkpoint");
  return prover.consistency(old_size);
}

Result<std::int64_t> publish_tiles(store::Connection& connection, store::Blobs& blobs) {
  const auto published = TRY(published_checkpoint(blobs));
  std::int64_t size = published ? static_cast<std::int64_t>(published->checkpoint.size) : 0;
  const auto note = TRY(ledger::newest_checkpoint(connection));
  if (!note) return 0;
  const auto newest = TRY(merkle::parse_checkpoint(*note));
  const auto target = static_cast<std::int64_t>(newest.checkpoint.size);

  if (published && published->note.text == newest.note.text) return target;

  BlobTiles tiles(blobs);
  while (size < target) {
    const std::int64_t next = std::min(target, (size / kStep + 1) * kStep);
    // The bundle at the right edge is written whole, so reading begins where it begins.
    const std::int64_t from = size / 256 * 256;
    std::vector<Bytes> entries;
    std::vector<Digest> leaves;
    for (const merkle::Entry& entry : TRY(ledger::leaves_between(connection, from, next)))
      entries.push_back(to_bytes(merkle::to_text(entry)));
    for (std::int64_t i = size; i < next; ++i)
      leaves.push_back(merkle::leaf_hash(entries[static_cast<std::size_t>(i - from)]));
    TRY(merkle::extend_tiles(static_cast<std::uint64_t>(size), leaves, tiles, tiles));
    for (const merkle::BundleId& bundle :
         merkle::new_bundles(static_cast<std::uint64_t>(size), static_cast<std::uint64_t>(next))) {
      const std::size_t begin = bundle.index * 256 - static_cast<std::size_t>(from);
      tiles.keep(merkle::bundle_path(bundle),
                 TRY(merkle::bundle_bytes(std::span(entries).subspan(begin, bundle.width))));
    }
    TRY(tiles.put_away());
    size = next;
  }
  TRY(blobs.put(ledger_blob_key("checkpoint"), bytes_of(*note)));
  return target;
}

}  // namespace entraide::hub
