// The program as a person meets it: what it prints where, and how it ends.

#include <algorithm>
#include <set>

#include "apps/entraide/run_for_test.h"
#include "codec/json.h"

using namespace entraide::cli;
namespace fs = std::filesystem;

TEST_CASE("help is on standard output and ends well, misuse is on standard error and ends with 2") {
  const Folder folder;
  struct {
    const char* arguments;
    int code;
    const char* out;
    const char* err;
  } const cases[] = {
      {"", 0, "Nouns:", ""},
      {"--help", 0, "Nouns:", ""},
      {"--version", 0, "entraide ", ""},
      {"request --help", 0, "entraide request ack CASE", ""},
      {"request new --help", 0, "Example:", ""},
      {"help request new", 0, "--answers", ""},
      {"help nothing", 2, "", "there is no"},
      {"inbx", 2, "", "did you mean `inbox`?"},
      {"request anser", 2, "", "did you mean `answer`?"},
      {"request new", 2, "", "required"},
      {"key list --bogus", 2, "", "--bogus"},
      {"key list -o xml", 2, "", "json, ndjson, tsv and id"},
      {"wait X --for done", 2, "", "state=answered"},
      {"completion tcsh", 2, "", "bash, zsh and fish"},
      {"--profile ../x config list", 2, "", "--profile"},
      {"directory list", 2, "", "entraide init"},
  };
  for (const auto& one : cases) {
    CAPTURE(one.arguments);
    const Ran ran = run(folder, one.arguments);
    CAPTURE(ran.err);
    CHECK(ran.code == one.code);
    CHECK(has(ran.out, one.out));
    CHECK(has(ran.err, one.err));
    if (one.code != 0) CHECK(has(ran.err, "entraide: "));
  }
}

TEST_CASE("failures end as the manual says") {
  const Folder folder;
  write(folder.path / "pin", "pass phrase\n");
  CHECK(run(folder, "proof verify missing.json").code == 3);
  write(folder.path / "act.tlog-proof", "c2sp.org/tlog-proof@v1\nindex 1\n");
  CHECK(has(run(folder, "proof verify act.tlog-proof").err, "a receipt alone"));
  CHECK(run(folder, "key list --pin-file pin").code == 4);                       // no key store
  CHECK(run(folder, "init --pin-file pin --hub http://127.0.0.1:9").code == 0);
  CHECK(run(folder, "key list").code == 4);                                      // no passphrase, no terminal
  write(folder.path / "wrong", "other\n");
  CHECK(run(folder, "key list --pin-file wrong").code == 6);
  ::chmod((folder.path / "pin").c_str(), 0644);
  CHECK(run(folder, "key list --pin-file pin").code == 5);
  ::chmod((folder.path / "pin").c_str(), 0600);
  CHECK(run(folder, "key show none --pin-file pin").code == 3);
  CHECK(run(folder, "key new dpop --use dpop --pin-file pin").code == 7);
  CHECK(run(folder, "key remove dpop --pin-file pin").code == 2);                // nobody to ask, no --yes
  CHECK(run(folder, "config set colour blue").code == 1);
  CHECK(run(folder, "--hub http://elsewhere.example api GET /v1/status --no-session").code == 5);
  CHECK(run(folder, "seal -r au:fr:x --pin-file pin").code != 0);
}

