#include <charconv>

#include "crypto/digest.h"
#include "delivery/delivery.h"
#include "evidence/evidence.h"
#include "http/api/api.h"

// Resumable uploads of ciphertext: tus 1.0.0 (creation, checksum, expiration, termination). A file that no act names
// within a day is forgotten.

namespace entraide::http {
namespace {

using codec::Json;

constexpr std::int64_t kFileBytesMax = std::int64_t{1} << 38;  // 256 GiB
constexpr std::size_t kPatchBytesMax = 16 << 20;
constexpr std::size_t kHashStep = 4 << 20;
constexpr std::string_view kTusVersion = "1.0.0";

// An upload's name among the partial blobs: by device, so that nobody can touch another's.
std::string upload_key(const Caller& caller, std::string_view file_id) {
  const Digest name = crypto::sha256("entraide/upload/v1\n", caller.device.str(), "\n", file_id);
  return "upload/" + codec::hex(name.view());
}

net::Response tus(int status) {
  net::Response response;
  response.status = status;
  response.headers.set("Tus-Resumable", std::string(kTusVersion));
  response.headers.set("Cache-Control", "no-store");
  return response;
}

// tus 1.0.0, "Tus-Resumable": another version than ours is refused, and ours is named (`add_file_routes`).
Result<> check_version(const net::Request& request) {
  const std::string* version = request.headers.find("tus-resumable");
  if (version != nullptr && *version != kTusVersion)
    return fail(Errc::refused, "api.tus.version", "Tus-Resumable: only 1.0.0 is spoken here");
  return {};
}

Result<std::int64_t> header_number(const net::Request& request, std::string_view name, std::int64_t most) {
  const std::string_view text = request.headers.get(name);
  std::int64_t value = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 0 || value > most)
    return fail(Errc::invalid, "api.header",
                std::string(name) + ": must be a number from 0 to " + std::to_string(most));
  return value;
}

// `Upload-Metadata: fid <base64>,sha256 <base64>`: the file's id and the hash of its whole ciphertext.
Result<std::string> metadata(const net::Request& request, std::string_view key) {
  std::string_view rest = request.headers.get("upload-metadata");
  while (!rest.empty()) {
    const std::size_t comma = rest.find(',');
    std::string_view pair = rest.substr(0, comma);
    rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 1);
    while (pair.starts_with(' ')) pair.remove_prefix(1);
    const std::size_t space = pair.find(' ');
    if (space == std::string_view::npos || pair.substr(0, space) != key) continue;
    const Bytes value = TRY(codec::from_base64(pair.substr(space + 1)));
    return std::string(text_of(value));
  }
  return fail(Errc::invalid, "api.header", "Upload-Metadata: must name `" + std::string(key) + "`");
}

Result<std::string> file_id_of(const net::Request& request) {
  const std::string id(request.captured.get("file"));
  if (!codec::from_base64url_sized(id, 16, "file id")) return nothing_there("file");
  return id;
}

// What an upload will be when it is whole, kept beside it while it grows: "<bytes> <sha256 base64url>".
struct Promise {
  std::int64_t bytes = 0;
  Digest hash;
};
std::string promise_key(const std::string& upload) { return "promise/" + upload.substr(upload.rfind('/') + 1); }
Result<Promise> promised(const Api& api, const std::string& upload) {
  const auto text = api.hub.blobs().get(promise_key(upload));
  if (!text) return nothing_there("upload");
  const std::string_view line = text_of(*text);
  Promise out;
  const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), out.bytes);
  ENSURE(error == std::errc());
  out.hash =
      TRY(codec::hash_from_text<Digest>(line.substr(static_cast<std::size_t>(end - line.data()) + 1), "promise"));
  return out;
}

// The file, once it has arrived whole.
Result<std::optional<evidence::File>> file_of(Api& api, const std::string& id) {
  return api.hub.read()([&](store::Connection& connection) { return evidence::file(connection, id); });
}

