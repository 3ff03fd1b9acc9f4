// The house keeps its floors: src/floors.txt says who may include whom, and this reads every #include of src/.

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>

#include "base/base.h"
#include "testing/testing.h"

namespace entraide {
namespace {

namespace fs = std::filesystem;

/// Path below src/ -> text.
using Tree = std::map<std::string, std::string>;

/// Libraries that stay behind one module's face: a header's beginning, and the folders that may include it.
struct Kept {
  std::string_view header;
  std::vector<std::string_view> folders;
};
const std::vector<Kept> kKept = {
    {"openssl/", {"crypto", "net"}},  // net speaks TLS, and uses nothing else of it
    {"sodium", {"crypto"}},          {"p11-kit", {"crypto"}},  {"sqlite3", {"store"}},  {"libpq", {"store"}},
    {"boost/asio", {"net"}},         {"boost/beast", {"net"}}, {"curl/", {"client"}},   {"unicode/", {"text"}},
    {"pango/", {"print"}},           {"cairo", {"print"}},     {"qrencode", {"print"}}, {"qpdf/", {"print"}},
};

bool is_test(std::string_view path) {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  return path.starts_with("testing/") || name.starts_with("test_") || name.find("_test.") != name.npos ||
         name.find("_for_test.") != name.npos;
}

std::map<std::string, int, std::less<>> read_floors(std::string_view text) {
  std::map<std::string, int, std::less<>> floors;
  std::istringstream lines{std::string(text)};
  int floor = 0;
  for (std::string line; std::getline(lines, line); ++floor) {
    if (line.starts_with('#')) continue;
    std::istringstream words(line);
    for (std::string folder; words >> folder;) floors[folder] = floor;
  }
  return floors;
}

/// What is wrong with one include, or nothing.
std::string fault_of(const std::map<std::string, int, std::less<>>& floors, std::string_view from,
                     std::string_view target, bool quoted) {
  const std::string_view folder = from.substr(0, from.find('/'));
  if (!quoted) {
    for (const Kept& kept : kKept)
      if (target.starts_with(kept.header) && std::ranges::find(kept.folders, folder) == kept.folders.end())
        return "belongs to " + std::string(kept.folders.front()) + "/ alone";
    return "";
  }
  if (target.find('/') == target.npos) return "is not named from the root";
  if (is_test(target) && !is_test(from)) return "is for tests only";
  const std::string_view other = target.substr(0, target.find('/'));
  if (other == folder || other == "testing" || folder == "testing") return "";
  const auto here = floors.find(folder), there = floors.find(other);
  if (there == floors.end()) return "is of a folder that floors.txt does not name";
  if (here != floors.end() && there->second == here->second) return "is a neighbour's";
  if (here != floors.end() && there->second > here->second) return "is of a higher floor";
  return "";
}

/// Every breach, as file:line: what.
std::vector<std::string> breaches(std::string_view floors_text, const Tree& tree) {
  const auto floors = read_floors(floors_text);
  std::vector<std::string> found;
  std::string unnamed;
  for (const auto& [path, text] : tree) {
    const std::string folder = path.substr(0, path.find('/'));
    if (folder != "testing" && folder != unnamed && !floors.contains(folder))
      found.push_back("src/" + (unnamed = folder) + ": floors.txt does not name it");
    std::istringstream lines{text};
    int number = 0;
    for (std::string line; std::getline(lines, line);) {
      ++number;
      if (!line.starts_with("#include ") || line.size() < 11) continue;
      const bool quoted = line[9] == '"';
      const std::string target = line.substr(10, line.find(quoted ? '"' : '>', 10) - 10);
      if (const std::string fault = fault_of(floors, path, target, quoted); !fault.empty())
        found.push_back("src/" + path + ":" + std::to_string(number) + ": " + target + " " + fault);
    }
  }
  return found;
}

Tree read_tree(const fs::path& root) {
  Tree tree;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(root)) {
    if (entry.path().extension() != ".cc" && entry.path().extension() != ".h") continue;
    std::ifstream file(entry.path());
    tree[entry.path().lexically_relative(root).generic_string()] = {std::istreambuf_iterator<char>(file), {}};
  }
  return tree;
}

constexpr std::string_view kFloors = "# lowest first\nbase\ncodec\ncrypto net\nhub\n";

TEST_CASE("every include of the house goes down") {
  const fs::path root = fs::path(ENTRAIDE_SOURCE_DIR) / "src";
  std::ifstream floors(root / "floors.txt");
  const std::string text{std::istreambuf_iterator<char>(floors), {}};
  const Tree tree = read_tree(root);
  REQUIRE(tree.size() > 10);
  for (const std::string& breach : breaches(text, tree)) FAIL_CHECK(breach);
}

TEST_CASE("includes of lower floors, of one's own folder and of the standard library are fine") {
  CHECK(breaches(kFloors, {{"hub/hub.cc", "#include \"hub/hub.h\"\n#include <vector>\n#include \"crypto/keys.h\"\n"},
                           {"crypto/keys.cc", "#include <openssl/evp.h>\n"},
                           {"codec/a_test.cc", "#include \"testing/testing.h\"\n#include \"codec/test_tree.h\"\n"},
                           {"testing/main.cc", "#include \"base/base.h\"\n"}})
            .empty());
}

TEST_CASE("an include that breaks the house is found, with its file and line") {
  const std::vector<std::pair<Tree, std::string>> bad = {
      {{{"codec/codec.h", "\n#include \"hub/hub.h\"\n"}}, "src/codec/codec.h:2: hub/hub.h is of a higher floor"},
      {{{"net/tls.cc", "#include \"crypto/keys.h\"\n"}}, "src/net/tls.cc:1: crypto/keys.h is a neighbour's"},
      {{{"hub/hub.cc", "#include \"hub.h\"\n"}}, "src/hub/hub.cc:1: hub.h is not named from the root"},
      {{{"hub/hub.cc", "#include \"attic/a.h\"\n"}},
       "src/hub/hub.cc:1: attic/a.h is of a folder that floors.txt does not name"},
      {{{"attic/a.h", ""}}, "src/attic: floors.txt does not name it"},
      {{{"hub/hub.cc", "#include \"testing/testing.h\"\n"}}, "src/hub/hub.cc:1: testing/testing.h is for tests only"},
      {{{"hub/hub.cc", "#include \"hub/test_world.h\"\n"}}, "src/hub/hub.cc:1: hub/test_world.h is for tests only"},
      {{{"hub/hub.cc", "#include <sqlite3.h>\n"}}, "src/hub/hub.cc:1: sqlite3.h belongs to store/ alone"},
      {{{"hub/a_test.cc", "#include <openssl/evp.h>\n"}},
       "src/hub/a_test.cc:1: openssl/evp.h belongs to crypto/ alone"},
  };
  for (const auto& [tree, fault] : bad) CHECK(breaches(kFloors, tree) == std::vector{fault});
}

}  // namespace
}  // namespace entraide
