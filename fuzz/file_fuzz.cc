// Encrypted files: an honest one, bent and fed in pieces as the input says. It opens to what it was if
// nothing was bent; if something was, only whole verified chunks of what it was come out, and the end is refused.

#include "crypto/file.h"

#include <algorithm>

using namespace entraide;
using namespace entraide::crypto;

namespace {

const Bytes kKey(32, 7);
const FileId kId{1, 2, 3};

// Takes numbers off the front of the input; zero when it is used up.
struct Input {
  BytesView rest;
  std::uint16_t number() {
    std::uint16_t out = 0;
    for (int i = 0; i < 2 && !rest.empty(); ++i, rest = rest.subspan(1))
      out = static_cast<std::uint16_t>(out << 8 | rest[0]);
    return out;
  }
};

void raw(BytesView bytes) {
  FileDecryptor decryptor(kKey, kId);
  Bytes out;
  if (decryptor.update(bytes, out)) (void)decryptor.finish(out);
  ENSURE(out.empty());  // nobody guesses a tag
  (void)FileReader::open(kKey, kId, bytes);
}

void bent(Input in) {
  SeededRandom random(3);
  const Bytes plain = random.bytes(in.number());
  FileEncryptor encryptor(kKey, kId, random);
  Bytes honest;
  encryptor.update(plain, honest);
  encryptor.finish(honest);
  ENSURE(honest.size() == sealed_file_size(plain.size()));

  Bytes sealed = honest;
  const std::size_t at = in.number() % sealed.size();
  const std::uint16_t how = in.number();
  if (how % 4 == 1) sealed[at] ^= static_cast<std::uint8_t>(how >> 8);
  if (how % 4 == 2) sealed.resize(at);
  if (how % 4 == 3) sealed.insert(sealed.begin() + static_cast<std::ptrdiff_t>(at), in.rest.begin(), in.rest.end());

  FileDecryptor decryptor(kKey, kId);
  Bytes out;
  Result<> done;
  for (BytesView rest = sealed; done && !rest.empty();) {
    const std::size_t take = std::min<std::size_t>(rest.size(), in.number() + 1U);
    done = decryptor.update(rest.first(take), out);
    rest = rest.subspan(take);
    if (in.rest.empty() && done && !rest.empty()) {
      done = decryptor.update(rest, out);
      break;
    }
  }
  if (done) done = decryptor.finish(out);
  ENSURE(done.has_value() == (sealed == honest));
  ENSURE(out.size() <= plain.size() && std::equal(out.begin(), out.end(), plain.begin()));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const BytesView bytes(data + 1, size - 1);
  data[0] % 2 == 0 ? raw(bytes) : bent({bytes});
  return 0;
}
