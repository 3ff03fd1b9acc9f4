#include "crypto/file.h"

#include "crypto/digest.h"
#include "crypto/vectors_for_test.h"

using namespace entraide;
using namespace entraide::crypto;
using entraide::testing::rule_of;

namespace {

const Bytes kKey(32, 7);
const FileId kId{1, 2, 3};

Bytes encrypt(BytesView plain, std::size_t step, Random& random, BytesView key = kKey, const FileId& id = kId) {
  FileEncryptor encryptor(key, id, random);
  Bytes out;
  for (; plain.size() > step; plain = plain.subspan(step)) encryptor.update(plain.first(step), out);
  encryptor.update(plain, out);
  encryptor.finish(out);
  return out;
}

Result<Bytes> decrypt(BytesView sealed, std::size_t step, BytesView key = kKey, const FileId& id = kId) {
  FileDecryptor decryptor(key, id);
  Bytes out;
  for (; sealed.size() > step; sealed = sealed.subspan(step)) TRY(decryptor.update(sealed.first(step), out));
  TRY(decryptor.update(sealed, out));
  TRY(decryptor.finish(out));
  return out;
}

}  // namespace

TEST_CASE("the golden files come out byte for byte, and open again") {
  const codec::Json golden = vectors("files.json");
  for (const codec::Json& item : golden.find("cases")->array_items()) {
    const auto size = static_cast<std::size_t>(number_at(item, "plain_len"));
    CAPTURE(size);
    const Bytes plain = counting_bytes(size), key = bytes_at(item, "fk_hex"), id_bytes = bytes_at(item, "fid_hex");
    FileId id{};
    std::copy(id_bytes.begin(), id_bytes.end(), id.begin());
    CHECK(codec::hex(sha256(plain).view()) == text_at(item, "plain_sha256_hex"));
    for (const std::size_t step : {std::size_t{1} << 20, std::size_t{1000}, kFileChunkBytes, kFileChunkBytes + 1}) {
      ScriptedRandom random(bytes_at(item, "salt_hex"));
      const Bytes sealed = encrypt(plain, step, random, key, id);
      CHECK(sealed.size() == static_cast<std::size_t>(number_at(item, "cipher_len")));
      CHECK(sealed.size() == sealed_file_size(size));
      CHECK(codec::hex(BytesView(sealed).subspan(24, 32)) == text_at(item, "commitment_hex"));
      CHECK(codec::hex(BytesView(sealed).first(std::min<std::size_t>(96, sealed.size()))) ==
            text_at(item, "cipher_first_96_hex"));
      CHECK(codec::hex(sha256(sealed).view()) == text_at(item, "cipher_sha256_hex"));
      CHECK(MUST(decrypt(sealed, step, key, id)) == plain);
    }
  }
}

