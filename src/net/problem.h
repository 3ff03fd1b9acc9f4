#pragma once

// Failures as people and programs read them: RFC 9457 problem details.

#include "codec/json.h"
#include "net/message.h"

namespace entraide::net {

/// A problem's `type` is this and then its rule: stable for ever, resolvable to its documentation.
inline constexpr std::string_view kProblemTypeBase = "https://entraide.example/problems/";

/// One fault inside a request: where (RFC 6901 pointer), which rule, and its parameters.
struct Fault {
  std::string pointer;
  std::string code;
  codec::Json params = {};
};

/// `application/problem+json`. Empty members are left out.
struct Problem {
  int status = 500;
  std::string rule;      // "act.st.gap"; without one the type is "about:blank"
  std::string title;     // short, in the reader's language
  std::string detail = {};
  std::string instance = {};
  std::string trace_id = {};
  std::vector<Fault> errors = {};
  std::optional<Seconds> retry_after = {};  // also sent as Retry-After
  codec::Json more = {};                    // further members, an object; they cannot replace those above
};

Response to_response(const Problem& problem);

/// invalid 422, too_large 413, unauthenticated 401, refused 403, not_found 404, conflict 409,
/// not_authentic 422, unavailable and storage 503, internal 500.
int status_of(Errc code);

/// What `error` is to the sender of `request`: status, rule, the title in his language, the message as detail.
/// A failure of our own (storage, internal) shows no detail; it goes to the log with the response.
Response problem(const Error& error, const Request& request, std::optional<Seconds> retry_after = {});

/// A problem of the protocol itself, in the reader's language. `rule` is one of those in problem.cc ("http....").
Problem protocol_problem(std::string_view rule, Language language, std::string_view trace_id);

/// "Not found" in the reader's language: what a status means where nothing better is known.
std::string_view title_of(int status, Language language);

}  // namespace entraide::net
