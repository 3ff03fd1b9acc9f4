// write_log DIR SIZE: a log of SIZE entries in DIR, as static files, for somebody else's program to check.
//
//   checkpoint              signed by the log, cosigned by one witness
//   checkpoints/<n>         an earlier one, after each batch that was kept
//   consistency/<n>         hashes in base64, one a line: from checkpoints/<n> to checkpoint
//   tile/...                hashes and entries (c2sp.org/tlog-tiles)
//   receipts/<i>.<kind>.tlog-proof, <i>.<kind>.body
//   vkey, witness-vkey      who signed
//
// It grows in batches of changing size, as a hub's ledger does: a receipt is made when its batch is, out of the
// frontier before it, and belongs to that batch's checkpoint; tiles are written by following.

#include <charconv>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

#include "base/random.h"
#include "codec/codec.h"
#include "crypto/digest.h"
#include "merkle/merkle.h"

using namespace entraide;
using namespace entraide::merkle;

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kOrigin = "hub.example/ledger";
constexpr std::string_view kWitness = "witness.example/w1";
constexpr std::int64_t kStart = 1767323045;

class Folder final : public TileReader, public TileWriter {
 public:
  explicit Folder(fs::path root) : root_(std::move(root)) {}

  Result<> write(const std::string& name, BytesView bytes) {
    const fs::path path = root_ / name;
    std::error_code failed;
    fs::create_directories(path.parent_path(), failed);
    std::ofstream out(path, std::ios::binary | std::ios::trunc);
    out.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    if (!out.flush()) return fail(Errc::storage, "write_log.write", path.string() + ": cannot be written");
    return {};
  }
  Result<> write_tile(const TileId& tile, BytesView hashes) override { return write(tile_path(tile), hashes); }
  Result<Bytes> read_tile(const TileId& tile) const override {
    std::ifstream in(root_ / tile_path(tile), std::ios::binary);
    if (!in) return fail(Errc::not_found, "write_log.read", tile_path(tile) + ": is not there");
    return Bytes(std::istreambuf_iterator<char>(in), {});
  }

 private:
  fs::path root_;
};

struct Log {
  Folder folder;
  SeededRandom random{7};
  crypto::LogSigningKey key = crypto::LogSigningKey::generate(random);
  crypto::LogSigningKey witness_key = crypto::LogSigningKey::generate(random);
  Frontier frontier{};
  std::vector<Bytes> entries{};
  std::vector<Digest> leaves{};
  std::vector<std::pair<std::uint64_t, Digest>> checkpoints{};

  Result<> grow(std::uint64_t count);
  Result<> finish();
};

struct Body {
  std::string text;
  Entry entry;
  Blind blind;
};

Body next_body(Log& log, std::uint64_t index) {
  constexpr EntryKind kKinds[] = {EntryKind::dir, EntryKind::act, EntryKind::map, EntryKind::note};
  Body out{.text = "body of entry " + std::to_string(index) + "\n", .entry = {}, .blind = {}};
  log.random.fill(out.blind.value);
  out.entry = {kKinds[index % 4], kStart + static_cast<std::int64_t>(index),
               commit(out.blind, crypto::sha256(std::string_view(out.text)))};
  return out;
}

Result<> Log::grow(std::uint64_t count) {
  const std::uint64_t old_size = leaves.size();
  std::vector<Body> bodies;
  for (std::uint64_t i = 0; i < count; ++i) {
    bodies.push_back(next_body(*this, old_size + i));
    entries.push_back(to_bytes(to_text(bodies.back().entry)));
    leaves.push_back(leaf_hash(entries.back()));
  }
  const std::span<const Digest> batch = std::span(leaves).subspan(old_size);
  const BatchProver prover(frontier, batch);
  frontier = prover.frontier();

  SignedCheckpoint checkpoint = sign_checkpoint({std::string(kOrigin), prover.tree_size(), prover.root()}, key);
  checkpoint.note.signatures.push_back(
      cosign_note(checkpoint.note.text, kWitness, witness_key, kStart + static_cast<std::int64_t>(leaves.size())));
  const std::string text = to_text(checkpoint.note);
  TRY(folder.write("checkpoints/" + std::to_string(leaves.size()), bytes_of(text)));
  TRY(folder.write("checkpoint", bytes_of(text)));
  checkpoints.emplace_back(prover.tree_size(), prover.root());

  for (const std::size_t position : {std::size_t{0}, bodies.size() / 2, bodies.size() - 1}) {
    const Body& body = bodies[position];
    const Receipt receipt{body.blind, body.entry.unix_seconds, old_size + position, prover.inclusion(position),
                          checkpoint};
    const std::string name =
        "receipts/" + std::to_string(receipt.leaf_index) + "." + std::string(to_text(body.entry.kind));
    TRY(folder.write(name + ".tlog-proof", bytes_of(to_text(receipt))));
    TRY(folder.write(name + ".body", bytes_of(body.text)));
  }

  TRY(extend_tiles(old_size, batch, folder, folder));
  for (const BundleId& bundle : new_bundles(old_size, leaves.size())) {
    const Bytes bytes = TRY(bundle_bytes(std::span(entries).subspan(bundle.index * kTileWidth, bundle.width)));
    TRY(folder.write(bundle_path(bundle), bytes));
  }
  return {};
}

Result<> Log::finish() {
  const TileHashReader reader(folder, leaves.size());
  const Prover prover = TRY(Prover::at(reader, leaves.size()));
  ENSURE(prover.root() == frontier.root());
  for (const auto& [size, root] : checkpoints) {
    const Proof proof = TRY(prover.consistency(size));
    TRY(verify_consistency(size, root, prover.tree_size(), prover.root(), proof));
    std::string text;
    for (const Digest& hash : proof) text += codec::base64(hash.view()) + "\n";
    TRY(folder.write("consistency/" + std::to_string(size), bytes_of(text)));
  }
  const NoteVerifier log(std::string(kOrigin), SignatureType::ed25519, key.verify_key());
  const NoteVerifier witness(std::string(kWitness), SignatureType::cosignature_v1, witness_key.verify_key());
  TRY(folder.write("vkey", bytes_of(log.vkey() + "\n")));
  return folder.write("witness-vkey", bytes_of(witness.vkey() + "\n"));
}

Result<> write_log(const fs::path& root, std::uint64_t size) {
  Log log{.folder = Folder(root)};
  while (log.leaves.size() < size) {
    // Small batches at first, so that every width of a small tree is met; then as large as they come.
    const std::uint64_t most = log.leaves.size() < 600 ? 40 : 6000;
    TRY(log.grow(std::min(size - log.leaves.size(), 1 + log.random.number() % most)));
  }
  return log.finish();
}

}  // namespace

int main(int count, char** arguments) {
  std::uint64_t size = 0;
  const std::string_view text = count == 3 ? arguments[2] : "";
  const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), size);
  if (wrong != std::errc() || end != text.data() + text.size() || size == 0 || size > 10'000'000) {
    std::cerr << "usage: write_log DIR SIZE (1 to 10,000,000)\n";
    return 2;
  }
  if (const Result<> done = write_log(arguments[1], size); !done) {
    std::cerr << done.error().message << "\n";
    return 1;
  }
  return 0;
}