TEST_CASE("a chunk opens alone, at its own place only") {
  SeededRandom random(1);
  const Bytes plain = counting_bytes(40'000), sealed = encrypt(plain, 5000, random);
  const FileReader reader = MUST(FileReader::open(kKey, kId, BytesView(sealed).first(kFileHeadBytes)));
  const auto chunk = [&](std::uint64_t index) {
    const BytesView rest = BytesView(sealed).subspan(sealed_chunk_offset(index));
    return rest.first(std::min(rest.size(), kSealedChunkBytes));
  };
  CHECK(same(MUST(reader.chunk(1, chunk(1))).view(), BytesView(plain).subspan(kFileChunkBytes, kFileChunkBytes)));
  CHECK(same(MUST(reader.chunk(2, chunk(2))).view(), BytesView(plain).subspan(2 * kFileChunkBytes)));
  CHECK(rule_of(reader.chunk(0, chunk(1))) == "file.chunk");
  CHECK(rule_of(reader.chunk(2, chunk(1))) == "file.chunk");
  CHECK(rule_of(reader.chunk(1 + (std::uint64_t{1} << 32), chunk(1))) == "file.chunk");
  CHECK(rule_of(reader.chunk(0, {})) == "file.chunk");
  CHECK(rule_of(reader.chunk(0, BytesView(sealed).subspan(56, kSealedChunkBytes + 1))) == "file.chunk");
  CHECK(rule_of(reader.chunk(0, flipped(chunk(0), 9999))) == "file.chunk");
  CHECK(rule_of(FileReader::open(Bytes(32, 8), kId, BytesView(sealed).first(kFileHeadBytes))) == "file.key");
  CHECK(rule_of(FileReader::open(kKey, FileId{9}, BytesView(sealed).first(kFileHeadBytes))) == "file.key");
  CHECK(rule_of(FileReader::open(kKey, kId, BytesView(sealed).first(55))) == "file.truncated");
}

TEST_CASE("another key or another file id is noticed at the head") {
  SeededRandom random(2);
  const Bytes sealed = encrypt(counting_bytes(100), 100, random);
  CHECK(rule_of(decrypt(sealed, 1000, Bytes(32, 8))) == "file.key");
  CHECK(rule_of(decrypt(sealed, 1000, kKey, FileId{1, 2, 4})) == "file.key");
}

TEST_CASE("a file cut anywhere is noticed, above all at the border of a chunk") {
  SeededRandom random(3);
  for (const std::size_t size : {std::size_t{0}, std::size_t{10}, kFileChunkBytes, 2 * kFileChunkBytes}) {
    const Bytes sealed = encrypt(counting_bytes(size), size + 1, random);
    REQUIRE(decrypt(sealed, 4096).has_value());
    for (std::size_t cut = 0; cut < sealed.size(); cut += 1 + (cut > 100 && cut + 50 < sealed.size() ? 991 : 0))
      CHECK_MESSAGE(!decrypt(BytesView(sealed).first(cut), 4096), cut);
    for (const std::size_t chunks : {0, 1, 2}) {
      const std::size_t border = sealed_chunk_offset(chunks);
      if (border < sealed.size()) CHECK(rule_of(decrypt(BytesView(sealed).first(border), 4096)) == "file.truncated");
    }
  }
}

TEST_CASE("a flipped bit, a swapped chunk and trailing bytes are noticed, and nothing of a bad chunk is released") {
  SeededRandom random(4);
  const Bytes plain = counting_bytes(3 * kFileChunkBytes + 5), sealed = encrypt(plain, 1 << 20, random);
  for (std::size_t bit = 0; bit < kFileHeadBytes * 8; bit += 3)
    CHECK(rule_of(decrypt(flipped(sealed, bit), 1 << 20)) == "file.key");
  for (std::size_t bit = kFileHeadBytes * 8; bit < sealed.size() * 8; bit += 8011) {
    FileDecryptor decryptor(kKey, kId);
    Bytes out;
    auto done = decryptor.update(flipped(sealed, bit), out);
    if (done) done = decryptor.finish(out);
    CHECK(rule_of(done) == "file.chunk");
    CHECK(out.size() % kFileChunkBytes == 0);
    CHECK(same(out, BytesView(plain).first(out.size())));
  }
  Bytes swapped = sealed;
  const auto first = swapped.begin() + kFileHeadBytes, second = first + kSealedChunkBytes;
  std::swap_ranges(first, second, second);
  CHECK(rule_of(decrypt(swapped, 1 << 20)) == "file.chunk");
  Bytes longer = sealed;
  longer.push_back(0);
  CHECK(rule_of(decrypt(longer, 1 << 20)) == "file.chunk");
}

TEST_CASE("a stream that was refused once stays refused") {
  SeededRandom random(5);
  const Bytes sealed = encrypt(counting_bytes(kFileChunkBytes + 5), 1 << 20, random);
  FileDecryptor decryptor(kKey, kId);
  Bytes out;
  const std::size_t border = sealed_chunk_offset(1);
  CHECK(rule_of(decryptor.update(flipped(BytesView(sealed).first(border), 9999), out)) == "file.chunk");
  CHECK(rule_of(decryptor.update(BytesView(sealed).subspan(border), out)) == "file.chunk");
  CHECK(rule_of(decryptor.finish(out)) == "file.chunk");
  CHECK(out.empty());
}
