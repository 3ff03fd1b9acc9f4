#include "text/east_asia.h"

#include <algorithm>
#include <cmath>

#include "text/data.h"
#include "text/fold.h"

namespace entraide::text {

namespace {

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> out;
  while (!line.empty()) {
    const std::size_t gap = std::min(line.find(' '), line.size());
    if (gap) out.push_back(line.substr(0, gap));
    line.remove_prefix(std::min(gap + 1, line.size()));
  }
  return out;
}

template <class Use>
void each_whole_line(std::string_view text, Use use) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (!line.empty() && line.front() != '#') use(line);
  }
}

template <class Use>
void each_line(std::string_view text, Use use) {
  each_whole_line(text, [&](std::string_view line) { use(words_of(line)); });
}

constexpr float kNever = -60;

}  // namespace

Result<EastAsia> EastAsia::read() {
  EastAsia out;
  each_line(data::hanzi(), [&](const std::vector<std::string_view>& words) {
    if (words.size() != 3) return;
    for (const char32_t c : decode_utf8(words[2])) out.hanzi_.push_back({c, words[0], words[1]});
  });
  each_line(data::japanese_single(), [&](const std::vector<std::string_view>& words) {
    const std::u32string c = decode_utf8(words[0]);
    if (words.size() > 1 && c.size() == 1)
      out.single_.emplace_back(c[0], std::vector(words.begin() + 1, words.end()));
  });
  for (const auto& [table, lines] : {std::pair(data::japanese_families(), &out.family_readings_),
                                     std::pair(data::japanese_givens(), &out.given_readings_)})
    each_whole_line(table, [&](std::string_view line) {
      const std::size_t gap = std::min(line.find(' '), line.size());
      lines->emplace_back(line.substr(0, gap), line.substr(gap));
    });
  each_whole_line(data::old_forms(), [&](std::string_view line) {
    const std::u32string both = decode_utf8(line);
    for (std::size_t at = 0; at + 1 < both.size(); at += 3) out.modern_.emplace_back(both[at], both[at + 1]);
  });
  float rank = 0;
  each_line(data::surnames(), [&](const std::vector<std::string_view>& words) {
    for (std::size_t i = 1; i < words.size(); ++i) {
      const std::u32string spellings = decode_utf8(words[i]);
      if (words[0] == "korean") {
        out.korean_families_.push_back(spellings);
      } else if (words[0] == "chinese") {
        // Of two characters where the line of two-character names has begun; spellings of one name follow each other.
        const bool two = words[1] == "上官";
        const float share = two ? -9.0F : std::log(0.075F / (1 + 0.35F * rank));
        for (std::size_t at = 0; at < spellings.size(); at += two ? 2 : 1)
          out.families_.emplace_back(spellings.substr(at, two ? 2 : 1), share);
        ++rank;
      }
    }
    if (words[0] == "customary") {
      const std::u32string spellings = decode_utf8(words[1]);
      const bool two = spellings.starts_with(U"欧阳") || spellings.starts_with(U"司徒");
      for (std::size_t at = 0; at < spellings.size(); at += two ? 2 : 1)
        out.customary_.emplace_back(spellings.substr(at, two ? 2 : 1),
                                    std::vector<std::string>(words.begin() + 2, words.end()));
    }
  });
  std::ranges::sort(out.hanzi_, {}, &Hanzi::c);
  std::ranges::sort(out.single_);
  std::ranges::sort(out.family_readings_);
  std::ranges::sort(out.given_readings_);
  std::ranges::sort(out.modern_);
  // Of a character listed twice the commoner place counts: it is found first.
  std::ranges::sort(out.families_, [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first < b.first : a.second > b.second;
  });
  std::ranges::sort(out.customary_);
  std::ranges::sort(out.korean_families_);
  if (out.hanzi_.size() < 1000 || out.families_.size() < 100 || out.korean_families_.size() < 50 ||
      out.family_readings_.size() < 1000 || out.given_readings_.size() < 1000 || out.modern_.size() < 100)
    return fail(Errc::internal, "text.table", "tables of East Asian names: too short to be whole");
  out.sounds_ = TRY(Romaniser::read(data::han_sounds()));
  out.korean_ = TRY(Romaniser::read(data::korean()));
  out.japanese_family_ = TRY(Romaniser::read(data::japanese_family()));
  out.japanese_given_ = TRY(Romaniser::read(data::japanese_given()));
  return out;
}

const EastAsia::Hanzi* EastAsia::of(char32_t c) const {
  const auto at = std::ranges::lower_bound(hanzi_, c, {}, &Hanzi::c);
  return at != hanzi_.end() && at->c == c ? &*at : nullptr;
}

std::span<const std::string_view> EastAsia::japanese_single(char32_t c) const {
  const auto at =
      std::ranges::lower_bound(single_, c, {}, &std::pair<char32_t, std::vector<std::string_view>>::first);
  return at != single_.end() && at->first == c ? std::span(at->second) : std::span<const std::string_view>();
}

EastAsia::Readings EastAsia::japanese_readings(std::u32string_view characters, bool family) const {
  std::string word;
  for (const char32_t c : characters) append_utf8(word, c);
  const Lines& lines = family ? family_readings_ : given_readings_;
  const auto at = std::ranges::lower_bound(lines, std::string_view(word), {}, &Lines::value_type::first);
  Readings out;
  if (at == lines.end() || at->first != word) return out;
  bool usual = true;
  for (const std::string_view reading : words_of(at->second)) {
    if (reading == "-") {
      usual = false;
      continue;
    }
    out.all.push_back(reading);
    out.usual += usual;
  }
  return out;
}

