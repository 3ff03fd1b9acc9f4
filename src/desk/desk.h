#pragma once

// The desk as files: what a browser is given, under which policies, and the hash by which anybody can tell that two
// hubs give the same.
//
// The hash is SHA-256 over one line a file, sorted bytewise by path, as sha256sum writes them:
//     <SHA-256 of the file, 64 hexadecimal digits> "  " <path from the folder, with '/'> "\n"
// A file `x.br` or `x.gz` that stands beside an `x` is only its compressed form and has no line. index.html counts as
// it lies in the folder, with its placeholder.

#include <map>
#include <memory>

#include "base/ids.h"
#include "base/random.h"
#include "net/content.h"

namespace entraide::desk {

/// Stands in index.html where each answer gets a nonce of its own: <style nonce="__CSP_NONCE__">.
inline constexpr std::string_view kNoncePlaceholder = "__CSP_NONCE__";

/// Path and SHA-256 of each file.
using Hashes = std::map<std::string, Digest, std::less<>>;
/// The hash of a bundle, as above. Any thread.
Digest bundle_hash(const Hashes& hashes);

struct Bundle {
  net::StaticFiles files;
  Hashes hashes;
  Digest hash;
};

/// Reads a folder whole, once: what is not in it then is not served later. Rules: http.files, desk.index (no index.html).
/// Blocks.
Result<Bundle> load(const std::string& folder);
/// Works out the hashes. Rule: desk.index.
Result<Bundle> bundle_of(net::StaticFiles files);

/// Serves the bundle, for `Router::otherwise`. A path that is no file is answered with index.html when the browser
/// asks for a page (Accept: text/html) and the path is none of the API's; otherwise 404. Files below assets/ carry
/// their hash in their name and are kept for a year. `random` must outlive the handler.
net::Handler handler(std::shared_ptr<const Bundle> bundle, Random& random);

/// The text of index.html as it lies in the folder, from the page and the policy header that came with it: the nonce
/// is put back to its placeholder.
std::string without_nonce(std::string page, std::string_view content_security_policy);

}  // namespace entraide::desk
