#include "apps/entraide/output.h"

#include <cstdlib>
#include <ctime>
#include <iostream>

#include <unistd.h>

#include "codec/codec.h"
#include "rulebook/rule_words.h"

namespace entraide::cli {
namespace {

using codec::Json;

std::string cell(const Json* value) {
  if (value == nullptr || value->is_null()) return "";
  if (value->is_string()) return value->string();
  if (value->is_bool()) return value->boolean() ? "yes" : "no";
  if (value->is_array()) {
    std::string out;
    for (const Json& item : value->array_items())
      out += (out.empty() ? "" : ",") + (item.is_string() ? item.string() : codec::to_json(item));
    return out;
  }
  return codec::to_json(*value);
}

/// Tabs and line ends would break a line of tab-separated values.
std::string tsv_cell(const Json* value) {
  std::string out = cell(value);
  for (char& c : out)
    if (c == '\t' || c == '\n' || c == '\r') c = ' ';
  return out;
}

Json only(const Json& object, const std::vector<std::string>& fields) {
  if (fields.empty()) return object;
  Json out = Json::object();
  for (const std::string& field : fields) {
    const Json* value = object.at_path(field);
    out.set(field, value == nullptr ? Json() : *value);
  }
  return out;
}

std::string padded(const std::string& text, std::size_t width) {
  const std::size_t has = width_of(text);
  return has >= width ? text : text + std::string(width - has, ' ');
}

}  // namespace

std::string safe(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const unsigned char c = static_cast<unsigned char>(text[i]);
    // C0 but line feed and tab, DEL, C1 as UTF-8 spells it (c2 80..9f), and the bidi overrides (U+202D, U+202E), which
    // make a text look like another; the isolates and marks that Arabic needs stay.
    if ((c < 0x20 && c != '\n' && c != '\t') || c == 0x7f) out += '?';
    else if (c == 0xc2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xa0) out += '?', ++i;
    else if (text.substr(i).starts_with("\u202d") || text.substr(i).starts_with("\u202e")) out += '?', i += 2;
    else out += text[i];
  }
  return out;
}

std::size_t width_of(std::string_view text) {
  std::size_t width = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const unsigned char c = static_cast<unsigned char>(text[i]);
    if ((c & 0xc0) == 0x80) continue;
    const unsigned char d = i + 1 < text.size() ? static_cast<unsigned char>(text[i + 1]) : 0;
    const bool combining = (c == 0xcc) || (c == 0xcd && d < 0xb0) || (c == 0xd9 && d >= 0x8b && d <= 0x9f);
    if (!combining) ++width;
  }
  return width;
}

bool colours() {
  return ::isatty(STDOUT_FILENO) != 0 &&
         std::getenv("NO_COLOR") == nullptr;  // NOLINT(concurrency-mt-unsafe): one thread here
}

std::string for_people(Time time) {
  const std::time_t seconds = static_cast<std::time_t>(to_seconds(time));
  std::tm local{};
  localtime_r(&seconds, &local);
  char text[64];
  std::strftime(text, sizeof text, "%H:%M %Z", &local);
  std::string utc = codec::rfc3339(from_seconds(to_seconds(time)));
  utc[10] = ' ';
  return local.tm_gmtoff == 0 ? utc : utc + " (" + text + ")";
}

bool Output::for_people() const { return format == Format::automatic && ::isatty(STDOUT_FILENO) != 0; }

void Output::text(std::string_view data) const { std::cout << data << std::flush; }
void Output::say(const std::string& words) const {
  if (!quiet) std::cerr << safe(words) << "\n";
}
void Output::warn(const std::string& words) const { std::cerr << safe(words) << "\n"; }

