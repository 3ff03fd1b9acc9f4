#include "text/text.h"

#include <algorithm>
#include <cmath>

#include "text/analyser_for_test.h"

using namespace entraide;
using namespace entraide::text;

namespace {

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

TEST_CASE("one character that stands for two words is where both of them are written") {
  const Name name = analyser().analyse("\xe3\x8d\xb0");  // the sign for 24 o'clock: two digits and a Han character
  REQUIRE(name.tokens().size() == 2);
  for (const Token& token : name.tokens()) {
    CHECK(token.span.begin == 0);
    CHECK(token.span.end == 3);
  }
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

TEST_CASE("a name in another script brings the Latin spellings that people would write") {
  const auto has = [](const Name& name, std::string_view spelling) {
    for (const Form& form : name.forms())
      if (form.alphabet == Alphabet::latin && name.letters(form) == spelling) return true;
    return false;
  };
  for (const auto& [native, spelling] :
       std::initializer_list<std::pair<std::string_view, std::string_view>>{{"محمد", "muhammad"},
                                                                            {"محمد", "mohammed"},
                                                                            {"الصالح", "saleh"},
                                                                            {"عبد الرحمن", "abdrahman"},
                                                                            {"نور الدين", "nurdin"},
                                                                            {"Сергей", "sergei"},
                                                                            {"Сергей", "sergey"},
                                                                            {"Петрович", "petrovich"},
                                                                            {"אנדרוז", "andrews"},
                                                                            {"रामचंद्रन", "ramachandran"},
                                                                            {"カタリナ", "catalina"},
                                                                            {"Γιώργος", "giorgos"},
                                                                            {"გიორგი", "giorgi"},
                                                                            {"Արամ", "aram"}})
    CHECK_MESSAGE(has(analyser().analyse(native), spelling), native);
  CHECK(!has(analyser().analyse("محمد"), "sergei"));
}

TEST_CASE("a geresh makes another sound of a Hebrew letter, and the same word") {
  for (const std::string_view mark : {"'", "\u05f3", "\u2019"}) {
    const Name name = analyser().analyse("ז" + std::string(mark) + "אן");
    CHECK(name.canonical() == "זאנ");  // no final form
    const auto spelt = texts(name, FormKind::romanised);
    CHECK_MESSAGE(std::ranges::find(spelt, "jean") != spelt.end(), mark);
  }
  const auto plain = texts(analyser().analyse("זאן"), FormKind::romanised);
  const auto marked = texts(analyser().analyse("ז'אן"), FormKind::romanised);
  CHECK(plain != marked);
  CHECK(analyser().analyse("ל'ב").canonical() == "לב");  // silent behind other letters
  CHECK(analyser().analyse("'זאן").canonical() == "זאנ");
}

TEST_CASE("a foreign word that is not spelt as it sounds is spelt as people spell it") {
  for (const auto& [written, spelling] : std::initializer_list<std::pair<std::string_view, std::string_view>>{
           {"לי", "lee"}, {"הנרי", "henry"}, {"אנגליה", "england"}}) {
    const auto spelt = texts(analyser().analyse(written), FormKind::romanised);
    CHECK_MESSAGE(std::ranges::count(spelt, spelling) == 1, spelling);
  }
}

TEST_CASE("the servant of the merciful is one name however it is cut") {
  for (const std::string_view written :
       {"Abd al-Rahman", "Abdul Rahman", "Abdulrahman", "ABDURRAHMAN", "abd el rahman"}) {
    const Name name = analyser().analyse(written);
    bool found = false;
    for (const Form& form : name.forms())
      found = found || (form.alphabet == Alphabet::latin && name.letters(form) == "abdrahman");
    CHECK_MESSAGE(found, written);
  }
}

TEST_CASE("renderings are a probability: none above one, their sum not either, the likeliest first") {
  for (const std::string_view native : {"حسين", "Владимир", "ישראל", "정은", "カタリナ", "सुरेश"}) {
    const Name name = analyser().analyse(native);
    double sum = 0;
    float before = 0;
    for (const Form& form : name.forms()) {
      if (form.kind != FormKind::romanised || form.first != 0 || form.count != 1) continue;
      CHECK(form.log_probability <= before);
      before = form.log_probability;
      sum += std::exp(static_cast<double>(form.log_probability));
      CHECK(form.rank <= form.of);
      CHECK(form.of <= 36);
    }
    CHECK_MESSAGE(sum > 0.1, native);
    CHECK_MESSAGE(sum < 1.0001, native);
  }
}

TEST_CASE("an index keeps fewer spellings than a query brings") {
  const auto count = [](Depth depth) {
    const Name name = analyser().analyse("Владимир", depth);
    return std::ranges::count_if(name.forms(), [](const Form& form) { return form.kind == FormKind::romanised; });
  };
  CHECK(count(Depth::index) <= 4);
  CHECK(count(Depth::query) > count(Depth::index));
}

TEST_CASE("an East Asian name in one piece is cut where the family name ends") {
  for (const auto& [written, expected] :
       std::initializer_list<std::pair<std::string_view, std::string_view>>{{"김창혁", "김 창혁"},
                                                                            {"남궁민수", "남궁 민수"},
                                                                            {"王小明", "王 小明"},
                                                                            {"欧阳小明", "欧阳 小明"},
                                                                            {"山田太郎", "山田 太郎"},
                                                                            {"長谷川次郎", "長谷川 次郎"},
                                                                            {"菊田あや子", "菊田 あや子"},
                                                                            {"조르주 비제", "조르주 비제"},
                                                                            {"卡尔·彼得", "卡尔 彼得"}})
    CHECK(analyser().analyse(written).canonical() == expected);
  const std::string written = "山田太郎";
  const Name name = analyser().analyse(written);
  REQUIRE(name.tokens().size() == 2);
  CHECK(name.tokens()[0].role == Role::family);
  CHECK(name.tokens()[0].span == Span{0, 6});
  CHECK(name.tokens()[1].span == Span{6, 12});
  CHECK(name.japanese);
  CHECK(!analyser().analyse("王小明").japanese);
}

TEST_CASE("one Chinese name is found under the romanisations of three places") {
  const Name name = analyser().analyse("劉國明");
  std::vector<std::string> family, given;
  for (const Form& form : name.forms())
    if (form.kind == FormKind::romanised) (form.first == 0 ? family : given).emplace_back(name.letters(form));
  for (const char* spelling : {"liu", "lau"}) CHECK_MESSAGE(std::ranges::count(family, spelling) == 1, spelling);
  for (const char* spelling : {"guoming", "kuoming", "kwokming"})
    CHECK_MESSAGE(std::ranges::count(given, spelling) == 1, spelling);
}

TEST_CASE("a Chinese given name has the spellings of Hong Kong, and all readings of its characters") {
  for (const auto& [written, spelling] :
       std::initializer_list<std::pair<std::string_view, std::string_view>>{{"陳振宇", "chunyu"},
                                                                            {"陳凱迪", "hoidick"},
                                                                            {"陳健文", "kenman"},
                                                                            {"陈柏明", "boming"},
                                                                            {"陳柏明", "poming"}}) {
    const std::vector<std::string> given = texts(analyser().analyse(written), FormKind::romanised);
    CHECK_MESSAGE(std::ranges::count(given, spelling) == 1, spelling);
  }
}

TEST_CASE("two syllables apart are also one given name, in names of such words only") {
  const auto glued = [](std::string_view written) { return texts(analyser().analyse(written), FormKind::glued); };
  CHECK(glued("Yong Nam JONG") == std::vector<std::string>{"yongnam", "namjong"});
  CHECK(glued("Wen-Fu CHANG") == std::vector<std::string>{"wenfu", "fuchang"});
  CHECK(glued("Anton Nam Berglund").empty());
}

TEST_CASE("spellings of one name share a class, and other names do not") {
  const auto name_of = [](std::string_view written) {
    const std::vector<std::string> found = texts(analyser().analyse(written), FormKind::variant);
    return found.empty() ? std::string() : found.front();
  };
  const std::string muhammad = name_of("Muhammad");
  CHECK(!muhammad.empty());
  for (const std::string_view same : {"Mohamed", "MOHAMMED", "Mehmet", "Magomed", "محمد", "Мухаммад"})
    CHECK_MESSAGE(name_of(same) == muhammad, same);
  for (const std::string_view other : {"Mahmoud", "Ahmed", "Hamid", "Marta"})
    CHECK_MESSAGE(name_of(other) != muhammad, other);
}

TEST_CASE("a short name stands for all spellings of the full one") {
  const auto classes = [](std::string_view written) { return texts(analyser().analyse(written), FormKind::variant); };
  REQUIRE(!classes("Oleksandr").empty());
  const std::string full = classes("Oleksandr").front();
  CHECK(std::ranges::count(classes("Sasha"), full) == 1);
  CHECK(std::ranges::count(classes("Misha"), full) == 0);
}

TEST_CASE("a patronymic is one in three languages, a son's or a daughter's") {
  const auto has = [](std::string_view written, std::string_view wanted) {
    const std::vector<std::string> found = texts(analyser().analyse(written), FormKind::variant);
    return std::ranges::count(found, wanted) > 0;
  };
  for (const std::string_view son :
       {"Ivan Sergeevich NOVAK", "Iwan Siarheevich NOVAK", "Ivan Serhiyovych NOVAK", "Иван Сергеевич Новак"})
    CHECK_MESSAGE(has(son, "sergei+ovich"), son);
  CHECK(has("Anna Siarheeuna NOVAK", "sergei+ovna"));
  CHECK(!has("Anna Siarheeuna NOVAK", "sergei+ovich"));
  CHECK(analyser().analyse("Anna Siarheeuna NOVAK").gender == 'f');
}

TEST_CASE("the name of a Latin letter is an initial") {
  const Name name = analyser().analyse("एस एम वर्मा");
  REQUIRE(name.tokens().size() == 3);
  CHECK(name.tokens()[0].role == Role::initial);
  CHECK(name.letters(name.forms_of(name.tokens()[0])[1]) == "s");
}

TEST_CASE("a form of address adds itself and changes nothing else") {
  const auto forms_after = [](std::string_view written, std::size_t honorifics) {
    const Name name = analyser().analyse(written);
    std::vector<std::string> out;
    for (const Form& form : name.forms())
      if (form.first >= honorifics && form.count == 1)
        out.push_back(std::to_string(form.first - honorifics) + std::string(name.letters(form)));
    return out;
  };
  for (const auto& [with, without] :
       std::initializer_list<std::pair<std::string_view, std::string_view>>{{"Dr. Karim Nuri", "Karim Nuri"},
                                                                            {"الدكتور كريم نوري", "كريم نوري"},
                                                                            {"Господин Пётр Новак", "Пётр Новак"},
                                                                            {"श्री राम वर्मा", "राम वर्मा"}}) {
    CHECK_MESSAGE(analyser().analyse(with).tokens()[0].role == Role::honorific, with);
    CHECK_MESSAGE(forms_after(with, 1) == forms_after(without, 0), with);
  }
}

TEST_CASE("a title after the servant of is a name") {
  for (const std::string_view written : {"Abdul Malik Haddad", "عبد الملك حداد"})
    for (const Token& token : analyser().analyse(written).tokens())
      CHECK_MESSAGE(token.role != Role::honorific, written);
  CHECK(analyser().analyse("Malik Karim Haddad").tokens()[0].role == Role::honorific);
}

TEST_CASE("a title after the name is a name") {
  const auto role = [](std::string_view written, std::size_t token) {
    return analyser().analyse(written).tokens()[token].role;
  };
  CHECK(role("King Ada Novak", 0) == Role::honorific);
  CHECK(role("Ada Novak King", 2) == Role::family);
  CHECK(role("Omar al-Sayyid", 2) == Role::family);
  CHECK(role("عمر السيد", 1) == Role::family);
  CHECK(role("Md Karim", 0) == Role::given);
  // Not so apart from it, of words that are nothing else, and where titles follow.
  CHECK(role("Novak, Ada, Mullah", 2) == Role::honorific);
  CHECK(role("Ada Novak Dr", 2) == Role::honorific);
  CHECK(role("홍길동 교수", 1) == Role::honorific);
  CHECK(role("Karim Novak MD", 2) == Role::suffix);
}

TEST_CASE("what stands in brackets beside a name is not missed") {
  const Name name = analyser().analyse("Karim (a.k.a. Kareem) NURI (trader)");
  REQUIRE(name.tokens().size() == 7);
  for (const std::size_t inside : {1, 2, 3, 4, 6}) CHECK(name.tokens()[inside].role == Role::suffix);
  CHECK(name.tokens()[5].role == Role::family);
  CHECK(analyser().analyse("(Karim Nuri)").tokens()[0].role == Role::given);
}

TEST_CASE("a word that a name has twice is missed once") {
  const auto roles = [](std::string_view text) {
    std::string out;
    const Name name = analyser().analyse(text);
    for (const Token& token : name.tokens()) out += token.role == Role::suffix ? '-' : '+';
    return out;
  };
  CHECK(roles("Karim Tariq Karim") == "++-");
  CHECK(roles("Mohammed Tariq Muhammad Nabil") == "++-+");
  CHECK(roles("Nabeel, Nabil, Nabiel") == "+--");  // spellings, one after the other
  CHECK(roles("Ana Nova") == "++");
  CHECK(roles("Yang Yang") == "++");  // all there is
  CHECK(roles("Hassan Hussein Tariq") == "+++");  // no more than consonants, and no comma
  CHECK(roles("Tariq Nabil, Karim") == "+++");
}

TEST_CASE("the number of a ruler is one in words and in Roman letters") {
  for (const std::string_view written : {"קארל השני", "카를 2세"}) {
    const Name name = analyser().analyse(written);
    REQUIRE(name.tokens().size() == 2);
    CHECK_MESSAGE(name.tokens()[1].role == Role::suffix, written);
    const std::vector<std::string> spelt = texts(name, FormKind::romanised);
    CHECK_MESSAGE(std::ranges::count(spelt, "ii") == 1, written);
    CHECK_MESSAGE(std::ranges::count(spelt, "iii") == 0, written);
  }
}

TEST_CASE("an umlaut is written in two ways") {
  CHECK(texts(analyser().analyse("Jörg Müller"), FormKind::spelling) == std::vector<std::string>{"joerg", "mueller"});
  CHECK(texts(analyser().analyse("Jorg Muller"), FormKind::spelling).empty());
}

TEST_CASE("romanisations of one East Asian name meet by the classes of their syllables") {
  const auto classes = [](std::string_view written) {
    return texts(analyser().analyse(written), FormKind::syllables);
  };
  const std::vector<std::string> wanted = classes("Wang Jinping");
  REQUIRE(wanted.size() == 1);
  for (const std::string_view same : {"Wang Jin-pyng", "Wang Chin Ping", "王金平", "Peter WANG Chin-Ping"}) {
    const std::vector<std::string> found = classes(same);
    CHECK_MESSAGE(std::ranges::count(found, wanted[0]) > 0, same);
  }
  CHECK(classes("Anna Berglund").empty());
  CHECK(classes("Anna Wang Berglund Holm").empty());
}

TEST_CASE("a Japanese given name of one character is read as the dictionary says") {
  const struct {
    std::string_view name, given;
  } table[] = {{"高橋久", "hisashi"}, {"白石清", "kiyoshi"}, {"小田滋", "shigeru"}};
  for (const auto& [name, given] : table) {
    const std::vector<std::string> readings = texts(analyser().analyse(name), FormKind::romanised);
    CHECK_MESSAGE(std::ranges::find(readings, given) != readings.end(), name);
  }
}

TEST_CASE("Ben before one other word is a name, and a particle elsewhere") {
  CHECK(analyser().analyse("Ben Quarrington").tokens()[0].role != Role::particle);
  CHECK(analyser().analyse("Yusuf ben Quarrington").tokens()[1].role == Role::particle);
}

TEST_CASE("a foreign name in Han characters is one word, spelt as it sounds") {
  for (const auto& [written, spelt] : {std::pair("奥尔顿", "olton"), {"史密斯", "smith"}, {"芬利", "finley"}}) {
    const Name name = analyser().analyse(written);
    CHECK_MESSAGE(name.tokens().size() == 1, written);
    CHECK_MESSAGE(std::ranges::count(texts(name, FormKind::romanised), spelt) == 1, written);
  }
  // Where either may be meant, both are thought of.
  const Name name = analyser().analyse("罗斯");
  CHECK(name.tokens().size() == 2);
  CHECK(std::ranges::count(texts(name, FormKind::romanised), "luo") == 1);
  CHECK(std::ranges::count(texts(name, FormKind::glued), "ross") == 1);
  // Nor is a Chinese name foreign.
  CHECK(texts(analyser().analyse("王小明"), FormKind::glued).empty());
}

TEST_CASE("simplified and traditional characters sound the same") {
  for (const auto& [simplified, spelt] :
       {std::pair("约翰", "john"), {"琼斯", "jones"}, {"亚当", "adam"}, {"瓊斯", "jones"}})
    CHECK_MESSAGE(
        std::ranges::count(texts(analyser().analyse(std::string(simplified) + "·史密斯"), FormKind::romanised),
                           spelt) == 1,
        simplified);
}

TEST_CASE("a foreign name is read by the sound of characters that were never learned of") {
  // All of one sound with characters that foreign names are written with.
  const auto usual = texts(analyser().analyse("大卫·罗伯特"), FormKind::romanised);
  const auto seldom = texts(analyser().analyse("大卫·箩箔特"), FormKind::romanised);
  CHECK(std::ranges::count(usual, "robert") == 1);
  CHECK(std::ranges::count(seldom, "robert") == 1);
}

TEST_CASE("two Chinese family names before a given name stay together") {
  const Name name = analyser().analyse("張廖小明");
  REQUIRE(name.tokens().size() == 2);
  CHECK(name.letters(name.tokens()[0]) == "張廖");
  CHECK(name.tokens()[0].role == Role::family);
}