TEST_CASE("the manual knows every noun and every common flag, and no flag that there is not") {
  const Folder folder;
  const std::string manual = text_of(fs::path(ENTRAIDE_SOURCE_DIR) / "docs/man/entraide.1.scd");
  const auto lines_after = [](const std::string& text, const std::string& title) {
    std::vector<std::string> words;
    std::istringstream lines(text.substr(std::min(text.size(), text.find(title) + title.size() + 1)));
    for (std::string line; std::getline(lines, line) && line.starts_with("  ");)
      words.push_back(line.substr(2, line.find(' ', 2) - 2));
    return words;
  };
  const auto nouns = lines_after(run(folder, "--help").out, "Nouns:");
  REQUIRE(nouns.size() > 20);
  CHECK(std::set<std::string>(nouns.begin(), nouns.end()).size() == nouns.size());
  for (const std::string& noun : nouns)
    if (!has(manual, "*" + noun + "*")) FAIL_CHECK("the manual says nothing of " << noun);
  const auto flags = lines_after(run(folder, "request --help").out, "Every command takes:");
  REQUIRE(flags.size() > 10);
  std::string known;
  for (const std::string& both : flags) {
    const std::string flag = both.substr(both.find("--"));
    known += flag + "*";
    if (!has(manual, "*" + flag + "*")) FAIL_CHECK("the manual says nothing of " << flag);
  }
  const std::string section =
      manual.substr(manual.find("# FLAGS"), manual.find("# ENVIRONMENT") - manual.find("# FLAGS"));
  for (std::size_t at = section.find("*--"); at != std::string::npos; at = section.find("*--", at + 1)) {
    const std::string flag = section.substr(at + 1, section.find('*', at + 1) - at);
    if (!has(known, flag)) FAIL_CHECK("there is no flag " << flag);
  }
  for (const char* page : {"entraide.1", "entraide-act.5", "entraide-exit-codes.7"})
    CHECK(fs::exists(fs::path(ENTRAIDE_SOURCE_DIR) / "docs/man" / (std::string(page) + ".scd")));
}

TEST_CASE("with --json a failure is a problem on standard error, and nothing is on standard output") {
  const Folder folder;
  for (const char* arguments : {"proof verify missing.json --json", "inbx --json"}) {
    const Ran ran = run(folder, arguments);
    CHECK(ran.out.empty());
    const auto problem = MUST(entraide::codec::parse_json(ran.err));
    CHECK(problem.find("exit_code")->integer() == ran.code);
    CHECK(problem.find("type")->string().starts_with("https://entraide.example/problems/"));
  }
}

TEST_CASE("people get words, pipes get lines, programs get JSON") {
  const Folder folder;
  write(folder.path / "pin", "pass phrase\n");
  REQUIRE(run(folder, "init --pin-file pin --hub https://hub.example").code == 0);
  REQUIRE(run(folder, "key new root-1 --use root --for org --public r.jwk --pin-file pin").code == 0);
  const Ran lines = run(folder, "key list --pin-file pin");
  CHECK(std::count(lines.out.begin(), lines.out.end(), '\n') == 2);
  CHECK(has(lines.out, "root-1\troot\torg\t"));
  CHECK(run(folder, "key list --pin-file pin -o id").out == "dpop\nroot-1\n");
  const auto all = MUST(entraide::codec::parse_json(run(folder, "key list --pin-file pin --json").out));
  CHECK(all.array_items().size() == 2);
  const auto some = MUST(entraide::codec::parse_json(run(folder, "key list --pin-file pin --json=name,use").out));
  CHECK(some.array_items()[1].members().size() == 2);
  CHECK(has(run(folder, "key list --pin-file pin --json=").out, "kid\n"));
  CHECK(has(text_of(folder.path / "r.jwk"), "\"crv\":\"P-256\""));
  CHECK_FALSE(has(text_of(folder.path / "r.jwk"), "\"d\""));
}

TEST_CASE("a setting comes from the flag, else the environment, else the profile, and the program says from where") {
  const Folder folder;
  REQUIRE(run(folder, "config set hub https://profile.example").code == 0);
  CHECK(run(folder, "config get hub").out == "https://profile.example\n");
  CHECK(run(folder, "config get hub", "ENTRAIDE_HUB=https://environment.example").out ==
        "https://environment.example\n");
  CHECK(run(folder, "config get hub --hub https://flag.example", "ENTRAIDE_HUB=https://environment.example").out ==
        "https://flag.example\n");
  CHECK(has(run(folder, "config explain", "ENTRAIDE_HUB=https://environment.example").out, "ENTRAIDE_HUB"));
  CHECK(run(folder, "--profile other config get hub").code == 3);
  CHECK(run(folder, "config get language", "LANG=fr_FR.UTF-8").out == "fr\n");
  write(folder.path / "home/config.toml", "[default]\nhub = broken\n");
  const Ran ran = run(folder, "config list");
  CHECK(ran.code == 1);
  CHECK(has(ran.err, "line 2"));
}

