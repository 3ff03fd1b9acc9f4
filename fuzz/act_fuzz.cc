// Acts from outside, by two ways. The bytes as a body: what is accepted is kept byte for byte, and its parts obey the
// bounds. The bytes as a payload, put into a body with a well-formed header: so that the fuzzer reaches the members.

#include "act/act.h"
#include "codec/codec.h"
#include "crypto/digest.h"

using namespace entraide;

namespace {

// A signature that nobody made: the format does not look at it.
std::string body_of(BytesView payload) {
  const std::string kid = codec::base64url(Bytes(32, 7));
  const std::string header = R"({"alg":"ES256","kid":")" + kid + R"(","typ":"entraide-act+json"})";
  return codec::base64url(payload) + "\n" + codec::base64url(bytes_of(header)) + "." +
         codec::base64url(Bytes(64, 1)) + "\n";
}

void check(const std::string& body) {
  const auto parsed = act::parse_act(body);
  if (!parsed) return;
  ENSURE(parsed->body == body);
  ENSURE(!parsed->signatures.empty() && parsed->signatures.size() <= act::kSignaturesMax);
  ENSURE(parsed->act.to.size() <= act::kReceiversMax && parsed->act.objects.size() <= act::kObjectsMax);
  ENSURE(parsed->act.sent.size() == parsed->act.to.size());
  const auto payload = codec::from_base64url(parsed->payload_b64);
  ENSURE(payload && ActId{crypto::sha256(BytesView(*payload)).value} == parsed->id);
  // Written again it means the same act.
  const auto again = act::parse_act(body_of(bytes_of(act::payload_of(parsed->act))));
  ENSURE(again && again->act == parsed->act);
  (void)act::announced_keys(parsed->act);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const BytesView bytes{data, size};
  check(std::string(text_of(bytes)));
  if (size <= act::kActBytesMax / 2) check(body_of(bytes));
  return 0;
}
