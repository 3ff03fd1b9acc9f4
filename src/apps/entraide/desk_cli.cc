// desk: the web desk as files, and whether a hub serves the one that was published.

#include <filesystem>

#include "apps/entraide/context.h"
#include "codec/codec.h"
#include "crypto/digest.h"
#include "desk/desk.h"

namespace entraide::cli {
namespace {

using codec::Json;

// Each file as a browser would get it; what the hub says of them is compared, never believed.
Result<desk::Hashes> served_by(Context& context, const std::string& url) {
  auto transport = client::make_curl_transport({});
  client::Api api(*transport, context.clock(), context.random(), {.base_url = url});
  const Json list = TRY(api.get_public("/v1/desk"));
  const Json* files = list.find("files");
  if (files == nullptr || !files->is_array())
    return fail(Errc::invalid, "desk.files", url + ": says nothing of the files of its desk");
  desk::Hashes out;
  for (const Json& file : files->array_items()) {
    const Json* path = file.find("path");
    if (path == nullptr || !path->is_string())
      return fail(Errc::invalid, "desk.files", url + ": names a file of its desk without a path");
    std::string address = "/";
    for (const char c : path->string()) address += c == '/' ? "/" : client::escape(std::string(1, c));
    const client::HttpResponse response = TRY(api.exchange({"GET", address, {}, {}}, false));
    if (response.status != 200) return std::unexpected(client::error_of(response));
    out[path->string()] =
        crypto::sha256(desk::without_nonce(response.body, response.header("content-security-policy")));
  }
  return out;
}

Result<> hash(Context& context) {
  const std::string place = *context.args().get("PLACE");
  const bool is_url = place.starts_with("http://") || place.starts_with("https://");
  desk::Hashes hashes;
  if (is_url) hashes = TRY(served_by(context, place.ends_with('/') ? place.substr(0, place.size() - 1) : place));
  else hashes = TRY(desk::load(place)).hashes;
  const std::string found = codec::to_text(desk::bundle_hash(hashes));
  context.out().record(Json::object({{"hash", found}, {"files", hashes.size()}}));
  if (const auto expected = context.args().get("expect"); expected && *expected != found)
    return fail(Errc::not_authentic, "desk.hash", place + ": this is another desk than " + *expected);
  return {};
}

}  // namespace

std::vector<Command> desk_commands() {
  return {
      {"desk",
       "hash",
       "Work out the hash of a web desk: a folder of built files, or what a hub really serves",
       {{"PLACE", "DIR|URL", "a folder, or https://HUB", true},
        {"--expect", "HASH", "fail unless it is this one (exit 6)"}},
       &hash,
       "entraide desk hash https://hub.example --expect GyxZ..."},
  };
}

}  // namespace entraide::cli
