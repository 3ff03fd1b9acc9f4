#include "net/wire.h"

#include "base/log.h"
#include "net/ascii.h"

namespace entraide::net {
namespace {

bool is_token(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
  });
}

bool is_one_line(std::string_view text) {
  return std::ranges::all_of(
      text, [](char c) { return c == '\t' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f); });
}

bool is_framing(std::string_view name) {
  return same_name(name, "Content-Length") || same_name(name, "Transfer-Encoding") || same_name(name, "Connection") ||
         same_name(name, "Date");
}

void append_start(std::string& out, const Response& response, std::string_view date) {
  out += "HTTP/1.1 ";
  out += std::to_string(response.status);
  out += ' ';
  out += reason_of(response.status);
  out += "\r\nDate: ";
  out += date;
  out += "\r\n";
  for (const Named& field : response.headers) {
    if (is_framing(field.name)) continue;
    if (!is_token(field.name) || !is_one_line(field.value)) {
      log::error("http.response.field", {{"name", is_token(field.name) ? field.name : "(not a name)"}});
      continue;
    }
    out += field.name;
    out += ": ";
    out += field.value;
    out += "\r\n";
  }
}

}  // namespace

bool has_body(int status) { return status >= 200 && status != 204 && status != 304; }

void append_head(std::string& out, const Response& response, bool keep_alive, std::string_view date) {
  out.reserve(out.size() + 256);
  append_start(out, response, date);
  if (has_body(response.status)) {
    out += "Content-Length: ";
    out += std::to_string(response.body.size());
    out += "\r\n";
  }
  if (!keep_alive) out += "Connection: close\r\n";
  out += "\r\n";
}

void append_stream_head(std::string& out, const Response& response, std::string_view date) {
  append_start(out, response, date);
  out += "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n";
}

}  // namespace entraide::net
