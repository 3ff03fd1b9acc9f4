// What the learned tables of Japanese names do not remember of the dictionary that they were learned from.

#include <cmath>
#include <fstream>
#include <sstream>

#include "text/fold.h"
#include "text/romanise.h"
#include "text/train/east_asia.h"

namespace entraide::train {

namespace {

constexpr std::size_t kReadingsBytesMax = 190'000;
constexpr std::size_t kEarly = 20;  // a query has more renderings: what stands among these needs no other table

struct Name {
  std::u32string units;
  std::vector<std::string> usual, seldom;
  float likelihood = 0;  // of its characters: common ones first
  std::size_t readings = 0;

  std::string line() const {
    std::string out;
    for (const char32_t c : units) text::append_utf8(out, c);
    for (const std::string& latin : usual) out += " " + latin;
    if (!seldom.empty()) out += " -";
    for (const std::string& latin : seldom) out += " " + latin;
    return out + "\n";
  }
};

Result<text::Romaniser> table_in(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream bytes;
  bytes << file.rdbuf();
  return text::Romaniser::read(bytes.str());
}

Result<> write_one(const std::string& enamdict, const std::string& folder, bool family) {
  const text::Romaniser learned = TRY(table_in(folder + (family ? "/japanese_family.tbl" : "/japanese_given.tbl")));
  std::map<std::u32string, std::map<std::string, bool>> dictionary;
  for (const DictionaryEntry& entry : TRY(read_enamdict(enamdict, family))) {
    bool& place = dictionary[entry.units][entry.latin];
    place = place || entry.place;
  }
  std::vector<Name> names;
  std::vector<text::Rendering> renderings;
  for (const auto& [units, readings] : dictionary) {
    // Given names of one character have a table of their own.
    if (!family && units.size() == 1) continue;
    Name name{.units = units, .readings = readings.size()};
    learned.romanise(units, kEarly, renderings, &name.likelihood);
    for (const auto& [latin, place] : readings) {
      const auto at = std::ranges::find(renderings, latin, &text::Rendering::latin);
      // The reading of a place of that name is the usual one of the family, too.
      const bool usual = family && place;
      if (usual && (at == renderings.end() || at->log_probability < std::log(0.5F))) name.usual.push_back(latin);
      else if (at == renderings.end()) name.seldom.push_back(latin);
    }
    if (!name.usual.empty() || !name.seldom.empty()) names.push_back(std::move(name));
  }
  // Names of many readings are the common ones; then those of common characters.
  std::ranges::stable_sort(names, [](const Name& a, const Name& b) {
    return std::tuple(a.usual.empty(), b.readings, b.likelihood) <
           std::tuple(b.usual.empty(), a.readings, a.likelihood);
  });
  std::string out =
      "# Readings of Japanese names that the learned table does not give early: usual ones, and behind a dash all "
      "others. From\n# ENAMDICT, (c) Electronic Dictionary Research and Development Group, CC BY-SA, and under that "
      "licence; written by\n# entraide-train-names.\n";
  std::size_t bytes = out.size(), count = 0;
  while (count < names.size() && bytes + names[count].line().size() <= kReadingsBytesMax)
    bytes += names[count++].line().size();
  std::printf("japanese %s: %zu of %zu names, %zu bytes\n", family ? "families" : "givens", count, names.size(),
              bytes);
  names.resize(count);
  std::ranges::sort(names, {}, &Name::units);
  for (const Name& name : names) out += name.line();
  const std::string path = folder + (family ? "/japanese_families.txt" : "/japanese_givens.txt");
  std::ofstream file(path, std::ios::binary);
  file << out;
  if (!file.flush()) return fail(Errc::storage, "train.write", path + ": cannot be written");
  return {};
}

}  // namespace

Result<> write_readings(const std::string& enamdict, const std::string& folder) {
  TRY(write_one(enamdict, folder, true));
  return write_one(enamdict, folder, false);
}

}  // namespace entraide::train
