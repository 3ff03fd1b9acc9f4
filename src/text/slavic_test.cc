#include "text/slavic.h"

#include "text/analyser_for_test.h"

using namespace entraide;
using namespace entraide::text;

namespace {

std::string spelling(std::string_view latin) {
  std::string out;
  append_slavic_spelling(latin, out);
  return out;
}

bool share_a_class(std::string_view one, std::string_view other) {
  const Name ours = analyser().analyse(one), theirs = analyser().analyse(other);
  for (const Form& form : ours.forms())
    for (const Form& match : theirs.forms())
      if (form.alphabet == Alphabet::variant && match.alphabet == Alphabet::variant &&
          ours.letters(form) == theirs.letters(match))
        return true;
  return false;
}

}  // namespace

TEST_CASE("a family name is one in Russian and Belarusian letters spelt in Latin") {
  const std::string_view pairs[][2] = {{"orlov", "arlou"},
                                       {"gorbachev", "harbachou"},
                                       {"pavlov", "paulau"},
                                       {"gennadievich", "genadzevich"},
                                       {"tikhanovskaya", "tsikhanouskaya"},
                                       {"lukashenko", "lukashenka"},
                                       {"petrenko", "pyatrenka"},
                                       {"burdyuk", "burdziuk"}};
  for (const auto& [one, other] : pairs) {
    CAPTURE(one);
    CHECK(!spelling(one).empty());
    CHECK(spelling(one) == spelling(other));
    CHECK(share_a_class(one, other));
  }
}

TEST_CASE("another family name, a wife's and words that end otherwise are not the same") {
  for (const auto& [one, other] : {std::pair<std::string_view, std::string_view>{"orlov", "orlova"},
                                   {"orlov", "oslov"},
                                   {"karpov", "karlov"},
                                   {"petrenko", "petrenkov"}}) {
    CAPTURE(one);
    CHECK(spelling(one) != spelling(other));
    CHECK(!share_a_class(one, other));
  }
  for (const std::string_view word : {"", "ov", "klein", "okafor", "hassan", "12345"}) CHECK(spelling(word).empty());
}
