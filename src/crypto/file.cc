#include "crypto/file.h"

#include "crypto/digest.h"
#include "crypto/openssl.h"

namespace entraide::crypto {
namespace {

constexpr std::size_t kKeyBytes = 32;
constexpr std::size_t kSaltBytes = 24;
constexpr std::size_t kTagBytes = 16;

using Nonce = std::array<std::uint8_t, 12>;

std::unexpected<Error> altered(std::uint64_t index) {
  return fail(Errc::not_authentic, "file.chunk", "file: chunk " + std::to_string(index) + " was altered");
}
std::unexpected<Error> wrong_key() {
  return fail(Errc::not_authentic, "file.key", "file: not encrypted under this key and file id");
}

}  // namespace

struct FileCipher {
  SecretBytes key;
  Nonce base{};
  std::array<std::uint8_t, 32> commitment{};
  std::array<std::uint8_t, kSaltBytes> salt{};
  CipherContext context;  // for the streams, which have one thread; set up with the key once

  FileCipher(BytesView file_key, const FileId& id, BytesView file_salt) {
    ENSURE(file_key.size() == kKeyBytes);
    std::copy(file_salt.begin(), file_salt.end(), salt.begin());
    Bytes info = to_bytes("c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM");
    info.push_back(0);
    append(info, salt);
    append(info, "entraide/file/v1\n");
    append(info, id);
    const SecretBytes derived = hkdf_expand_sha512(file_key, info, kKeyBytes + base.size() + commitment.size());
    key = SecretBytes(Bytes(derived.view().begin(), derived.view().begin() + kKeyBytes));
    std::copy_n(derived.view().begin() + kKeyBytes, base.size(), base.begin());
    std::copy_n(derived.view().begin() + kKeyBytes + base.size(), commitment.size(), commitment.begin());
  }

  // The base with the chunk's number added in, modulo 2, to its last eight bytes.
  Nonce nonce(std::uint64_t index) const {
    Nonce out = base;
    for (std::size_t i = 0; i < 8; ++i) out[11 - i] ^= static_cast<std::uint8_t>(index >> (8 * i));
    return out;
  }

  CipherContext encrypting() const { return with_key(EVP_EncryptInit_ex2); }
  CipherContext decrypting() const { return with_key(EVP_DecryptInit_ex2); }

  void seal_chunk(std::uint64_t index, BytesView plain, Bytes& out) {
    ENSURE(index < kFileChunksMax);
    if (context == nullptr) context = encrypting();
    EVP_CIPHER_CTX* c = context.get();
    const std::size_t at = out.size();
    out.resize(at + plain.size() + kTagBytes);
    std::uint8_t* to = out.data() + at;
    int size = 0;
    ENSURE(EVP_EncryptInit_ex2(c, nullptr, nullptr, nonce(index).data(), nullptr) == 1);
    ENSURE(plain.empty() || EVP_EncryptUpdate(c, to, &size, plain.data(), static_cast<int>(plain.size())) == 1);
    ENSURE(EVP_EncryptFinal_ex(c, to + plain.size(), &size) == 1);
    ENSURE(EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_GET_TAG, kTagBytes, to + plain.size()) == 1);
  }

  // Writes as many bytes as `sealed` has without its tag, and says whether they are authentic.
  bool open_chunk(EVP_CIPHER_CTX* c, std::uint64_t index, BytesView sealed, std::uint8_t* to) const {
    const QuietErrors quiet;
    const BytesView ciphertext = sealed.first(sealed.size() - kTagBytes);
    std::array<std::uint8_t, kTagBytes> tag{};
    std::copy(sealed.end() - kTagBytes, sealed.end(), tag.begin());
    std::uint8_t none = 0;
    int size = 0;
    ENSURE(EVP_DecryptInit_ex2(c, nullptr, nullptr, nonce(index).data(), nullptr) == 1);
    ENSURE(EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_SET_TAG, kTagBytes, tag.data()) == 1);
    ENSURE(ciphertext.empty() ||
           EVP_DecryptUpdate(c, to, &size, ciphertext.data(), static_cast<int>(ciphertext.size())) == 1);
    return EVP_DecryptFinal_ex(c, &none, &size) == 1;
  }

 private:
  template <class Init>
  CipherContext with_key(Init init) const {
    CipherContext out(EVP_CIPHER_CTX_new());
    ENSURE(out != nullptr && init(out.get(), aes_256_gcm(), key.view().data(), nullptr, nullptr) == 1);
    return out;
  }
};

namespace {

// The cipher of a file that begins with `head`, once the commitment shows that the key and the id are the file's.
Result<std::unique_ptr<FileCipher>> cipher_of(BytesView file_key, const FileId& id, BytesView head) {
  if (head.size() != kFileHeadBytes) return fail(Errc::invalid, "file.truncated", "file: shorter than its head");
  auto cipher = std::make_unique<FileCipher>(file_key, id, head.first(kSaltBytes));
  if (!equal_in_constant_time(head.subspan(kSaltBytes), cipher->commitment)) return wrong_key();
  return cipher;
}

}  // namespace

std::uint64_t sealed_file_size(std::uint64_t plain_size) {
  return kFileHeadBytes + plain_size + (plain_size / kFileChunkBytes + 1) * kTagBytes;
}
std::uint64_t sealed_chunk_offset(std::uint64_t index) { return kFileHeadBytes + index * kSealedChunkBytes; }

