#include "merkle/tiles.h"

#include <set>

#include "merkle/test_support.h"

using namespace entraide;
using namespace entraide::merkle;
using namespace entraide::merkle::test;

namespace {

struct TilesInMemory final : TileReader, TileWriter {
  Result<Bytes> read_tile(const TileId& tile) const override {
    const auto found = tiles.find(tile);
    if (found == tiles.end()) return fail(Errc::not_found, "test.tile", tile_path(tile));
    return found->second;
  }
  Result<> write_tile(const TileId& tile, BytesView hashes) override {
    const auto [at, is_new] = tiles.try_emplace(tile, hashes.begin(), hashes.end());
    if (!is_new) CHECK(at->second == Bytes(hashes.begin(), hashes.end()));
    return {};
  }
  std::map<TileId, Bytes> tiles;
};

}  // namespace

TEST_CASE("a tile has one path") {
  CHECK(tile_path({0, 0, 256}) == "tile/0/000");
  CHECK(tile_path({0, 1234067, 256}) == "tile/0/x001/x234/067");
  CHECK(tile_path({1, 999, 255}) == "tile/1/999.p/255");
  CHECK(tile_path({63, 1000, 1}) == "tile/63/x001/000.p/1");
  CHECK(bundle_path({1234067, 17}) == "tile/entries/x001/x234/067.p/17");
  INFO("seed ", seed());
  SeededRandom random(seed());
  for (int i = 0; i < 2000; ++i) {
    const TileId tile = {static_cast<unsigned>(below(random, 64)), random.number() >> (1 + below(random, 63)),
                         static_cast<unsigned>(1 + below(random, 256))};
    REQUIRE(MUST(parse_tile_path(tile_path(tile))) == tile);
    const BundleId bundle = {tile.index, tile.width};
    REQUIRE(MUST(parse_bundle_path(bundle_path(bundle))) == bundle);
  }
}

TEST_CASE("what is not the path of a tile is refused") {
  for (const std::string_view wrong : {"",
                                       "tile",
                                       "tile/",
                                       "tile/0",
                                       "tile/0/",
                                       "/tile/0/000",
                                       "tile/00/000",
                                       "tile/01/000",
                                       "tile/64/000",
                                       "tile/-1/000",
                                       "tile/0/0",
                                       "tile/0/00",
                                       "tile/0/0000",
                                       "tile/0/1",
                                       "tile/0/x000",
                                       "tile/0/x000/001",
                                       "tile/0/x001",
                                       "tile/0/x001/",
                                       "tile/0/x001/x002",
                                       "tile/0/001/002",
                                       "tile/0/x01/002",
                                       "tile/0/000/",
                                       "tile/0/000.p",
                                       "tile/0/000.p/",
                                       "tile/0/000.p/0",
                                       "tile/0/000.p/256",
                                       "tile/0/000.p/257",
                                       "tile/0/000.p/01",
                                       "tile/0/000.p/+1",
                                       "tile/0/000.p/1/",
                                       "tile/0/000.q/1",
                                       "tile/0/000.p/1.p/1",
                                       "tile/0/0 0",
                                       "tile/0/00a",
                                       "tile/0/x009/x999/x999/x999/x999/x999/999",
                                       "tile/0/x999/x999/x999/x999/x999/x999/x999/999",
                                       "tile/x/000",
                                       "tile/entries/000",
                                       "tile/0//000",
                                       "tile/0/../000",
                                       "tile/0/000\n"})
    CHECK_MESSAGE(testing::rule_of(parse_tile_path(wrong)) == "merkle.tile.path", wrong);
  for (const std::string_view wrong : {"", "tile/entries", "tile/entries/", "tile/entries/0", "tile/0/000",
                                       "tile/entries/000.p/256", "tile/entries/000.p/0", "tile/entries/x000/000"})
    CHECK_MESSAGE(testing::rule_of(parse_bundle_path(wrong)) == "merkle.tile.path", wrong);
  // The largest index that a tree could have, and one more.
  CHECK(parse_tile_path("tile/0/x009/x223/x372/x036/x854/x775/807"));
  CHECK(!parse_tile_path("tile/0/x009/x223/x372/x036/x854/x775/808"));
}

