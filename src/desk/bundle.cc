#include "codec/codec.h"
#include "crypto/digest.h"
#include "desk/desk.h"

namespace entraide::desk {

Digest bundle_hash(const Hashes& hashes) {
  std::string lines;
  for (const auto& [path, hash] : hashes) lines += codec::hex(hash.view()) + "  " + path + "\n";
  return crypto::sha256(lines);
}

Result<Bundle> bundle_of(net::StaticFiles files) {
  if (!files.contains("index.html"))
    return fail(Errc::invalid, "desk.index", "desk: the folder has no index.html; build the desk first");
  Bundle out;
  for (auto& [path, file] : files) {
    out.hashes.emplace(path, crypto::sha256(*file.plain));
    file.immutable = path.starts_with("assets/");
  }
  out.hash = bundle_hash(out.hashes);
  out.files = std::move(files);
  return out;
}

Result<Bundle> load(const std::string& folder) { return bundle_of(TRY(net::load_static_files(folder))); }

}  // namespace entraide::desk
