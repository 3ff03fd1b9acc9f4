#include <algorithm>
#include <cmath>

#include "text/train/train.h"

namespace entraide::train {

namespace {

using Ids = std::vector<std::uint16_t>;

struct Gram {
  double count = 0;        // adjusted: of the highest order as seen, below how many different steps come before
  double probability = 0;
  double back_off = 1;
  bool kept = true;
};
using Grams = std::map<Ids, Gram>;

void append_number(std::string& out, std::uint32_t value) {
  while (value >= 0x80) {
    out.push_back(static_cast<char>(value | 0x80));
    value >>= 7;
  }
  out.push_back(static_cast<char>(value));
}

std::uint8_t probability_byte(double p) {
  return static_cast<std::uint8_t>(std::clamp(std::lround(-std::log2(p) * 8), 0L, 255L));
}
std::uint8_t back_off_byte(double b) {
  return static_cast<std::uint8_t>(std::clamp(std::lround(std::log2(b) * 16) + 128, 0L, 255L));
}

Ids tail(const Ids& ids) { return Ids(ids.begin() + 1, ids.end()); }
Ids head(const Ids& ids) { return Ids(ids.begin(), ids.end() - 1); }

class Model {
 public:
  Model(const Aligned& aligned, const Shape& shape, const std::vector<Step>& seeds)
      : order_(shape.order), grams_(shape.order + 1) {
    collect_steps(aligned, seeds);
    count(aligned);
    estimate();
  }

  // Keeps what changes the model most for its bytes, and fits the back-off weights to what is kept.
  std::string fitted(std::size_t bytes_max) {
    std::vector<std::pair<double, const Ids*>> worth;
    for (std::size_t n = 2; n <= order_; ++n)
      for (auto& [ids, gram] : grams_[n]) worth.emplace_back(worth_of(n, ids, gram), &ids);
    std::ranges::sort(worth, [](const auto& a, const auto& b) {
      return a.first != b.first ? a.first > b.first : *a.second < *b.second;
    });
    std::size_t low = 0, high = worth.size();
    std::string best = (keep(worth, 0), written());
    while (low < high) {
      const std::size_t middle = (low + high + 1) / 2;
      keep(worth, middle);
      std::string table = written();
      if (table.size() <= bytes_max) {
        low = middle;
        best = std::move(table);
      } else {
        high = middle - 1;
      }
    }
    return best;
  }

 private:
  void collect_steps(const Aligned& aligned, const std::vector<Step>& seeds) {
    std::map<Step, double> all;
    for (const auto& [chain, weight] : aligned.chains)
      for (const Step& step : chain) all[step] += weight;
    std::map<char32_t, double> units;
    for (const auto& [step, weight] : all) units[step.unit] += weight;
    constexpr double kShareMin = 0.0015, kCountMin = 2.5;
    for (const auto& [step, weight] : all)
      if (weight >= kCountMin && weight >= units[step.unit] * kShareMin) ids_.emplace(step, 0);
    for (const Step& step : seeds) ids_.emplace(step, 0);
    std::uint16_t next = 2;
    for (auto& [step, id] : ids_) id = next++;
    seeds_ = &seeds;
  }

  void count(const Aligned& aligned) {
    for (const auto& [chain, weight] : aligned.chains) {
      Ids ids{0};
      for (const Step& step : chain) {
        const auto at = ids_.find(step);
        if (at == ids_.end()) break;
        ids.push_back(at->second);
      }
      if (ids.size() != chain.size() + 1) continue;
      ids.push_back(1);
      for (std::size_t end = 1; end < ids.size(); ++end)
        for (std::size_t n = 1; n <= std::min(order_, end + 1); ++n)
          grams_[n][Ids(ids.begin() + static_cast<std::ptrdiff_t>(end + 1 - n),
                        ids.begin() + static_cast<std::ptrdiff_t>(end + 1))]
              .count += weight;
    }
    for (const Step& step : *seeds_) grams_[1][{ids_.at(step)}].count += 0.5;
    for (const auto& [step, id] : ids_) grams_[1][{id}].count += 0.1;
    grams_[1][{0}].count += 0.1;
    grams_[1][{1}].count += 0.1;
    // Kneser and Ney: below the highest order, how many contexts a step was seen in says more than how often.
    for (std::size_t n = order_; n-- > 2;) {
      std::map<Ids, double> contexts;
      for (const auto& [ids, gram] : grams_[n + 1]) contexts[tail(ids)] += std::min(gram.count, 1.0);
      for (auto& [ids, gram] : grams_[n])
        if (ids.front() != 0) gram.count = std::max(contexts[ids], 0.1);
    }
  }

