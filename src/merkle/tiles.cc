#include "merkle/tiles.h"

#include "codec/codec.h"
#include "merkle/lines.h"

namespace entraide::merkle {

namespace {

constexpr std::string_view kTilePrefix = "tile/";
constexpr std::string_view kEntriesPrefix = "tile/entries/";
constexpr unsigned kLevelMax = 63;

std::string index_and_width(std::uint64_t index, unsigned width) {
  ENSURE(width >= 1 && width <= kTileWidth);
  const auto group = [](std::uint64_t value) {
    std::string digits = std::to_string(value);
    return std::string(3 - digits.size(), '0') + digits;
  };
  std::string out = group(index % 1000);
  for (index /= 1000; index != 0; index /= 1000) out = "x" + group(index % 1000) + "/" + out;
  if (width < kTileWidth) out += ".p/" + std::to_string(width);
  return out;
}

std::unexpected<Error> bad_path(std::string_view what) {
  return fail(Errc::invalid, "merkle.tile.path", "tile path: " + std::string(what));
}

struct IndexAndWidth {
  std::uint64_t index = 0;
  unsigned width = kTileWidth;
};

// `x001/x234/067` or `x001/x234/067.p/17`: groups of three digits, all but the last with an x, the first not zero
// unless it is the only one.
Result<IndexAndWidth> parse_index_and_width(std::string_view text) {
  IndexAndWidth out;
  const std::size_t dot = text.find('.');
  if (dot != std::string_view::npos) {
    const std::string_view suffix = text.substr(dot);
    if (!suffix.starts_with(".p/")) return bad_path("something else than .p/ and a width after the index");
    const std::optional<std::uint64_t> width = decimal(suffix.substr(3), kTileWidth - 1);
    if (!width || *width == 0) return bad_path("the width is not a number from 1 to 255");
    out.width = static_cast<unsigned>(*width);
    text = text.substr(0, dot);
  }
  for (bool first = true;; first = false) {
    const bool more = text.starts_with('x');
    if (more) text.remove_prefix(1);
    if (text.size() < 3 || text.find_first_not_of("0123456789") < 3)
      return bad_path("the index is not in groups of three digits");
    const auto digit = [&](std::size_t at) { return static_cast<std::uint64_t>(text[at] - '0'); };
    const std::uint64_t group = digit(0) * 100 + digit(1) * 10 + digit(2);
    text.remove_prefix(3);
    if (more && first && group == 0) return bad_path("the index begins with a group of zeros");
    if (out.index > (kTreeSizeMax - group) / 1000) return bad_path("the index is too large");
    out.index = out.index * 1000 + group;
    if (!more) break;
    if (!text.starts_with('/')) return bad_path("a group of the index does not end in a slash");
    text.remove_prefix(1);
  }
  if (!text.empty()) return bad_path("something after the index");
  return out;
}

template <class Id, class Make>
void add_new(std::vector<Id>& to, std::uint64_t old_count, std::uint64_t new_count, const Make& make) {
  for (std::uint64_t index = old_count / kTileWidth; index * kTileWidth < new_count; ++index)
    to.push_back(make(index, static_cast<unsigned>(std::min(kTileWidth, new_count - index * kTileWidth))));
}

std::uint64_t nodes_at(unsigned tile_level, std::uint64_t tree_size) {
  return tile_level >= 8 ? 0 : tree_size >> (kTileHeight * tile_level);
}

Result<std::vector<Digest>> hashes_of(BytesView tile, unsigned width) {
  if (tile.size() != std::size_t{32} * width)
    return fail(Errc::not_authentic, "merkle.tile.size",
                "tile: " + std::to_string(tile.size()) + " bytes, not " + std::to_string(width) + " hashes");
  std::vector<Digest> out(width);
  for (unsigned i = 0; i < width; ++i) out[i] = codec::hash_from_bytes<Digest>(tile.subspan(std::size_t{32} * i, 32));
  return out;
}

}  // namespace

// ---- paths ---------------------------------------------------------------------------------

std::string tile_path(const TileId& tile) {
  ENSURE(tile.level <= kLevelMax);
  return std::string(kTilePrefix) + std::to_string(tile.level) + "/" + index_and_width(tile.index, tile.width);
}

std::string bundle_path(const BundleId& bundle) {
  return std::string(kEntriesPrefix) + index_and_width(bundle.index, bundle.width);
}

Result<TileId> parse_tile_path(std::string_view path) {
  if (!path.starts_with(kTilePrefix)) return bad_path("does not begin with tile/");
  path.remove_prefix(kTilePrefix.size());
  const std::size_t slash = path.find('/');
  if (slash == std::string_view::npos) return bad_path("no index");
  const std::optional<std::uint64_t> level = decimal(path.substr(0, slash), kLevelMax);
  if (!level) return bad_path("the level is not a number from 0 to 63");
  const IndexAndWidth rest = TRY(parse_index_and_width(path.substr(slash + 1)));
  return TileId{static_cast<unsigned>(*level), rest.index, rest.width};
}

Result<BundleId> parse_bundle_path(std::string_view path) {
  if (!path.starts_with(kEntriesPrefix)) return bad_path("does not begin with tile/entries/");
  const IndexAndWidth rest = TRY(parse_index_and_width(path.substr(kEntriesPrefix.size())));
  return BundleId{rest.index, rest.width};
}

// ---- which tiles a tree has ----------------------------------------------------------------

std::vector<TileId> new_tiles(std::uint64_t old_size, std::uint64_t new_size) {
  ENSURE(old_size <= new_size && new_size <= kTreeSizeMax);
  std::vector<TileId> out;
  for (unsigned level = 0; nodes_at(level, old_size) != nodes_at(level, new_size); ++level)
    add_new(out, nodes_at(level, old_size), nodes_at(level, new_size),
            [&](std::uint64_t index, unsigned width) { return TileId{level, index, width}; });
  return out;
}

std::vector<BundleId> new_bundles(std::uint64_t old_size, std::uint64_t new_size) {
  ENSURE(old_size <= new_size && new_size <= kTreeSizeMax);
  std::vector<BundleId> out;
  if (old_size != new_size)
    add_new(out, old_size, new_size, [](std::uint64_t index, unsigned width) { return BundleId{index, width}; });
  return out;
}

unsigned tile_width(unsigned level, std::uint64_t index, std::uint64_t tree_size) {
  const std::uint64_t nodes = nodes_at(level, tree_size);
  if (index >= nodes / kTileWidth + 1) return 0;
  return static_cast<unsigned>(std::min(kTileWidth, nodes - index * kTileWidth));
}

// ---- bundles -------------------------------------------------------------------------------

Result<Bytes> bundle_bytes(std::span<const Bytes> entries) {
  if (entries.empty() || entries.size() > kTileWidth)
    return fail(Errc::invalid, "merkle.bundle", "bundle: a bundle holds 1 to 256 entries");
  Bytes out;
  for (const Bytes& entry : entries) {
    if (entry.size() > kBundleEntryBytesMax)
      return fail(Errc::too_large, "merkle.bundle", "bundle: an entry is over 65,535 bytes");
    codec::append_be16(out, static_cast<std::uint16_t>(entry.size()));
    append(out, entry);
  }
  return out;
}

Result<std::vector<Bytes>> parse_bundle(BytesView bundle, unsigned width) {
  ENSURE(width >= 1 && width <= kTileWidth);
  std::vector<Bytes> out;
  for (; !bundle.empty() && out.size() < width;) {
    if (bundle.size() < 2) return fail(Errc::invalid, "merkle.bundle", "bundle: ends within a length");
    const std::size_t size = codec::read_be16(bundle.first(2));
    bundle = bundle.subspan(2);
    if (bundle.size() < size) return fail(Errc::invalid, "merkle.bundle", "bundle: ends within an entry");
    out.emplace_back(bundle.begin(), bundle.begin() + static_cast<std::ptrdiff_t>(size));
    bundle = bundle.subspan(size);
  }
  if (out.size() != width || !bundle.empty())
    return fail(Errc::invalid, "merkle.bundle", "bundle: does not hold " + std::to_string(width) + " entries");
  return out;
}

// ---- writing tiles -------------------------------------------------------------------------

Result<> extend_tiles(std::uint64_t old_size, std::span<const Digest> leaf_hashes, const TileReader& from,
                      TileWriter& to) {
  ENSURE(old_size <= kTreeSizeMax - leaf_hashes.size());
  const std::uint64_t new_size = old_size + leaf_hashes.size();
  std::vector<Digest> fresh(leaf_hashes.begin(), leaf_hashes.end());  // new hashes of the level
  for (unsigned level = 0; !fresh.empty(); ++level) {
    const std::uint64_t old_count = nodes_at(level, old_size);
    std::vector<Digest> tile;  // begins as the partial tile that was the last one
    if (const auto width = static_cast<unsigned>(old_count % kTileWidth); width != 0) {
      const Bytes bytes = TRY(from.read_tile({level, old_count / kTileWidth, width}));
      tile = TRY(hashes_of(bytes, width));
    }
    std::vector<Digest> above;
    std::uint64_t index = old_count / kTileWidth;
    auto next = fresh.begin();
    for (; next != fresh.end(); ++index) {
      const auto room = static_cast<std::ptrdiff_t>(kTileWidth - tile.size());
      const std::ptrdiff_t take = std::min(room, fresh.end() - next);
      tile.insert(tile.end(), next, next + take);
      next += take;
      const auto width = static_cast<unsigned>(tile.size());
      ENSURE(width == tile_width(level, index, new_size));
      Bytes bytes;
      bytes.reserve(std::size_t{32} * width);
      for (const Digest& hash : tile) append(bytes, hash.view());
      TRY(to.write_tile({level, index, width}, bytes));
      if (width == kTileWidth) {
        Frontier root;
        for (const Digest& hash : tile) root.append(hash);
        above.push_back(root.root());
      }
      tile.clear();
    }
    fresh = std::move(above);
  }
  return {};
}

// ---- reading tiles -------------------------------------------------------------------------

Result<> TileHashReader::read(std::span<const Node> nodes, std::span<Digest> hashes) const {
  ENSURE(nodes.size() == hashes.size());
  for (std::size_t i = 0; i < nodes.size(); ++i) hashes[i] = TRY(read_one(nodes[i]));
  return {};
}

Result<Digest> TileHashReader::read_one(const Node& node) const {
  // The node is `height` levels above the hashes of its tile, where it stands for 2^height of them.
  const unsigned level = node.level / kTileHeight;
  const unsigned height = node.level % kTileHeight;
  const std::uint64_t index = node.index >> (kTileHeight - height);
  const unsigned width = tile_width(level, index, tree_size_);
  const Node within = {height, node.index & ((kTileWidth >> height) - 1)};
  if ((within.index + 1) << height > width)
    return fail(Errc::not_found, "merkle.hash.missing",
                "ledger: a tree of size " + std::to_string(tree_size_) + " has no hash at level " +
                    std::to_string(node.level) + ", index " + std::to_string(node.index));
  const TileId id = {level, index, width};
  auto seen = seen_.find(id);
  if (seen == seen_.end()) {
    const Bytes bytes = TRY(tiles_.read_tile(id));
    HashLevels levels;
    const std::vector<Digest> leaves = TRY(hashes_of(bytes, width));
    for (const Digest& leaf : leaves) levels.append(leaf);
    seen = seen_.emplace(id, std::move(levels)).first;
  }
  Digest out;
  TRY(seen->second.read(std::span(&within, 1), std::span(&out, 1)));
  return out;
}

}  // namespace entraide::merkle
