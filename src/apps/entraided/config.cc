#include "apps/entraided/config.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/random.h"
#include "codec/codec.h"
#include "codec/json.h"
#include "store/file_system.h"

namespace entraide::entraided {
namespace {

Result<std::string> read_text(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  if (!in) return fail(Errc::not_found, "config.file", path + ": cannot be read");
  return text.str();
}

// Whole or not at all, and still there after a power cut: without its key a begun ledger cannot go on.
Result<> write_secret(const std::string& path, std::string_view text) {
  std::error_code ignored;
  std::filesystem::create_directories(std::filesystem::path(path).parent_path(), ignored);
  const std::string beside = path + ".new";
  ::unlink(beside.c_str());  // of one who died here before
  const int file = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0) return fail(Errc::internal, "config.key", path + ": cannot be made");
  const bool written =
      ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(file) == 0;
  ::close(file);
  // Never over a key that somebody else has made meanwhile.
  const bool named = written && ::link(beside.c_str(), path.c_str()) == 0;
  ::unlink(beside.c_str());
  if (!named) return fail(Errc::storage, "config.key", path + ": cannot be written");
  return store::real_files().sync_folder(store::folder_of(path));
}

}  // namespace

Result<Config> load_config(const std::string& path) {
  const std::string text = TRY(read_text(path));
  const auto value = codec::parse_json(text);
  if (!value) return fail(Errc::invalid, "config.file", path + ": " + value.error().message);
  codec::ObjectReader in(*value, path);
  Config out;
  const auto take = [&](std::string_view key, std::string& to) {
    if (auto given = in.optional_string(key)) to = *given;
  };
  take("database", out.database);
  take("blobs", out.blobs);
  take("rulebook", out.rulebook);
  take("origin", out.origin);
  take("log_key_file", out.log_key_file);
  take("session_key_file", out.session_key_file);
  take("name", out.name);
  take("public_url", out.public_url);
  take("systems_url", out.systems_url);
  take("tls_certificate", out.tls_certificate);
  take("tls_key", out.tls_key);
  take("metrics_listen", out.metrics_listen);
  take("openapi", out.openapi);
  take("desk", out.desk);
  take("demonstration_people", out.demonstration_people);
  if (in.has("listen")) out.listen = in.strings("listen");
  out.demonstration = in.optional_boolean("demonstration").value_or(false);
  out.plain_http_beyond_loopback = in.optional_boolean("plain_http_beyond_loopback").value_or(false);
  if (auto read = in.finish(); !read) return fail(Errc::invalid, "config.file", read.error().message);
  return out;
}

Result<SecretBytes> key_file(const std::string& path) {
  struct stat about{};
  if (::stat(path.c_str(), &about) != 0) {
    SecretBytes fresh(32);
    SystemRandom().fill(fresh.span());
    TRY(write_secret(path, codec::base64url(fresh.view()) + "\n"));
    return fresh;
  }
  if ((about.st_mode & 077) != 0)
    return fail(Errc::refused, "config.key", path + ": others may read it; run `chmod 600 " + path + "`");
  std::string text = TRY(read_text(path));
  while (text.ends_with('\n')) text.pop_back();
  auto bytes = codec::from_base64url_sized(text, 32, path);
  explicit_bzero(text.data(), text.size());
  if (!bytes) return fail(Errc::invalid, "config.key", path + ": must hold base64url of 32 bytes");
  return SecretBytes(std::move(*bytes));
}

}  // namespace entraide::entraided
