#pragma once

// The learned tables of all scripts, read once.

#include <optional>

#include "text/east_asia.h"
#include "text/lexicon.h"
#include "text/text.h"

namespace entraide::text {

class Scripts {
 public:
  static Result<Scripts> read();
  /// Of scripts whose romanisation is learned; null for the others.
  const Romaniser* of(Script script) const {
    const auto& romaniser = romanisers_[static_cast<std::size_t>(script)];
    return romaniser ? &*romaniser : nullptr;
  }
  /// One letter of a script without a table of its own, by ICU's general rules; empty when they are silent.
  std::string_view letter(char32_t c) const;
  /// The traditional Han character of a simplified one, every other letter itself.
  char32_t traditional(char32_t c) const;
  /// Of words that are not written as their letters would say; empty for the others. `word` is canonical.
  std::span<const Rendering> irregular(std::string_view word) const;
  const EastAsia& east_asia() const { return *east_asia_; }

 private:
  std::array<std::optional<Romaniser>, kScripts> romanisers_;
  WordTable irregular_;
  std::vector<std::vector<Rendering>> renderings_;
  std::optional<EastAsia> east_asia_;
  std::vector<std::pair<char32_t, std::string_view>> letters_;  // sorted
  std::vector<std::pair<char32_t, char32_t>> traditional_;      // sorted
};

}  // namespace entraide::text
