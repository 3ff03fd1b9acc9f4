#pragma once

// The tree as static files (c2sp.org/tlog-tiles). A tile holds up to 256 hashes of one level of every eighth:
//
//   tile/<L>/<N>            full, 8,192 bytes         tile/<L>/<N>.p/<W>          partial, W hashes, 1..255
//   tile/entries/<N>        256 entries               tile/entries/<N>.p/<W>      W entries
//
// N in groups of three digits, all but the last with an x: 1234067 is x001/x234/067. The hash at position i
// of tile N of level L is that of leaves [(N*256 + i) * 256^L, (N*256 + i + 1) * 256^L).
// An entry bundle is, for each entry, its length in two bytes (big-endian) and the entry.

#include <map>

#include "merkle/levels.h"

namespace entraide::merkle {

constexpr unsigned kTileHeight = 8;
constexpr std::uint64_t kTileWidth = 256;
/// What a bundle's two-byte length can say.
constexpr std::size_t kBundleEntryBytesMax = 65535;

/// A tile of hashes. `width` is how many it holds: 256 when full.
struct TileId {
  unsigned level = 0;
  std::uint64_t index = 0;
  unsigned width = 256;
  auto operator<=>(const TileId&) const = default;
};
/// A bundle of entries; its leaf hashes are the tile of level 0 with the same index and width.
struct BundleId {
  std::uint64_t index = 0;
  unsigned width = 256;
  auto operator<=>(const BundleId&) const = default;
};

/// `tile/0/x001/234.p/17`. The level is at most 63, the width from 1 to 256: the caller's promise.
std::string tile_path(const TileId& tile);
std::string bundle_path(const BundleId& bundle);
/// Strict: one tile has one path. Rule: merkle.tile.path.
Result<TileId> parse_tile_path(std::string_view path);
Result<BundleId> parse_bundle_path(std::string_view path);

/// What a log of `new_size` serves that one of `old_size` did not, lowest level first.
/// `old_size <= new_size`: the caller's promise.
std::vector<TileId> new_tiles(std::uint64_t old_size, std::uint64_t new_size);
std::vector<BundleId> new_bundles(std::uint64_t old_size, std::uint64_t new_size);

/// How many hashes of a tile are there when the tree has `tree_size` leaves: 0 to 256.
unsigned tile_width(unsigned level, std::uint64_t index, std::uint64_t tree_size);

/// Rules: merkle.bundle (too long an entry, cut short, too many or too few for the width).
Result<Bytes> bundle_bytes(std::span<const Bytes> entries);
Result<std::vector<Bytes>> parse_bundle(BytesView bundle, unsigned width);

class TileReader {
 public:
  virtual ~TileReader() = default;
  /// The bytes of that tile: `tile.width` hashes of 32 bytes. Where only the full tile is left of a partial one,
  /// its first hashes.
  virtual Result<Bytes> read_tile(const TileId& tile) const = 0;
};
class TileWriter {
 public:
  virtual ~TileWriter() = default;
  /// A tile once written never changes; writing it again gives the same bytes.
  virtual Result<> write_tile(const TileId& tile, BytesView hashes) = 0;
};

/// Writes every tile that appears as the tree grows from `old_size` by these leaves; reads only the partial
/// tiles at the old right edge. Restartable: the same call writes the same bytes. Rule: merkle.tile.size.
Result<> extend_tiles(std::uint64_t old_size, std::span<const Digest> leaf_hashes, const TileReader& from,
                      TileWriter& to);

/// The hashes of a tree of `tree_size` leaves, out of its tiles. Tiles that were read stay in memory for the
/// reader's life. The bytes are taken as they come: compare `Prover::root()` with a checkpoint before
/// believing them. One thread. Rules: merkle.hash.missing, merkle.tile.size.
class TileHashReader final : public HashReader {
 public:
  TileHashReader(const TileReader& tiles, std::uint64_t tree_size) : tiles_(tiles), tree_size_(tree_size) {}
  Result<> read(std::span<const Node> nodes, std::span<Digest> hashes) const override;

 private:
  Result<Digest> read_one(const Node& node) const;

  const TileReader& tiles_;
  std::uint64_t tree_size_;
  mutable std::map<TileId, HashLevels> seen_;  // each tile as the small tree that it is
};

}  // namespace entraide::merkle
