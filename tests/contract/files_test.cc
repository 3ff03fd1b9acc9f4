#include "contract/stage.h"

#include <fstream>

#include "client/upload.h"
#include "crypto/digest.h"

namespace entraide::contract {
namespace {

using codec::Json;

std::string base64_of(std::string_view text) { return codec::base64(bytes_of(text)); }

// An upload made by hand, piece by piece.
struct Upload {
  Stage& stage;
  kit::Desk& desk;
  std::string content;
  std::string id = codec::base64url(stage.hub.random().bytes(16));
  std::string path = "/v1/files/" + id + "/upload";

  std::string digest() const { return codec::to_text(crypto::sha256(std::string_view(content))); }
  client::HttpResponse create(std::string length, const std::string& metadata) {
    return stage.as(
        desk, "POST", "/v1/files", {},
        {{"Tus-Resumable", "1.0.0"}, {"Upload-Length", std::move(length)}, {"Upload-Metadata", metadata}});
  }
  client::HttpResponse create() {
    return create(std::to_string(content.size()), "fid " + base64_of(id) + ",sha256 " + base64_of(digest()));
  }
  client::HttpResponse patch(std::size_t from, std::size_t count,
                             std::vector<std::pair<std::string, std::string>> more = {}) {
    return put(std::to_string(from), content.substr(from, count), std::move(more));
  }
  client::HttpResponse put(std::string offset, std::string bytes,
                           std::vector<std::pair<std::string, std::string>> more = {}) {
    more.insert(more.end(), {{"Tus-Resumable", "1.0.0"},
                             {"Content-Type", "application/offset+octet-stream"},
                             {"Upload-Offset", std::move(offset)}});
    return stage.as(desk, "PATCH", path, std::move(bytes), std::move(more));
  }
  std::string offset() {
    const auto answer = stage.as(desk, "HEAD", path);
    return answer.status == 200 ? std::string(answer.header("upload-offset")) : std::to_string(answer.status);
  }
};

}  // namespace

void walk_files(Stage& stage) {
  std::string content;
  for (int i = 0; i < 30'000; ++i) content += static_cast<char>('a' + i * i % 23);
  Upload up{stage, *stage.fr, content};
  const std::string good = "fid " + base64_of(up.id) + ",sha256 " + base64_of(up.digest());

  CHECK(verdict(stage.raw("POST", "/v1/files", {}, {{"Upload-Length", "1"}, {"Upload-Metadata", good}})) ==
        "401 session.missing");
  CHECK(verdict(up.create("", good)) == "422 api.header");
  CHECK(verdict(up.create("-1", good)) == "422 api.header");
  CHECK(verdict(up.create("274877906945", good)) == "422 api.header");
  CHECK(verdict(up.create("9", "fid " + base64_of(up.id))) == "422 api.header");
  CHECK(verdict(up.create("9", "fid ????,sha256 " + base64_of(up.digest()))) == "422 codec.base64");
  CHECK(verdict(up.create("9", "fid " + base64_of("short") + ",sha256 " + base64_of(up.digest()))) ==
        "422 codec.base64url");
  CHECK(verdict(stage.as(*stage.fr, "POST", "/v1/files", "bytes",
                         {{"Upload-Length", "5"}, {"Upload-Metadata", good}})) == "413 http.body.too-large");
  CHECK(up.offset() == "404");
  CHECK(verdict(up.patch(0, 10)) == "404 api.not_found");
  CHECK(verdict(stage.as(*stage.fr, "DELETE", up.path)) == "404 api.not_found");

  const auto created = up.create();
  CHECK(created.status == 201);
  CHECK(created.header("location") == up.path);
  CHECK(up.offset() == "0");
  CHECK(up.patch(0, 10'000).header("upload-offset") == "10000");
  CHECK(up.offset() == "10000");

  // Another device finds nothing here, whatever it does.
  Upload other{stage, *stage.ke, content};
  other.path = up.path;
  CHECK(other.offset() == "404");
  CHECK(verdict(other.patch(10'000, 5)) == "404 api.not_found");
  CHECK(verdict(stage.as(*stage.ke, "DELETE", up.path)) == "404 api.not_found");
  CHECK(verdict(stage.as(*stage.ke, "GET", "/v1/files/" + up.id)) == "404 api.not_found");

  // Another version of the protocol, another kind of body: each has its own status, and tells which it would take.
  for (const auto& [method, path] : {std::pair<std::string, std::string>{"POST", "/v1/files"},
                                     {"HEAD", up.path},
                                     {"PATCH", up.path},
                                     {"DELETE", up.path}}) {
    INFO(method);
    const auto answer = stage.as(*stage.fr, method, path, {}, {{"Tus-Resumable", "0.2.2"}});
    CHECK(answer.status == 412);
    CHECK(answer.header("tus-version") == "1.0.0");
    if (method != "HEAD") CHECK(verdict(answer) == "412 api.tus.version");
  }
  for (const char* type : {"application/json", "application/octet-stream", ""})
    CHECK(verdict(stage.as(*stage.fr, "PATCH", up.path, "bytes",
                           {{"Tus-Resumable", "1.0.0"}, {"Upload-Offset", "10000"}, {"Content-Type", type}})) ==
          "415 api.media-type");

  // Wrong place, damaged bytes, too many: refused, and the upload stands where it stood.
  CHECK(verdict(up.patch(9'999, 5)) == "409 store.upload.offset");
  CHECK(verdict(up.patch(10'001, 5)) == "409 store.upload.offset");
  CHECK(verdict(up.put(
            "10000", "bytes",
            {{"Upload-Checksum", "sha256 " + codec::base64(crypto::sha256(std::string_view("other")).view())}})) ==
        "422 api.file.checksum");
  CHECK(verdict(up.put("10000", "bytes", {{"Upload-Checksum", "sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0="}})) ==
        "422 api.header");
  CHECK(verdict(up.put("10000", std::string(20'001, 'x'))) == "413 api.file.length");
  CHECK(verdict(up.put("ten", "bytes")) == "422 api.header");
  CHECK(verdict(up.put("10000", std::string((16 << 20) + 1, 'x'))) == "413 http.body.too-large");
  CHECK(verdict(stage.raw("PATCH", up.path, "bytes", {{"Upload-Offset", "10000"}})) == "401 session.missing");
  CHECK(verdict(stage.raw("DELETE", up.path)) == "401 session.missing");
  CHECK(stage.raw("HEAD", up.path).status == 401);
  CHECK(up.offset() == "10000");

  // Resumed where it stopped, with a checksum; whole with the last piece.
  const std::string piece = content.substr(10'000, 15'000);
  CHECK(up.put("10000", piece,
               {{"Upload-Checksum", "sha256 " + codec::base64(crypto::sha256(std::string_view(piece)).view())}})
            .status == 204);
  CHECK(verdict(stage.as(*stage.fr, "GET", "/v1/files/" + up.id)) == "404 api.not_found");
  CHECK(up.patch(25'000, 5'000).header("upload-offset") == "30000");
  CHECK(up.offset() == "30000");
  CHECK(verdict(up.create()) == "409 api.file.exists");
  CHECK(verdict(Upload{stage, *stage.ke, content, up.id}.create()) == "409 api.file.exists");

  const std::string file = "/v1/files/" + up.id;
  const auto whole = stage.as(*stage.fr, "GET", file);
  CHECK(whole.body == content);
  CHECK(stage.as(*stage.fr, "GET", file, {}, {{"If-None-Match", std::string(whole.header("etag"))}}).status == 304);
  CHECK(stage.as(*stage.fr, "GET", file, {}, {{"Range", "bytes=29990-"}}).body == content.substr(29'990));
  CHECK(verdict(stage.as(*stage.fr, "GET", file, {}, {{"Range", "bytes=30000-"}})) == "416 http.range");
  CHECK(verdict(stage.raw("GET", file)) == "401 session.missing");
  const auto forbidden = stage.as(*stage.ke, "GET", file);
  CHECK(verdict(forbidden) == "404 api.not_found");
  CHECK(without_trace(forbidden) == without_trace(stage.as(*stage.ke, "GET", "/v1/files/" + nothing(16))));
  CHECK(without_trace(forbidden) == without_trace(stage.as(*stage.ke, "GET", "/v1/files/short")));

  // What arrives is not what was promised: thrown away, and it can be sent again.
  Upload wrong{stage, *stage.fr, content};
  CHECK(
      wrong.create(std::to_string(content.size()), "fid " + base64_of(wrong.id) + ",sha256 " + base64_of(nothing(32)))
          .status == 201);
  CHECK(verdict(wrong.patch(0, content.size())) == "422 api.file.hash");
  CHECK(wrong.offset() == "0");
  CHECK(verdict(stage.as(*stage.fr, "GET", "/v1/files/" + wrong.id)) == "404 api.not_found");
  CHECK(wrong.create().status == 201);
  CHECK(wrong.patch(0, content.size()).status == 204);

  // Given up: with bytes, and before the first one.
  for (const std::size_t sent : {std::size_t{100}, std::size_t{0}}) {
    Upload dropped{stage, *stage.fr, content};
    REQUIRE(dropped.create().status == 201);
    if (sent > 0) REQUIRE(dropped.patch(0, sent).status == 204);
    CHECK(stage.as(*stage.fr, "DELETE", dropped.path).status == 204);
    CHECK(dropped.offset() == "404");
  }

  // An administrator acts for nobody and uploads nothing.
  const crypto::PrivateKey dpop = crypto::PrivateKey::generate(stage.hub.random());
  client::Api administrator(*stage.anyone, stage.hub.clock(), stage.hub.random(),
                            {.base_url = std::string(kit::kUrl), .attempts = 1});
  administrator.sign_in_with({&stage.hub.world().office("au:fr:central").administrators[0]}, dpop);
  CHECK(verdict(MUST(administrator.exchange(
            {"POST", "/v1/files", {{"Upload-Length", "9"}, {"Upload-Metadata", good}}, {}}, true))) ==
        "403 api.authority");
}

TEST_CASE("a file goes up in pieces, resumed where it stopped, and is whole or not there") {
  Stage stage;
  walk_files(stage);
}

TEST_CASE("a file that goes with an act is for the parties of that act") {
  Stage stage;
  const auto plain = stage.fr->folder() / "conditions.pdf";
  std::ofstream(plain) << std::string(50'000, 'p');
  client::FileEntry entry = MUST(client::encrypt_file(plain, stage.fr->folder() / "sealed", stage.hub.random()));
  entry.name = "conditions.pdf";
  MUST(client::upload_file(stage.fr->api(), stage.fr->folder() / "sealed", entry, 9'000));
  const std::string path = "/v1/files/" + entry.file_id;
  CHECK(stage.fr->get(path).status == 200);
  CHECK(stage.ke->get(path).status == 404);

  demo::Step step{"assistance.request",      kit::answers("assistance-full"), "Stored data of one mailbox", {}, {},
                  {Subject("au:ke:central")}};
  step.files.push_back(MUST(client::read_manifest_entry(client::manifest_entry(entry))));
  const auto sent = stage.fr->act(std::move(step), client::new_case_id(stage.hub.random()), std::nullopt);
  REQUIRE_MESSAGE(sent.has_value(), sent.error().message);
  CHECK(stage.ke->get(path).status == 200);
  CHECK(stage.ma->get(path).status == 404);
  MUST(client::download_file(stage.ke->api(), entry, stage.ke->folder() / "received"));
  CHECK(kit::read_text(stage.ke->folder() / "received") == std::string(50'000, 'p'));
}

}  // namespace entraide::contract
