#include "client/invitation.h"

#include <set>

#include "testing/testing.h"

using namespace entraide;
using namespace entraide::client;
using entraide::testing::rule_of;

TEST_CASE("a code is read as people type it, and nothing else is a code") {
  for (const char* typed : {"K7QF-9M2X-D3RT-8WZA-4HVC", "k7qf 9m2x d3rt 8wza 4hvc", "K7QF9M2XD3RT8WZA4HVC"})
    CHECK(MUST(read_invitation_code(typed)) == "K7QF9M2XD3RT8WZA4HVC");
  CHECK(MUST(read_invitation_code("oil0-OIL1-0000-0000-0000")) == "01100111000000000000");
  for (const char* typed :
       {"", "K7QF-9M2X", "K7QF-9M2X-D3RT-8WZA-4HVCA", "K7QF-9M2X-D3RT-8WZA-4HVU", "K7QF.9M2X.D3RT.8WZA.4HVC"})
    CHECK(rule_of(read_invitation_code(typed)) == "invitation.code");
  SystemRandom random;
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) {
    const std::string code = new_invitation_code(random);
    CHECK(MUST(read_invitation_code(code)).size() == 20);
    CHECK(seen.insert(code).second);
  }
}

TEST_CASE("ticket and words are those of the format") {
  // Computed apart, with hashlib.
  const std::string code = "K7QF9M2XD3RT8WZA4HVC";
  CHECK(invitation_ticket(code) == "gbDgvg2HXwpLQXKPqdc3I660WXMQRTY5vgSOgFQIrHY");
  const KeyId sign(std::string(43, 'a')), seal(std::string(43, 'b'));
  CHECK(invitation_words(code, sign, seal) == std::array<std::string, 4>{"incur", "inside", "bread", "arena"});
  CHECK(invitation_words(code, seal, sign) != invitation_words(code, sign, seal));
  CHECK(invitation_words("K7QF9M2XD3RT8WZA4HVD", sign, seal) != invitation_words(code, sign, seal));
}

TEST_CASE("the words can be told apart over a bad line") {
  std::set<std::string_view> beginnings;
  for (const std::string_view word : word_list()) {
    CHECK(word.size() >= 3);
    CHECK(word.size() <= 8);
    CHECK(word.find_first_not_of("abcdefghijklmnopqrstuvwxyz") == std::string_view::npos);
    CHECK(beginnings.insert(word.substr(0, 4)).second);
  }
  CHECK(word_list().size() == 2048);
  CHECK(std::is_sorted(word_list().begin(), word_list().end()));
}