TEST_CASE("a tree of 70,000 leaves has the tiles that the specification counts") {
  std::map<std::pair<unsigned, unsigned>, std::uint64_t> count;  // by level and width
  for (const TileId& tile : new_tiles(0, 70'000)) ++count[{tile.level, tile.width}];
  CHECK(count == std::map<std::pair<unsigned, unsigned>, std::uint64_t>{
                     {{0, 256}, 273}, {{0, 112}, 1}, {{1, 256}, 1}, {{1, 17}, 1}, {{2, 1}, 1}});
  CHECK(new_tiles(0, 256) == std::vector<TileId>{{0, 0, 256}, {1, 0, 1}});
  CHECK(new_tiles(255, 256) == std::vector<TileId>{{0, 0, 256}, {1, 0, 1}});
  CHECK(new_tiles(256, 257) == std::vector<TileId>{{0, 1, 1}});
  CHECK(new_tiles(256, 256).empty());
  CHECK(new_tiles(0, 0).empty());
  CHECK(new_bundles(250, 520) == std::vector<BundleId>{{0, 256}, {1, 256}, {2, 8}});
  CHECK(new_bundles(256, 256).empty());
  CHECK(tile_width(0, 273, 70'000) == 112);
  CHECK(tile_width(0, 274, 70'000) == 0);
  CHECK(tile_width(1, 1, 70'000) == 17);
  CHECK(tile_width(2, 0, 70'000) == 1);
  CHECK(tile_width(3, 0, 70'000) == 0);
  CHECK(tile_width(8, 0, kTreeSizeMax) == 0);
}

TEST_CASE("tiles written as the tree grows are those written at once") {
  INFO("seed ", seed());
  SeededRandom random(seed());
  const std::vector<Digest> leaves = random_hashes(random, 5000);
  TilesInMemory growing;
  std::set<TileId> promised;
  std::uint64_t size = 0;
  while (size < leaves.size()) {
    const std::uint64_t take = std::min(leaves.size() - size, 1 + below(random, 700));
    MUST(extend_tiles(size, Hashes(leaves).subspan(size, take), growing, growing));
    for (const TileId& tile : new_tiles(size, size + take)) promised.insert(tile);
    size += take;

    TilesInMemory at_once;
    MUST(extend_tiles(0, Hashes(leaves).first(size), at_once, at_once));
    for (const auto& [tile, bytes] : at_once.tiles) {
      REQUIRE(growing.tiles.contains(tile));
      REQUIRE(growing.tiles.at(tile) == bytes);
    }
    std::vector<TileId> written;
    for (const auto& [tile, bytes] : at_once.tiles) written.push_back(tile);
    REQUIRE(written == new_tiles(0, size));

    const TileHashReader reader(growing, size);
    const HashLevels levels = levels_of(Hashes(leaves).first(size));
    const Prover by_tiles = MUST(Prover::at(reader, size));
    const Prover by_levels = MUST(Prover::at(levels, size));
    REQUIRE(by_tiles.root() == by_levels.root());
    for (int i = 0; i < 20; ++i) {
      const std::uint64_t index = below(random, size);
      REQUIRE(MUST(by_tiles.inclusion(index)) == MUST(by_levels.inclusion(index)));
      REQUIRE(MUST(by_tiles.consistency(index)) == MUST(by_levels.consistency(index)));
    }
  }
  std::set<TileId> written;
  for (const auto& [tile, bytes] : growing.tiles) written.insert(tile);
  CHECK(written == promised);
}

TEST_CASE("a tile of the wrong size or none at all is noticed") {
  SeededRandom random(5);
  const std::vector<Digest> leaves = random_hashes(random, 300);
  TilesInMemory tiles;
  MUST(extend_tiles(0, leaves, tiles, tiles));
  const TileHashReader fresh(tiles, 300);
  CHECK(testing::rule_of(Prover::at(fresh, 301)) == "merkle.hash.missing");  // beyond the tree

  TilesInMemory cut = tiles;
  cut.tiles[{0, 1, 44}].pop_back();
  const TileHashReader reader(cut, 300);
  CHECK(testing::rule_of(Prover::at(reader, 300)) == "merkle.tile.size");
  CHECK(testing::rule_of(extend_tiles(300, Hashes(leaves).first(1), cut, cut)) == "merkle.tile.size");
  cut.tiles.erase({0, 1, 44});
  CHECK(testing::rule_of(extend_tiles(300, Hashes(leaves).first(1), cut, cut)) == "test.tile");

  TilesInMemory changed = tiles;
  changed.tiles[{0, 0, 256}][77] ^= 1;
  const TileHashReader other(changed, 300);
  // The root reads the right edge only; a proof through the changed tile leads elsewhere.
  const Prover prover = MUST(Prover::at(other, 300));
  CHECK(!verify_inclusion(leaves[3], 3, 300, MUST(prover.inclusion(3)), naive_root(leaves)));
}

TEST_CASE("a bundle keeps its entries apart") {
  const std::vector<Bytes> entries = {to_bytes("one"), {}, to_bytes(std::string(kBundleEntryBytesMax, 'x'))};
  const Bytes bundle = MUST(bundle_bytes(entries));
  CHECK(codec::hex(BytesView(bundle).first(7)) == "00036f6e650000");
  CHECK(MUST(parse_bundle(bundle, 3)) == entries);
  CHECK(testing::rule_of(parse_bundle(bundle, 2)) == "merkle.bundle");
  CHECK(testing::rule_of(parse_bundle(bundle, 4)) == "merkle.bundle");
  CHECK(testing::rule_of(parse_bundle({}, 1)) == "merkle.bundle");
  CHECK(testing::rule_of(parse_bundle(BytesView(bundle).first(bundle.size() - 1), 3)) == "merkle.bundle");
  CHECK(testing::rule_of(parse_bundle(BytesView(bundle).first(6), 2)) == "merkle.bundle");
  Bytes longer = bundle;
  longer.push_back(0);
  CHECK(testing::rule_of(parse_bundle(longer, 3)) == "merkle.bundle");
  CHECK(testing::rule_of(bundle_bytes({})) == "merkle.bundle");
  CHECK(testing::rule_of(bundle_bytes(std::vector<Bytes>(257))) == "merkle.bundle");
  CHECK(testing::rule_of(bundle_bytes(std::vector<Bytes>{Bytes(kBundleEntryBytesMax + 1)})) == "merkle.bundle");
  CHECK(MUST(parse_bundle(MUST(bundle_bytes(std::vector<Bytes>(256))), 256)).size() == 256);
}