  // Interpolated absolute discounting, lowest order first.
  void estimate() {
    double total = 0;
    for (const auto& [ids, gram] : grams_[1]) total += gram.count;
    for (auto& [ids, gram] : grams_[1]) gram.probability = gram.count / total;
    for (std::size_t n = 2; n <= order_; ++n) {
      constexpr double kDiscount = 0.6;
      std::map<Ids, std::pair<double, double>> contexts;  // count, discounted away
      for (const auto& [ids, gram] : grams_[n]) {
        auto& [sum, freed] = contexts[head(ids)];
        sum += gram.count;
        freed += std::min(gram.count, kDiscount);
      }
      for (auto& [ids, gram] : grams_[n]) {
        const auto& [sum, freed] = contexts[head(ids)];
        gram.probability = (gram.count - std::min(gram.count, kDiscount)) / sum + freed / sum * below(tail(ids));
      }
    }
  }
  double below(const Ids& ids) const {
    for (Ids at = ids; !at.empty(); at = tail(at)) {
      const auto found = grams_[at.size()].find(at);
      if (found != grams_[at.size()].end()) return found->second.probability;
    }
    return 1e-7;
  }

  // How much is lost when the n-gram is left to its back-off.
  double worth_of(std::size_t n, const Ids& ids, const Gram& gram) const {
    const double change = std::abs(std::log(gram.probability) - std::log(below(tail(ids))));
    return gram.count * change * (n == 2 ? 1.5 : 1);
  }

  void keep(const std::vector<std::pair<double, const Ids*>>& worth, std::size_t count) {
    for (std::size_t n = 2; n <= order_; ++n)
      for (auto& [ids, gram] : grams_[n]) gram.kept = false;
    for (std::size_t i = 0; i < count; ++i) {
      // A context must itself be there, for its back-off weight.
      for (Ids at = *worth[i].second; at.size() >= 2; at = head(at)) {
        const auto found = grams_[at.size()].find(at);
        if (found != grams_[at.size()].end()) found->second.kept = true;
      }
    }
    for (std::size_t n = 1; n < order_; ++n)
      for (auto& [ids, gram] : grams_[n]) gram.back_off = 1;
    for (std::size_t n = 2; n <= order_; ++n) {
      std::map<Ids, std::pair<double, double>> contexts;  // what is kept, here and one order below
      for (const auto& [ids, gram] : grams_[n]) {
        if (!gram.kept) continue;
        auto& [here, lower] = contexts[head(ids)];
        here += gram.probability;
        lower += kept_probability(tail(ids));
      }
      for (const auto& [context, sums] : contexts) {
        const auto at = grams_[context.size()].find(context);
        if (at == grams_[context.size()].end()) continue;
        at->second.back_off = std::clamp((1 - sums.first) / std::max(1 - sums.second, 1e-6), 1e-4, 100.0);
      }
    }
  }
  double kept_probability(const Ids& ids) const {
    double back_off = 1;
    for (Ids at = ids; !at.empty(); at = tail(at)) {
      const auto found = grams_[at.size()].find(at);
      if (found != grams_[at.size()].end() && found->second.kept) return back_off * found->second.probability;
      const Ids context = head(at);
      if (!context.empty())
        if (const auto seen = grams_[context.size()].find(context);
            seen != grams_[context.size()].end() && seen->second.kept)
          back_off *= seen->second.back_off;
    }
    return 1e-7;
  }

  std::string written() const {
    std::string out = "entraide-romaniser 1\n";
    append_number(out, static_cast<std::uint32_t>(order_));
    append_number(out, static_cast<std::uint32_t>(ids_.size()));
    for (const auto& [step, id] : ids_) {
      append_number(out, step.unit);
      append_number(out, static_cast<std::uint32_t>(step.letters.size()));
      out += step.letters;
    }
    for (std::size_t n = 1; n <= order_; ++n) {
      std::uint32_t count = 0;
      for (const auto& [ids, gram] : grams_[n]) count += gram.kept;
      append_number(out, count);
      Ids before;
      for (const auto& [ids, gram] : grams_[n]) {
        if (!gram.kept) continue;
        std::size_t shared = 0;
        while (shared < before.size() && before[shared] == ids[shared]) ++shared;
        append_number(out, static_cast<std::uint32_t>(shared));
        for (std::size_t k = shared; k < n; ++k)
          append_number(out, static_cast<std::uint32_t>(ids[k] - (k == shared && !before.empty() ? before[k] : 0)));
        out.push_back(static_cast<char>(probability_byte(gram.probability)));
        if (n < order_) out.push_back(static_cast<char>(back_off_byte(gram.back_off)));
        before = ids;
      }
    }
    return out;
  }

  const std::size_t order_;
  std::vector<Grams> grams_;
  std::map<Step, std::uint16_t> ids_;
  const std::vector<Step>* seeds_ = nullptr;
};

}  // namespace

std::string make_table(const Aligned& aligned, const Shape& shape, const std::vector<Step>& seeds) {
  return Model(aligned, shape, seeds).fitted(shape.bytes_max);
}

}  // namespace entraide::train
