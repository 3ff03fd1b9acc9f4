#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "text/train/train.h"

namespace entraide::train {

namespace {

// A step as a number: FNV-1a over its unit and letters. Two steps that met in it would be counted as one; with a million
// steps the odds are one in ten million.
std::uint64_t packed(char32_t unit, std::string_view letters) {
  std::uint64_t out = (0xcbf29ce484222325U ^ unit) * 0x100000001b3U;
  for (const char c : letters) out = (out ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  return out ^ (out >> 31);
}

class Alignment {
 public:
  Alignment(const std::vector<Pair>& pairs, const Shape& shape) : pairs_(pairs), max_(shape.letters_max) {}

  void seed(const Step& step, double weight) { seeds_[packed(step.unit, step.letters)] = weight; }

  // One round of expectation maximisation; the first one knows only that every letter is as likely as any other.
  void round(bool first) {
    std::unordered_map<std::uint64_t, double> counts;
    double total = 0;
    for (std::size_t p = 0; p < pairs_.size(); ++p) {
      if (!fits(p)) continue;
      const Pair& pair = pairs_[p];
      forward(pair, first);
      backward(pair, first);
      const std::size_t n = pair.units.size(), m = pair.latin.size();
      const double whole = alpha(n, m);
      if (!(whole > 0)) continue;
      for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = 0; j <= m; ++j) {
          const double before = alpha(i, j);
          if (!(before > 0)) continue;
          for (std::size_t k = 0; k <= std::min(max_, m - j); ++k) {
            const double share =
                before * probability(pair, i, j, k, first) * beta(i + 1, j + k) / whole * pair.weight;
            if (share < 1e-4) continue;
            counts[packed(pair.units[i], std::string_view(pair.latin).substr(j, k))] += share;
            total += share;
          }
        }
      }
    }
    for (const auto& [key, weight] : seeds_) counts[key] += weight, total += weight;
    table_.clear();
    constexpr double kRare = 0.3;
    for (const auto& [key, count] : counts)
      if (count >= kRare) table_[key] = count / total;
  }

  bool fits(std::size_t pair) const { return out_.empty() || !out_[pair]; }

  void leave_out(double share) {
    std::vector<double> fit;
    for (const Pair& pair : pairs_) fit.push_back(best(pair).second);
    std::vector<double> sorted = fit;
    std::ranges::sort(sorted);
    if (sorted.empty()) return;
    const double floor =
        std::max(sorted[static_cast<std::size_t>(static_cast<double>(sorted.size()) * share)], -1e200);
    out_.clear();
    for (const double one : fit) out_.push_back(one < floor);
  }

  // The likeliest chain, and its log probability per symbol.
  std::pair<Chain, double> best(const Pair& pair) {
    const std::size_t n = pair.units.size(), m = pair.latin.size();
    std::vector<double> score((n + 1) * (m + 1), -1e300);
    std::vector<std::uint8_t> taken((n + 1) * (m + 1), 0);
    score[0] = 0;
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j <= m; ++j) {
        if (score[i * (m + 1) + j] < -1e299) continue;
        for (std::size_t k = 0; k <= std::min(max_, m - j); ++k) {
          const double p = probability(pair, i, j, k, false);
          if (!(p > 0)) continue;
          const double next = score[i * (m + 1) + j] + std::log(p);
          const std::size_t at = (i + 1) * (m + 1) + j + k;
          if (next > score[at]) score[at] = next, taken[at] = static_cast<std::uint8_t>(k);
        }
      }
    }
    Chain chain(n);
    const double whole = score[n * (m + 1) + m];
    if (whole < -1e299) return {{}, -1e300};
    for (std::size_t i = n, j = m; i > 0; --i) {
      const std::size_t k = taken[i * (m + 1) + j];
      chain[i - 1] = {pair.units[i - 1], pair.latin.substr(j - k, k)};
      j -= k;
    }
    return {chain, whole / static_cast<double>(n + m)};
  }

 private:
  double& alpha(std::size_t i, std::size_t j) { return alpha_[i * 64 + j]; }
  double& beta(std::size_t i, std::size_t j) { return beta_[i * 64 + j]; }

  double probability(const Pair& pair, std::size_t i, std::size_t j, std::size_t k, bool first) const {
    if (first) return std::pow(1.0 / 26, static_cast<double>(k)) * (k == 0 ? 0.3 : k <= 2 ? 1.0 : 0.3);
    const auto at = table_.find(packed(pair.units[i], std::string_view(pair.latin).substr(j, k)));
    return at == table_.end() ? 0 : at->second;
  }
  void forward(const Pair& pair, bool first) {
    const std::size_t n = pair.units.size(), m = pair.latin.size();
    for (std::size_t i = 0; i <= n; ++i) std::fill_n(&alpha(i, 0), m + 1, 0.0);
    alpha(0, 0) = 1;
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j <= m; ++j)
        if (alpha(i, j) > 0)
          for (std::size_t k = 0; k <= std::min(max_, m - j); ++k)
            alpha(i + 1, j + k) += alpha(i, j) * probability(pair, i, j, k, first);
  }
  void backward(const Pair& pair, bool first) {
    const std::size_t n = pair.units.size(), m = pair.latin.size();
    for (std::size_t i = 0; i <= n; ++i) std::fill_n(&beta(i, 0), m + 1, 0.0);
    beta(n, m) = 1;
    for (std::size_t i = n; i-- > 0;)
      for (std::size_t j = 0; j <= m; ++j)
        for (std::size_t k = 0; k <= std::min(max_, m - j); ++k)
          beta(i, j) += beta(i + 1, j + k) * probability(pair, i, j, k, first);
  }

  const std::vector<Pair>& pairs_;
  const std::size_t max_;
  std::vector<bool> out_;  // which pairs are left out
  std::map<std::uint64_t, double> seeds_;
  std::unordered_map<std::uint64_t, double> table_;
  std::vector<double> alpha_ = std::vector<double>(64 * 64), beta_ = std::vector<double>(64 * 64);
};

}  // namespace

Aligned align(const std::vector<Pair>& pairs, const Shape& shape, const std::vector<Step>& seeds) {
  constexpr int kFirst = 5, kSecond = 4;
  Alignment alignment(pairs, shape);
  for (const Step& step : seeds) alignment.seed(step, 1);
  for (int round = 0; round < kFirst; ++round) alignment.round(round == 0);
  // What fits worst is mostly a translation, or two different parts of one person's name: the rest is learned without it.
  alignment.leave_out(shape.unfit);
  for (int round = 0; round < kSecond; ++round) alignment.round(false);
  Aligned out;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    Chain chain = alignment.fits(i) ? alignment.best(pairs[i]).first : Chain();
    if (chain.empty()) {
      ++out.dropped;
      continue;
    }
    out.chains.emplace_back(std::move(chain), pairs[i].weight);
  }
  return out;
}

}  // namespace entraide::train
