// match: an index of persons in a file, and questions to it. Needs no hub, no key and no network.

#include <cmath>
#include <fstream>
#include <iostream>

#include "apps/entraide/context.h"
#include "codec/codec.h"
#include "match/match.h"
#include "match/readers.h"

namespace entraide::cli {
namespace {

using codec::Json;

constexpr std::size_t kBatch = 20'000;

Result<std::shared_ptr<const text::Analyser>> analyser() {
  return std::make_shared<const text::Analyser>(TRY(text::Analyser::make()));
}

/// Every record of a file, in batches; FollowTheMoney where its name ends in .json, .jsonl or .ftm, a table elsewhere.
template <class Use>
Result<std::size_t> each_batch(const std::string& path, Use use) {
  std::ifstream file(path);
  if (path != "-" && !file) return fail(Errc::not_found, "file.read", path + ": cannot be read", path);
  std::istream& in = path == "-" ? std::cin : file;
  const bool entities = path.ends_with(".json") || path.ends_with(".jsonl") || path.ends_with(".ftm");
  std::optional<match::TsvHead> head;
  std::vector<match::Record> batch;
  std::size_t count = 0, number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    const auto at_line = [&](auto result) {
      if (!result) {
        result.error().message = path + ":" + std::to_string(number) + ": " + result.error().message;
        result.error().path = path;
      }
      return result;
    };
    if (entities) {
      if (line.empty()) continue;
      if (auto record = TRY(at_line(match::record_from_entity(line)))) batch.push_back(std::move(*record));
    } else if (!head) {
      head = TRY(at_line(match::TsvHead::parse(line)));
      continue;
    } else if (!line.empty()) {
      batch.push_back(TRY(at_line(head->record(line))));
    }
    if (batch.size() < kBatch) continue;
    count += batch.size();
    TRY(use(batch));
    batch.clear();
  }
  if (in.bad()) return fail(Errc::storage, "file.read", path + ": cannot be read to its end", path);
  count += batch.size();
  TRY(use(batch));
  return count;
}

Result<> index(Context& context) {
  const std::string to = *context.args().get("index");
  match::Builder builder(TRY(analyser()), 2);
  std::size_t count = 0;
  for (const std::string& path : context.args().all("FILE"))
    count += TRY(each_batch(path, [&](const std::vector<match::Record>& batch) { return builder.add(batch); }));
  const Digest content = TRY(builder.write(to));
  context.out().record(Json::object({{"index", to}, {"records", count}, {"content", codec::to_text(content)}}));
  return {};
}

Result<std::unique_ptr<match::Index>> open_index(Context& context) {
  return match::Index::open(*context.args().get("INDEX"), TRY(analyser()));
}

/// The person that the flags describe.
Result<match::Record> person_of(const Arguments& args) {
  match::Record out;
  for (const std::string& name : args.all("NAME")) out.names.push_back({name});
  for (const std::string& name : args.all("father")) out.names.push_back({name, match::NameKind::father});
  for (const std::string& name : args.all("mother")) out.names.push_back({name, match::NameKind::mother});
  for (const std::string& date : args.all("born")) out.born.push_back(TRY(match::BirthDate::parse(date)));
  if (const auto gender = args.get("gender")) {
    if (*gender == "f") out.gender = match::Gender::female;
    else if (*gender == "m") out.gender = match::Gender::male;
    else return fail(Errc::invalid, "usage", "--gender " + *gender + ": write f or m");
  }
  out.countries = args.all("country");
  out.birth_places = args.all("birth-place");
  for (const std::string& identifier : args.all("identifier")) {
    const std::size_t colon = identifier.find(':');
    if (colon == std::string::npos)
      return fail(Errc::invalid, "usage",
                  "--identifier: write its type and a colon before it, for example phone:+33123456789");
    out.identifiers.push_back(
        {TRY(match::identifier_type(identifier.substr(0, colon))), identifier.substr(colon + 1)});
  }
  match::Record checked = out;
  checked.id = "-";
  TRY(match::check(checked));
  return out;
}

Result<std::size_t> limit_of(const Arguments& args) {
  const std::string text = args.get_or("limit", "10");
  if (text.empty() || text.size() > 4 ||
      !std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; }) || std::stoul(text) == 0 ||
      std::stoul(text) > match::kHitsMax)
    return fail(Errc::invalid, "usage",
                "--limit " + text + ": write a number from 1 to " + std::to_string(match::kHitsMax));
  return std::stoul(text);
}

