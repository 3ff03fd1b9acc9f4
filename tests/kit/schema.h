#pragma once

// As much of JSON Schema 2020-12 as the API's contract uses, and no more: a keyword that is not known here is a
// defect of the schema, so that nothing in the contract goes unchecked.

#include "client/transport.h"
#include "codec/json.h"

#include <set>

namespace entraide::kit {

/// ASCII letters in lower case: names of headers.
std::string lower(std::string text);

/// What is wrong with `value` under `schema`, one sentence each, with its place; empty when it fits. `$ref` points into `root`.
std::vector<std::string> schema_defects(const codec::Json& root, const codec::Json& schema, const codec::Json& value);

/// An OpenAPI 3.1 document against which exchanges are held, and which remembers what was exercised.
class Contract {
 public:
  explicit Contract(codec::Json document);

  /// What is wrong with the answer to `request`: a path, method, status, content type or header that is not documented, or a
  /// body that does not fit its schema. Empty when it fits.
  std::vector<std::string> check(const client::HttpRequest& request, const client::HttpResponse& response);
  /// "GET /v1/me 200" for every documented answer that no checked exchange has given.
  std::vector<std::string> never_given() const;
  /// "GET /v1/me" for every operation.
  std::set<std::string> operations() const;
  const codec::Json& document() const { return document_; }
  /// Follows a local `$ref`, if there is one.
  const codec::Json& resolved(const codec::Json& value) const;

 private:
  struct Found {
    std::string path;
    const codec::Json* operation = nullptr;
  };
  Found find(std::string_view method, std::string_view path) const;

  codec::Json document_;
  std::set<std::string> given_;
};

}  // namespace entraide::kit
