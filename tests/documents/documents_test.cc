// The documents keep pace with the code: every link leads somewhere, and every test that they name exists.

#include <filesystem>
#include <fstream>
#include <iterator>

#include "testing/testing.h"

namespace entraide {
namespace {

namespace fs = std::filesystem;

std::string text_of_file(const fs::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// What stands between `open` and `close`, each time.
std::vector<std::string> between(std::string_view text, std::string_view open, std::string_view close) {
  std::vector<std::string> found;
  for (std::size_t at = text.find(open); at != text.npos; at = text.find(open, at)) {
    at += open.size();
    const std::size_t end = text.find(close, at);
    if (end == text.npos) break;
    found.emplace_back(text.substr(at, end - at));
  }
  return found;
}

/// Links of a page in `folder` that lead nowhere. Addresses and places within the page are not followed.
std::vector<std::string> dead_links(const fs::path& folder, std::string_view page) {
  std::vector<std::string> dead;
  for (std::string link : between(page, "](", ")")) {
    link = link.substr(0, link.find('#'));
    if (link.empty() || link.find("://") != link.npos) continue;
    if (!fs::exists(folder / link)) dead.push_back(link);
  }
  return dead;
}

std::vector<std::string> missing_tests(std::string_view tests, std::string_view page) {
  std::vector<std::string> missing;
  for (const std::string& name : between(page, "`test: ", "`"))
    if (tests.find("TEST_CASE(\"" + name + "\"") == tests.npos) missing.push_back(name);
  return missing;
}

const fs::path kRoot = ENTRAIDE_SOURCE_DIR;

std::vector<fs::path> pages() {
  std::vector<fs::path> found = {kRoot / "README.md"};
  for (const auto& entry : fs::recursive_directory_iterator(kRoot / "docs"))
    if (entry.path().extension() == ".md") found.push_back(entry.path());
  return found;
}

std::string all_tests() {
  std::string text;
  for (const char* folder : {"src", "tests"})
    for (const auto& entry : fs::recursive_directory_iterator(kRoot / folder))
      if (entry.path().filename().string().ends_with("_test.cc")) text += text_of_file(entry.path());
  return text;
}

TEST_CASE("every link of the documents leads somewhere") {
  REQUIRE(pages().size() > 5);
  for (const fs::path& page : pages())
    for (const std::string& link : dead_links(page.parent_path(), text_of_file(page)))
      FAIL_CHECK(page.lexically_relative(kRoot).string(), ": ", link, " is not there");
}

TEST_CASE("every test that the documents name exists") {
  const std::string tests = all_tests();
  for (const fs::path& page : pages())
    for (const std::string& name : missing_tests(tests, text_of_file(page)))
      FAIL_CHECK(page.lexically_relative(kRoot).string(), ": there is no test \"", name, "\"");
}

TEST_CASE("a dead link and a test that is gone are found") {
  CHECK(dead_links(kRoot / "docs", "[a](../README.md#top) [b](#here) [c](https://example.org/x)").empty());
  CHECK(dead_links(kRoot / "docs", "[a](../READYOU.md)") == std::vector<std::string>{"../READYOU.md"});
  CHECK(missing_tests("TEST_CASE(\"it holds\") {", "shown by `test: it holds`").empty());
  CHECK(missing_tests("TEST_CASE(\"it holds\") {", "`test: it held`") == std::vector<std::string>{"it held"});
}

}  // namespace
}  // namespace entraide
