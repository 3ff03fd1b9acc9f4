#pragma once

// Content that does not change while it is sent: conditional and partial answers, sets of static files.

#include <map>

#include "net/router.h"

namespace entraide::net {

/// A strong ETag over the bytes: a quoted piece of their SHA-256.
std::string etag_of(BytesView bytes);

/// Answers `request` from `whole`, a 200 response with its body and, best, an ETag: 304 where If-None-Match knows
/// it; 206 for one satisfiable byte range (If-Range honoured), 416 for one that is not; else `whole`, with
/// Accept-Ranges. Several ranges are answered whole, as RFC 9110 section 14.2 allows. Only GET and HEAD.
Response conditional(const Request& request, Response whole);

/// The codings that Accept-Encoding lets us use, best first: "br", "gzip", or nothing.
std::string_view choose_coding(std::string_view accept_encoding, bool has_br, bool has_gzip);

struct StaticFile {
  std::string content_type;
  std::shared_ptr<const Bytes> plain;
  std::shared_ptr<const Bytes> gzip = {};    // the same, compressed beforehand
  std::shared_ptr<const Bytes> brotli = {};
  bool immutable = false;                    // its name carries a hash of its content: cached for a year
};

/// Files by path ("index.html", "assets/app-3f9a1c2b.js").
using StaticFiles = std::map<std::string, StaticFile, std::less<>>;

/// Reads every file of a folder into memory; `x.gz` and `x.br` beside `x` become its compressed forms. A name with
/// a hash of at least 8 letters and digits after its last '-' or '.' before the ending is immutable.
/// Rule: http.files. Blocks.
Result<StaticFiles> load_static_files(const std::string& folder);

/// A handler for a pattern that ends in `{rest...}`, with `headers` (security policies) on every answer, also 404.
/// An empty path or one that ends in '/' means its index.html. `fallback` names the file for paths without a dot
/// in their last segment that are no file: the page of an application that routes by itself; empty: 404.
Handler static_files(StaticFiles files, Headers headers, std::string fallback = {});

}  // namespace entraide::net
