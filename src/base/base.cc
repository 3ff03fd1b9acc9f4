#include "base/base.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace entraide {

void append(Bytes& to, BytesView more) { to.insert(to.end(), more.begin(), more.end()); }
void append(Bytes& to, std::string_view more) { append(to, bytes_of(more)); }

namespace {
// explicit_bzero is not removed by the optimiser, as a plain memset before free may be.
void wipe(Bytes& bytes) {
  if (!bytes.empty()) explicit_bzero(bytes.data(), bytes.size());
}
}  // namespace

SecretBytes& SecretBytes::operator=(SecretBytes&& other) noexcept {
  if (this != &other) {
    wipe(bytes_);
    bytes_ = std::exchange(other.bytes_, {});
  }
  return *this;
}
SecretBytes::~SecretBytes() { wipe(bytes_); }

void ensure_failed(const char* condition, const char* file, int line) {
  std::fprintf(stderr, "%s:%d: broken promise: %s\n", file, line, condition);
  std::abort();
}

}  // namespace entraide
