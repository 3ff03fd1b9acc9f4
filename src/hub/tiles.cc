#include "hub/tiles.h"

namespace entraide::hub {
namespace {

// Bundles and level 0 grow 256 entries at a time; a step of this many keeps memory small.
constexpr std::int64_t kStep = 4096;

class BlobTiles final : public merkle::TileReader, public merkle::TileWriter {
 public:
  explicit BlobTiles(store::Blobs& blobs) : blobs_(blobs) {}
  Result<Bytes> read_tile(const merkle::TileId& tile) const override {
    return blobs_.get(ledger_blob_key(merkle::tile_path(tile)));
  }
  Result<> write_tile(const merkle::TileId& tile, BytesView hashes) override {
    return blobs_.put(ledger_blob_key(merkle::tile_path(tile)), hashes);
  }

 private:
  store::Blobs& blobs_;
};

Result<std::int64_t> published_size(const store::Blobs& blobs) {
  const std::string key = ledger_blob_key("checkpoint");
  if (!TRY(blobs.exists(key))) return 0;
  const Bytes note = TRY(blobs.get(key));
  const auto checkpoint = TRY(merkle::parse_checkpoint(text_of(note)));
  return static_cast<std::int64_t>(checkpoint.checkpoint.size);
}

}  // namespace

std::string ledger_blob_key(std::string_view resource) { return "ledger/" + std::string(resource); }

Result<std::int64_t> publish_tiles(store::Connection& connection, store::Blobs& blobs) {
  std::int64_t size = TRY(published_size(blobs));
  const auto note = TRY(ledger::newest_checkpoint(connection));
  if (!note) return 0;
  const auto newest = TRY(merkle::parse_checkpoint(*note));
  const auto target = static_cast<std::int64_t>(newest.checkpoint.size);

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
      const Bytes bytes = TRY(merkle::bundle_bytes(std::span(entries).subspan(begin, bundle.width)));
      TRY(blobs.put(ledger_blob_key(merkle::bundle_path(bundle)), bytes));
    }
    size = next;
  }
  TRY(blobs.put(ledger_blob_key("checkpoint"), bytes_of(*note)));
  return target;
}

}  // namespace entraide::hub
