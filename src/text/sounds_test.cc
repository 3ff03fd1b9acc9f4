#include "text/sounds.h"

#include "testing/testing.h"

using namespace entraide;
using namespace entraide::text;

namespace {

std::string sounds(std::string_view latin) {
  std::string out;
  append_sounds(latin, out);
  return out;
}

}  // namespace

TEST_CASE("spellings of one name sound alike") {
  const std::string_view pairs[][2] = {{"hussain", "husein"}, {"ahmadinezhad", "ahmadinejad"},
                                       {"yulia", "iuliya"},   {"qasim", "kassem"},
                                       {"viktor", "wiktor"},  {"fatimah", "fatima"},
                                       {"oumar", "umar"},     {"khamid", "hamid"},
                                       {"philip", "filip"},   {"sharif", "scharif"}};
  for (const auto& [one, other] : pairs) CHECK_MESSAGE(sounds(one) == sounds(other), one);
}

TEST_CASE("names that differ in a sound do not sound alike") {
  const std::string_view pairs[][2] = {
      {"karim", "karam"}, {"salim", "salih"}, {"merz", "mertens"}, {"abiy", "abiyot"}};
  for (const auto& [one, other] : pairs) CHECK_MESSAGE(sounds(one) != sounds(other), one);
}

TEST_CASE("anything has sounds, and nothing has none") {
  CHECK(sounds("").empty());
  CHECK(sounds("h").empty());
  CHECK(!sounds("0815").empty());
}
