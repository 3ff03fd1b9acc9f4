// How the parts of a Japanese name are read: by the learned tables, by the dictionary, and as they are said.

#include <cmath>

#include "text/builder.h"

namespace entraide::text {

namespace {

bool all_kana(std::u32string_view letters) {
  return std::ranges::all_of(letters, [](char32_t c) { return script_of(c) == Script::kana; });
}

// A character that no name of the dictionary has is not so strange as a letter of another script.
float romanise_known(const Romaniser& learned, std::u32string_view units, std::size_t count,
                     std::vector<Rendering>& out) {
  constexpr float kStranger = -16;
  float likelihood = 0;
  learned.romanise(units, count, out, &likelihood);
  const auto strangers = std::ranges::count_if(units, [&](char32_t unit) { return !learned.knows(unit); });
  return likelihood + static_cast<float>(strangers) * (kStranger - Romaniser::kUnknown);
}

// Makes room beside the renderings for others: `part` is the logarithm of what they keep.
void share(std::vector<Rendering>& renderings, float part) {
  for (Rendering& rendering : renderings) rendering.log_probability += part;
}

}  // namespace

// ln P of the characters as one part of a Japanese name; the readings with it.
float Builder::japanese(std::u32string_view part, bool family, std::size_t count, std::vector<Rendering>& out) {
  auto& remembered = name_.scratch_->remembered_japanese;
  std::u32string& key = name_.scratch_->key;
  key.assign(part);
  key.push_back(static_cast<char32_t>(family));
  key.push_back(static_cast<char32_t>(count));
  auto known = remembered.find(key);
  if (known == remembered.end()) {
    const std::u32string asked = key;
    const float likelihood = read_japanese(part, family, count, out);
    if (remembered.size() >= Name::Scratch::kRemembered) remembered.clear();
    known = remembered.emplace(asked, Name::Scratch::Japanese{out, likelihood}).first;
  }
  out = known->second.readings;
  return known->second.likelihood;
}

float Builder::read_japanese(std::u32string_view part, bool family, std::size_t count, std::vector<Rendering>& out) {
  constexpr float kListed = -12.3F;  // one of some hundred thousand in the dictionary, and half of all persons
  const EastAsia& east = scripts_.east_asia();
  std::u32string units, modern;
  append_units(part, units);
  for (const char32_t unit : units) modern.push_back(east.modern(unit));
  float likelihood = romanise_known(east.japanese(family), units, count, out);
  if (modern != units) {
    // Old forms are read as those of today, too.
    std::vector<Rendering> others;
    const float other = romanise_known(east.japanese(family), modern, count, others);
    const float total = add_logarithms(likelihood, other);
    share(out, likelihood - total);
    for (Rendering& rendering : others)
      merge_rendering(out, std::move(rendering.latin), rendering.log_probability + other - total);
    likelihood = total;
  }
  EastAsia::Readings readings = east.japanese_readings(units, family);
  if (readings.all.empty() && modern != units) readings = east.japanese_readings(modern, family);
  if (!readings.all.empty()) {
    likelihood = std::max(likelihood, kListed);
    read_by_dictionary(readings, out);
  }
  if (part.size() > 1 && all_kana(part)) {
    constexpr float kKana = -11;
    likelihood = std::max(likelihood, kKana);
    read_kana(part, out);
  }
  std::size_t most = count;
  const auto single =
      family || modern.size() != 1 ? std::span<const std::string_view>() : east.japanese_single(modern[0]);
  if (!single.empty()) {
    // The dictionary knows all names of one character, though not which are common; the learned table only guesses.
    constexpr float kGuessed = -1.6F;  // ln .2
    likelihood = std::max(likelihood, kListed);
    share(out, kGuessed);
    for (const std::string_view reading : single)
      merge_rendering(out, std::string(reading), std::log(0.8F / static_cast<float>(single.size())));
    // They are as likely as each other: a query has all of them.
    if (count > depth_of(Depth::index)) most += single.size();
  }
  likeliest_first(out);
  if (out.size() > most) out.resize(most);
  return likelihood;
}

// What is written in kana is written as it is said: letter by letter, or as a foreign name.
void Builder::read_kana(std::u32string_view part, std::vector<Rendering>& out) {
  constexpr float kThird = -1.0986F;
  constexpr std::size_t kForeign = 4;
  std::vector<Rendering> foreign;
  renderings_of(part, Script::kana, kForeign, foreign);
  share(out, kThird);
  for (Rendering& rendering : foreign)
    merge_rendering(out, std::move(rendering.latin), rendering.log_probability + kThird);
  merge_rendering(out, spoken(part), kThird);
}

// Kana letter by letter. Small ones join or double what is beside them: kyo, not kiyo; hatta, not hatsuta.
std::string Builder::spoken(std::u32string_view kana) const {
  std::u32string units;
  append_units(kana, units);
  std::string out;
  bool doubled = false;
  for (const char32_t unit : units) {
    if (unit == U'ッ') {
      doubled = true;
      continue;
    }
    std::string_view latin = scripts_.letter(unit);
    const bool small = unit == U'ャ' || unit == U'ュ' || unit == U'ョ';
    if (small && out.size() > 1 && out.back() == 'i') {
      out.pop_back();
      if (out.ends_with("sh") || out.ends_with("ch") || out.ends_with("j")) latin.remove_prefix(1);
    }
    if (std::exchange(doubled, false) && !latin.empty()) out.push_back(latin.front());
    out += latin;
  }
  return out;
}

// Usual readings are likelier than all that the table makes of the characters, others are hardly ever meant.
void Builder::read_by_dictionary(const EastAsia::Readings& readings, std::vector<Rendering>& out) {
  constexpr float kUsual = 0.75F, kSeldom = 0.05F;
  const float usual = static_cast<float>(readings.usual), all = static_cast<float>(readings.all.size());
  share(out, std::log((readings.usual ? 1 - kUsual : 1) - kSeldom));
  for (std::size_t k = 0; k < readings.all.size(); ++k)
    merge_rendering(out, std::string(readings.all[k]),
                    std::log(k < readings.usual ? kUsual / usual : kSeldom / (all - usual)));
}

}  // namespace entraide::text
