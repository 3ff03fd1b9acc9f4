#include "text/spelling.h"

#include "testing/testing.h"

using namespace entraide;
using namespace entraide::text;

TEST_CASE("spellings of one name lie nearer than another name with as many letters changed") {
  struct Row {
    std::string_view name, spelling, other;
  };
  for (const Row& row : {Row{"hussein", "husayn", "hubbein"}, Row{"majid", "majeed", "mavid"},
                         Row{"qasim", "kasim", "masim"}, Row{"fadhlun", "fadloun", "fadrun"},
                         Row{"viktor", "wiktor", "miktor"}, Row{"heqqani", "heqani", "heppani"}}) {
    CAPTURE(row.name);
    CHECK(spelling_cost(row.name, row.spelling) < spelling_cost(row.name, row.other));
  }
}

TEST_CASE("two spellings lie as far apart from either side") {
  for (const auto& [one, other] : {std::pair<std::string_view, std::string_view>{"mshaweh", "mouchaweh"},
                                   {"assan", "hasan"},
                                   {"kahwa", "khawa"},
                                   {"a", "oooooo"},
                                   {"", "karim"}})
    CHECK(spelling_cost(one, other) == spelling_cost(other, one));
}

TEST_CASE("a word costs nothing as itself, and never more than all its letters") {
  CHECK(spelling_cost("karim", "karim") == 0);
  CHECK(spelling_cost("", "") == 0);
  CHECK(spelling_cost("karim", "") <= 50);
  CHECK(spelling_cost("bdfk", "lmnr") == 40);
  CHECK(spelling_cost(std::string(30, 'b'), std::string(30, 'l')) == 300);
  CHECK(spelling_cost("a1", "a2") == 10);
}

TEST_CASE("a doubled letter costs least, a vowel less than a consonant, two that changed places less than two") {
  CHECK(spelling_cost("hasan", "hassan") == 1);
  CHECK(spelling_cost("hasan", "hasn") < spelling_cost("hasan", "haan"));
  CHECK(spelling_cost("kahwa", "khawa") == 6);
  CHECK(spelling_cost("kardl", "kadrl") == 8);
}
