#include "bench/match_rivals.h"

#include <libpq-fe.h>
#include <unicode/translit.h>
#include <xapian.h>

#include <algorithm>
#include <functional>
#include <map>
#include <set>

namespace entraide::bench {

namespace {

class Plain {
 public:
  Plain() {
    UErrorCode status = U_ZERO_ERROR;
    rules_.reset(icu::Transliterator::createInstance("Any-Latin; NFD; [:Nonspacing Mark:] Remove; Latin-ASCII; Lower",
                                                     UTRANS_FORWARD, status));
  }
  std::string operator()(std::string_view name) const {
    icu::UnicodeString text =
        icu::UnicodeString::fromUTF8(icu::StringPiece(name.data(), static_cast<std::int32_t>(name.size())));
    const bool ascii = std::ranges::all_of(name, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    if (!ascii && rules_) rules_->transliterate(text);
    std::string utf8, out;
    text.toLower().toUTF8String(utf8);
    for (const char c : utf8) {
      if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) out.push_back(c);
      else if (c != '\'' && static_cast<unsigned char>(c) < 0x80 && !out.empty() && out.back() != ' ')
        out.push_back(' ');
    }
    if (!out.empty() && out.back() == ' ') out.pop_back();
    return out;
  }

 private:
  std::unique_ptr<icu::Transliterator> rules_;
};

using Find = std::function<std::vector<std::string>(const std::string&)>;

void ask(const char* who, const std::vector<const Question*>& questions, std::size_t each, const Plain& plain,
         const Find& find, const std::function<double()>& cpu) {
  std::map<std::string, std::pair<std::size_t, std::size_t>> recall;  // asked, found
  std::vector<double> seconds;
  for (const Question* question : questions) {
    auto& [asked, found] = recall[question->kind];
    if (question->kind == "negative" || asked == each) continue;
    ++asked;
    const std::string text = plain(question->name);
    const double before = cpu();
    const std::vector<std::string> ids = find(text);
    seconds.push_back(cpu() - before);
    found += std::ranges::any_of(ids, [&](const std::string& id) {
      return std::ranges::find(question->accepted, id) != question->accepted.end();
    });
  }
  double total = 0;
  for (const double s : seconds) total += s;
  const double size = static_cast<double>(seconds.size());
  std::printf("%s: CPU a query mean %.2f ms, p50 %.2f, p99 %.2f; recall@10:", who, total / size * 1e3,
              quantile(seconds, 0.5) * 1e3, quantile(seconds, 0.99) * 1e3);
  for (const auto& [kind, counts] : recall)
    if (counts.first)
      std::printf(" %s %.2f", kind.c_str(), static_cast<double>(counts.second) / static_cast<double>(counts.first));
  std::printf("\n");
}

struct Rows {
  explicit Rows(PGresult* rows) : result(rows) {}
  ~Rows() { PQclear(result); }
  Rows(const Rows&) = delete;
  Rows& operator=(const Rows&) = delete;
  PGresult* result;
};

void measure_postgres(const std::vector<std::pair<std::string, std::string>>& records,
                      const std::vector<const Question*>& questions, std::size_t each, const Plain& plain) {
  const char* where = std::getenv("ENTRAIDE_TEST_PG");
  if (!where) return void(std::printf("PostgreSQL: not measured, ENTRAIDE_TEST_PG is not set\n"));
  const std::unique_ptr<PGconn, void (*)(PGconn*)> connection(PQconnectdb(where), PQfinish);
  const auto run = [&](const char* sql) {
    const Rows rows(PQexec(connection.get(), sql));
    const ExecStatusType status = PQresultStatus(rows.result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && status != PGRES_COPY_IN)
      std::fprintf(stderr, "bench: PostgreSQL: %s", PQerrorMessage(connection.get()));
    return status;
  };
  if (PQstatus(connection.get()) != CONNECTION_OK ||
      run("create extension if not exists pg_trgm") != PGRES_COMMAND_OK)
    return void(std::printf("PostgreSQL: not measured, it has no pg_trgm (Debian: postgresql-15)\n"));
  run("drop table if exists match_bench");
  run("create table match_bench (rid text, norm text)");
  run("copy match_bench from stdin");
  for (const auto& [id, name] : records) {
    const std::string line = id + "\t" + plain(name) + "\n";
    if (PQputCopyData(connection.get(), line.data(), static_cast<int>(line.size())) != 1) return;
  }
  PQputCopyEnd(connection.get(), nullptr);
  while (PGresult* rest = PQgetResult(connection.get())) PQclear(rest);
  const auto begin = std::chrono::steady_clock::now();
  run("create index on match_bench using gin (norm gin_trgm_ops)");
  run("analyze match_bench");
  std::printf("PostgreSQL trigram index (GIN) built in %.1f s\n", seconds_since(begin));
  run("set max_parallel_workers_per_gather = 0");
  const int server = PQbackendPID(connection.get());
  ask(
      "PostgreSQL pg_trgm", questions, each, plain,
      [&](const std::string& text) {
        const char* values[] = {text.c_str()};
        const Rows rows(PQexecParams(
            connection.get(),
            "select rid from match_bench where norm % $1 order by similarity(norm, $1) desc, rid limit 10", 1,
            nullptr, values, nullptr, nullptr, 0));
        std::vector<std::string> ids;
        for (int i = 0; i < PQntuples(rows.result); ++i) ids.emplace_back(PQgetvalue(rows.result, i, 0));
        return ids;
      },
      [server] { return process_cpu(server); });
  run("drop table match_bench");
}

std::set<std::string> trigrams(const std::string& text) {
  std::set<std::string> out;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    const std::string word = "$" + text.substr(at, end - at) + "$";
    for (std::size_t i = 0; i + 3 <= word.size(); ++i) out.insert(word.substr(i, 3));
    at = end + 1;
  }
  return out;
}

void measure_xapian(const std::vector<std::pair<std::string, std::string>>& records,
                    const std::vector<const Question*>& questions, std::size_t each, const Plain& plain) {
  const Folder folder("xapian");
  try {
    const double before = thread_cpu();
    {
      Xapian::WritableDatabase database(folder / "db", Xapian::DB_CREATE_OR_OVERWRITE | Xapian::DB_NO_SYNC);
      for (const auto& [id, name] : records) {
        Xapian::Document document;
        document.set_data(id);
        for (const std::string& gram : trigrams(plain(name))) document.add_term(gram);
        database.add_document(document);
      }
      database.commit();
    }
    std::printf("Xapian trigram index built in %.1f s of CPU\n", thread_cpu() - before);
    const Xapian::Database database(folder / "db");
    Xapian::Enquire enquire(database);
    ask(
        "Xapian trigrams, BM25", questions, each, plain,
        [&](const std::string& text) {
          const std::set<std::string> grams = trigrams(text);
          enquire.set_query(Xapian::Query(Xapian::Query::OP_OR, grams.begin(), grams.end()));
          const Xapian::MSet hits = enquire.get_mset(0, 10);
          std::vector<std::string> ids;
          for (auto hit = hits.begin(); hit != hits.end(); ++hit) ids.push_back(hit.get_document().get_data());
          return ids;
        },
        thread_cpu);
  } catch (const Xapian::Error& error) { std::printf("Xapian: not measured: %s\n", error.get_msg().c_str()); }
}

}  // namespace

void measure_rivals(const std::vector<std::pair<std::string, std::string>>& records,
                    const std::vector<const Question*>& questions, std::size_t each) {
  const Plain plain;
  measure_postgres(records, questions, each, plain);
  measure_xapian(records, questions, each, plain);
}

}  // namespace entraide::bench
