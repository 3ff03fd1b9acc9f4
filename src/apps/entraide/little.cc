// Small things that many commands need.

#include <algorithm>
#include <csignal>

#include "apps/entraide/context.h"
#include "client/files.h"
#include "codec/codec.h"

namespace entraide::cli {
namespace {
volatile std::sig_atomic_t interrupt_seen = 0;
constexpr std::string_view kBegin = "-----BEGIN CERTIFICATE-----";
constexpr std::string_view kEnd = "-----END CERTIFICATE-----";
}  // namespace

bool interrupted() { return interrupt_seen != 0; }
void watch_for_interrupt() {
  struct sigaction action{};
  action.sa_handler = [](int) { interrupt_seen = 1; };
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
}

Result<std::string> read_text(const std::filesystem::path& path, std::size_t bytes_max) {
  const Bytes bytes = TRY(client::read_file(path == "-" ? "/dev/stdin" : path, bytes_max));
  return std::string(text_of(bytes));
}

Result<crypto::PublicKey> read_public_key(const std::filesystem::path& path) {
  const std::string text = TRY(read_text(path, 16 << 10));
  const codec::Json value = TRY(codec::parse_json(text));
  return crypto::PublicKey::from_jwk(value);
}

Result<std::vector<crypto::PublicKey>> read_public_keys(const std::vector<std::string>& paths) {
  std::vector<crypto::PublicKey> out;
  for (const std::string& path : paths) out.push_back(TRY(read_public_key(path)));
  return out;
}

Result<std::vector<crypto::Certificate>> read_certificates(const std::filesystem::path& path) {
  const std::string text = TRY(read_text(path, 1 << 20));
  std::vector<crypto::Certificate> out;
  for (std::size_t at = text.find(kBegin); at != std::string::npos; at = text.find(kBegin, at)) {
    at += kBegin.size();
    const std::size_t end = text.find(kEnd, at);
    if (end == std::string::npos) break;
    std::string inside = text.substr(at, end - at);
    std::erase_if(inside, [](char c) { return c == '\n' || c == '\r' || c == ' '; });
    const Bytes der = TRY(codec::from_base64(inside));
    out.push_back(TRY(crypto::Certificate::from_der(der)));
    at = end;
  }
  if (out.empty())
    return fail(Errc::invalid, "certificate.form", path.string() + ": holds no PEM certificate", path.string());
  return out;
}

std::string to_pem(const crypto::Certificate& certificate) {
  const std::string text = codec::base64(certificate.der());
  std::string out(kBegin);
  for (std::size_t at = 0; at < text.size(); at += 64) out += "\n" + text.substr(at, 64);
  return out + "\n" + std::string(kEnd) + "\n";
}

Result<Time> parse_day(const std::string& text) {
  const auto time = codec::from_rfc3339(text.size() == 10 ? text + "T00:00:00Z" : text);
  if (!time)
    return fail(Errc::invalid, "usage",
                "\"" + text + "\": write a day like 2031-12-31, or a time like 2031-12-31T12:00:00Z");
  return *time;
}

Result<Seconds> parse_period(const std::string& text) {
  const auto wrong = [&] {
    return fail(Errc::invalid, "usage", "\"" + text + "\": write a time like 30s, 15m, 8h or 90d");
  };
  if (text.size() < 2 || text.size() > 7 ||
      !std::all_of(text.begin(), text.end() - 1, [](char c) { return c >= '0' && c <= '9'; }))
    return wrong();
  const std::int64_t number = std::stoll(text.substr(0, text.size() - 1));
  switch (text.back()) {
    case 's': return Seconds(number);
    case 'm': return Seconds(number * 60);
    case 'h': return Seconds(number * 3600);
    case 'd': return Seconds(number * 86400);
    default: return wrong();
  }
}

std::string country_code(const Subject& subject) {
  std::string code = act::country_of(subject).str();
  code = code.size() == 5 ? code.substr(3) : std::string();
  for (char& letter : code) letter = static_cast<char>(std::toupper(static_cast<unsigned char>(letter)));
  return code;
}

Result<std::string> country_option(const Arguments& args) {
  const auto given = args.get("country");
  if (!given) return std::string();
  const auto subject = parse_subject(*given);
  if (!subject || subject->str().size() != 5)
    return fail(Errc::invalid, "usage",
                "--country " + *given + ": write the two letters of a country, for example ke");
  return subject->str().substr(3);
}

Result<Subject> parse_subject(const std::string& text) {
  std::string name = text.size() == 2 ? "cc:" + text : text;
  if (name.size() == 5)
    for (char& letter : name) letter = static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
  Subject subject(name);
  if (!act::subject_kind(subject))
    return fail(Errc::invalid, "usage",
                "\"" + text + "\" is no name of the directory; it looks like au:fr:central-authority");
  return subject;
}

codec::Json json_of(const client::Verdict& verdict) {
  codec::Json out = codec::Json::array();
  for (const client::Step& step : verdict.steps) {
    const char* finding = step.finding == client::Finding::holds   ? "holds"
                          : step.finding == client::Finding::fails ? "fails"
                                                                   : "not shown";
    out.push_back(codec::Json::object({{"finding", finding}, {"check", step.check}, {"words", step.words}}));
  }
  return out;
}

void print_verdict(const Output& out, const client::Verdict& verdict) {
  std::string text;
  for (const client::Step& step : verdict.steps) {
    const char* mark = step.finding == client::Finding::holds   ? "holds"
                       : step.finding == client::Finding::fails ? "FAILS"
                                                                : "open ";
    text += "  " + std::string(mark) + "  " + step.check +
            std::string(step.check.size() < 22 ? 22 - step.check.size() : 1, ' ') + safe(step.words) + "\n";
  }
  out.text(text);
}

}  // namespace entraide::cli