char32_t EastAsia::modern(char32_t c) const {
  const auto at = std::ranges::lower_bound(modern_, c, {}, &std::pair<char32_t, char32_t>::first);
  return at != modern_.end() && at->first == c ? at->second : c;
}

float EastAsia::chinese_family(std::u32string_view characters) const {
  const auto at = std::ranges::lower_bound(families_, characters, {}, &std::pair<std::u32string, float>::first);
  if (at != families_.end() && at->first == characters) return at->second;
  constexpr float kUnlisted = -13, kTwo = -3;  // there are some thousands of rare ones; who marries may have two
  if (characters.size() == 2) {
    const float one = chinese_family(characters.substr(0, 1)), other = chinese_family(characters.substr(1));
    if (std::min(one, other) > kUnlisted) return one + other + kTwo;
  }
  return characters.size() == 1 && of(characters[0]) ? kUnlisted : kNever;
}

float EastAsia::chinese_given(std::u32string_view characters) const {
  if (characters.empty() || characters.size() > 2) return kNever;
  for (const char32_t c : characters)
    if (!of(c)) return kNever;
  // Given names draw from some two thousand characters; most have two.
  return -7.3F * static_cast<float>(characters.size()) + (characters.size() == 2 ? -0.2F : -1.6F);
}

bool EastAsia::mandarin_sounds(std::u32string_view characters, std::u32string& out) const {
  out.clear();
  for (const char32_t c : characters) {
    const Hanzi* hanzi = of(c);
    if (!hanzi) return false;
    // Six letters at most, each a digit of 27.
    char32_t packed = 0;
    for (const char letter : hanzi->mandarin.substr(0, hanzi->mandarin.find(',')))
      packed = packed * 27 + static_cast<char32_t>(letter - 'a' + 1);
    out.push_back(packed);
  }
  return true;
}

std::size_t EastAsia::korean_family(std::u32string_view syllables) const {
  for (const std::size_t size : {2, 1})
    if (syllables.size() > size && std::ranges::binary_search(korean_families_, syllables.substr(0, size)))
      return size;
  return 0;
}

namespace {

// Calls `use(reading, share)`: of several readings the first is the usual one.
template <class Use>
void each_reading(std::string_view readings, Use use) {
  constexpr double kOthers = 0.3;
  double left = 1;
  while (!readings.empty()) {
    const std::size_t comma = std::min(readings.find(','), readings.size());
    const bool last = comma == readings.size();
    use(readings.substr(0, comma), last ? left : left * (1 - kOthers));
    left *= kOthers;
    readings.remove_prefix(last ? comma : comma + 1);
  }
}

using Words = std::vector<Spelling>;

// Every word with every spelling of the next syllable behind it, the likeliest of them.
void lengthen(Words& words, const Words& syllables, std::size_t width) {
  Words longer;
  for (const Spelling& word : words)
    for (const Spelling& syllable : syllables)
      longer.push_back({word.latin + syllable.latin, word.share * syllable.share});
  std::ranges::sort(longer, [](const Spelling& a, const Spelling& b) {
    return a.share != b.share ? a.share > b.share : a.latin < b.latin;
  });
  if (longer.size() > width) longer.resize(width);
  words = std::move(longer);
}

}  // namespace

void EastAsia::chinese(std::u32string_view characters, bool family, std::size_t count,
                       std::vector<Rendering>& out) const {
  out.clear();
  const auto add = [&](std::string latin, double probability) {
    const auto twin = std::ranges::find(out, latin, &Rendering::latin);
    if (twin == out.end()) out.push_back({std::move(latin), static_cast<float>(probability)});
    else twin->log_probability += static_cast<float>(probability);
  };
  const std::size_t width = count / 2 + 3;
  Words pinyin{{"", 1}}, wade{{"", 1}}, cantonese{{"", 1}}, syllables;
  for (const char32_t c : characters) {
    const Hanzi* hanzi = of(c);
    if (!hanzi) return out.clear();
    syllables.clear();
    each_reading(hanzi->mandarin, [&](std::string_view reading, double share) {
      syllables.push_back({std::string(reading), share});
      std::ranges::replace(syllables.back().latin, 'v', 'u');
    });
    lengthen(pinyin, syllables, width);
    syllables.clear();
    each_reading(hanzi->mandarin,
                 [&](std::string_view reading, double share) { syllables.push_back({wade_giles(reading), share}); });
    lengthen(wade, syllables, width);
    syllables.clear();
    each_reading(hanzi->cantonese, [&](std::string_view reading, double share) {
      for (const Spelling& spelt : hong_kong(reading)) syllables.push_back({spelt.latin, spelt.share * share});
    });
    lengthen(cantonese, syllables, width);
  }
  for (const Spelling& word : pinyin) add(word.latin, 0.5 * word.share);
  for (const Spelling& word : wade) add(word.latin, 0.2 * word.share);
  for (const Spelling& word : cantonese) add(word.latin, 0.3 * word.share);
  if (family) {
    const auto at = std::ranges::lower_bound(customary_, characters, {},
                                             &std::pair<std::u32string, std::vector<std::string>>::first);
    if (at != customary_.end() && at->first == characters) {
      double share = 0.15;
      for (const std::string& latin : at->second) add(latin, share), share *= 0.6;
    }
  }
  for (Rendering& rendering : out) rendering.log_probability = std::min(0.0F, std::log(rendering.log_probability));
  likeliest_first(out);
}

}  // namespace entraide::text
