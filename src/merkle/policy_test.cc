#include "merkle/policy.h"

#include "merkle/test_support.h"

using namespace entraide;
using namespace entraide::merkle;
using namespace entraide::merkle::test;

namespace {

std::string log_vkey(std::uint64_t number) {
  return NoteVerifier("hub.example/ledger", SignatureType::ed25519, test_key(number).verify_key()).vkey();
}
std::string witness_vkey(std::uint64_t number) {
  return NoteVerifier("w" + std::to_string(number) + ".example", SignatureType::cosignature_v1,
                      test_key(100 + number).verify_key())
      .vkey();
}
std::string witness_lines(std::uint64_t count) {
  std::string out;
  for (std::uint64_t i = 1; i <= count; ++i) out += "witness w" + std::to_string(i) + " " + witness_vkey(i) + "\n";
  return out;
}

}  // namespace

TEST_CASE("a policy reads logs, witnesses, groups and quorum, and leaves out comments") {
  const Policy policy = MUST(Policy::parse("# trust of a member state\n\n \t\n  # indented\nlog " + log_vkey(1) +
                                           "\nlog\t" + log_vkey(2) + "  https://hub.example/ledger \n" +
                                           witness_lines(3) + "group ncb 2 w1 w2 w3\nquorum ncb\n"));
  CHECK(policy.logs().size() == 2);
  CHECK(policy.logs()[1].url == "https://hub.example/ledger");
  CHECK(policy.witnesses().size() == 3);
  CHECK(policy.witnesses()[2].name == "w3");
  CHECK(policy.groups()[0].threshold == 2);
  CHECK(policy.quorum() == "ncb");
  CHECK(MUST(Policy::parse("quorum none\n")).quorum().empty());
  const codec::Json vector = vector_json("ledger.json");
  CHECK(MUST(Policy::parse(vector.find("policy")->string())).quorum() == "w1");
}

TEST_CASE("the quorum counts as its groups say") {
  // Five of nine national bureaus, and any of two others.
  const Policy policy =
      MUST(Policy::parse(witness_lines(11) + "group ncb 5 w1 w2 w3 w4 w5 w6 w7 w8 w9\n"
                                             "group ext any w10 w11\ngroup q all ncb ext\nquorum q\n"));
  std::vector<bool> cosigned(11);
  const auto holds = [&] { return policy.evaluate(cosigned).holds; };
  CHECK_FALSE(holds());
  for (int i = 0; i < 4; ++i) cosigned[static_cast<std::size_t>(i)] = true;
  cosigned[10] = true;
  CHECK_FALSE(holds());
  cosigned[8] = true;
  CHECK(holds());
  cosigned[10] = false;
  CHECK_FALSE(holds());
  const QuorumVerdict verdict = policy.evaluate(cosigned);
  REQUIRE(verdict.lines.size() == 11 + 3);
  CHECK(verdict.lines[11].name == "ncb");
  CHECK(verdict.lines[11].holds);
  CHECK(verdict.lines[11].have == 5);
  CHECK(verdict.lines[12].need == 1);
  CHECK_FALSE(verdict.lines[13].holds);
  CHECK(MUST(Policy::parse(witness_lines(1) + "quorum none\n")).evaluate({false}).holds);
  CHECK_FALSE(MUST(Policy::parse(witness_lines(1) + "quorum w1\n")).evaluate({false}).holds);
  CHECK(MUST(Policy::parse(witness_lines(1) + "quorum w1\n")).evaluate({true}).holds);
}

TEST_CASE("what is not a policy is refused, with the line") {
  const std::string two = witness_lines(2);
  const auto line_of = [](const std::string& text) {
    const Result<Policy> policy = Policy::parse(text);
    if (policy) return std::string("accepted");
    CHECK(policy.error().rule == "merkle.policy");
    return policy.error().path;
  };
  CHECK(line_of(two + "group g all w1 w2\nquorum g\n") == "accepted");
  CHECK(line_of("") == "");
  CHECK(line_of(two) == "");
  CHECK(line_of("quorum none") == "line 1");
  CHECK(line_of("quorum none\nquorum none\n") == "line 2");
  CHECK(line_of("quorum w1\n" + two) == "line 1");
  CHECK(line_of("quorum none extra\n") == "line 1");
  CHECK(line_of("quorum\n") == "line 1");
  CHECK(line_of("Quorum none\n") == "line 1");
  CHECK(line_of("quorum none\r\n") == "line 1");
  CHECK(line_of("quorum none\x7f\n") == "line 1");
  CHECK(line_of("log\nquorum none\n") == "line 1");
  CHECK(line_of("log vkey\nquorum none\n") == "line 1");
  CHECK(line_of("log " + log_vkey(1) + " url more\nquorum none\n") == "line 1");
  CHECK(line_of("log " + log_vkey(1) + "\nlog " + log_vkey(1) + "\nquorum none\n") == "line 2");
  CHECK(line_of("log " + witness_vkey(1) + "\nquorum none\n") == "line 1");
  CHECK(line_of("witness w1 " + log_vkey(1) + "\nquorum none\n") == "line 1");
  CHECK(line_of("witness w1\nquorum none\n") == "line 1");
  CHECK(line_of("witness none " + witness_vkey(1) + "\nquorum none\n") == "line 1");
  CHECK(line_of("witness w1 " + witness_vkey(1) + "\nwitness w2 " + witness_vkey(1) + "\nquorum none\n") == "line 2");
  CHECK(line_of("witness w1 " + witness_vkey(1) + "\nwitness w1 " + witness_vkey(2) + "\nquorum none\n") == "line 2");
  for (const std::string_view group :
       {"group g all", "group g", "group", "group g 0 w1", "group g 3 w1 w2", "group g 01 w1", "group g -1 w1",
        "group g most w1 w2", "group g all w3", "group g all w1 w1", "group none all w1", "group w1 all w2",
        "group g all g", "group g all none"})
    CHECK_MESSAGE(line_of(two + std::string(group) + "\nquorum none\n") == "line 3", group);
  CHECK(line_of(two + "group a all w1\ngroup b all w1 w2\nquorum none\n") == "line 4");
  CHECK(line_of(two + "group a all w1\ngroup a all w2\nquorum none\n") == "line 4");
  CHECK(testing::rule_of(Policy::parse(std::string(kPolicyBytesMax + 1, '#'))) == "merkle.policy");
}
