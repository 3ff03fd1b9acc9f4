#pragma once

// What the readers of the single file kinds share while a rulebook is being loaded.

#include "rulebook/model.h"

namespace entraide::rulebook {

/// A JSON value and where it stands: "kinds/preservation.json#.transitions.3".
struct At {
  const codec::Json& json;
  std::string where;

  At member(std::string_view name) const;
  At item(std::size_t index) const;
};

/// The state of one loading: what is being made, and what must be there in the end.
struct Loading {
  Model& model;
  std::vector<Reference> references;
  /// The confidence that the file gives at its top: "text", "memory" or empty.
  std::string confidence;
};

std::unexpected<Error> refuse(std::string rule, const std::string& where, const std::string& what);

/// Reads the file's own "confidence", once per file.
Result<> read_confidence(codec::ObjectReader& in, const std::string& where, Loading& loading);
/// Reads "source" and "confidence" of an object. Without a source of its own the object takes `fallback`; where that is empty
/// too, it is refused.
Result<Source> read_source(codec::ObjectReader& in, const std::string& where, Loading& loading,
                           const Source& fallback = {});

/// Small letters, digits and `-`, parts joined by dots; with `underscore` also `_` (fields and codes).
bool is_identifier(std::string_view text);
bool is_name(std::string_view text);

Result<Period> read_period(const std::string& text, const std::string& where);
/// The items of a list member, each with its place; absent is empty.
std::vector<At> items_of(const At& at, codec::ObjectReader& in, std::string_view key);
/// A list of names without doubles.
Result<> check_names(const std::vector<std::string>& names, const std::string& where, bool identifiers);

Result<> load_platform(const At& at, Loading& loading);  // rulebook.json
Result<> load_use(const At& at, Loading& loading);  // rules-of-use.json
Result<> load_directory(const At& at, Loading& loading);  // directory.json
Result<> load_delivery(const At& at, Loading& loading);  // delivery.json
Result<> load_instrument(const At& at, std::string_view id, Loading& loading);
Result<> load_vocab(const At& at, std::string_view id, Loading& loading);
Result<> load_profile(const At& at, std::string_view country, Loading& loading);
Result<> load_words(const At& at, std::string_view language, Loading& loading);
Result<> load_form(const At& at, std::string_view id, Loading& loading);
Result<> load_kind(const At& at, std::string_view id, Loading& loading);

Result<std::vector<Rule>> read_rules(const std::vector<At>& items, ConditionPlace place, Loading& loading);
Result<SignerNeed> read_signer_need(const At& at, bool may_be_threshold);

/// Sets the pointers between parts and looks up every reference.
Result<> link(Loading& loading);

}  // namespace entraide::rulebook
