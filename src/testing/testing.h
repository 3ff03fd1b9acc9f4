#pragma once

// What every test includes: doctest, and the value of a result that must be there.

#include <doctest/doctest.h>

#include "base/base.h"

namespace entraide::testing {

/// Fails the running test with the error's words, then gives up on the whole test case.
template <class T>
T must(Result<T> result, const char* expression) {
  if (!result) {
    const std::string words =
        std::string(expression) + " failed: [" + result.error().rule + "] " + result.error().message;
    FAIL(words);
  }
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

/// The rule that a result failed with, or "accepted": what a table of bad inputs compares.
template <class T>
std::string rule_of(const Result<T>& result) {
  return result ? "accepted" : result.error().rule;
}

}  // namespace entraide::testing

#define MUST(expression) ::entraide::testing::must((expression), #expression)
