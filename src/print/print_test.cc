#include "print/print.h"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "testing/testing.h"

using namespace entraide;
using namespace entraide::print;
using entraide::testing::rule_of;
using Kind = Block::Kind;

namespace {

// The file as poppler, which is not ours, reads it.
struct Reader {
  std::filesystem::path folder;
  explicit Reader(const Bytes& pdf) {
    std::string name = (std::filesystem::temp_directory_path() / "entraide-print-XXXXXX").string();
    ENSURE(mkdtemp(name.data()) != nullptr);
    folder = name;
    std::ofstream(folder / "it.pdf", std::ios::binary)
        .write(reinterpret_cast<const char*>(pdf.data()), static_cast<std::streamsize>(pdf.size()));
  }
  ~Reader() {
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
  }
  std::string run(const std::string& command) const {
    const std::string line = "cd '" + folder.string() + "' && " + command + " 2>&1";
    FILE* pipe = popen(line.c_str(), "r");
    REQUIRE(pipe != nullptr);
    std::string out;
    char buffer[4096];
    for (std::size_t n = 0; (n = fread(buffer, 1, sizeof buffer, pipe)) > 0;) out.append(buffer, n);
    CHECK_MESSAGE(pclose(pipe) == 0, out);
    return out;
  }
  std::string text() const { return run("pdftotext it.pdf -"); }
};

Document letter() {
  Document out;
  out.title = "Demande d’entraide judiciaire";
  out.reference = "FR-2031-00017";
  out.language = "fr";
  out.page_words = "page {n} sur {m}";
  out.stamp = "Copie imprimée le 2 mars 2031, 09:00 UTC";
  out.made = from_seconds(1'930'208'400);
  out.blocks = {{Kind::heading, "La demande"},
                {Kind::field, "Conservation de données stockées", "Objet"},
                {Kind::field, "حفظ البيانات المخزنة لدى مقدم الخدمة", "الموضوع"},
                {Kind::mark, "La signature est bonne.", "vérifié"}};
  return out;
}

bool contains(const std::string& text, std::string_view words) { return text.find(words) != std::string::npos; }

}  // namespace

TEST_CASE("what is printed can be read back, in both directions") {
  const Reader pdf(MUST(to_pdf(letter())));
  const std::string text = pdf.text();
  INFO(text);
  for (const char* words : {"Demande d’entraide judiciaire", "FR-2031-00017", "page 1 sur 1", "Objet",
                            "Conservation de données stockées", "La signature est bonne."})
    CHECK(contains(text, words));
  // Shaped letters read back as letters of the alphabet, in their order. A reader may put spaces where a font draws the
  // dots of a letter apart: the words as they are travel in the attached text.
  std::string close;
  for (const char c : text)
    if (c != ' ') close += c;
  for (const char* words : {"الموضوع", "حفظ", "البيانات", "المخزنة", "الخدمة"}) CHECK(contains(close, words));
  const std::string about = pdf.run("pdfinfo it.pdf");
  CHECK(contains(about, "Tagged:          yes"));
  CHECK(contains(about, "(A4)"));
  CHECK(contains(about, "Title:           FR-2031-00017 Demande d’entraide judiciaire"));
}

TEST_CASE("a long document is broken over pages, each with its number, and loses nothing") {
  Document document = letter();
  document.paper = Paper::letter;
  for (int i = 0; i < 120; ++i)
    document.blocks.push_back({Kind::field,
                               "Answer number " + std::to_string(i) + " in some words, and then a few more",
                               "Question " + std::to_string(i)});
  std::string long_text;
  for (int i = 0; i < 3000; ++i) long_text += "word" + std::to_string(i) + " ";
  document.blocks.push_back({Kind::paragraph, long_text});
  const Reader pdf(MUST(to_pdf(document)));
  const std::string text = pdf.text();
  for (int i = 0; i < 120; ++i) CHECK(contains(text, "Answer number " + std::to_string(i) + " in"));
  for (int i = 0; i < 3000; ++i) CHECK(contains(text, "word" + std::to_string(i)));
  const std::string about = pdf.run("pdfinfo it.pdf");
  CHECK(contains(about, "(letter)"));
  const std::size_t at = about.find("Pages:");
  REQUIRE(at != std::string::npos);
  const int pages = std::stoi(about.substr(at + 6));
  CHECK(pages > 5);
  for (int i = 1; i <= pages; ++i)
    CHECK(contains(text, "page " + std::to_string(i) + " sur " + std::to_string(pages)));
}

TEST_CASE("files are attached as they are, and the same document gives the same bytes") {
  Document document = letter();
  document.attachments = {{"request.json", "application/json", "the signed text", to_bytes("{\"a\":1}")},
                          {"receipt.txt", "text/plain", "the receipt", Bytes(100'000, 'r')}};
  const Bytes once = MUST(to_pdf(document));
  CHECK(once == MUST(to_pdf(document)));
  const Reader pdf(once);
  const std::string list = pdf.run("pdfdetach -list it.pdf");
  CHECK(contains(list, "2 embedded files"));
  CHECK(pdf.run("pdfdetach -savefile request.json it.pdf && cat request.json") == "{\"a\":1}");
  CHECK(pdf.run("pdfdetach -savefile receipt.txt it.pdf && wc -c < receipt.txt") == "100000\n");
}

TEST_CASE("a QR code holds what it is given, and not more than it can") {
  Document document = letter();
  document.blocks.push_back({Kind::code, std::string(2000, 'x'), "The receipt"});
  CHECK(contains(Reader(MUST(to_pdf(document))).text(), "The receipt"));
  document.blocks.back().text = std::string(2901, 'x');
  CHECK(rule_of(to_pdf(document)) == "print.code");
}

TEST_CASE("letters that no font has are not printed as boxes") {
  Document document = letter();
  document.blocks.push_back({Kind::paragraph, "\U0010FFFD"});
  CHECK(rule_of(to_pdf(document)) == "print.font");
}
