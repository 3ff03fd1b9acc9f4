#pragma once

// From what is on the command line to what goes out: answers, files, translations, summary.

#include "apps/entraide/case_view.h"

namespace entraide::cli {

struct Filling {
  CaseId case_id;
  client::Sealed sealed;
};

/// --answers, --set, --summary, --attach, --translation and --translator.
const std::vector<Option>& filling_options();

/// Validates, encrypts and uploads files, signs the document, seals. `file` is null for a new case.
Result<Filling> fill(Context& context, const std::string& type, const Subject& issuing, const CaseView* file,
                     const std::vector<Subject>& to, const std::string& basis);
/// Validates only, and says what is missing.
Result<> check_only(Context& context, const rulebook::Rulebook& rules, const std::string& type);
/// Until the authority has a number of its own: the case's, with its country before it, so that it is not taken for that
/// of the other side.
std::string own_reference(const Subject& authority, const std::string& reference);

}  // namespace entraide::cli
