#pragma once

// A case in words for people, on a screen and on paper: the rulebook's labels, codes by their meaning, authorities by name.

#include <string>
#include <string_view>
#include <vector>

#include "codec/json.h"
#include "directory/directory.h"
#include "print/print.h"
#include "rulebook/model.h"

namespace entraide::cli {

/// The few words that stand around a case and are not the rulebook's.
enum class CaseWord {
  page,
  stamp,
  from,
  to,
  reference,
  basis,
  state,
  signed_by,
  translation,
  checked_by,
  files,
  proof,
  verified,
  not_verified,
  receipt,
  closed,
  yes,
  no,
  attached,
  cited,
  acknowledged
};

/// In one of en, fr, es, ar; English for any other.
std::string_view case_word(CaseWord word, std::string_view language);

/// Says things in one or two languages: "Faits / Facts".
class CaseWords {
 public:
  /// All three must outlive it; one or two languages.
  CaseWords(const rulebook::Rulebook& rules, const directory::Directory& people, std::vector<std::string> languages)
      : rules_(rules), people_(people), languages_(std::move(languages)) {}

  const std::string& first() const { return languages_.front(); }
  bool speaks(const std::string& language) const;

  /// `text` in a direction of its own, where one of the languages runs the other way: a number beside an Arabic label
  /// would otherwise be set from its end.
  std::string isolated(const std::string& text) const;

  std::string word(CaseWord which) const;
  /// A word of the rulebook, or `otherwise` where it has none.
  std::string rule_word(const std::string& key, const std::string& otherwise) const;
  /// "Central Authority – Kenya (au:ke:central-authority)".
  std::string authority(const std::string& name) const;
  /// "uncc.40.15.b" as jurists write it: "UN Convention against Cybercrime, article 40(15)(b)".
  std::string basis(const std::string& source) const;
  /// An answer in words, whatever language it was written in; items of lists on lines of their own.
  std::string value(const rulebook::Schema& schema, const std::string& key, const codec::Json& value) const;

  /// An opened document in the order of its form: sections, answers, files, and who signed it.
  std::vector<print::Block> document(const codec::Json& document, const std::string& signer) const;

 private:
  template <class F>
  std::string joined(F&& in_language) const;
  void add_answers(std::vector<print::Block>& out, const std::string& form, const codec::Json& document) const;

  const rulebook::Rulebook& rules_;
  const directory::Directory& people_;
  std::vector<std::string> languages_;
};

}  // namespace entraide::cli
