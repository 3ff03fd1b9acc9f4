// Whatever refuses, in the programs or in the desk, can say so in four languages.

#include "rulebook/rule_words.h"

#include <filesystem>
#include <fstream>
#include <sstream>

#include "codec/json.h"
#include "rulebook/rulebook.h"
#include "testing/testing.h"

namespace entraide::rulebook {
namespace {

namespace fs = std::filesystem;
constexpr std::string_view kLanguages[] = {"en", "fr", "es", "ar"};

bool in_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

void skip_blanks(std::string_view& text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\n')) text.remove_prefix(1);
}

/// The rule that stands as a literal at the beginning of `text`, or empty.
std::string rule_at(std::string_view text, char quote) {
  if (text.empty() || text.front() != quote) return {};
  text.remove_prefix(1);
  const std::string_view rule = text.substr(0, text.find(quote));
  const bool spelled = std::all_of(rule.begin(), rule.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
  });
  return spelled ? std::string(rule) : std::string();
}

/// The rules that a source names where it refuses: fail(Errc::x, "rule", ..), no("rule", ..), new Fault('x', 'rule', ..).
std::set<std::string> rules_of(std::string_view source, bool typescript) {
  const std::vector<std::string_view> callers =
      typescript ? std::vector<std::string_view>{"new Fault(", "refuse(", "invalid("}
                 : std::vector<std::string_view>{"fail(", "no(", "bad_jwk(", "refuse(", "malformed(", "wrong("};
  std::set<std::string> out;
  for (const std::string_view caller : callers) {
    for (std::size_t at = source.find(caller); at != source.npos; at = source.find(caller, at + 1)) {
      if (at > 0 && in_name(source[at - 1])) continue;
      std::string_view rest = source.substr(at + caller.size());
      skip_blanks(rest);
      const bool coded = rest.starts_with("Errc::") || caller == "new Fault(";
      if (coded) rest.remove_prefix(std::min(rest.size(), rest.find(',') + 1));
      skip_blanks(rest);
      const std::string rule = rule_at(rest, typescript ? '\'' : '"');
      if (!rule.empty() && (coded || rule.find('.') != rule.npos)) out.insert(rule);
    }
  }
  return out;
}

std::string text_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return std::move(out).str();
}

/// Rules that are put together from a beginning and one of these. "form." has none: the defects are told, in their own words.
const std::map<std::string, std::vector<std::string>> kFamilies = {
    {"codec.", {"base64", "base64url", "hex"}},
    {"receipt.", {"format", "entry", "inclusion", "log_signature", "cosignature", "quorum"}},
    {"form.", {}}};

/// Rule to the file that names it first.
std::map<std::string, std::string> rules_below(const fs::path& folder, bool typescript) {
  std::map<std::string, std::string> out;
  for (auto entry = fs::recursive_directory_iterator(folder); entry != fs::recursive_directory_iterator(); ++entry) {
    const std::string path = entry->path().lexically_relative(ENTRAIDE_SOURCE_DIR).generic_string();
    // Tests, and the program that makes the tables of names from other people's data, speak to us alone.
    if (path.find("_test.") != path.npos || path.find("test.ts") != path.npos || path.find("text/train") != path.npos)
      continue;
    const std::string ending = entry->path().extension().string();
    if (typescript ? ending != ".ts" && ending != ".tsx" : ending != ".cc" && ending != ".h") continue;
    for (const std::string& rule : rules_of(text_of(entry->path()), typescript)) {
      const auto family = kFamilies.find(rule);
      if (family == kFamilies.end()) out.emplace(rule, path);
      else
        for (const std::string& end : family->second) out.emplace(rule + end, path);
    }
  }
  return out;
}

}  // namespace

TEST_CASE("every rule by which a program refuses has words in four languages") {
  const auto rules = rules_below(fs::path(ENTRAIDE_SOURCE_DIR) / "src", false);
  REQUIRE(rules.size() > 300);
  for (const auto& [rule, file] : rules)
    for (const std::string_view language : kLanguages)
      if (built_in_words(language, rule).empty())
        FAIL_CHECK(rule << " of " << file << " has no words in " << language);
}

TEST_CASE("every rule by which the desk refuses has words in four languages, of the rulebook or of its own") {
  const auto rules = rules_below(fs::path(ENTRAIDE_SOURCE_DIR) / "web" / "src", true);
  REQUIRE(rules.size() > 100);
  for (const std::string_view language : kLanguages) {
    std::string own;
    for (const auto& file :
         fs::directory_iterator(fs::path(ENTRAIDE_SOURCE_DIR) / "web" / "src" / "i18n" / "words" / language))
      own += text_of(file.path());
    for (const auto& [rule, file] : rules)
      if (built_in_words(language, rule).empty() && own.find("\"error." + rule + "\"") == own.npos)
        FAIL_CHECK(rule << " of " << file << " has no words in " << language);
  }
}

TEST_CASE("the built-in words are those of the rulebook; what nobody refuses by has none") {
  const auto rules = load_folder(ENTRAIDE_SOURCE_DIR "/rulebook");
  REQUIRE(rules.has_value());
  for (const char* rule : {"box.passphrase", "network.connect", "session.expired", "act.signature", "store.failed"})
    for (const std::string_view language : kLanguages)
      CHECK(built_in_words(language, rule) == rules->word(language, "rule." + std::string(rule)));
  CHECK(built_in_words("en", "no.such.rule").empty());
  CHECK(built_in_words("de", "box.passphrase").empty());
  CHECK(built_in_words("en", "passphrase").empty());
}

TEST_CASE("a rule is found wherever a source refuses by it") {
  CHECK(rules_of(
            "return fail(Errc::invalid, \"a.b\", x);\n  return no(\"c.d\", y); fail(\n    Errc::refused,\n \"e\", z)",
            false) == std::set<std::string>{"a.b", "c.d", "e"});
  CHECK(rules_of("sample_no(\"c.d\"); no(\"words only\"); no(\"word\"); // fail", false).empty());
  CHECK(rules_of("throw new Fault('refused', 'a.b', `x`); throw refuse('c.d', y)", true) ==
        std::set<std::string>{"a.b", "c.d"});
}

}  // namespace entraide::rulebook
