#include "crypto/pkcs11.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

#include <p11-kit/p11-kit.h>
#include <p11-kit/pkcs11.h>

#include "base/mutex.h"
#include "codec/codec.h"
#include "crypto/digest.h"

namespace entraide::crypto {
namespace {

// The DER of the object identifier of P-256, and the header of a DER octet string around its 65-byte points.
constexpr std::array<std::uint8_t, 10> kP256Oid = {0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07};
constexpr std::array<std::uint8_t, 2> kPointHeader = {0x04, 0x41};
constexpr std::size_t kPointBytes = 65;
constexpr std::size_t kPinBytesMax = 256;

std::unexpected<Error> device_failed(const char* call, CK_RV code) {
  const Bytes number = {static_cast<std::uint8_t>(code >> 24), static_cast<std::uint8_t>(code >> 16),
                        static_cast<std::uint8_t>(code >> 8), static_cast<std::uint8_t>(code)};
  return fail(Errc::unavailable, "pkcs11.device",
              "token: " + std::string(call) + " failed with 0x" + codec::hex(number));
}

// One attribute over bytes that outlive the call; PKCS#11 takes them without const and does not write to them.
CK_ATTRIBUTE attribute(CK_ATTRIBUTE_TYPE type, const void* value, std::size_t size) {
  return {type, const_cast<void*>(value), static_cast<CK_ULONG>(size)};
}
template <class T>
CK_ATTRIBUTE attribute(CK_ATTRIBUTE_TYPE type, const T& value) {
  return attribute(type, &value, sizeof value);
}

const CK_BBOOL kYes = CK_TRUE;
const CK_BBOOL kNo = CK_FALSE;

// The first line of a file that nobody but its owner may read.
Result<SecretBytes> read_pin(const std::string& path) {
  const auto wrong = [&](const char* why) {
    return fail(Errc::invalid, "pkcs11.pin", "token: PIN file: " + std::string(why), path);
  };
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return wrong("cannot be read");
  struct stat status{};
  SecretBytes buffer(kPinBytesMax);
  const bool private_file = fstat(file, &status) == 0 && (status.st_mode & 077) == 0;
  const ssize_t size = private_file ? ::read(file, buffer.span().data(), buffer.size()) : 0;
  ::close(file);
  if (!private_file) return wrong("others may read it; run chmod 600");
  if (size <= 0) return wrong("is empty");
  const auto begin = buffer.view().begin(), end = begin + size;
  Bytes pin(begin, std::find_if(begin, end, [](std::uint8_t c) { return c == '\n' || c == '\r'; }));
  if (pin.empty()) return wrong("its first line is empty");
  return SecretBytes(std::move(pin));
}

}  // namespace

struct Pkcs11Token::Session {
  CK_FUNCTION_LIST* module = nullptr;
  bool initialized = false;
  bool opened = false;
  CK_SESSION_HANDLE handle = 0;
  mutable Mutex mutex;  // PKCS#11 keeps the state of an operation in the session

  Session() = default;
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session() {
    if (opened) module->C_CloseSession(handle);
    if (initialized) p11_kit_module_finalize(module);
    if (module != nullptr) p11_kit_module_release(module);
  }

  Result<> connect(const Pkcs11Options& options);
  Result<CK_SLOT_ID> find_slot(const std::string& token_label);
  Result<> login(const SecretBytes& pin);

  Result<Bytes> sign(CK_OBJECT_HANDLE key, BytesView digest) EXCLUDES(mutex);
  Result<SecretBytes> agree(CK_OBJECT_HANDLE key, BytesView point) EXCLUDES(mutex);
  Result<PublicKey> generate(std::string_view label, Use use) EXCLUDES(mutex);

