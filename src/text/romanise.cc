#include "text/romanise.h"

#include <algorithm>
#include <cmath>

namespace entraide::text {

namespace {

constexpr std::uint32_t kBegin = 0, kEnd = 1, kFirstStep = 2;
constexpr int kIdBits = 16;
constexpr std::string_view kMagic = "entraide-romaniser 1\n";
constexpr float kLn2 = 0.693147180559945F;

struct Reader {
  std::string_view rest;
  bool good = true;
  std::uint32_t byte() {
    if (rest.empty()) return good = false, 0;
    const std::uint32_t out = static_cast<unsigned char>(rest.front());
    rest.remove_prefix(1);
    return out;
  }
  std::uint32_t number() {
    std::uint32_t out = 0;
    for (int shift = 0; shift < 32; shift += 7) {
      const std::uint32_t b = byte();
      out |= (b & 0x7f) << shift;
      if (!(b & 0x80)) return out;
    }
    good = false;
    return 0;
  }
};

std::uint64_t spread(std::uint64_t key) {
  key ^= key >> 31;
  key *= 0x9e3779b97f4a7c15U;
  return key ^ (key >> 29);
}

std::unexpected<Error> bad() {
  return fail(Errc::internal, "text.table", "romaniser table: not one of ours; build it again");
}

}  // namespace

float add_logarithms(float a, float b) { return std::max(a, b) + std::log1p(std::exp(-std::abs(a - b))); }

void merge_rendering(std::vector<Rendering>& into, std::string latin, float log_probability) {
  const auto twin = std::ranges::find(into, latin, &Rendering::latin);
  if (twin == into.end()) into.push_back({std::move(latin), log_probability});
  else twin->log_probability = std::min(0.0F, add_logarithms(twin->log_probability, log_probability));
}

void likeliest_first(std::vector<Rendering>& renderings) {
  std::ranges::sort(renderings, [](const Rendering& a, const Rendering& b) {
    return a.log_probability != b.log_probability ? a.log_probability > b.log_probability : a.latin < b.latin;
  });
}

const Romaniser::Cell* Romaniser::find(std::uint64_t key) const {
  for (std::uint64_t at = spread(key) & mask_;; at = (at + 1) & mask_) {
    if (keys_[at] == key) return &cells_[at];
    if (!keys_[at]) return nullptr;
  }
}

/// False where there is one of that key.
bool Romaniser::put(std::uint64_t key, const Cell& cell) {
  std::uint64_t at = spread(key) & mask_;
  for (; keys_[at]; at = (at + 1) & mask_)
    if (keys_[at] == key) return false;
  keys_[at] = key;
  cells_[at] = cell;
  return true;
}

Result<Romaniser> Romaniser::read(std::string_view table) {
  if (!table.starts_with(kMagic)) return bad();
  Reader in{table.substr(kMagic.size())};
  Romaniser out;
  out.order_ = in.number();
  const std::uint32_t steps = in.number();
  if (out.order_ < 1 || out.order_ > 4 || steps >= (1U << kIdBits) - kFirstStep) return bad();
  for (std::uint32_t i = 0; i < steps && in.good; ++i) {
    Step step{.unit = in.number(), .size = static_cast<std::uint8_t>(in.number())};
    if (step.size > sizeof step.letters) return bad();
    for (std::uint8_t k = 0; k < step.size; ++k) step.letters[k] = static_cast<char>(in.byte());
    if (out.steps_.empty() || out.steps_.back().unit != step.unit) {
      if (!out.units_.empty() && out.units_.back().first >= step.unit) return bad();
      out.units_.emplace_back(step.unit, i);
    }
    out.steps_.push_back(step);
  }
  std::vector<std::pair<std::uint64_t, Cell>> all;
  for (std::uint32_t order = 1; order <= out.order_ && in.good; ++order) {
    std::uint32_t ids[4] = {};
    const std::uint32_t count = in.number();
    for (std::uint32_t i = 0; i < count && in.good; ++i) {
      const std::uint32_t shared = in.number();
      if (shared >= order) return bad();
      for (std::uint32_t k = shared; k < order; ++k) {
        ids[k] = in.number() + (k == shared && i ? ids[k] : 0);
        if (ids[k] >= steps + kFirstStep) return bad();
      }
      Cell cell;
      std::uint64_t key = 0;
      for (std::uint32_t k = 0; k < order; ++k) key = (key << kIdBits) | (ids[k] + 1);
      cell.log_probability = -static_cast<float>(in.byte()) / 8 * kLn2;
      if (order < out.order_) cell.back_off = (static_cast<float>(in.byte()) - 128) / 16 * kLn2;
      if (order == 1 && ids[0] >= kFirstStep) out.steps_[ids[0] - kFirstStep].log_probability = cell.log_probability;
      all.emplace_back(key, cell);
    }
  }
  if (!in.good || !in.rest.empty()) return bad();
  std::size_t size = 64;
  while (size < all.size() * 2) size *= 2;
  out.keys_.resize(size);
  out.cells_.resize(size);
  out.mask_ = size - 1;
  for (const auto& [key, cell] : all)
    if (!out.put(key, cell)) return bad();
  return out;
}

bool Romaniser::knows(char32_t unit) const {
  const auto at = std::ranges::lower_bound(units_, unit, {}, &std::pair<char32_t, std::uint32_t>::first);
  return at != units_.end() && at->first == unit;
}

Romaniser::Histories Romaniser::histories_of(std::uint64_t history) const {
  Histories out;
  float back_off = 0;
  for (history &= (std::uint64_t{1} << (kIdBits * (order_ - 1))) - 1;;) {
    out.ids[out.size] = history;
    out.back_off[out.size++] = back_off;
    if (!history) return out;
    if (const Cell* seen = find(history)) back_off += seen->back_off;
    // Drop the oldest id.
    int ids = 0;
    for (std::uint64_t h = history; h; h >>= kIdBits) ++ids;
    history &= (std::uint64_t{1} << (kIdBits * (ids - 1))) - 1;
  }
}

// log P(step | history), backing off to shorter histories where the longer ones were not seen.
float Romaniser::score(const Histories& histories, std::uint32_t step) const {
  for (std::size_t i = 0; i < histories.size; ++i)
    if (const Cell* cell = find((histories.ids[i] << kIdBits) | (step + 1)))
      return histories.back_off[i] + cell->log_probability;
  return histories.back_off[histories.size - 1] - 20;
}

void Romaniser::romanise(std::u32string_view units, std::size_t count, std::vector<Rendering>& out,
                         float* likelihood) const {
  out.clear();
  if (likelihood) *likelihood = kUnknown * static_cast<float>(units.size());
  if (units.size() > kUnitsMax || count == 0) return;
  struct Path {
    float score = 0;
    std::uint8_t size = 0;
    std::uint64_t history = 0;
    char latin[kLatinMax];
  };
  constexpr float kBeam = 7;  // nats under the best: not worth following
  const std::size_t width = std::min<std::size_t>(48, count * 2 + 4);
  std::vector<Path> paths(1), next;
  paths[0].history = kBegin + 1;
  struct Candidate {
    float score;
    std::uint32_t path, step;
  };
  std::vector<Candidate> candidates;
  bool known = false;
  float strangers = 0;
  for (const char32_t unit : units) {
    const auto at = std::ranges::lower_bound(units_, unit, {}, &std::pair<char32_t, std::uint32_t>::first);
    if (at == units_.end() || at->first != unit) {
      strangers += kUnknown;
      continue;
    }
    known = true;
    const std::uint32_t begin = at->second;
    const std::uint32_t end =
        std::next(at) == units_.end() ? static_cast<std::uint32_t>(steps_.size()) : std::next(at)->second;
    candidates.clear();
    float best = -1e30F;
    for (std::uint32_t p = 0; p < paths.size(); ++p) {
      const Histories histories = histories_of(paths[p].history);
      for (std::uint32_t s = begin; s < end; ++s) {
        const float scored = paths[p].score + score(histories, s + kFirstStep);
        if (scored < best - kBeam) continue;
        best = std::max(best, scored);
        candidates.push_back({scored, p, s});
      }
    }
    const auto order = [](const Candidate& a, const Candidate& b) {
      return std::tuple(-a.score, a.path, a.step) < std::tuple(-b.score, b.path, b.step);
    };
    std::ranges::sort(candidates, order);
    next.clear();
    for (const Candidate& candidate : candidates) {
      if (next.size() == width || candidate.score < best - kBeam) break;
      const Path& from = paths[candidate.path];
      const Step& step = steps_[candidate.step];
      if (from.size + step.size > kLatinMax) continue;
      Path path = from;
      std::copy_n(step.letters, step.size, path.latin + path.size);
      path.size = static_cast<std::uint8_t>(path.size + step.size);
      path.score = candidate.score;
      path.history = (path.history << kIdBits) | (candidate.step + kFirstStep + 1);
      // The same letters after the same last step: one path, of both weights.
      const auto twin = std::ranges::find_if(next, [&](const Path& other) {
        return other.size == path.size && (other.history & 0xffff) == (path.history & 0xffff) &&
               std::equal(other.latin, other.latin + other.size, path.latin);
      });
      if (twin == next.end()) next.push_back(path);
      else twin->score += std::log1p(std::exp(path.score - twin->score));
    }
    std::swap(paths, next);
  }
  if (!known) return;
  double total = 0;
  float best = -1e30F;
  for (Path& path : paths) {
    path.score += score(histories_of(path.history), kEnd);
    best = std::max(best, path.score);
  }
  for (const Path& path : paths) {
    const double weight = std::exp(static_cast<double>(path.score - best));
    total += weight;
    if (!path.size) continue;
    const std::string_view latin(path.latin, path.size);
    const auto twin = std::ranges::find(out, latin, &Rendering::latin);
    if (twin == out.end()) out.push_back({std::string(latin), static_cast<float>(weight)});
    else twin->log_probability += static_cast<float>(weight);
  }
  if (likelihood) *likelihood = best + static_cast<float>(std::log(total)) + strangers;
  likeliest_first(out);
  if (out.size() > count) out.resize(count);
  for (Rendering& rendering : out)
    rendering.log_probability = std::min(0.0F, static_cast<float>(std::log(rendering.log_probability / total)));
}

void append_units(std::u32string_view letters, std::u32string& out) {
  constexpr char32_t kSyllables = 0xac00, kVowels = 21, kCodas = 28;
  for (const char32_t c : letters) {
    if (c >= kSyllables && c < kSyllables + 19 * kVowels * kCodas) {
      const char32_t index = c - kSyllables;
      out.push_back(0x1100 + index / (kVowels * kCodas));
      out.push_back(0x1161 + index % (kVowels * kCodas) / kCodas);
      if (index % kCodas) out.push_back(0x11a7 + index % kCodas);
    } else if (c >= 0x3041 && c <= 0x3096) {
      out.push_back(c + 0x60);
    } else {
      out.push_back(c);
    }
  }
}

}  // namespace entraide::text
