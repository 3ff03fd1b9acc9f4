#include "text/text.h"

#include "testing/testing.h"

using namespace entraide;
using namespace entraide::text;

namespace {

const Analyser& analyser() {
  static const Analyser made = MUST(Analyser::make());
  return made;
}

std::vector<std::string> texts(const Name& name, FormKind kind) {
  std::vector<std::string> out;
  for (const Form& form : name.forms())
    if (form.kind == kind) out.emplace_back(name.letters(form));
  return out;
}

}  // namespace

TEST_CASE("a name says the same whatever its case, its accents and the spaces between its parts") {
  const std::string expected = analyser().analyse("Zoltan Ubel").canonical();
  CHECK(expected == "zoltan ubel");
  for (const std::string_view same : {"ZOLTÁN ÜBEL", "  zoltan\t ubel ", "Zoltán   Übel",
                                      "Zolta\xcc\x81n U\xcc\x88"
                                      "bel",
                                      "Ｚｏｌｔａｎ Ubel", "\u202bZol\u200dtan\u202c Ubel"})
    CHECK_MESSAGE(analyser().analyse(same).canonical() == expected, same);
}

TEST_CASE("every token knows the bytes it was written with") {
  const std::string text = "Dr. Émile O'Varga-Źdź";
  const Name name = analyser().analyse(text);
  std::vector<std::string> parts;
  for (const Token& token : name.tokens())
    parts.push_back(text.substr(token.span.begin, token.span.end - token.span.begin));
  CHECK(parts == std::vector<std::string>{"Dr", "Émile", "O'Varga", "Źdź"});
  CHECK(name.canonical() == "dr emile ovarga zdz");
  CHECK(name.tokens()[0].role == Role::honorific);
}

TEST_CASE("a particle is written with its name or without it") {
  const Name name = analyser().analyse("Karim al-Nuri");
  CHECK(texts(name, FormKind::exact) == std::vector<std::string>{"karim", "al", "nuri"});
  CHECK(texts(name, FormKind::glued) == std::vector<std::string>{"alnuri"});
}

TEST_CASE("a letter of another alphabet inside a word is the letter that it looks like") {
  const Name name = analyser().analyse("Cepгeй");  // Latin C, e, p, e among Cyrillic letters
  REQUIRE(name.tokens().size() == 1);
  CHECK(name.letters(name.tokens()[0]) == "сергей");
}

TEST_CASE("what is over a limit is left out and said so") {
  std::string many;
  for (int i = 0; i < 64; ++i) many += "token" + std::to_string(i) + " ";
  CHECK(analyser().analyse(many).tokens().size() == kTokensMax);
  CHECK(analyser().analyse(many).truncated);
  const Name longest = analyser().analyse(std::string(400, 'x'));
  CHECK(longest.truncated);
  CHECK(longest.canonical().size() == kTokenLettersMax);
  CHECK(!analyser().analyse("Ana Nova").truncated);
  CHECK(analyser().analyse("").tokens().empty());
  CHECK(analyser().analyse("\xff\xfe -- ..").tokens().empty());
}

TEST_CASE("the versions say what an index was built with") {
  CHECK(analyser().versions().text().starts_with("icu 7"));
  CHECK(analyser().versions() == MUST(Analyser::make()).versions());
}