TEST_CASE("a passphrase can come from a descriptor") {
  const Folder folder;
  write(folder.path / "pin", "pass phrase\n");
  REQUIRE(run(folder, "init --pin-file pin").code == 0);
  CHECK(run(folder, "key list --pin-fd 7 7<pin").code == 0);
  CHECK(run(folder, "key list --pin-fd 9").code == 1);
}

TEST_CASE("completion is a script that its shell takes") {
  const Folder folder;
  const Ran ran = run(folder, "completion bash");
  CHECK(ran.code == 0);
  write(folder.path / "c.bash",
        ran.out +
            "\nCOMP_WORDS=(entraide request w); COMP_CWORD=2; _entraide; printf '%s\\n' \"${COMPREPLY[@]}\"\n"
            "COMP_WORDS=(entraide request new --ans); COMP_CWORD=3; _entraide; printf '%s\\n' \"${COMPREPLY[@]}\"\n");
  const std::string command =
      "bash '" + (folder.path / "c.bash").string() + "' > '" + (folder.path / "c.out").string() + "'";
  CHECK(std::system(command.c_str()) == 0);  // NOLINT(concurrency-mt-unsafe): one thread here
  CHECK(text_of(folder.path / "c.out") == "withdraw\n--answers\n");
  CHECK(has(run(folder, "completion fish").out, "complete -c entraide"));
  CHECK(run(folder, "completion zsh").code == 0);
}

TEST_CASE("a rulebook folder is checked, run, printed and filled in without any hub") {
  const Folder folder;
  const std::string book = "'" ENTRAIDE_SOURCE_DIR "/rulebook'";
  CHECK(run(folder, "rulebook digest " + book + " -o id").out.size() == 44);
  CHECK(has(run(folder, "rulebook show preservation --folder " + book + " --lang fr").out, "#"));
  const Ran form = run(folder, "request template preservation.request --basis uncc.42 --folder " + book);
  CHECK(form.code == 0);
  CHECK(has(form.out, "basis: uncc.42"));
  CHECK(has(form.out, "\n#     emergency  Emergency: a life"));  // each code with its meaning
  CHECK(has(form.out, "a list, [..., ...], each a code"));
  const Ran open = run(folder, "request template preservation --lang es --folder " + book);
  CHECK_MESSAGE(has(open.out, "#     uncc.42 "),
                open.out);  // where the basis is still to be chosen, those of the kind
  write(folder.path / "a.yaml", "basis: uncc.42\n");
  const Ran bad = run(folder, "request check preservation --answers a.yaml --folder " + book);
  CHECK(bad.code == 1);
  CHECK(has(bad.err, "[form."));
  const Ran unlike =
      run(folder,
          "request check preservation --answers a.yaml --set status=old --set data_categories=all --folder " + book);
  CHECK_MESSAGE(has(unlike.err, ": new, follow-up\n"), unlike.err);
  CHECK_MESSAGE(has(unlike.err, "[..., ...]\n"), unlike.err);
}