void Output::rows(const std::vector<Column>& columns, const Json::Array& items) const {
  if (list_fields) {
    for (const Column& column : columns) std::cout << column.key << "\n";
    return;
  }
  if (format == Format::json) {
    Json out = Json::array();
    for (const Json& item : items) out.push_back(only(item, fields));
    std::cout << codec::to_pretty_json(out) << "\n";
    return;
  }
  for (const Json& item : items) {
    if (format == Format::ndjson) std::cout << codec::to_json(only(item, fields)) << "\n";
    if (format == Format::id) std::cout << safe(tsv_cell(item.at_path(columns[0].key))) << "\n";
  }
  if (format == Format::ndjson || format == Format::id) return;
  if (!for_people()) {
    for (const Json& item : items)
      for (std::size_t i = 0; i < columns.size(); ++i)
        std::cout << safe(tsv_cell(item.at_path(columns[i].key))) << (i + 1 < columns.size() ? '\t' : '\n');
    return;
  }
  std::vector<std::size_t> widths;
  for (const Column& column : columns) {
    std::size_t width = width_of(column.title);
    for (const Json& item : items) width = std::max(width, width_of(safe(tsv_cell(item.at_path(column.key)))));
    widths.push_back(std::min<std::size_t>(width, 60));
  }
  if (items.empty()) return;
  if (colours()) std::cout << "\033[1m";
  for (std::size_t i = 0; i < columns.size(); ++i)
    std::cout << (i + 1 < columns.size() ? padded(columns[i].title, widths[i] + 2) : columns[i].title);
  std::cout << (colours() ? "\033[0m\n" : "\n");
  for (const Json& item : items) {
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const std::string text = safe(tsv_cell(item.at_path(columns[i].key)));
      std::cout << (i + 1 < columns.size() ? padded(text, widths[i] + 2) : text);
    }
    std::cout << "\n";
  }
}

void Output::record(const Json& object) const {
  if (list_fields) {
    for (const auto& [name, value] : object.members()) std::cout << name << "\n";
    return;
  }
  if (format == Format::json || format == Format::ndjson) {
    const Json out = only(object, fields);
    std::cout << (format == Format::json ? codec::to_pretty_json(out) : codec::to_json(out)) << "\n";
    return;
  }
  if (format == Format::id) {
    if (!object.members().empty()) std::cout << safe(tsv_cell(&object.members()[0].second)) << "\n";
    return;
  }
  std::size_t width = 0;
  for (const auto& [name, value] : object.members()) width = std::max(width, width_of(name));
  for (const auto& [name, value] : object.members()) {
    if (for_people()) std::cout << padded(name, width + 2) << safe(cell(&value)) << "\n";
    else std::cout << name << "\t" << safe(tsv_cell(&value)) << "\n";
  }
}

void Output::event(const Json& object, const std::string& words) const {
  if (for_people()) std::cout << safe(words) << std::endl;
  else std::cout << codec::to_json(only(object, fields)) << std::endl;
}

int exit_code(const Error& error) {
  if (error.rule == "usage" || error.rule.starts_with("usage.")) return 2;
  if (error.rule == "wait.timeout") return 9;
  if (error.rule == "interrupted") return 130;
  switch (error.code) {
    case Errc::not_found: return 3;
    case Errc::unauthenticated: return 4;
    case Errc::refused: return 5;
    case Errc::not_authentic: return 6;
    case Errc::conflict: return 7;
    case Errc::unavailable: return 8;
    default: return 1;
  }
}

void tell(const Error& error, bool as_json, std::string_view language) {
  const std::string words = rulebook::built_in_words(language, error.rule);
  if (!as_json) {
    // What the hub refused, it has said in the reader's language; our own details are English, and say enough in English.
    const bool said =
        language == "en" || words.empty() || words.find('{') != std::string::npos || error.message.starts_with(words);
    std::cerr << "entraide: " << (said ? "" : words + "\n  ") << safe(error.message) << " [" << error.rule << "]\n";
    return;
  }
  Json problem = Json::object({{"type", "https://entraide.example/problems/" + error.rule},
                               {"title", words.empty() ? error.rule : words},
                               {"detail", error.message},
                               {"exit_code", exit_code(error)}});
  if (!error.path.empty())
    problem.set("errors", Json::array({Json::object({{"pointer", error.path}, {"code", error.rule}})}));
  std::cerr << codec::to_json(problem) << "\n";
}

}  // namespace entraide::cli
