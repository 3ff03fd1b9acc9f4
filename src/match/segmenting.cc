#include "match/segmenting.h"

#include <algorithm>

namespace entraide::match {
namespace {

constexpr std::size_t kPartsMax = 6, kReadings = 4, kLettersMin = 5, kLettersMax = 48;
constexpr std::uint8_t kWordShare = 16;  // 16 records

struct Reading {
  Weight rarity = 0;                   // the sum over its parts: less is likelier
  std::array<std::uint8_t, kPartsMax> begins{}, ends{};
  std::uint8_t parts = 0;
  bool stray = false;  // a letter between two parts belongs to neither: it was struck for the space
};
constexpr Weight kStray = 4 * 1024, kSlip = 4 * 1024;
constexpr std::size_t kSlipLettersMin = 10;
constexpr std::size_t kTellingPart = 4;  // shorter parts are one slip away from too many words
constexpr std::size_t kStrayLettersMin = 8;
constexpr Weight kByChance = 9 * 256, kRenderedByChance = 10 * 256;  // a letter of a word that is none

/// Where no reading has known words alone: one known word, before or after one with a slip in it.
void read_with_slip(std::string_view word, const Segment& known, const Statistics& statistics,
                    std::vector<Reading>& out) {
  std::vector<Neighbour> near;
  const auto rarity_of = [&](std::string_view part) -> std::optional<Weight> {
    if (!known.latin_filter().may_have(FormFilter::hash(part))) return std::nullopt;
    const auto form = known.find_form(text::Alphabet::latin, part);
    if (!form || known.share(*form) <= kWordShare) return std::nullopt;
    return statistics.rarity(known.share(*form));
  };
  const auto slip_of = [&](std::string_view part) -> std::optional<Weight> {
    find_neighbours(known, part, 1, near);
    std::uint8_t share = 0;
    for (const Neighbour& neighbour : near) share = std::max(share, known.share(neighbour.form));
    if (near.empty()) return std::nullopt;
    return statistics.rarity(share) + kSlip;
  };
  const std::size_t size = word.size();
  for (std::size_t cut = kTellingPart; cut + kTellingPart <= size; ++cut)
    for (const std::size_t stray : {0, 1}) {
      if (cut + stray + kTellingPart > size) continue;
      const std::string_view head = word.substr(0, cut), tail = word.substr(cut + stray);
      auto of_head = rarity_of(head), of_tail = rarity_of(tail);
      if (of_head.has_value() == of_tail.has_value()) continue;
      if (!of_head) of_head = slip_of(head);
      if (!of_tail) of_tail = slip_of(tail);
      if (!of_head || !of_tail) continue;
      Reading reading{.rarity = *of_head + *of_tail + (stray != 0 ? kStray : 0), .parts = 2, .stray = stray != 0};
      reading.ends[0] = static_cast<std::uint8_t>(cut);
      reading.begins[1] = static_cast<std::uint8_t>(cut + stray);
      reading.ends[1] = static_cast<std::uint8_t>(size);
      out.push_back(reading);
    }
}

/// The likeliest ways to cut `word` into known words.
std::vector<Reading> readings(std::string_view word, bool written, const Segment& known,
                              const Statistics& statistics) {
  const std::size_t size = word.size();
  // best[at][parts]: readings of the first `at` letters.
  std::vector<std::array<std::vector<Reading>, kPartsMax + 1>> best(size + 1);
  best[0][0].push_back({});
  const auto extend = [&](std::size_t from, std::size_t begin, std::size_t end, Weight rarity) {
    for (std::size_t parts = from == begin ? 0 : 1; parts < kPartsMax; ++parts)
      for (const Reading& before : best[from][parts]) {
        if (from != begin && before.stray) continue;
        Reading reading = before;
        reading.stray = before.stray || from != begin;
        reading.rarity += rarity + (from != begin ? kStray : 0);
        reading.begins[reading.parts] = static_cast<std::uint8_t>(begin);
        reading.ends[reading.parts++] = static_cast<std::uint8_t>(end);
        auto& list = best[end][parts + 1];
        list.insert(std::upper_bound(list.begin(), list.end(), reading,
                                     [](const Reading& a, const Reading& b) { return a.rarity < b.rarity; }),
                    reading);
        if (list.size() > kReadings) list.pop_back();
      }
  };
  const auto reached = [&](std::size_t at) {
    return std::ranges::any_of(best[at], [](const std::vector<Reading>& list) { return !list.empty(); });
  };
  // Of the letters before each place, and powers of its base: the hash of a part is a difference.
  std::array<std::uint64_t, kLettersMax + 1> hashes{}, powers{1};
  for (std::size_t i = 0; i < size; ++i) {
    hashes[i + 1] = hashes[i] * FormFilter::kBase + static_cast<unsigned char>(word[i]);
    powers[i + 1] = powers[i] * FormFilter::kBase;
  }
  for (std::size_t end = 2; end <= size; ++end)
    for (std::size_t begin = 0; begin + 2 <= end; ++begin) {
      if (begin == 0 && end == size) continue;
      if (!known.latin_filter().may_have(hashes[end] - hashes[begin] * powers[end - begin])) continue;
      const bool stray = size >= kStrayLettersMin && begin > 1 && end - begin > 2 && reached(begin - 1);
      if (!stray && !reached(begin)) continue;
      const auto form = known.find_form(text::Alphabet::latin, word.substr(begin, end - begin));
      if (!form) continue;
      // Short words are in every vocabulary: they have to be common to be believed.
      const Weight rarity = statistics.rarity(known.share(*form)) + (end - begin < 3 ? Weight{3 * 1024} : 0);
      extend(begin, begin, end, rarity);
      if (stray) extend(begin - 1, begin, end, rarity);
    }
  std::vector<Reading> out;
  for (std::size_t parts = 2; parts <= kPartsMax; ++parts)
    out.insert(out.end(), best[size][parts].begin(), best[size][parts].end());
  if (out.empty() && written && size >= kSlipLettersMin) read_with_slip(word, known, statistics, out);
  std::sort(out.begin(), out.end(), [](const Reading& a, const Reading& b) {
    return a.rarity != b.rarity ? a.rarity < b.rarity : a.ends < b.ends;
  });
  return out;
}

/// The parts of a word whose writer left the capitals where the spaces were: "ValdemarOttoOZZENBRINK". Empty for other words.
std::vector<std::string> capital_parts(const text::Analyser& analyser, std::string_view written) {
  const auto lower = [](char c) { return c >= 'a' && c <= 'z'; };
  const auto upper = [](char c) { return c >= 'A' && c <= 'Z'; };
  std::vector<std::string> out;
  std::size_t begin = 0;
  for (std::size_t i = 1; i <= written.size(); ++i) {
    if (i < written.size() && !(lower(written[i - 1]) && upper(written[i]))) continue;
    out.push_back(analyser.fold(written.substr(begin, i - begin)));
    // "McKay" is one name.
    if (out.back().size() < 2 || out.back() == "mc") return {};
    begin = i;
  }
  if (out.size() < 2) out.clear();
  return out;
}

}  // namespace

std::vector<QueryName> cut_names(const text::Analyser& analyser, const QueryName& name, const Segment& register_words,
                                 const Statistics& statistics, std::size_t most) {
  struct Cut {
    Weight rarity;
    std::size_t place;  // in the order of finding, which decides among equals
    std::size_t token;
    std::vector<std::string> parts;
  };
  std::vector<Cut> cuts;
  std::vector<bool> done(name.tokens.size());
  for (const QueryForm& form : name.forms) {
    if (form.alphabet != text::Alphabet::latin || form.count != 1 || form.rank != 1 || done[form.first]) continue;
    if (form.kind != text::FormKind::exact && form.kind != text::FormKind::romanised) continue;
    done[form.first] = true;
    const text::Span span = name.tokens[form.first].span;
    if (auto parts = capital_parts(analyser, std::string_view(name.text).substr(span.begin, span.end - span.begin));
        !parts.empty() && name.tokens.size() + parts.size() <= kQueryTokensMax)
      cuts.push_back({-1, cuts.size(), form.first, std::move(parts)});
    if (form.letters.size() < kLettersMin || form.letters.size() > kLettersMax) continue;
    if (name.tokens.size() + kPartsMax > kQueryTokensMax) continue;
    // What several persons have is a word.
    if (const auto known = register_words.find_form(text::Alphabet::latin, form.letters))
      if (register_words.share(*known) > kWordShare) continue;
    for (const Reading& reading :
         readings(form.letters, form.kind == text::FormKind::exact, register_words, statistics)) {
      // Any letters can be cut into rare short words: the parts have to be likelier than letters by chance.
      const Weight by_chance = form.kind == text::FormKind::exact ? kByChance : kRenderedByChance;
      if (reading.rarity > by_chance * static_cast<Weight>(form.letters.size())) break;
      cuts.push_back({reading.rarity, cuts.size(), form.first, {}});
      for (std::size_t i = 0; i < reading.parts; ++i)
        cuts.back().parts.push_back(form.letters.substr(reading.begins[i], reading.ends[i] - reading.begins[i]));
    }
  }
  std::sort(cuts.begin(), cuts.end(),
            [](const Cut& a, const Cut& b) { return std::pair(a.rarity, a.place) < std::pair(b.rarity, b.place); });
  if (cuts.size() > most) cuts.resize(most);
  std::vector<QueryName> names;
  for (const Cut& cut : cuts) names.push_back(with_parts(analyser, name, cut.token, cut.parts));
  return names;
}

}  // namespace entraide::match
