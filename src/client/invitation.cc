#include "client/invitation.h"

#include "codec/codec.h"
#include "crypto/digest.h"

namespace entraide::client {

extern const std::string_view kWordsText;  // words.txt, a word a line

namespace {

constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::size_t kCodeLength = 20;
constexpr std::size_t kWords = 2048;

}  // namespace

std::string new_invitation_code(Random& random) {
  std::string out;
  const Bytes bytes = random.bytes(kCodeLength);  // five bits of each: 32 divides 256, so none is likelier
  for (std::size_t i = 0; i < kCodeLength; ++i) {
    if (i > 0 && i % 4 == 0) out += '-';
    out += kAlphabet[bytes[i] & 31];
  }
  return out;
}

Result<std::string> read_invitation_code(std::string_view typed) {
  std::string out;
  for (char c : typed) {
    if (c == '-' || c == ' ') continue;
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    if (c == 'O') c = '0';
    if (c == 'I' || c == 'L') c = '1';
    out += c;
  }
  if (out.size() != kCodeLength || out.find_first_not_of(kAlphabet) != std::string::npos)
    return fail(Errc::invalid, "invitation.code",
                "code: must have 20 letters and digits, like K7QF-9M2X-D3RT-8WZA-4HVC");
  return out;
}

std::string invitation_ticket(std::string_view code) {
  return codec::base64url(crypto::sha256(std::string_view("entraide/invitation-ticket/v1\n"), code).view());
}

std::array<std::string, 4> invitation_words(std::string_view code, const KeyId& sign, const KeyId& seal) {
  const std::string_view line = "\n";
  const Digest hash = crypto::sha256(std::string_view("entraide/invitation-words/v1\n"), code, line,
                                     std::string_view(sign.str()), line, std::string_view(seal.str()));
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < 6; ++i) bits = bits << 8 | hash.value[i];
  std::array<std::string, 4> out;
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = word_list()[bits >> (48 - 11 * (i + 1)) & (kWords - 1)];
  return out;
}

std::span<const std::string_view> word_list() {
  static const std::vector<std::string_view> list = [] {
    std::vector<std::string_view> words;
    std::string_view rest = kWordsText;
    for (std::size_t end = rest.find('\n'); end != std::string_view::npos; end = rest.find('\n')) {
      words.push_back(rest.substr(0, end));
      rest.remove_prefix(end + 1);
    }
    ENSURE(words.size() == kWords);
    return words;
  }();
  return list;
}

}  // namespace entraide::client
