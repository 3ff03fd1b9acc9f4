#include "client/passphrase.h"

#include <cerrno>

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include "client/files.h"
#include "crypto/digest.h"

namespace entraide::client {
namespace {

constexpr std::size_t kSecretBytesMax = 4096;

/// One line, byte by byte: what follows on the descriptor belongs to somebody else.
Result<SecretBytes> read_line(int descriptor) {
  Bytes line;
  line.reserve(kSecretBytesMax);  // never moved, so no copy stays behind
  while (true) {
    std::uint8_t byte = 0;
    const ssize_t got = ::read(descriptor, &byte, 1);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail(Errc::internal, "secret.none", "the passphrase cannot be read from its descriptor");
    if (got == 0 || byte == '\n') break;
    if (line.size() == kSecretBytesMax)
      return fail(Errc::invalid, "secret.empty", "the passphrase is longer than 4096 bytes");
    line.push_back(byte);
  }
  if (!line.empty() && line.back() == '\r') line.pop_back();
  return SecretBytes(std::move(line));
}

/// The terminal without echo, for as long as this lives.
class SilentTerminal {
 public:
  SilentTerminal() : descriptor_(::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)) {
    if (descriptor_ < 0) return;
    usable_ = ::tcgetattr(descriptor_, &before_) == 0;
    termios silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    usable_ = usable_ && ::tcsetattr(descriptor_, TCSAFLUSH, &silent) == 0;
  }
  SilentTerminal(const SilentTerminal&) = delete;
  SilentTerminal& operator=(const SilentTerminal&) = delete;
  ~SilentTerminal() {
    if (usable_) ::tcsetattr(descriptor_, TCSAFLUSH, &before_);
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  bool usable() const { return usable_; }
  Result<SecretBytes> ask(std::string_view prompt) const {
    const auto say = [&](std::string_view words) {
      [[maybe_unused]] const ssize_t wrote = ::write(descriptor_, words.data(), words.size());
    };
    say(prompt);
    say(": ");
    Result<SecretBytes> line = read_line(descriptor_);
    say("\n");
    return line;
  }

 private:
  int descriptor_;
  bool usable_ = false;
  termios before_{};
};

}  // namespace

Result<SecretBytes> read_secret(const SecretSource& source, std::string_view prompt, bool twice) {
  SecretBytes secret;
  if (source.descriptor) {
    secret = TRY(read_line(*source.descriptor));
  } else if (source.file) {
    const SecretBytes bytes = TRY(read_private_file(*source.file, kSecretBytesMax));
    std::string_view text = text_of(bytes.view());
    text = text.substr(0, text.find('\n'));
    if (text.ends_with('\r')) text.remove_suffix(1);
    secret = SecretBytes(to_bytes(text));
  } else {
    const SilentTerminal terminal;
    if (!source.may_ask || !terminal.usable())
      return fail(Errc::unauthenticated, "secret.none",
                  "no passphrase: there is no terminal to ask on; give --pin-file FILE or --pin-fd NUMBER");
    secret = TRY(terminal.ask(prompt));
    if (twice) {
      const SecretBytes again = TRY(terminal.ask("Once more"));
      if (!crypto::equal_in_constant_time(secret.view(), again.view()))
        return fail(Errc::invalid, "secret.differs", "the two passphrases differ; nothing was changed");
    }
  }
  if (secret.empty()) return fail(Errc::invalid, "secret.empty", "the passphrase is empty");
  return secret;
}

}  // namespace entraide::client