Result<net::Response> create(const ApiPtr& api, const Caller& caller, const net::Request& request) {
  const std::int64_t bytes = TRY(header_number(request, "upload-length", kFileBytesMax));
  const std::string id = TRY(metadata(request, "fid"));
  const std::string hash = TRY(metadata(request, "sha256"));
  TRY(codec::from_base64url_sized(id, 16, "fid"));
  TRY(codec::hash_from_text<Digest>(hash, "sha256"));
  if (caller.authorities.empty()) return fail(Errc::refused, "api.authority", "uploads: you act for no authority");
  if (TRY(file_of(*api, id)))
    return fail(Errc::conflict, "api.file.exists", "file " + id + ": has been uploaded already");
  const std::string upload = upload_key(caller, id);
  const std::string line = std::to_string(bytes) + " " + hash;
  TRY(api->hub.blobs().put(promise_key(upload), bytes_of(line)));
  auto response = tus(201);
  response.headers.set("Location", "/v1/files/" + id + "/upload");
  return response;
}

Result<std::uint64_t> offset_of(const Api& api, const std::string& upload) {
  return TRY(api.hub.blobs().upload_size(upload)).value_or(0);
}

Result<net::Response> offset(const ApiPtr& api, const Caller& caller, const net::Request& request) {
  const std::string id = TRY(file_id_of(request));
  const std::string upload = upload_key(caller, id);
  const auto known = TRY(file_of(*api, id));
  auto response = tus(200);
  if (known && known->uploaded_by == caller.device) {
    response.headers.set("Upload-Offset", std::to_string(known->bytes));
    response.headers.set("Upload-Length", std::to_string(known->bytes));
    return response;
  }
  const Promise promise = TRY(promised(*api, upload));
  response.headers.set("Upload-Offset", std::to_string(TRY(offset_of(*api, upload))));
  response.headers.set("Upload-Length", std::to_string(promise.bytes));
  return response;
}

// The whole ciphertext must be what was promised: a file that is not is thrown away, so that it can be sent again.
Result<> complete(Api& api, const Caller& caller, const std::string& id, const std::string& upload,
                  const Promise& promise) {
  crypto::Sha256 hash;
  for (std::uint64_t at = 0; at < static_cast<std::uint64_t>(promise.bytes); at += kHashStep)
    hash.update(BytesView(TRY(api.hub.blobs().read_upload(upload, at, kHashStep))));
  if (hash.finish() != promise.hash) {
    TRY(api.hub.blobs().abandon(upload));
    return fail(Errc::not_authentic, "api.file.hash",
                "file " + id + ": what arrived is not what was promised; send it again from the beginning");
  }
  // Another device may have begun under the same id and been faster: its bytes stay.
  if (TRY(file_of(api, id))) {
    TRY(api.hub.blobs().abandon(upload));
    return fail(Errc::conflict, "api.file.exists", "file " + id + ": has been uploaded already");
  }
  TRY(api.hub.blobs().finish(upload, evidence::blob_key(id)));
  TRY(api.hub.keep_file({id, caller.device, promise.bytes, promise.hash, std::nullopt}));
  return api.hub.blobs().remove(promise_key(upload));
}

Result<> check_checksum(const net::Request& request) {
  const std::string* header = request.headers.find("upload-checksum");
  if (header == nullptr) return {};
  constexpr std::string_view algorithm = "sha256 ";
  if (!header->starts_with(algorithm)) return fail(Errc::invalid, "api.header", "Upload-Checksum: must be sha256");
  const auto expected = codec::from_base64(std::string_view(*header).substr(algorithm.size()));
  const Digest found = crypto::sha256(request.body);
  if (!expected || *expected != Bytes(found.value.begin(), found.value.end()))
    return fail(Errc::invalid, "api.file.checksum",
                "Upload-Checksum: these bytes were damaged on the way; send them again");
  return {};
}

