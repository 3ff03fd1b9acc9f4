#pragma once

// What the tests of this folder share: the tree as RFC 6962 defines it, by recursion, without any of the shortcuts
// that the folder takes; and the golden values of tests/vectors.

#include <bit>
#include <fstream>
#include <sstream>

#include "base/random.h"
#include "codec/codec.h"
#include "codec/json.h"
#include "merkle/merkle.h"
#include "testing/testing.h"

namespace entraide::merkle::test {

using Hashes = std::span<const Digest>;

/// The largest power of two smaller than `n`; `n` is at least 2.
inline std::size_t split_point(std::size_t n) { return std::bit_floor(n - 1); }

/// MTH of RFC 6962 section 2.1, over leaf hashes.
inline Digest naive_root(Hashes d) {
  if (d.empty()) return empty_root();
  if (d.size() == 1) return d[0];
  const std::size_t k = split_point(d.size());
  return node_hash(naive_root(d.first(k)), naive_root(d.subspan(k)));
}

/// PATH(m, D[n]) of section 2.1.1.
inline Proof naive_inclusion(std::size_t m, Hashes d) {
  if (d.size() == 1) return {};
  const std::size_t k = split_point(d.size());
  Proof out = m < k ? naive_inclusion(m, d.first(k)) : naive_inclusion(m - k, d.subspan(k));
  out.push_back(m < k ? naive_root(d.subspan(k)) : naive_root(d.first(k)));
  return out;
}

/// SUBPROOF(m, D[n], b) of section 2.1.2.
inline Proof naive_subproof(std::size_t m, Hashes d, bool whole) {
  if (m == d.size()) return whole ? Proof{} : Proof{naive_root(d)};
  const std::size_t k = split_point(d.size());
  Proof out = m <= k ? naive_subproof(m, d.first(k), whole) : naive_subproof(m - k, d.subspan(k), false);
  out.push_back(m <= k ? naive_root(d.subspan(k)) : naive_root(d.first(k)));
  return out;
}

/// The seed of this run: `--rand-seed=7` sets it. Put it into an INFO, so that a failure prints it.
inline std::uint64_t seed() { return doctest::getContextOptions()->rand_seed; }

inline Digest random_hash(Random& random) { return codec::hash_from_bytes<Digest>(random.bytes(32)); }
inline std::vector<Digest> random_hashes(Random& random, std::size_t count) {
  std::vector<Digest> out(count);
  for (Digest& hash : out) random.fill(hash.value);
  return out;
}
inline std::uint64_t below(Random& random, std::uint64_t end) { return random.number() % end; }

inline HashLevels levels_of(Hashes leaves) {
  HashLevels out;
  for (const Digest& leaf : leaves) out.append(leaf);
  return out;
}

/// An Ed25519 key that is always the same for the same name.
inline crypto::LogSigningKey test_key(std::uint64_t number) {
  SeededRandom random(number);
  return crypto::LogSigningKey::generate(random);
}

inline std::string vector_text(const std::string& name) {
  std::ifstream file(ENTRAIDE_SOURCE_DIR "/tests/vectors/" + name, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  REQUIRE_MESSAGE(!text.str().empty(), name);
  return text.str();
}
inline codec::Json vector_json(const std::string& name) { return MUST(codec::parse_json(vector_text(name))); }

/// The 300 entries of ledger.json. Its blinds and body digests are SHAKE-256 of a rule given there; computed
/// once, they stand in ledger-entries.txt: a line for each entry, blind and digest in hexadecimal.
inline std::vector<Entry> vector_entries() {
  std::vector<Entry> out;
  std::istringstream lines(vector_text("ledger-entries.txt"));
  for (std::string blind, digest; lines >> blind >> digest;) {
    const Blind b = codec::hash_from_bytes<Blind>(MUST(codec::from_hex(blind)));
    const Digest d = codec::hash_from_bytes<Digest>(MUST(codec::from_hex(digest)));
    const auto i = static_cast<std::int64_t>(out.size());
    out.push_back({i % 10 == 0 ? EntryKind::dir : EntryKind::act, 1767323045 + i, commit(b, d)});
  }
  return out;
}
inline std::vector<Digest> vector_leaves() {
  std::vector<Digest> out;
  for (const Entry& entry : vector_entries()) out.push_back(leaf_hash(bytes_of(to_text(entry))));
  return out;
}

/// `text` with the first `what` replaced.
inline std::string with(std::string text, std::string_view what, std::string_view by) {
  const std::size_t at = text.find(what);
  REQUIRE_MESSAGE(at != std::string::npos, what);
  return text.replace(at, what.size(), by);
}

}  // namespace entraide::merkle::test
