#pragma once

// The form of an act before anybody has answered: for people to fill in, and for programs that make their own.

#include "codec/json.h"
#include "rulebook/rulebook.h"

namespace entraide::cli {

/// In YAML, with labels, hints and what is mandatory under the basis. Rule: seal.form.
Result<std::string> answers_template(const rulebook::Rulebook& rules, const std::string& type,
                                     const std::string& basis, const std::string& language);

/// As data: {"type","form","rulebook","title","source","sections":[{"section","title","fields":[..]}]}, and `basis` and
/// `checks` where there are any. A field is as docs/formats/rulebook.md has it, with `label` and `hint` in the language,
/// `required` (true, false, or the condition on which it is), the article that it rests on as `source`, and in the schema
/// the `codes` of its list. Rule: seal.form.
Result<codec::Json> template_data(const rulebook::Rulebook& rules, const std::string& type, const std::string& basis,
                                  const std::string& language);

}  // namespace entraide::cli
