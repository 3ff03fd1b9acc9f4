#include "bench/match_data.h"

#include <algorithm>
#include <charconv>
#include <functional>
#include <set>

#include "text/train/rows.h"

namespace entraide::bench {

namespace {

std::vector<std::string_view> split(std::string_view text, char at) {
  std::vector<std::string_view> out;
  while (true) {
    const std::size_t gap = text.find(at);
    out.push_back(text.substr(0, gap));
    if (gap == std::string_view::npos) return out;
    text.remove_prefix(gap + 1);
  }
}

// The first four digits in a row: "Circa 1957", "1960-05-20".
std::uint16_t year_in(std::string_view text) {
  for (std::size_t i = 0; i + 4 <= text.size(); ++i) {
    std::uint16_t year = 0;
    const auto end = std::from_chars(text.data() + i, text.data() + i + 4, year);
    if (end.ptr == text.data() + i + 4 && year >= 1800 && year < 2100) return year;
  }
  return 0;
}

match::Record record(std::string_view id, std::string_view name, std::string_view born, std::string_view gender,
                     std::string_view country) {
  match::Record out;
  out.id = id;
  out.names.push_back({std::string(name)});
  if (auto date = match::BirthDate::parse(born)) out.born.push_back(*date);
  else if (const std::uint16_t year = year_in(born)) out.born.push_back({.year = year, .circa = true});
  if (gender == "f" || gender == "female") out.gender = match::Gender::female;
  if (gender == "m" || gender == "male") out.gender = match::Gender::male;
  if (country.size() == 2) out.countries.emplace_back(country);
  return out;
}

std::uint16_t perturbed(std::uint16_t year, std::size_t seed) {
  if (!year) return 0;
  const std::size_t roll = (seed * 2654435761U >> 8) % 100;
  if (roll < 5) return static_cast<std::uint16_t>(year - 1);
  if (roll < 10) return static_cast<std::uint16_t>(year + 1);
  if (roll < 13) return static_cast<std::uint16_t>(year - 7 - static_cast<int>(roll));
  return year;
}

}  // namespace

Result<MatchData> read_match_data(const std::string& folder) {
  MatchData out;
  std::set<std::string, std::less<>> known;
  TRY(train::each_row(folder + "/bench_targets.tsv.gz", [&](std::span<const std::string_view> row) {
    // rid name dob gender country source
    if (row.size() == 6 && known.emplace(row[0]).second)
      out.targets.push_back(record(row[0], row[1], row[2], row[3], row[4]));
  }));
  TRY(train::each_row(folder + "/bench_queries.tsv.gz", [&](std::span<const std::string_view> row) {
    // qid class query target dob source accept overlap
    if (row.size() != 8) return;
    Question question{.kind = std::string(row[1]), .name = std::string(row[2])};
    question.year = perturbed(year_in(row[4]), out.questions.size());
    if (!row[6].empty())
      for (const std::string_view id : split(row[6], '|')) question.accepted.emplace_back(id);
    if (!row[7].empty()) question.overlap = std::stod(std::string(row[7]));
    out.questions.push_back(std::move(question));
  }));
  TRY(train::each_row(folder + "/pairs_labelled.tsv.gz", [&](std::span<const std::string_view> row) {
    // source schema name1 name2 is_match ...
    if (row.size() >= 5 && row[1] == "Person")
      out.pairs.push_back({std::string(row[2]), std::string(row[3]), row[4] == "1"});
  }));
  return out;
}

Result<> generate_records(const std::string& folder, std::size_t count,
                          const std::function<Result<>(std::span<const match::Record>)>& use) {
  constexpr std::size_t kBatch = 100'000;
  if (folder.find_first_of("'\n") != std::string::npos)
    return fail(Errc::invalid, "bench.data", "data folder: has a quote in its name");
  const std::string command = "python3 '" + folder + "/gen_corpus.py' " + std::to_string(count) + " 1";
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  if (!pipe) return fail(Errc::unavailable, "bench.data", "gen_corpus.py: cannot be run");
  std::vector<match::Record> batch;
  std::size_t made = 0;
  char* line = nullptr;
  std::size_t room = 0;
  Result<> done;
  for (ssize_t size = 0; done && (size = getline(&line, &room, pipe.get())) > 0;) {
    const auto cells = split(std::string_view(line, static_cast<std::size_t>(size) - 1), '\t');
    if (cells.size() != 5 || cells[0] == "rid") continue;
    batch.push_back(record(cells[0], cells[1], cells[2], cells[3], cells[4]));
    ++made;
    if (batch.size() == kBatch) {
      done = use(batch);
      batch.clear();
    }
  }
  std::free(line);
  TRY(done);
  if (!batch.empty()) TRY(use(batch));
  if (made != count)
    return fail(Errc::unavailable, "bench.data", "gen_corpus.py: gave " + std::to_string(made) + " records");
  return {};
}

}  // namespace entraide::bench
