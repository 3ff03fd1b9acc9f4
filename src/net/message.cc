#include "net/message.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "codec/codec.h"
#include "net/ascii.h"

namespace entraide::net {

// ---- headers and parameters ----------------------------------------------------------------

const std::string* Headers::find(std::string_view name) const {
  for (const Named& field : fields_)
    if (same_name(field.name, name)) return &field.value;
  return nullptr;
}

std::string_view Headers::get(std::string_view name) const {
  const std::string* value = find(name);
  return value ? std::string_view(*value) : std::string_view();
}

std::string Headers::list(std::string_view name) const {
  std::string out;
  for (const Named& field : fields_) {
    if (!same_name(field.name, name)) continue;
    if (!out.empty()) out += ", ";
    out += field.value;
  }
  return out;
}

std::size_t Headers::count(std::string_view name) const {
  return static_cast<std::size_t>(
      std::ranges::count_if(fields_, [&](const Named& field) { return same_name(field.name, name); }));
}

void Headers::set(std::string_view name, std::string value) {
  remove(name);
  fields_.push_back({std::string(name), std::move(value)});
}

void Headers::remove(std::string_view name) {
  std::erase_if(fields_, [&](const Named& field) { return same_name(field.name, name); });
}

const std::string* Parameters::find(std::string_view name) const {
  for (const Named& parameter : values_)
    if (parameter.name == name) return &parameter.value;
  return nullptr;
}

std::string_view Parameters::get(std::string_view name) const {
  const std::string* value = find(name);
  return value ? std::string_view(*value) : std::string_view();
}

std::vector<std::string_view> Parameters::all(std::string_view name) const {
  std::vector<std::string_view> out;
  for (const Named& parameter : values_)
    if (parameter.name == name) out.push_back(parameter.value);
  return out;
}

// ---- decoding ------------------------------------------------------------------------------

namespace {

int digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

Result<std::string> decode(std::string_view text, bool plus_is_space) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+' && plus_is_space) {
      out += ' ';
    } else if (text[i] != '%') {
      out += text[i];
    } else {
      const int high = i + 2 < text.size() ? digit_of(text[i + 1]) : -1;
      const int low = i + 2 < text.size() ? digit_of(text[i + 2]) : -1;
      if (high < 0 || low < 0)
        return fail(Errc::invalid, "http.request.target", "request target: a '%' without two hexadecimal digits");
      out += static_cast<char>(high << 4 | low);
      i += 2;
    }
  }
  if (out.find('\0') != std::string::npos || !codec::is_utf8(out))
    return fail(Errc::invalid, "http.request.target", "request target: not UTF-8 text, or with a NUL in it");
  return out;
}

}  // namespace

Result<std::string> decode_segment(std::string_view segment) { return decode(segment, false); }

Result<Parameters> parse_query(std::string_view query) {
  Parameters out;
  const auto cut = [](std::string_view text, char at) {
    const std::size_t end = text.find(at);
    if (end == std::string_view::npos) return std::pair(text, std::string_view());
    return std::pair(text.substr(0, end), text.substr(end + 1));
  };
  while (!query.empty()) {
    const auto [pair, rest] = cut(query, '&');
    query = rest;
    if (pair.empty()) continue;
    const auto [raw_name, raw_value] = cut(pair, '=');
    std::string name = TRY(decode(raw_name, true));
    std::string value = TRY(decode(raw_value, true));
    out.add(std::move(name), std::move(value));
  }
  return out;
}

// ---- languages -----------------------------------------------------------------------------

std::string_view code_of(Language language) {
  switch (language) {
    case Language::en: return "en";
    case Language::fr: return "fr";
    case Language::es: return "es";
    case Language::ar: return "ar";
  }
  return "en";
}

Language choose_language(std::string_view accept_language) {
  Language best = Language::en;
  int best_weight = 0;
  for_each_weighted(accept_language, [&](std::string_view range, int weight) {
    if (weight <= best_weight) return;
    const std::string_view primary = range.substr(0, range.find('-'));
    for (const Language language : {Language::en, Language::fr, Language::es, Language::ar}) {
      if (!same_name(primary, code_of(language)) && !(range == "*" && language == Language::en)) continue;
      best = language;
      best_weight = weight;
      break;
    }
  });
  return best;
}

// ---- bodies --------------------------------------------------------------------------------

Result<std::shared_ptr<const OpenFile>> OpenFile::open(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0)
    return fail(errno == ENOENT ? Errc::not_found : Errc::internal, "http.file",
                "file \"" + path + "\": cannot be opened: " + std::generic_category().message(errno), path);
  struct stat about{};
  if (::fstat(descriptor, &about) != 0 || !S_ISREG(about.st_mode)) {
    ::close(descriptor);
    return fail(Errc::internal, "http.file", "file \"" + path + "\": is no regular file", path);
  }
  return std::shared_ptr<const OpenFile>(new OpenFile(descriptor, static_cast<std::uint64_t>(about.st_size)));
}

OpenFile::~OpenFile() { ::close(descriptor_); }

Body Body::shared(std::shared_ptr<const void> owner, BytesView bytes) {
  Body out;
  out.content_ = Shared{std::move(owner), bytes};
  return out;
}

Body Body::shared(std::shared_ptr<const Bytes> bytes) {
  const BytesView view = *bytes;
  return shared(std::shared_ptr<const void>(std::move(bytes)), view);
}

Body Body::file(std::shared_ptr<const OpenFile> file) {
  Body out;
  const std::uint64_t size = file->size();
  out.content_ = FileRange{std::move(file), 0, size};
  return out;
}

BytesView Body::view() const {
  if (const auto* text = std::get_if<std::string>(&content_)) return bytes_of(*text);
  if (const auto* bytes = std::get_if<Bytes>(&content_)) return *bytes;
  if (const auto* shared = std::get_if<Shared>(&content_)) return shared->bytes;
  return {};
}

std::uint64_t Body::size() const {
  const FileRange* range = file_range();
  return range ? range->count : view().size();
}

Body Body::slice(std::uint64_t from, std::uint64_t count) && {
  ENSURE(from <= size() && count <= size() - from);
  if (const FileRange* range = file_range()) {
    Body out;
    out.content_ = FileRange{range->file, range->from + from, count};
    return out;
  }
  auto owner = std::make_shared<const Body>(std::move(*this));
  const BytesView part = owner->view().subspan(from, count);
  return shared(std::move(owner), part);
}

// ---- responses -----------------------------------------------------------------------------

Response Response::of(int status, std::string_view content_type, Body body) {
  Response out;
  out.status = status;
  out.headers.add("Content-Type", std::string(content_type));
  out.body = std::move(body);
  return out;
}

std::string_view reason_of(int status) {
  switch (status) {
    case 100: return "Continue";
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 206: return "Partial Content";
    case 301: return "Moved Permanently";
    case 302: return "Found";
    case 303: return "See Other";
    case 304: return "Not Modified";
    case 307: return "Temporary Redirect";
    case 308: return "Permanent Redirect";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 406: return "Not Acceptable";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 410: return "Gone";
    case 411: return "Length Required";
    case 412: return "Precondition Failed";
    case 413: return "Content Too Large";
    case 415: return "Unsupported Media Type";
    case 416: return "Range Not Satisfiable";
    case 417: return "Expectation Failed";
    case 422: return "Unprocessable Content";
    case 428: return "Precondition Required";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 502: return "Bad Gateway";
    case 503: return "Service Unavailable";
    case 504: return "Gateway Timeout";
    case 505: return "HTTP Version Not Supported";
    default: return "Status";
  }
}

}  // namespace entraide::net
