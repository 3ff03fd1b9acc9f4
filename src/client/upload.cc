#include "client/upload.h"

#include <algorithm>
#include <charconv>
#include <fstream>

#include "client/files.h"
#include "codec/codec.h"
#include "crypto/digest.h"
#include "crypto/file.h"

namespace entraide::client {
namespace {

constexpr std::size_t kPiece = 1 << 20;

std::unexpected<Error> cannot(const std::filesystem::path& path, std::string_view what) {
  return fail(Errc::internal, "file.read", path.string() + ": cannot " + std::string(what), path.string());
}

crypto::FileId id_of(const FileEntry& file) {
  crypto::FileId id{};
  const auto bytes = codec::from_base64url_sized(file.file_id, id.size(), "file id");
  ENSURE(bytes.has_value());  // read_manifest_entry has looked
  std::copy(bytes->begin(), bytes->end(), id.begin());
  return id;
}

/// Removes a half-made file unless it is kept.
class Unfinished {
 public:
  explicit Unfinished(std::filesystem::path path) : path_(std::move(path)) {}
  Unfinished(const Unfinished&) = delete;
  Unfinished& operator=(const Unfinished&) = delete;
  ~Unfinished() {
    std::error_code ignored;
    if (!kept_) std::filesystem::remove(path_, ignored);
  }
  void keep() { kept_ = true; }

 private:
  std::filesystem::path path_;
  bool kept_ = false;
};

/// The offset that a tus answer states.
std::optional<std::int64_t> offset_of(const HttpResponse& response) {
  const std::string_view text = response.header("upload-offset");
  std::int64_t offset = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), offset);
  if (text.empty() || error != std::errc() || end != text.data() + text.size() || offset < 0) return {};
  return offset;
}

std::string upload_path(const FileEntry& file) { return "/v1/files/" + file.file_id + "/upload"; }

std::vector<std::pair<std::string, std::string>> tus() { return {{"Tus-Resumable", "1.0.0"}}; }

/// How much of the file the hub has; makes the upload there when it knows nothing of it.
Result<std::int64_t> begin_or_resume(Api& api, const FileEntry& file) {
  const HttpResponse known = TRY(api.exchange({"HEAD", upload_path(file), tus(), {}}, true));
  if (known.status == 200 || known.status == 204)
    if (const auto offset = offset_of(known)) return *offset;
  if (known.status >= 400 && known.status != 404 && known.status != 410) return std::unexpected(error_of(known));
  auto headers = tus();
  headers.emplace_back("Upload-Length", std::to_string(file.sealed_size));
  headers.emplace_back("Upload-Metadata", "fid " + codec::base64(bytes_of(file.file_id)) + ",sha256 " +
                                              codec::base64(bytes_of(codec::to_text(file.sealed_hash))));
  const HttpResponse made = TRY(api.exchange({"POST", "/v1/files", headers, {}}, true));
  if (made.status >= 400) return std::unexpected(error_of(made));
  return 0;
}

}  // namespace

Result<FileEntry> encrypt_file(const std::filesystem::path& from, const std::filesystem::path& to, Random& random) {
  FileEntry entry;
  crypto::FileId id{};
  random.fill(id);
  entry.file_id = codec::base64url(id);
  entry.name = from.filename().string();
  entry.type = "application/octet-stream";
  entry.key = SecretBytes(random.bytes(32));
  std::ifstream in(from, std::ios::binary);
  if (!in) return fail(Errc::not_found, "file.missing", from.string() + ": cannot be opened", from.string());
  std::error_code ignored;
  if (to.has_parent_path()) std::filesystem::create_directories(to.parent_path(), ignored);
  std::ofstream out(to, std::ios::binary | std::ios::trunc);
  Unfinished unfinished(to);
  crypto::FileEncryptor encryptor(entry.key.view(), id, random);
  crypto::Sha256 plain, sealed;
  Bytes piece(kPiece), ready;
  const auto write = [&] {
    sealed.update(ready);
    entry.sealed_size += static_cast<std::int64_t>(ready.size());
    out.write(reinterpret_cast<const char*>(ready.data()), static_cast<std::streamsize>(ready.size()));
    ready.clear();
  };
  while (in) {
    in.read(reinterpret_cast<char*>(piece.data()), static_cast<std::streamsize>(piece.size()));
    const BytesView got(piece.data(), static_cast<std::size_t>(in.gcount()));
    plain.update(got);
    entry.size += static_cast<std::int64_t>(got.size());
    encryptor.update(got, ready);
    write();
  }
  if (in.bad()) return cannot(from, "be read to its end");
  encryptor.finish(ready);
  write();
  out.close();
  if (!out) return cannot(to, "be written");
  entry.plaintext_hash = plain.finish();
  entry.sealed_hash = sealed.finish();
  unfinished.keep();
  return entry;
}