  struct Pair {
    PublicKey public_key;
    CK_OBJECT_HANDLE secret;
  };
  Result<Pair> find_pair(std::string_view label) EXCLUDES(mutex);
  /// Up to two: whoever asks wants to know of none, one, or more than one.
  Result<std::vector<CK_OBJECT_HANDLE>> find(CK_OBJECT_CLASS what, std::string_view label) REQUIRES(mutex);
  Result<CK_OBJECT_HANDLE> find_one(CK_OBJECT_CLASS what, std::string_view label) REQUIRES(mutex);
  Result<Bytes> read_attribute(CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type) REQUIRES(mutex);
  Result<PublicKey> read_public_key(CK_OBJECT_HANDLE object) REQUIRES(mutex);
};

Result<> Pkcs11Token::Session::connect(const Pkcs11Options& options) {
  module = p11_kit_module_load(options.module_path.c_str(), 0);
  if (module == nullptr)
    return fail(Errc::invalid, "pkcs11.module", "token: the PKCS#11 module cannot be loaded", options.module_path);
  if (const CK_RV code = p11_kit_module_initialize(module); code != CKR_OK)
    return device_failed("C_Initialize", code);
  initialized = true;
  const SecretBytes pin = TRY(read_pin(options.pin_file));
  const CK_SLOT_ID slot = TRY(find_slot(options.token_label));
  const CK_FLAGS flags = CKF_SERIAL_SESSION | CKF_RW_SESSION;
  if (const CK_RV code = module->C_OpenSession(slot, flags, nullptr, nullptr, &handle); code != CKR_OK)
    return device_failed("C_OpenSession", code);
  opened = true;
  return login(pin);
}

Result<CK_SLOT_ID> Pkcs11Token::Session::find_slot(const std::string& token_label) {
  std::array<CK_SLOT_ID, 64> slots{};
  CK_ULONG count = slots.size();
  if (const CK_RV code = module->C_GetSlotList(CK_TRUE, slots.data(), &count); code != CKR_OK)
    return device_failed("C_GetSlotList", code);
  std::vector<CK_SLOT_ID> found;
  for (CK_ULONG i = 0; i < count; ++i) {
    CK_TOKEN_INFO info{};
    if (module->C_GetTokenInfo(slots[i], &info) != CKR_OK) continue;
    std::string_view label(reinterpret_cast<const char*>(info.label), sizeof info.label);  // padded with spaces
    label = label.substr(0, label.find_last_not_of(' ') + 1);
    if (label == token_label) found.push_back(slots[i]);
  }
  if (found.size() != 1)
    return fail(Errc::not_found, "pkcs11.token",
                "token: " + std::to_string(found.size()) + " tokens have the label \"" + token_label + "\"");
  return found[0];
}

Result<> Pkcs11Token::Session::login(const SecretBytes& pin) {
  auto* text = const_cast<CK_UTF8CHAR*>(pin.view().data());
  const CK_RV code = module->C_Login(handle, CKU_USER, text, pin.size());
  if (code == CKR_OK || code == CKR_USER_ALREADY_LOGGED_IN) return {};
  if (code == CKR_PIN_INCORRECT || code == CKR_PIN_INVALID || code == CKR_PIN_LEN_RANGE)
    return fail(Errc::unauthenticated, "pkcs11.pin", "token: wrong PIN; it locks after a few tries");
  if (code == CKR_PIN_LOCKED) return fail(Errc::unauthenticated, "pkcs11.pin", "token: the PIN is locked");
  return device_failed("C_Login", code);
}

Result<std::vector<CK_OBJECT_HANDLE>> Pkcs11Token::Session::find(CK_OBJECT_CLASS what, std::string_view label) {
  const CK_KEY_TYPE type = CKK_EC;
  CK_ATTRIBUTE wanted[] = {attribute(CKA_CLASS, what), attribute(CKA_KEY_TYPE, type),
                           attribute(CKA_LABEL, label.data(), label.size())};
  if (const CK_RV code = module->C_FindObjectsInit(handle, wanted, std::size(wanted)); code != CKR_OK)
    return device_failed("C_FindObjectsInit", code);
  std::vector<CK_OBJECT_HANDLE> found(2);
  CK_ULONG count = 0;
  const CK_RV code = module->C_FindObjects(handle, found.data(), found.size(), &count);
  module->C_FindObjectsFinal(handle);
  if (code != CKR_OK) return device_failed("C_FindObjects", code);
  found.resize(count);
  return found;
}

Result<CK_OBJECT_HANDLE> Pkcs11Token::Session::find_one(CK_OBJECT_CLASS what, std::string_view label) {
  const auto found = TRY(find(what, label));
  if (found.size() == 1) return found[0];
  const std::string have = found.empty() ? "no elliptic-curve key has" : "several keys have";
  return fail(Errc::not_found, "pkcs11.key", "token: " + have + " the label \"" + std::string(label) + "\"");
}

Result<Bytes> Pkcs11Token::Session::read_attribute(CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type) {
  Bytes out(256);
  CK_ATTRIBUTE asked = attribute(type, out.data(), out.size());
  if (const CK_RV code = module->C_GetAttributeValue(handle, object, &asked, 1); code != CKR_OK)
    return device_failed("C_GetAttributeValue", code);
  out.resize(asked.ulValueLen);
  return out;
}

Result<PublicKey> Pkcs11Token::Session::read_public_key(CK_OBJECT_HANDLE object) {
  const Bytes curve = TRY(read_attribute(object, CKA_EC_PARAMS));
  Bytes point = TRY(read_attribute(object, CKA_EC_POINT));
  if (!std::ranges::equal(curve, kP256Oid))
    return fail(Errc::invalid, "pkcs11.key", "token: the key is not on P-256");
  // PKCS#11 has the point inside a DER octet string; some modules give it bare.
  const std::size_t before = kPointHeader.size();
  if (point.size() == before + kPointBytes && std::ranges::equal(BytesView(point).first(before), kPointHeader))
    point.erase(point.begin(), point.begin() + kPointHeader.size());
  return PublicKey::from_point(point);
}

Result<Pkcs11Token::Session::Pair> Pkcs11Token::Session::find_pair(std::string_view label) {
  const Lock lock(mutex);
  const CK_OBJECT_HANDLE public_object = TRY(find_one(CKO_PUBLIC_KEY, label));
  const CK_OBJECT_HANDLE secret = TRY(find_one(CKO_PRIVATE_KEY, label));
  PublicKey key = TRY(read_public_key(public_object));
  return Pair{std::move(key), secret};
}

Result<Bytes> Pkcs11Token::Session::sign(CK_OBJECT_HANDLE key, BytesView digest) {
  const Lock lock(mutex);
  CK_MECHANISM mechanism{CKM_ECDSA, nullptr, 0};
  if (const CK_RV code = module->C_SignInit(handle, &mechanism, key); code != CKR_OK)
    return device_failed("C_SignInit", code);
  Bytes out(64);
  CK_ULONG size = out.size();
  const CK_RV code = module->C_Sign(handle, const_cast<CK_BYTE*>(digest.data()), digest.size(), out.data(), &size);
  if (code != CKR_OK || size != out.size()) return device_failed("C_Sign", code);
  return out;
}

Result<SecretBytes> Pkcs11Token::Session::agree(CK_OBJECT_HANDLE key, BytesView point) {
  const Lock lock(mutex);
  CK_ECDH1_DERIVE_PARAMS parameters{};
  parameters.kdf = CKD_NULL;
  parameters.ulPublicDataLen = point.size();
  parameters.pPublicData = const_cast<CK_BYTE*>(point.data());
  CK_MECHANISM mechanism{CKM_ECDH1_DERIVE, &parameters, sizeof parameters};
  // The secret of one seal leaves the token, for the key derivation that follows; the key itself does not.
  const CK_OBJECT_CLASS what = CKO_SECRET_KEY;
  const CK_KEY_TYPE type = CKK_GENERIC_SECRET;
  const CK_ULONG size = 32;
  CK_ATTRIBUTE wanted[] = {attribute(CKA_CLASS, what),     attribute(CKA_KEY_TYPE, type),
                           attribute(CKA_VALUE_LEN, size), attribute(CKA_TOKEN, kNo),
                           attribute(CKA_SENSITIVE, kNo),  attribute(CKA_EXTRACTABLE, kYes)};
  CK_OBJECT_HANDLE derived = 0;
  const CK_RV code = module->C_DeriveKey(handle, &mechanism, key, wanted, std::size(wanted), &derived);
  if (code != CKR_OK) return device_failed("C_DeriveKey", code);
  auto value = read_attribute(derived, CKA_VALUE);
  module->C_DestroyObject(handle, derived);
  SecretBytes out(TRY(std::move(value)));
  if (out.size() != size) return device_failed("C_DeriveKey", CKR_KEY_SIZE_RANGE);
  return out;
}

Result<PublicKey> Pkcs11Token::Session::generate(std::string_view label, Use use) {
  const Lock lock(mutex);
  const auto secrets = TRY(find(CKO_PRIVATE_KEY, label));
  const auto publics = TRY(find(CKO_PUBLIC_KEY, label));
  if (!secrets.empty() || !publics.empty())
    return fail(Errc::conflict, "pkcs11.key", "token: there is a key with the label \"" + std::string(label) + "\"");
  const CK_BBOOL signs = use == Use::sign ? CK_TRUE : CK_FALSE, agrees = use == Use::agree ? CK_TRUE : CK_FALSE;
  const CK_ATTRIBUTE name = attribute(CKA_LABEL, label.data(), label.size());
  CK_ATTRIBUTE public_part[] = {name, attribute(CKA_ID, label.data(), label.size()), attribute(CKA_TOKEN, kYes),
                                attribute(CKA_EC_PARAMS, kP256Oid.data(), kP256Oid.size()),
                                attribute(CKA_VERIFY, signs)};
  CK_ATTRIBUTE secret_part[] = {name,
                                attribute(CKA_ID, label.data(), label.size()),
                                attribute(CKA_TOKEN, kYes),
                                attribute(CKA_PRIVATE, kYes),
                                attribute(CKA_SENSITIVE, kYes),
                                attribute(CKA_EXTRACTABLE, kNo),
                                attribute(CKA_SIGN, signs),
                                attribute(CKA_DERIVE, agrees)};
  CK_MECHANISM mechanism{CKM_EC_KEY_PAIR_GEN, nullptr, 0};
  CK_OBJECT_HANDLE public_object = 0, secret = 0;
  const CK_RV code = module->C_GenerateKeyPair(handle, &mechanism, public_part, std::size(public_part), secret_part,
                                               std::size(secret_part), &public_object, &secret);
  if (code != CKR_OK) return device_failed("C_GenerateKeyPair", code);
  return read_public_key(public_object);
}

namespace {

// Key and session together: a key that is held keeps its session open.
template <class Session>
class TokenSigner final : public Signer {
 public:
  TokenSigner(std::shared_ptr<Session> session, PublicKey key, CK_OBJECT_HANDLE secret)
      : session_(std::move(session)), key_(std::move(key)), secret_(secret) {}
  const PublicKey& public_key() const override { return key_; }
  Result<Bytes> sign(BytesView message) const override {
    const Digest digest = sha256(message);
    return session_->sign(secret_, digest.view());
  }