// ---- encryption ----------------------------------------------------------------------------

FileEncryptor::FileEncryptor(BytesView file_key, const FileId& id, Random& random)
    : cipher_(std::make_unique<FileCipher>(file_key, id, random.bytes(kSaltBytes))), pending_(kFileChunkBytes) {}
FileEncryptor::FileEncryptor(FileEncryptor&&) noexcept = default;
FileEncryptor::~FileEncryptor() = default;

void FileEncryptor::write_head(Bytes& out) {
  if (head_written_) return;
  append(out, cipher_->salt);
  append(out, cipher_->commitment);
  head_written_ = true;
}

void FileEncryptor::update(BytesView plain, Bytes& out) {
  ENSURE(!finished_);
  write_head(out);
  while (!plain.empty()) {
    if (pending_size_ == 0 && plain.size() >= kFileChunkBytes) {  // whole chunks need no copy
      cipher_->seal_chunk(next_++, plain.first(kFileChunkBytes), out);
      plain = plain.subspan(kFileChunkBytes);
      continue;
    }
    const std::size_t take = std::min(plain.size(), kFileChunkBytes - pending_size_);
    std::copy_n(plain.begin(), take, pending_.span().begin() + static_cast<std::ptrdiff_t>(pending_size_));
    pending_size_ += take;
    plain = plain.subspan(take);
    if (pending_size_ == kFileChunkBytes) {
      cipher_->seal_chunk(next_++, pending_.view(), out);
      pending_size_ = 0;
    }
  }
}

void FileEncryptor::finish(Bytes& out) {
  ENSURE(!finished_);
  write_head(out);
  cipher_->seal_chunk(next_++, pending_.view().first(pending_size_), out);
  finished_ = true;
}

// ---- decryption ----------------------------------------------------------------------------

FileDecryptor::FileDecryptor(BytesView file_key, const FileId& id)
    : file_key_(Bytes(file_key.begin(), file_key.end())), id_(id) {
  ENSURE(file_key.size() == kKeyBytes);
}
FileDecryptor::FileDecryptor(FileDecryptor&&) noexcept = default;
FileDecryptor::~FileDecryptor() = default;

Result<> FileDecryptor::open_chunk(BytesView sealed, Bytes& out) {
  if (next_ >= kFileChunksMax) return fail(Errc::too_large, "file.size", "file: larger than 64 TiB");
  const std::size_t at = out.size();
  out.resize(at + sealed.size() - kTagBytes);
  if (!cipher_->open_chunk(cipher_->context.get(), next_, sealed, out.data() + at)) {
    OPENSSL_cleanse(out.data() + at, out.size() - at);
    out.resize(at);
    return altered(next_);
  }
  ++next_;
  return {};
}

Result<> FileDecryptor::take(BytesView sealed, Bytes& out) {
  while (!sealed.empty()) {
    const std::size_t whole = cipher_ == nullptr ? kFileHeadBytes : kSealedChunkBytes;
    const std::size_t count = std::min(sealed.size(), whole - pending_.size());
    append(pending_, sealed.first(count));
    sealed = sealed.subspan(count);
    if (pending_.size() < whole) break;
    if (cipher_ == nullptr) {
      cipher_ = TRY(cipher_of(file_key_.view(), id_, pending_));
      cipher_->context = cipher_->decrypting();
    } else {
      TRY(open_chunk(pending_, out));
    }
    pending_.clear();
  }
  return {};
}

Result<> FileDecryptor::last(Bytes& out) {
  if (cipher_ == nullptr || pending_.size() < kTagBytes)
    return fail(Errc::not_authentic, "file.truncated", "file: its end is missing");
  return open_chunk(pending_, out);
}

Result<> FileDecryptor::update(BytesView sealed, Bytes& out) {
  ENSURE(!finished_);
  if (failed_) return fail(Errc::not_authentic, "file.chunk", "file: an earlier part was already refused");
  auto done = take(sealed, out);
  failed_ = !done;
  return done;
}

Result<> FileDecryptor::finish(Bytes& out) {
  ENSURE(!finished_);
  finished_ = true;
  if (failed_) return fail(Errc::not_authentic, "file.chunk", "file: an earlier part was already refused");
  return last(out);
}

// ---- single chunks -------------------------------------------------------------------------

FileReader::FileReader(std::unique_ptr<FileCipher> cipher) : cipher_(std::move(cipher)) {}
FileReader::FileReader(FileReader&&) noexcept = default;
FileReader& FileReader::operator=(FileReader&&) noexcept = default;
FileReader::~FileReader() = default;

Result<FileReader> FileReader::open(BytesView file_key, const FileId& id, BytesView head) {
  return FileReader(TRY(cipher_of(file_key, id, head)));
}

Result<SecretBytes> FileReader::chunk(std::uint64_t index, BytesView sealed) const {
  if (index >= kFileChunksMax || sealed.size() < kTagBytes || sealed.size() > kSealedChunkBytes)
    return altered(index);
  const CipherContext context = cipher_->decrypting();
  SecretBytes out(sealed.size() - kTagBytes);
  if (!cipher_->open_chunk(context.get(), index, sealed, out.span().data())) return altered(index);
  return out;
}

}  // namespace entraide::crypto