TEST_CASE("a kind and an empty form are data for programs, and documents for people") {
  using entraide::codec::Json;
  const Folder folder;
  const std::string book = " --folder '" ENTRAIDE_SOURCE_DIR "/rulebook'";
  const auto json_of = [&](const std::string& arguments) {
    const Ran ran = run(folder, arguments + book + " --json");
    CHECK_MESSAGE(ran.code == 0, ran.err);
    return MUST(entraide::codec::parse_json(ran.out));
  };
  const Json kind = json_of("rulebook show preservation");
  CHECK(kind.find("kind")->string() == "preservation");
  CHECK(kind.find("rulebook")->string().size() == 43);
  CHECK(!kind.find("transitions")->array_items().empty());
  CHECK(run(folder, "rulebook show nothing --json" + book).code == 3);

  const Json form = json_of("request template preservation.acknowledge --basis uncc.42 --lang fr");
  CHECK(form.find("form")->string() == "preservation.acknowledge");
  CHECK(form.find("basis")->string() == "uncc.42");
  const Json& field = form.find("sections")->array_items()[0].find("fields")->array_items()[0];
  CHECK(field.find("field")->string() == "own_reference");
  CHECK(*field.find("required") == Json(true));
  CHECK(field.find("source")->string() == "tcy.29");
  CHECK(!field.find("label")->string().empty());
  CHECK(run(folder, "request template nothing.at-all --json" + book).code == 3);

  // Groups and lists within, their words and codes.
  const Json request = json_of("request template assistance");
  std::size_t fields = 0, labels = 0, codes = 0;
  const auto walk = [&](auto& self, const Json& value) -> void {
    if (value.is_array())
      for (const Json& item : value.array_items()) self(self, item);
    if (!value.is_object()) return;
    if (value.find("schema") != nullptr && value.find("field") != nullptr) {
      ++fields;
      labels += value.find("label") != nullptr ? 1 : 0;
      CHECK(value.find("required") != nullptr);
    }
    codes += value.find("codes") != nullptr ? 1 : 0;
    for (const auto& [name, member] : value.members()) self(self, member);
  };
  walk(walk, request);
  CHECK(fields > 60);
  CHECK(labels == fields);
  CHECK(codes > 5);
}

TEST_CASE("a person is found in an index of people, in another script, and the reasons sum up") {
  const Folder folder;
  const std::string people = ENTRAIDE_SOURCE_DIR "/tests/match/";
  const Ran made =
      run(folder, "match index " + people + "people.tsv " + people + "entities.jsonl --index people.idx");
  CHECK_MESSAGE(made.code == 0, made.err);
  CHECK(made.out.find("21") != std::string::npos);
  CHECK(run(folder, "match verify people.idx").code == 0);

  for (const auto& [name, id] : {std::pair{"'Valdemar Ozzenbrink'", "P-01"},
                                 {"'Yusuf Kvadratov' --born 1970", "P-07"},
                                 {"'Zita Quellfurt'", "P-21"},
                                 {"x --identifier 'iban:GB82WEST12345698765423'", "P-14"}}) {
    const Ran found = run(folder, std::string("match query people.idx ") + name + " -o id");
    CHECK_MESSAGE(found.code == 0, found.err);
    CHECK_MESSAGE(found.out.starts_with(id), found.out);
  }
  const Ran json = run(folder, "match query people.idx 'Muhammad Quaddari' --json");
  const auto hits = entraide::codec::parse_json(json.out);
  REQUIRE_MESSAGE(hits.has_value(), json.out);
  const auto& hit = hits->array_items()[0];
  std::int64_t sum = hit.find("prior")->integer();
  for (const auto& evidence : hit.find("evidence")->array_items()) sum += evidence.find("weight")->integer();
  CHECK(sum == hit.find("score")->integer());

  CHECK(run(folder, "match explain people.idx P-12 'Mohamed Kaddari' --lang fr").out.find("probabilité") !=
        std::string::npos);
  write(folder.path / "sought.tsv", "name\tborn\nZita Quelfurt\t1967\nNobody Atall\t\n");
  CHECK(run(folder, "match batch people.idx sought.tsv").out.starts_with("1\t1\tP-21\t"));
}

TEST_CASE("what is no index, no table and no person is refused with where and why") {
  const Folder folder;
  write(folder.path / "bad.tsv", "id\tnom\n1\tAda\n");
  write(folder.path / "bad.idx", "nothing");
  const Ran table = run(folder, "match index bad.tsv --index out.idx");
  CHECK(table.code == 1);
  CHECK(table.err.find("bad.tsv:1: ") != std::string::npos);
  CHECK(!fs::exists(folder.path / "out.idx"));
  CHECK(run(folder, "match query bad.idx Ada").err.find("build it again") != std::string::npos);
  CHECK(run(folder, "match query none.idx Ada").code == 3);
  CHECK(run(folder, "match query bad.idx Ada --born yesterday").code == 1);
  CHECK(run(folder, "match query bad.idx Ada --limit 0").code == 2);
}
