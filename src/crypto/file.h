#pragma once

// Encrypted files: C2SP chunked-encryption, "Cobblestone-256".
//
//   key (32) || base (12) || commitment (32) = HKDF-Expand-SHA-512(file key,
//       "c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM" || 0x00 || salt || "entraide/file/v1\n" || file id, 76)
//   file = salt (24) || commitment (32) || chunk 0 || chunk 1 || ..
//   chunk i = AES-256-GCM(key, nonce = base XOR BE96(i), no additional data) of 16,384 bytes,
//       the last one always shorter
//
// The shorter last chunk (it may be empty) is the end mark: a file cut anywhere is noticed.

#include <array>
#include <memory>

#include "base/base.h"
#include "base/random.h"

namespace entraide::crypto {

inline constexpr std::size_t kFileHeadBytes = 56;
inline constexpr std::size_t kFileChunkBytes = 16'384;                       // of plaintext
inline constexpr std::size_t kSealedChunkBytes = kFileChunkBytes + 16;       // with its tag
inline constexpr std::uint64_t kFileChunksMax = std::uint64_t{1} << 32;      // 64 TiB

/// 16 random bytes that name a file.
using FileId = std::array<std::uint8_t, 16>;

/// How many bytes a plaintext of this size becomes.
std::uint64_t sealed_file_size(std::uint64_t plain_size);
/// Where chunk `index` starts in the file.
std::uint64_t sealed_chunk_offset(std::uint64_t index);

struct FileCipher;  // the derived key, nonce base and commitment

/// Encrypts a stream in bounded memory. One thread. `file_key` is 32 bytes and must be fresh for every file.
class FileEncryptor {
 public:
  FileEncryptor(BytesView file_key, const FileId& id, Random& random);
  FileEncryptor(FileEncryptor&&) noexcept;
  ~FileEncryptor();
  /// Takes more plaintext, appends what ciphertext is ready to `out` (the head comes first).
  void update(BytesView plain, Bytes& out);
  /// Appends the last chunk. Nothing may follow.
  void finish(Bytes& out);

 private:
  void write_head(Bytes& out);
  std::unique_ptr<FileCipher> cipher_;
  SecretBytes pending_;
  std::size_t pending_size_ = 0;
  std::uint64_t next_ = 0;
  bool head_written_ = false;
  bool finished_ = false;
};

/// Decrypts a stream in bounded memory; nothing leaves it before its tag has verified. One thread.
/// A file is whole only once `finish` has succeeded: what `update` gave until then is a verified beginning.
/// Rules: file.key (the key or the id is not this file's), file.chunk (altered), file.truncated, file.size;
/// after the first failure every call fails.
class FileDecryptor {
 public:
  FileDecryptor(BytesView file_key, const FileId& id);
  FileDecryptor(FileDecryptor&&) noexcept;
  ~FileDecryptor();
  Result<> update(BytesView sealed, Bytes& out);
  Result<> finish(Bytes& out);

 private:
  Result<> take(BytesView sealed, Bytes& out);
  Result<> open_chunk(BytesView sealed, Bytes& out);
  Result<> last(Bytes& out);
  SecretBytes file_key_;
  FileId id_;
  std::unique_ptr<FileCipher> cipher_;
  Bytes pending_;
  std::uint64_t next_ = 0;
  bool failed_ = false;
  bool finished_ = false;
};

/// Opens single chunks in any order: ranged reads, checks while resuming. Any thread.
class FileReader {
 public:
  /// `head` is the first 56 bytes. Rule: file.key.
  static Result<FileReader> open(BytesView file_key, const FileId& id, BytesView head);
  FileReader(FileReader&&) noexcept;
  FileReader& operator=(FileReader&&) noexcept;
  ~FileReader();
  /// `sealed` is the whole chunk: 16,400 bytes, or fewer (at least 16) for the last. Rule: file.chunk.
  Result<SecretBytes> chunk(std::uint64_t index, BytesView sealed) const;

 private:
  explicit FileReader(std::unique_ptr<FileCipher> cipher);
  std::unique_ptr<FileCipher> cipher_;
};

}  // namespace entraide::crypto