Result<net::Response> append(const ApiPtr& api, const Caller& caller, const net::Request& request) {
  if (request.headers.get("content-type") != "application/offset+octet-stream")
    return fail(Errc::invalid, "api.media-type", "Content-Type: must be application/offset+octet-stream");
  const std::string id = TRY(file_id_of(request));
  const std::string upload = upload_key(caller, id);
  const Promise promise = TRY(promised(*api, upload));
  const std::int64_t at = TRY(header_number(request, "upload-offset", kFileBytesMax));
  TRY(check_checksum(request));
  if (at + static_cast<std::int64_t>(request.body.size()) > promise.bytes)
    return fail(Errc::too_large, "api.file.length", "upload: longer than its Upload-Length");
  const std::uint64_t size = TRY(api->hub.blobs().append(upload, static_cast<std::uint64_t>(at), request.body));
  if (size == static_cast<std::uint64_t>(promise.bytes)) TRY(complete(*api, caller, id, upload, promise));
  auto response = tus(204);
  response.headers.set("Upload-Offset", std::to_string(size));
  return response;
}

Result<net::Response> abandon(const ApiPtr& api, const Caller& caller, const net::Request& request) {
  const std::string upload = upload_key(caller, TRY(file_id_of(request)));
  TRY(promised(*api, upload));
  TRY(api->hub.blobs().abandon(upload));
  TRY(api->hub.blobs().remove(promise_key(upload)));
  return tus(204);
}

Result<net::Response> download(const ApiPtr& api, const Caller& caller, const net::Request& request) {
  const std::string id = TRY(file_id_of(request));
  const auto allowed =
      TRY(api->hub.read()([&](store::Connection& connection) -> Result<std::optional<evidence::File>> {
        const auto file = TRY(evidence::file(connection, id));
        if (!file) return std::nullopt;
        if (!file->leaf_index) return file->uploaded_by == caller.device ? file : std::nullopt;
        for (const auto& [authority, roles] : caller.authorities)
          if (TRY(delivery::reached(connection, authority, *file->leaf_index))) return file;
        return std::nullopt;
      }));
  if (!allowed) return nothing_there("file");
  const std::string path = TRY(api->hub.blobs().path(evidence::blob_key(id)));
  net::Response response;
  response.headers.set("Content-Type", "application/octet-stream");
  response.headers.set("ETag", "\"" + codec::to_text(allowed->hash) + "\"");
  response.headers.set("Cache-Control", "private, no-store");
  response.body = net::Body::file(TRY(net::OpenFile::open(path)));
  return net::conditional(request, std::move(response));
}

}  // namespace

void add_file_routes(net::Router& router, ApiPtr api) {
  const auto with = [&](auto handle) {
    return reading(api, [api, handle](const Caller& caller, const net::Request& request) {
      return handle(api, caller, request);
    });
  };
  const auto tus_with = [&](auto handle) {
    return with(
        [handle](const ApiPtr& of, const Caller& caller, const net::Request& request) -> Result<net::Response> {
          const auto spoken = check_version(request);
          auto answer = spoken ? handle(of, caller, request) : Result<net::Response>(std::unexpected(spoken.error()));
          if (answer) return answer;
          net::Response problem = problem_of(*of, answer.error(), request);
          problem.headers.set("Tus-Resumable", std::string(kTusVersion));
          if (answer.error().rule == "api.tus.version") problem.headers.set("Tus-Version", std::string(kTusVersion));
          return problem;
        });
  };
  router.add("POST", "/v1/files", tus_with(create), {.body_limit = 0, .pool = true});
  router.add("HEAD", "/v1/files/{file}/upload", tus_with(offset), kOnPool);
  router.add("PATCH", "/v1/files/{file}/upload", tus_with(append), {.body_limit = kPatchBytesMax, .pool = true});
  router.add("DELETE", "/v1/files/{file}/upload", tus_with(abandon), kOnPool);
  router.add("GET", "/v1/files/{file}", with(download), kOnPool);
}

}  // namespace entraide::http