Result<> upload_file(Api& api, const std::filesystem::path& sealed, const FileEntry& file, std::size_t piece_bytes,
                     const std::function<void(std::int64_t, std::int64_t)>& progress) {
  std::ifstream in(sealed, std::ios::binary);
  if (!in) return cannot(sealed, "be opened");
  std::int64_t offset = TRY(begin_or_resume(api, file));
  int failures = 0;
  while (offset < file.sealed_size) {
    std::string piece(std::min(piece_bytes, static_cast<std::size_t>(file.sealed_size - offset)), '\0');
    in.clear();
    in.seekg(offset);
    if (!in.read(piece.data(), static_cast<std::streamsize>(piece.size()))) return cannot(sealed, "be read");
    auto headers = tus();
    headers.emplace_back("Content-Type", "application/offset+octet-stream");
    headers.emplace_back("Upload-Offset", std::to_string(offset));
    headers.emplace_back("Upload-Checksum",
                         "sha256 " + codec::base64(crypto::sha256(std::string_view(piece)).view()));
    const auto answer = api.exchange({"PATCH", upload_path(file), headers, piece}, true);
    std::optional<std::int64_t> reached;
    if (answer && answer->status < 300) reached = offset_of(*answer);
    if (reached && *reached == offset + static_cast<std::int64_t>(piece.size())) {
      offset = *reached;
      failures = 0;
      if (progress) progress(offset, file.sealed_size);
      continue;
    }
    // 409: somebody is ahead or behind; 460: the piece was damaged on its way; no answer: the line broke. Ask how far
    // it came.
    const bool worth = !answer || answer->status < 300 || answer->status == 409 || answer->status == 460 ||
                       answer->status >= 500 || answer->status == 429;
    if (!answer && answer.error().code != Errc::unavailable) return std::unexpected(answer.error());
    if (!worth) return std::unexpected(error_of(*answer));
    if (++failures == 5)
      return fail(Errc::unavailable, "upload.offset",
                  "the upload stopped at " + std::to_string(offset) + " of " + std::to_string(file.sealed_size) +
                      " bytes; the same command goes on from there");
    api.pause(Milliseconds{250 << failures});
    offset = TRY(begin_or_resume(api, file));
  }
  return {};
}

Result<> download_file(Api& api, const FileEntry& file, const std::filesystem::path& to) {
  const std::filesystem::path beside = to.string() + ".part";
  Unfinished unfinished(beside);
  std::ofstream out(beside, std::ios::binary | std::ios::trunc);
  if (!out) return cannot(beside, "be written");
  crypto::FileDecryptor decryptor(file.key.view(), id_of(file));
  crypto::Sha256 plain, sealed;
  Bytes ready;
  const auto write = [&] {
    plain.update(ready);
    out.write(reinterpret_cast<const char*>(ready.data()), static_cast<std::streamsize>(ready.size()));
    ready.clear();
  };
  const auto wrong = [&](std::string_view what) {
    return fail(Errc::not_authentic, "upload.hash", file.name + ": " + std::string(what) + "; nothing was kept");
  };
  for (std::int64_t offset = 0; offset < file.sealed_size;) {
    const std::int64_t end = std::min(offset + static_cast<std::int64_t>(kPiece * 8), file.sealed_size) - 1;
    const HttpResponse part =
        TRY(api.exchange({"GET",
                          "/v1/files/" + file.file_id,
                          {{"Range", "bytes=" + std::to_string(offset) + "-" + std::to_string(end)}},
                          {}},
                         true));
    if (part.status >= 400) return std::unexpected(error_of(part));
    if (part.status != 206 && !(part.status == 200 && offset == 0))
      return wrong("the hub does not give the part that was asked for");
    if (part.body.empty() || offset + static_cast<std::int64_t>(part.body.size()) > file.sealed_size)
      return wrong("the hub's copy has another size");
    sealed.update(part.body);
    TRY(decryptor.update(bytes_of(part.body), ready));
    write();
    offset += static_cast<std::int64_t>(part.body.size());
  }
  TRY(decryptor.finish(ready));
  write();
  out.close();
  if (!out) return cannot(beside, "be written");
  if (sealed.finish() != file.sealed_hash) return wrong("the ciphertext is not the one that was announced");
  if (plain.finish() != file.plaintext_hash) return wrong("the content is not the one that the document names");
  std::error_code failed;
  std::filesystem::rename(beside, to, failed);
  if (failed) return cannot(to, "be written");
  unfinished.keep();
  return {};
}

}  // namespace entraide::client
