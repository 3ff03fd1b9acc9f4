// The ledger's arithmetic against its limit: SHA-256 of one 65-byte node, measured in the same run.
//   ledger_bench [--leaves=N]   default 10,000,000; --small: 1,000,000

#include "bench/measure.h"
#include "codec/codec.h"
#include "crypto/digest.h"
#include "merkle/merkle.h"

using namespace entraide;

namespace {

// A leaf's hash costs a SHA-256 of its own; here only the tree is looked at.
Digest leaf_of(std::uint64_t number) {
  Digest out;
  for (int i = 0; i < 8; ++i) out.value[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(number >> (8 * i));
  return out;
}

struct Rate {
  double a_second;
  double hashes;  // of 65 bytes, each
};

void print(const char* what, Rate rate, double hash_rate, double aim) {
  const double limit = rate.hashes > 0 ? hash_rate / rate.hashes : 0;
  std::printf("%-44s %12.0f/s", what, rate.a_second);
  if (limit > 0) std::printf("   %5.2f of the limit %.0f/s", rate.a_second / limit, limit);
  if (aim > 0) std::printf("   aim %.0f: %s", aim, rate.a_second >= aim ? "reached" : "NOT reached");
  std::printf("\n");
}

}  // namespace

int main(int argc, char** argv) {
  const bool small = bench::flag(argc, argv, "small");
  const auto leaves =
      static_cast<std::uint64_t>(bench::number_option(argc, argv, "leaves", small ? 1'000'000 : 10'000'000));
  bench::print_head("ledger: appends and proofs, a second of one core's CPU");
  std::printf("leaves: %llu\n", static_cast<unsigned long long>(leaves));

  Bytes node(65, 1);
  const double hash_rate = bench::rate_of([&] { node[1] = crypto::sha256(node).value[0]; }, 1024);
  std::printf("%-44s %12.0f/s\n", "limit: SHA-256 of 65 bytes", hash_rate);

  merkle::HashLevels levels;
  levels.reserve(leaves);
  double begin = bench::thread_cpu();
  for (std::uint64_t i = 0; i < leaves; ++i) levels.append(leaf_of(i));
  // Every append closes one node on average.
  print("append, hashes kept for proofs", {static_cast<double>(leaves) / (bench::thread_cpu() - begin), 1}, hash_rate,
        500'000);

  merkle::Frontier frontier;
  begin = bench::thread_cpu();
  for (std::uint64_t i = 0; i < leaves; ++i) frontier.append(leaf_of(i));
  print("append, frontier only", {static_cast<double>(leaves) / (bench::thread_cpu() - begin), 1}, hash_rate,
        500'000);
  if (frontier.root() != levels.frontier().root())
    return std::fprintf(stderr, "bench: two trees of the same leaves differ\n"), 1;

  const merkle::Prover prover = BENCH_MUST(merkle::Prover::at(levels, leaves));
  std::uint64_t at = 1;
  const auto next = [&] { return at = (at * 6364136223846793005ULL + 1442695040888963407ULL), (at >> 11) % leaves; };
  std::size_t hashes = 0;
  print("inclusion proof, made",
        {bench::rate_of([&] { hashes += BENCH_MUST(prover.inclusion(next())).size(); }, 1024), 0}, hash_rate,
        200'000);

  const std::uint64_t chosen = leaves / 3;
  const merkle::Proof proof = BENCH_MUST(prover.inclusion(chosen));
  print(
      "inclusion proof, verified",
      {bench::rate_of(
           [&] { BENCH_MUST(merkle::verify_inclusion(leaf_of(chosen), chosen, leaves, proof, prover.root())); }, 64),
       static_cast<double>(proof.size())},
      hash_rate, 0);
  print("consistency proof, made",
        {bench::rate_of([&] { hashes += BENCH_MUST(prover.consistency(1 + next())).size(); }, 256), 0}, hash_rate, 0);

  // What the committer does: a batch's leaves and receipts out of the frontier alone.
  std::vector<Digest> batch;
  for (std::uint64_t i = 0; i < 256; ++i) batch.push_back(leaf_of(i));
  const double batches = bench::rate_of(
      [&] {
        const merkle::BatchProver made(frontier, batch);
        for (std::size_t i = 0; i < batch.size(); ++i) hashes += made.inclusion(i).size();
      },
      1);
  print("append with its proof, in batches of 256", {batches * 256, 1}, hash_rate, 200'000);
  std::printf("load at the end: %.1f (%zu hashes handed out)\n", bench::load_average(), hashes);
  return 0;
}