std::string percent(double probability) {
  const auto hundredths = std::lround(probability * 10'000);
  const std::string rest = std::to_string(hundredths % 100);
  return std::to_string(hundredths / 100) + "." + (rest.size() < 2 ? "0" : "") + rest;
}

Json json_of(const match::Hit& hit, const std::string& language) {
  Json evidence = Json::array();
  for (const match::Evidence& item : hit.trace.evidence) {
    Json one = Json::object({{"kind", match::word_for(item.kind)}, {"weight", item.weight}});
    if (item.query.end > 0) one.set("query", Json::array({item.query.begin, item.query.end}));
    if (item.record.end > 0) one.set("record", Json::array({item.record.begin, item.record.end}));
    if (!item.detail.empty()) one.set("detail", item.detail);
    if (item.of > 0) one.set("rendering", Json::array({item.rank, item.of}));
    if (item.edits > 0) one.set("edits", item.edits);
    if (item.shared_by > 0) one.set("shared_by", item.shared_by);
    one.set("words", match::explain(hit.trace, item, language));
    evidence.push_back(std::move(one));
  }
  return Json::object({{"id", hit.id},
                       {"posterior_percent", percent(hit.posterior)},
                       {"score", hit.score},
                       {"name", hit.trace.record_text},
                       {"prior", hit.trace.prior},
                       {"evidence", std::move(evidence)}});
}

Result<> query(Context& context) {
  const match::Query sought{.person = TRY(person_of(context.args())), .limit = TRY(limit_of(context.args()))};
  const auto register_ = TRY(open_index(context));
  const match::Answer answer = register_->snapshot().search(sought);
  Json::Array rows;
  for (const match::Hit& hit : answer.hits) rows.push_back(json_of(hit, context.language()));
  context.out().rows({{"id", "id"}, {"posterior_percent", "%"}, {"score", "score"}, {"name", "name"}}, rows);
  if (answer.bounded)
    context.out().warn("the search was cut short: rarer spellings may be missing; add a birth date");
  return {};
}

Result<> batch(Context& context) {
  const std::size_t limit = TRY(limit_of(context.args()));
  const auto register_ = TRY(open_index(context));
  const match::Snapshot snapshot = register_->snapshot();
  std::size_t number = 0;
  TRY(each_batch(*context.args().get("FILE"), [&](const std::vector<match::Record>& persons) -> Result<> {
    for (const match::Record& person : persons) {
      const std::string id = person.id.empty() ? std::to_string(++number) : person.id;
      std::size_t rank = 0;
      std::string out;
      for (const match::Hit& hit : snapshot.search({.person = person, .limit = limit}).hits) {
        if (context.out().as_json())
          out += codec::to_json(
                     Json::object({{"query", id}, {"rank", ++rank}, {"hit", json_of(hit, context.language())}})) +
                 "\n";
        else
          out += id + "\t" + std::to_string(++rank) + "\t" + hit.id + "\t" + percent(hit.posterior) + "\t" +
                 std::to_string(hit.score) + "\n";
      }
      context.out().text(out);
    }
    return {};
  }));
  return {};
}

Result<> explain(Context& context) {
  const match::Query sought{.person = TRY(person_of(context.args()))};
  const auto register_ = TRY(open_index(context));
  const auto hit = register_->snapshot().compare(sought, *context.args().get("ID"));
  if (!hit) return fail(Errc::not_found, "match.record.unknown", "record: there is none of this id");
  if (context.out().as_json()) {
    context.out().record(json_of(*hit, context.language()));
    return {};
  }
  context.out().text(safe(hit->trace.record_text) + "\n" + [&] {
    std::string out, line;
    for (const char c : match::explain(hit->trace, context.language())) {
      if (c != '\n') line += c;
      else out += safe(std::exchange(line, {})) + "\n";
    }
    return out;
  }());
  return {};
}

Result<> verify_index(Context& context) {
  const Digest content = TRY(match::verify_index(*context.args().get("INDEX")));
  const auto register_ = TRY(open_index(context));
  const match::Facts facts = register_->snapshot().facts();
  context.out().record(Json::object({{"records", facts.records},
                                     {"names", facts.names},
                                     {"words", facts.words},
                                     {"bytes", facts.bytes},
                                     {"versions", facts.versions},
                                     {"content", codec::to_text(content)}}));
  return {};
}

}  // namespace

std::vector<Command> match_commands() {
  const Option of{"INDEX", "INDEX", "an index file, made by `entraide match index`", true};
  const Option limit{"--limit", "NUMBER", "how many records at most (default: 10)"};
  const std::vector<Option> about = {
      {"--born", "DATE", "birth date as far as it is known: 1960-05-20, 1960-05, 1960, \"circa 1960\"", false, true},
      {"--gender", "f|m", "gender"},
      {"--country", "CC", "nationality or country of birth, two letters", false, true},
      {"--birth-place", "PLACE", "birth place", false, true},
      {"--father", "NAME", "father's name", false, true},
      {"--mother", "NAME", "mother's name", false, true},
      {"--identifier", "TYPE:VALUE", "document, plate, phone, e_mail, wallet, iban or imei, and its value", false,
       true}};
  const auto with = [&](std::vector<Option> options) {
    options.insert(options.end(), about.begin(), about.end());
    return options;
  };
  return {
      {"match",
       "index",
       "Make an index of persons from tables or FollowTheMoney entities",
       {{"FILE", "FILE", ".jsonl: FollowTheMoney, anything else: tab-separated with a head; - for standard input",
         true, true},
        {"--index", "INDEX", "the file to write", true}},
       &index,
       "entraide match index people.tsv --index people.idx"},
      {"match", "query", "Find a person in an index",
       with({of, {"NAME", "NAME", "the name, in any script", true}, limit}), &query,
       "entraide match query people.idx 'Юсуф Квадратов' --born 1970"},
      {"match",
       "batch",
       "Find every person of a file: query, rank, id, percent, score",
       {of, {"FILE", "FILE", "as for `entraide match index`; a table needs no ids", true}, limit},
       &batch,
       "entraide match batch people.idx travellers.tsv"},
      {"match", "explain", "Say why a record is, or is not, the person",
       with({of, {"ID", "ID", "of the record", true}, {"NAME", "NAME", "the name, in any script", true}}), &explain,
       "entraide match explain people.idx P-7 'Yusuf Kvadratov' --lang fr"},
      {"match",
       "verify",
       "Check every byte of an index, and tell what is in it",
       {of},
       &verify_index,
       "entraide match verify people.idx"},
  };
}

}  // namespace entraide::cli
