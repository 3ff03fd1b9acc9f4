// What a server of tiles is asked for and what a client of one reads: paths, bundles, frontiers, proofs.

#include "codec/codec.h"
#include "merkle/merkle.h"

using namespace entraide;
using namespace entraide::merkle;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const BytesView bytes = {data, size};
  const std::string_view text = text_of(bytes);
  if (const auto tile = parse_tile_path(text)) ENSURE(tile_path(*tile) == text);
  if (const auto bundle = parse_bundle_path(text)) ENSURE(bundle_path(*bundle) == text);
  if (const auto frontier = Frontier::parse(bytes)) {
    ENSURE(frontier->serialise() == Bytes(bytes.begin(), bytes.end()));
    (void)frontier->root();
  }
  if (size > 0) {
    const unsigned width = data[0] + 1u;
    if (const auto entries = parse_bundle(bytes.subspan(1), width)) {
      ENSURE(entries->size() == width);
      const auto again = bundle_bytes(*entries);
      ENSURE(again && *again == Bytes(bytes.begin() + 1, bytes.end()));
    }
  }
  if (size >= 16) {
    // Two numbers and hashes as a proof: no sizes and no hashes may upset the verifiers, and none may be believed.
    const std::uint64_t first = codec::read_be64(bytes.first(8)), second = codec::read_be64(bytes.subspan(8, 8));
    Proof proof;
    for (BytesView rest = bytes.subspan(16); rest.size() >= 32; rest = rest.subspan(32))
      proof.push_back(codec::hash_from_bytes<Digest>(rest.first(32)));
    const Digest root = {};  // nobody knows what hashes to it
    ENSURE(!verify_inclusion(empty_root(), first, second, proof, root));
    // (Every tree begins with the empty one, whatever its root.)
    if (first != 0) ENSURE(!verify_consistency(first, empty_root(), second, root, proof));
  }
  return 0;
}
