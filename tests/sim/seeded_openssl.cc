// OpenSSL's generator, replaced. The interface for that is deprecated in favour of providers, and still the short way.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/rand.h>

#include "sim/stage.h"

namespace entraide::sim {
namespace {

SeededRandom& generator() {
  static SeededRandom random(0);
  return random;
}

int fill(unsigned char* out, int size) {
  generator().fill({out, static_cast<std::size_t>(size)});
  return 1;
}
int status() { return 1; }

constexpr RAND_METHOD kSeeded{nullptr, fill, nullptr, nullptr, fill, status};

}  // namespace

void seed_openssl(std::uint64_t seed) {
  generator() = SeededRandom(seed);
  ENSURE(RAND_set_rand_method(&kSeeded) == 1);
}

}  // namespace entraide::sim
