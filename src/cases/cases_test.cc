#include "cases/cases.h"

#include "codec/codec.h"
#include "store/test_databases.h"

namespace entraide::cases {
namespace {

const Party kFrance{Subject("au:fr:one"), "central-authority", "fr"};
const Party kKenya{Subject("au:ke:two"), "central-authority", "ke"};
const Time kNow = MUST(codec::from_rfc3339("2031-03-02T09:00:00Z"));

CaseId id(int number) { return CaseId("case-" + std::to_string(number)); }

void in_a_database(const std::function<void(store::Connection&)>& test) { store::in_a_database(migrations(), test); }

// France asks Kenya, who must answer `due`.
Case asked(store::Connection& connection, int number, std::optional<Time> due, bool is_final = false) {
  References references;
  Case file = MUST(open(connection, references, id(number), Digest{}, "fr", kNow, number));
  file.changed = kNow;
  file.last_index = number;
  file.threads.push_back({"question", is_final ? "closed" : "asked", "treaty.1", kFrance, kKenya,
                          codec::Json::object({{"speed", "fast"}}), is_final, number});
  const Box boxes[] = {{kFrance.authority, Box::Side::requesting, {}}, {kKenya.authority, Box::Side::requested, due}};
  MUST(put(connection, file, boxes));
  return file;
}

std::vector<std::int64_t> numbers(store::Connection& connection, const Query& query) {
  std::vector<std::int64_t> out;
  for (const Listed& one : MUST(list(connection, query))) out.push_back(one.file.opened_index);
  return out;
}

using Numbers = std::vector<std::int64_t>;

}  // namespace

TEST_CASE("references count within a country and a year") {
  in_a_database([](store::Connection& connection) {
    const auto reference = [&](int number, const char* country, Time when) {
      References references;
      Case file = MUST(open(connection, references, id(number), Digest{}, country, when, number));
      file.threads.push_back({"question", "asked", "treaty.1", kFrance, kKenya});
      MUST(put(connection, file, {}));
      return file.reference;
    };
    CHECK(reference(1, "fr", kNow) == "FR-2031-00001");
    CHECK(reference(2, "fr", kNow) == "FR-2031-00002");
    CHECK(reference(3, "ke", kNow) == "KE-2031-00001");
    CHECK(reference(4, "fr", MUST(codec::from_rfc3339("2031-12-31T23:59:59Z"))) == "FR-2031-00003");
    CHECK(reference(5, "fr", MUST(codec::from_rfc3339("2032-01-01T00:00:00Z"))) == "FR-2032-00001");
    CHECK(MUST(find_by_reference(connection, "FR-2031-00002"))->id == id(2));
    CHECK(!MUST(find_by_reference(connection, "FR-2031-00009")));
  });
}

TEST_CASE("a case comes back as it was put, with its threads in their order and the newest known") {
  in_a_database([](store::Connection& connection) {
    Case file = asked(connection, 1, kNow);
    file.threads.front().state = "answered";
    file.threads.front().changed_index = file.last_index = 5;
    MUST(put(connection, file, {}));
    file.threads.push_back({"thanks", "said", "treaty.2", kKenya, kFrance, codec::Json::object(), true, 6});
    file.last_index = 6;
    MUST(put(connection, file, {}));
    const Case kept = *MUST(find(connection, id(1)));
    CHECK(kept.case_no == file.case_no);
    CHECK(kept.last_index == 6);
    REQUIRE(kept.threads.size() == 2);
    CHECK(kept.threads[0].state == "answered");
    CHECK(kept.threads[0].label == codec::Json::object({{"speed", "fast"}}));
    CHECK(kept.threads[1].requesting == kKenya);
    CHECK(kept.newest().kind == "thanks");
    CHECK(kept.thread("question") == &kept.threads[0]);
    CHECK(kept.thread("other") == nullptr);
    CHECK(!kept.is_final());
    CHECK(MUST(find_by_number(connection, file.case_no))->id == id(1));
    CHECK(!MUST(find(connection, id(2))));
  });
}

TEST_CASE("a case is in the lists of its parties, and of nobody else") {
  in_a_database([](store::Connection& connection) {
    const Case file = asked(connection, 1, kNow);
    CHECK(MUST(is_party(connection, file.case_no, kFrance.authority)));
    CHECK(!MUST(is_party(connection, file.case_no, Subject("au:ma:three"))));
    CHECK(!MUST(is_party(connection, file.case_no + 1, kFrance.authority)));
    for (const View view : {View::inbox, View::sent, View::open, View::closed, View::all})
      CHECK(numbers(connection, {.authority = Subject("au:ma:three"), .view = view}).empty());
  });
}

TEST_CASE("the inbox lists what waits for us, what is due first; the other lists what is newest first") {
  in_a_database([](store::Connection& connection) {
    const auto hour = [](int count) { return kNow + std::chrono::hours(count); };
    asked(connection, 1, hour(5));
    asked(connection, 2, hour(1));
    asked(connection, 3, {});
    asked(connection, 4, hour(3));
    asked(connection, 5, hour(2), true);  // over: a clock that still stands waits for nobody
    const Subject kenya = kKenya.authority, france = kFrance.authority;
    CHECK(numbers(connection, {.authority = kenya}) == Numbers{2, 4, 1});
    CHECK(numbers(connection, {.authority = france}).empty());
    CHECK(numbers(connection, {.authority = france, .view = View::sent}) == Numbers{5, 4, 3, 2, 1});
    CHECK(numbers(connection, {.authority = kenya, .view = View::sent}).empty());
    CHECK(numbers(connection, {.authority = kenya, .view = View::open}) == Numbers{4, 3, 2, 1});
    CHECK(numbers(connection, {.authority = kenya, .view = View::closed}) == Numbers{5});
    CHECK(numbers(connection, {.authority = kenya, .view = View::all, .state = "closed"}) == Numbers{5});
    CHECK(numbers(connection, {.authority = kenya, .view = View::all, .country = "fr"}).size() == 5);
    CHECK(numbers(connection, {.authority = kenya, .view = View::all, .country = "ma"}).empty());
    CHECK(numbers(connection, {.authority = kenya, .view = View::all, .kind = "thanks"}).empty());

    // Page by page, each once.
    for (const View view : {View::inbox, View::all}) {
      Numbers seen;
      Query query{.authority = kenya, .view = view, .limit = 1};
      for (auto page = MUST(list(connection, query)); !page.empty(); page = MUST(list(connection, query))) {
        seen.push_back(page.front().file.opened_index);
        REQUIRE(seen.size() < 9);
        query.after_key = page.front().page_key;
        query.after_case = page.front().file.case_no;
      }
      CHECK(seen == numbers(connection, {.authority = kenya, .view = view}));
    }
  });
}

TEST_CASE("what happened in a case is counted by its type") {
  in_a_database([](store::Connection& connection) {
    const Case file = asked(connection, 1, {});
    for (const auto& [index, type] :
         {std::pair(1, "question.ask"), std::pair(4, "question.remind"), std::pair(9, "question.remind")})
      MUST(add_entry(connection, file.case_no, index, type));
    const auto counted = MUST(MUST(ask_happened(connection, file.case_no)).take());
    CHECK(counted.at("question.remind") == 2);
    CHECK(counted.size() == 2);
    CHECK(MUST(entries(connection, file.case_no)).back().index == 9);
    CHECK(MUST(entries(connection, file.case_no + 1)).empty());
  });
}

TEST_CASE("a view has a name, or there is none") {
  CHECK(MUST(view_from_text("")) == View::inbox);
  CHECK(MUST(view_from_text("closed")) == View::closed);
  CHECK(testing::rule_of(view_from_text("Closed")) == "cases.view");
}

}  // namespace entraide::cases