 private:
  std::shared_ptr<Session> session_;
  PublicKey key_;
  CK_OBJECT_HANDLE secret_;
};

template <class Session>
class TokenAgreement final : public Agreement {
 public:
  TokenAgreement(std::shared_ptr<Session> session, PublicKey key, CK_OBJECT_HANDLE secret)
      : session_(std::move(session)), key_(std::move(key)), secret_(secret) {}
  const PublicKey& public_key() const override { return key_; }
  Result<SecretBytes> agree(const PublicKey& other) const override { return session_->agree(secret_, other.point()); }

 private:
  std::shared_ptr<Session> session_;
  PublicKey key_;
  CK_OBJECT_HANDLE secret_;
};

}  // namespace

Result<Pkcs11Token> Pkcs11Token::open(const Pkcs11Options& options) {
  auto session = std::make_shared<Session>();
  TRY(session->connect(options));
  return Pkcs11Token(std::move(session));
}

Result<std::unique_ptr<Signer>> Pkcs11Token::signer(std::string_view label) const {
  Session::Pair pair = TRY(session_->find_pair(label));
  return std::make_unique<TokenSigner<Session>>(session_, std::move(pair.public_key), pair.secret);
}

Result<std::unique_ptr<Agreement>> Pkcs11Token::agreement(std::string_view label) const {
  Session::Pair pair = TRY(session_->find_pair(label));
  return std::make_unique<TokenAgreement<Session>>(session_, std::move(pair.public_key), pair.secret);
}

Result<PublicKey> Pkcs11Token::generate(std::string_view label, Use use) const {
  return session_->generate(label, use);
}

}  // namespace entraide::crypto
