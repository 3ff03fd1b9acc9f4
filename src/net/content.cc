#include "net/content.h"

#include <openssl/evp.h>

#include <charconv>
#include <filesystem>
#include <fstream>

#include "codec/codec.h"
#include "net/ascii.h"
#include "net/problem.h"

namespace entraide::net {
namespace {

// Whether an If-None-Match list knows `etag`; comparison is weak (RFC 9110 section 13.1.2).
bool knows(std::string_view list, std::string_view etag) {
  if (trimmed(list) == "*") return true;
  bool found = false;
  for_each_item(list, [&](std::string_view item) {
    if (item.starts_with("W/")) item.remove_prefix(2);
    found = found || item == etag;
  });
  return found;
}

struct ByteRange {
  enum class Kind { whole, part, unsatisfiable } kind = Kind::whole;
  std::uint64_t from = 0;
  std::uint64_t count = 0;
};

bool read_number(std::string_view text, std::uint64_t& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && end == text.data() + text.size();
}

// "bytes=0-99", "bytes=100-", "bytes=-100" (RFC 9110 section 14.1.2). What does not read is no range at all.
ByteRange range_of(std::string_view header, std::uint64_t size) {
  using Kind = ByteRange::Kind;
  if (header.size() < 6 || !same_name(header.substr(0, 6), "bytes=")) return {};
  const std::string_view spec = trimmed(header.substr(6));
  const std::size_t dash = spec.find('-');
  if (dash == std::string_view::npos || spec.find(',') != std::string_view::npos) return {};
  const std::string_view first = spec.substr(0, dash), last = spec.substr(dash + 1);
  std::uint64_t from = 0, to = 0;
  if (first.empty()) {
    if (!read_number(last, to)) return {};
    if (to == 0 || size == 0) return {Kind::unsatisfiable};
    const std::uint64_t count = std::min(to, size);
    return {Kind::part, size - count, count};
  }
  if (!read_number(first, from)) return {};
  if (!last.empty() && (!read_number(last, to) || to < from)) return {};
  if (from >= size) return {Kind::unsatisfiable};
  const std::uint64_t end = last.empty() ? size : std::min(to, size - 1) + 1;
  return {Kind::part, from, end - from};
}

}  // namespace

std::string etag_of(BytesView bytes) {
  std::array<std::uint8_t, 32> hash{};
  ENSURE(EVP_Digest(bytes.data(), bytes.size(), hash.data(), nullptr, EVP_sha256(), nullptr) == 1);
  return "\"" + codec::base64url(BytesView(hash).first(18)) + "\"";
}

Response conditional(const Request& request, Response whole) {
  if (whole.status != 200 || (request.method != "GET" && request.method != "HEAD")) return whole;
  const std::string etag(whole.headers.get("ETag"));
  if (!etag.empty() && knows(request.headers.list("If-None-Match"), etag)) {
    whole.status = 304;
    whole.body = {};
    whole.headers.remove("Content-Type");
    whole.headers.remove("Content-Encoding");
    return whole;
  }
  whole.headers.set("Accept-Ranges", "bytes");
  const std::string* range_header = request.headers.find("Range");
  if (!range_header || request.method != "GET") return whole;
  if (const std::string* if_range = request.headers.find("If-Range"))
    if (*if_range != etag || etag.starts_with("W/")) return whole;
  const std::uint64_t size = whole.body.size();
  const ByteRange range = range_of(*range_header, size);
  if (range.kind == ByteRange::Kind::unsatisfiable) {
    Response out = to_response(protocol_problem("http.range", request.language, request.trace_id));
    out.headers.add("Content-Range", "bytes */" + std::to_string(size));
    return out;
  }
  if (range.kind == ByteRange::Kind::part) {
    whole.status = 206;
    whole.headers.set("Content-Range", "bytes " + std::to_string(range.from) + "-" +
                                           std::to_string(range.from + range.count - 1) + "/" + std::to_string(size));
    whole.body = std::move(whole.body).slice(range.from, range.count);
  }
  return whole;
}

std::string_view choose_coding(std::string_view accept_encoding, bool has_br, bool has_gzip) {
  int br = -1, gzip = -1, any = 0;
  for_each_weighted(accept_encoding, [&](std::string_view name, int weight) {
    if (same_name(name, "br")) br = weight;
    if (same_name(name, "gzip")) gzip = weight;
    if (name == "*") any = weight;
  });
  br = has_br ? (br < 0 ? any : br) : 0;
  gzip = has_gzip ? (gzip < 0 ? any : gzip) : 0;
  if (br > 0 && br >= gzip) return "br";
  if (gzip > 0) return "gzip";
  return {};
}

// ---- static files --------------------------------------------------------------------------

namespace {

constexpr std::pair<std::string_view, std::string_view> kContentTypes[] = {
    {"html", "text/html; charset=utf-8"},
    {"css", "text/css; charset=utf-8"},
    {"js", "text/javascript; charset=utf-8"},
    {"mjs", "text/javascript; charset=utf-8"},
    {"json", "application/json"},
    {"map", "application/json"},
    {"webmanifest", "application/manifest+json"},
    {"svg", "image/svg+xml"},
    {"png", "image/png"},
    {"ico", "image/x-icon"},
    {"webp", "image/webp"},
    {"woff2", "font/woff2"},
    {"wasm", "application/wasm"},
    {"txt", "text/plain; charset=utf-8"},
    {"yaml", "application/yaml"},
    {"pdf", "application/pdf"},
};

std::string_view content_type_of(std::string_view path) {
  const std::string_view ending = path.substr(path.rfind('.') + 1);
  for (const auto& [known, type] : kContentTypes)
    if (same_name(known, ending)) return type;
  return "application/octet-stream";
}

// "assets/app-3f9a1c2b.js", "app.3f9a1c2b.js": at least one digit, so that "contact-directory.js" is none.
bool has_hashed_name(std::string_view path) {
  const std::size_t dot = path.rfind('.');
  if (dot == std::string_view::npos || dot == 0) return false;
  const std::string_view stem = path.substr(0, dot);
  const std::size_t mark = stem.find_last_of("-./");
  if (mark == std::string_view::npos || stem[mark] == '/') return false;
  const std::string_view hash = stem.substr(mark + 1);
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  return hash.size() >= 8 && std::ranges::any_of(hash, is_digit) && std::ranges::all_of(hash, [&](char c) {
           return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'z') || c == '_';
         });
}

Result<std::shared_ptr<const Bytes>> read_whole(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  Bytes bytes{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  if (!in) return fail(Errc::internal, "http.files", "file \"" + path.string() + "\": cannot be read", path.string());
  return std::make_shared<const Bytes>(std::move(bytes));
}

// One file with what every answer about it needs, worked out once.
struct Served {
  struct Variant {
    std::shared_ptr<const Bytes> bytes;
    std::string etag;
  };
  std::string content_type;
  bool immutable = false;
  Variant plain, gzip, brotli;
};

struct Site {
  std::map<std::string, Served, std::less<>> files;
  Headers headers;
  std::string fallback;

  const Served* find(std::string_view path) const {
    if (const auto found = files.find(path); found != files.end()) return &found->second;
    if (path.empty() || path.ends_with('/'))
      if (const auto found = files.find(std::string(path) + "index.html"); found != files.end())
        return &found->second;
    const std::string_view last = path.substr(path.rfind('/') + 1);
    if (fallback.empty() || last.find('.') != std::string_view::npos) return nullptr;
    const auto found = files.find(fallback);
    return found == files.end() ? nullptr : &found->second;
  }

  Response answer(const Request& request) const {
    const std::string_view path = request.captured.size() ? std::string_view(request.captured.begin()->value) : "";
    const Served* file = find(path);
    Response out;
    if (!file) {
      out = to_response(protocol_problem("http.not-found", request.language, request.trace_id));
    } else {
      const bool has_br = file->brotli.bytes != nullptr, has_gzip = file->gzip.bytes != nullptr;
      const std::string_view coding = choose_coding(request.headers.list("Accept-Encoding"), has_br, has_gzip);
      const Served::Variant& variant = coding == "br" ? file->brotli : coding == "gzip" ? file->gzip : file->plain;
      out = Response::of(200, file->content_type, Body::shared(variant.bytes));
      out.headers.add("ETag", variant.etag);
      out.headers.add("Cache-Control", file->immutable ? "public, max-age=31536000, immutable" : "no-cache");
      if (!coding.empty()) out.headers.add("Content-Encoding", std::string(coding));
      if (has_br || has_gzip) out.headers.add("Vary", "Accept-Encoding");
      out = conditional(request, std::move(out));
    }
    for (const Named& header : headers) out.headers.set(header.name, header.value);
    return out;
  }
};

}  // namespace

Result<StaticFiles> load_static_files(const std::string& folder) {
  namespace fs = std::filesystem;
  std::error_code error;
  std::map<std::string, std::shared_ptr<const Bytes>> found;
  for (fs::recursive_directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    if (!at->is_regular_file(error)) continue;
    found[at->path().lexically_relative(folder).generic_string()] = TRY(read_whole(at->path()));
  }
  if (error) return fail(Errc::internal, "http.files", "folder \"" + folder + "\": " + error.message(), folder);

  StaticFiles out;
  for (const auto& [path, bytes] : found) {
    const bool compressed = path.ends_with(".gz") || path.ends_with(".br");
    if (compressed && found.contains(path.substr(0, path.size() - 3))) continue;
    StaticFile file{std::string(content_type_of(path)), bytes};
    if (const auto gzip = found.find(path + ".gz"); gzip != found.end()) file.gzip = gzip->second;
    if (const auto brotli = found.find(path + ".br"); brotli != found.end()) file.brotli = brotli->second;
    file.immutable = has_hashed_name(path);
    out.emplace(path, std::move(file));
  }
  return out;
}

Handler static_files(StaticFiles files, Headers headers, std::string fallback) {
  auto site = std::make_shared<Site>();
  site->headers = std::move(headers);
  site->fallback = std::move(fallback);
  const auto variant = [](std::shared_ptr<const Bytes> bytes) {
    std::string etag = bytes ? etag_of(*bytes) : std::string();
    return Served::Variant{std::move(bytes), std::move(etag)};
  };
  for (auto& [path, file] : files) {
    ENSURE(file.plain != nullptr);
    Served served;
    served.content_type = std::move(file.content_type);
    served.immutable = file.immutable;
    served.plain = variant(std::move(file.plain));
    served.gzip = variant(std::move(file.gzip));
    served.brotli = variant(std::move(file.brotli));
    site->files.emplace(path, std::move(served));
  }
  return [site](Request request, Reply reply) { std::move(reply).send(site->answer(request)); };
}

}  // namespace entraide::net
