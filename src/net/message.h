#pragma once

// What travels: a request as a handler sees it, and the response that it gives back.

#include <array>
#include <memory>
#include <optional>
#include <variant>

#include "base/base.h"

namespace entraide::net {

struct Named {
  std::string name;
  std::string value;
  bool operator==(const Named&) const = default;
};

/// Header fields in their order. Names compare without regard to case.
class Headers {
 public:
  Headers() = default;
  Headers(std::initializer_list<Named> fields) : fields_(fields) {}

  /// The first field of that name, or null.
  const std::string* find(std::string_view name) const;
  /// The first field of that name, or an empty text.
  std::string_view get(std::string_view name) const;
  /// All fields of that name as one list value: joined by ", " (RFC 9110 section 5.2).
  std::string list(std::string_view name) const;
  std::size_t count(std::string_view name) const;

  void add(std::string name, std::string value) { fields_.push_back({std::move(name), std::move(value)}); }
  void set(std::string_view name, std::string value);  // replaces every field of that name
  void remove(std::string_view name);

  std::size_t size() const { return fields_.size(); }
  auto begin() const { return fields_.begin(); }
  auto end() const { return fields_.end(); }

 private:
  std::vector<Named> fields_;
};

/// Decoded names and values, in order, names may repeat: a query, or what a route pattern captured.
class Parameters {
 public:
  /// The first value of that name, or null.
  const std::string* find(std::string_view name) const;
  /// The first value of that name, or an empty text.
  std::string_view get(std::string_view name) const;
  std::vector<std::string_view> all(std::string_view name) const;
  void add(std::string name, std::string value) { values_.push_back({std::move(name), std::move(value)}); }
  void clear() { values_.clear(); }
  std::size_t size() const { return values_.size(); }
  auto begin() const { return values_.begin(); }
  auto end() const { return values_.end(); }

 private:
  std::vector<Named> values_;
};

/// The languages that people are answered in.
enum class Language { en, fr, es, ar };
std::string_view code_of(Language language);  // "en"
/// The best of the four for an Accept-Language value (RFC 9110 section 12.5.4): highest weight first, the
/// earlier of two equals, by primary subtag ("fr-CA" is French); English where none fits.
Language choose_language(std::string_view accept_language);

/// Splits and decodes a query ("a=1&b=x+y"). Fails on a bad percent-escape, a NUL, or text that is not UTF-8.
/// Rule: http.request.target. Any thread.
Result<Parameters> parse_query(std::string_view query);
/// Decodes one path segment. Fails as above.
Result<std::string> decode_segment(std::string_view segment);

/// A whole request, read within its limits.
struct Request {
  std::string method;                 // "GET"; a HEAD request that a GET route answers still says "HEAD"
  std::string path;                   // as it came, without the query: starts with '/', still percent-encoded
  Parameters query;                   // decoded
  Parameters captured;                // what the route's pattern captured, decoded
  Headers headers;
  Bytes body;
  std::string peer;                   // the address of the other end, without its port
  bool tls = false;
  /// SHA-256 of the client's certificate (DER), where it sent one. TLS proves that the peer holds its key;
  /// nobody checked who issued it: compare it with what is registered (RFC 8705 section 3).
  std::optional<std::array<std::uint8_t, 32>> client_certificate;
  std::string trace_id;               // 32 hexadecimal digits, from `traceparent` or made here
  Language language = Language::en;
};

/// An open file that closes itself.
class OpenFile {
 public:
  /// Rule: http.file. Blocks: call it on the pool.
  static Result<std::shared_ptr<const OpenFile>> open(const std::string& path);
  ~OpenFile();
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  std::uint64_t size() const { return size_; }
  int descriptor() const { return descriptor_; }

 private:
  OpenFile(int descriptor, std::uint64_t size) : descriptor_(descriptor), size_(size) {}
  int descriptor_;
  std::uint64_t size_;
};

/// The bytes of a response: owned, shared with others, or a range of an open file. Nothing is copied on the way.
class Body {
 public:
  Body() = default;
  Body(std::string text) : content_(std::move(text)) {}
  Body(const char* text) : content_(std::string(text)) {}
  Body(Bytes bytes) : content_(std::move(bytes)) {}
  /// `bytes` stay alive as long as `owner` does.
  static Body shared(std::shared_ptr<const void> owner, BytesView bytes);
  static Body shared(std::shared_ptr<const Bytes> bytes);
  /// The file must not shrink while it is sent; it is read on the pool.
  static Body file(std::shared_ptr<const OpenFile> file);

  std::uint64_t size() const;
  /// The part `[from, from + count)`; the caller promises that it is inside.
  Body slice(std::uint64_t from, std::uint64_t count) &&;
  /// Everything that is in memory; empty for a file.
  BytesView view() const;

  struct FileRange {
    std::shared_ptr<const OpenFile> file;
    std::uint64_t from = 0;
    std::uint64_t count = 0;
  };
  const FileRange* file_range() const { return std::get_if<FileRange>(&content_); }

 private:
  struct Shared {
    std::shared_ptr<const void> owner;
    BytesView bytes;
  };
  std::variant<std::string, Bytes, Shared, FileRange> content_;
};

/// An answer. Content-Length, Date and Connection are the server's to write; the rest is the handler's.
struct Response {
  int status = 200;
  Headers headers;
  Body body;
  std::string rule = {};      // of a failure: logged and never sent, the body of a problem says it as well
  std::string log_note = {};  // for the log only: what a failure of our own was

  static Response of(int status, std::string_view content_type, Body body);
};

/// "Not Found" for 404.
std::string_view reason_of(int status);

}  // namespace entraide::net
