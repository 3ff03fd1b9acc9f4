#include "crypto/keys.h"

#include <cstring>
#include <mutex>

#include <openssl/core_names.h>
#include <openssl/obj_mac.h>
#include <openssl/param_build.h>

#include "codec/codec.h"
#include "crypto/digest.h"
#include "crypto/openssl.h"

namespace entraide::crypto {

const EC_GROUP* p256() {
  static EC_GROUP* const group = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
  ENSURE(group != nullptr);
  return group;
}

namespace {

BytesView x_of(BytesView point) { return point.subspan(1, 32); }
BytesView y_of(BytesView point) { return point.subspan(33, 32); }

std::string public_members(BytesView point) {
  return R"({"crv":"P-256","kty":"EC","x":")" + codec::base64url(x_of(point)) + R"(","y":")" +
         codec::base64url(y_of(point)) + '"';
}

}  // namespace

struct PublicKey::Parsed {
  std::array<std::uint8_t, 65> point{};

  // Nobody asks an ephemeral key for its name.
  const KeyId& kid() const {
    std::call_once(named_, [this] { kid_ = KeyId(codec::to_text(sha256(public_members(point), "}"))); });
    return kid_;
  }

  // The keys of a sealed object only agree, and only at who opens it; not at the hub.
  const EC_POINT* for_agreeing() const {
    std::call_once(made_, [this] {
      curve_point_.reset(EC_POINT_new(p256()));
      ENSURE(curve_point_ != nullptr &&
             EC_POINT_oct2point(p256(), curve_point_.get(), point.data(), point.size(), nullptr) == 1);
    });
    return curve_point_.get();
  }

  // Loading a key into OpenSSL costs a third of a verification, and many keys (ephemeral ones) never verify
  // anything: it is done at the first use, once.
  EVP_PKEY* for_verifying() const {
    std::call_once(loaded_, [this] { loaded_key_ = make_public_evp_key(point); });
    return loaded_key_.get();
  }

 private:
  mutable std::once_flag named_, made_, loaded_;
  mutable KeyId kid_;
  mutable CurvePoint curve_point_;
  mutable Key loaded_key_;
};

namespace {

constexpr std::size_t kScalarBytes = 32;

BigNumber number_of(BytesView bytes) {
  BigNumber out(BN_bin2bn(bytes.data(), static_cast<int>(bytes.size()), nullptr));
  ENSURE(out != nullptr);
  BN_set_flags(out.get(), BN_FLG_CONSTTIME);
  return out;
}

bool is_scalar(const BIGNUM* number) {
  return !BN_is_zero(number) && BN_cmp(number, EC_GROUP_get0_order(p256())) < 0;
}

// What the check below needs, each thread its own.
struct Field {
  BigNumberContext context{BN_CTX_new()};
  BigNumber p{BN_new()}, b{BN_new()}, x{BN_new()}, y{BN_new()}, left{BN_new()}, right{BN_new()};
  Field() {
    ENSURE(context && p && b && x && y && left && right);
    ENSURE(EC_GROUP_get_curve(p256(), p.get(), nullptr, b.get(), context.get()) == 1);
  }
};

// SEC 1 section 3.2.2.1: x and y are below p, and y^2 = x^3 - 3x + b. A point of 65 bytes is never infinity, and every
// point of the curve is of its order (cofactor 1). Nothing here is secret. EC_POINT_oct2point asks the same and takes
// ten times as long, and the hub asks it of every ephemeral key that passes.
bool is_on_curve(BytesView x_bytes, BytesView y_bytes) {
  thread_local Field field;
  BIGNUM *const p = field.p.get(), *const x = field.x.get(), *const y = field.y.get(), *const left = field.left.get(),
                *const right = field.right.get();
  BN_CTX* const context = field.context.get();
  ENSURE(BN_bin2bn(x_bytes.data(), static_cast<int>(x_bytes.size()), x) != nullptr);
  ENSURE(BN_bin2bn(y_bytes.data(), static_cast<int>(y_bytes.size()), y) != nullptr);
  if (BN_cmp(x, p) >= 0 || BN_cmp(y, p) >= 0) return false;
  ENSURE(BN_sqr(left, y, context) == 1 && BN_nist_mod_256(left, left, p, context) == 1);
  // x^3 - 3x + b = (x^2 - 3) x + b; p is added before what might go below zero.
  ENSURE(BN_sqr(right, x, context) == 1 && BN_nist_mod_256(right, right, p, context) == 1);
  ENSURE(BN_add(right, right, p) == 1 && BN_sub_word(right, 3) == 1 &&
         BN_nist_mod_256(right, right, p, context) == 1);
  ENSURE(BN_mul(right, right, x, context) == 1 && BN_nist_mod_256(right, right, p, context) == 1);
  ENSURE(BN_add(right, right, field.b.get()) == 1 && BN_nist_mod_256(right, right, p, context) == 1);
  return BN_cmp(left, right) == 0;
}

// The public point of a secret scalar. The multiplication by the generator is constant-time in OpenSSL.
std::array<std::uint8_t, 65> point_of_secret(const BIGNUM* secret) {
  const CurvePoint point(EC_POINT_new(p256()));
  const BigNumberContext context(BN_CTX_new());
  std::array<std::uint8_t, 65> out{};
  ENSURE(point != nullptr && context != nullptr);
  ENSURE(EC_POINT_mul(p256(), point.get(), secret, nullptr, nullptr, context.get()) == 1);
  ENSURE(EC_POINT_point2oct(p256(), point.get(), POINT_CONVERSION_UNCOMPRESSED, out.data(), out.size(),
                            context.get()) == out.size());
  return out;
}

Key make_evp_key(BytesView point, const BIGNUM* secret) {
  const std::unique_ptr<OSSL_PARAM_BLD, Freed<OSSL_PARAM_BLD_free>> build(OSSL_PARAM_BLD_new());
  ENSURE(build != nullptr);
  ENSURE(OSSL_PARAM_BLD_push_utf8_string(build.get(), OSSL_PKEY_PARAM_GROUP_NAME, "P-256", 0) == 1);
  ENSURE(OSSL_PARAM_BLD_push_octet_string(build.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()) == 1);
  if (secret != nullptr) ENSURE(OSSL_PARAM_BLD_push_BN(build.get(), OSSL_PKEY_PARAM_PRIV_KEY, secret) == 1);
  const std::unique_ptr<OSSL_PARAM, Freed<OSSL_PARAM_free>> parameters(OSSL_PARAM_BLD_to_param(build.get()));
  const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
  ENSURE(parameters != nullptr && context != nullptr);
  EVP_PKEY* key = nullptr;
  ENSURE(EVP_PKEY_fromdata_init(context.get()) == 1);
  const int selection = secret != nullptr ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY;
  ENSURE(EVP_PKEY_fromdata(context.get(), &key, selection, parameters.get()) == 1);
  return Key(key);
}

std::unexpected<Error> bad_jwk(const char* rule, std::string message) {
  return fail(Errc::invalid, rule, std::move(message));
}

struct JwkMembers {
  std::array<std::uint8_t, 65> point{0x04};
  SecretBytes secret;  // empty in a public key
};

Result<JwkMembers> read_jwk(const codec::Json& jwk, bool with_secret) {
  codec::ObjectReader in(jwk, "key");
  const std::string_view type = in.text("kty"), curve = in.text("crv"), x = in.text("x"), y = in.text("y");
  const std::string_view d = with_secret ? in.text("d") : std::string_view();
  if (auto read = in.finish(); !read) return bad_jwk("jwk.member", read.error().message);
  if (type != "EC" || curve != "P-256") return bad_jwk("jwk.curve", "key: must be of kty EC and crv P-256");
  JwkMembers out;
  const std::span point(out.point);
  if (!codec::decode_base64url(x, point.subspan(1, 32)) || !codec::decode_base64url(y, point.subspan(33, 32)))
    return bad_jwk("jwk.encoding", "key: x and y must be base64url of 32 bytes");
  if (with_secret) {
    out.secret = SecretBytes(kScalarBytes);
    if (!codec::decode_base64url(d, out.secret.span()))
      return bad_jwk("jwk.encoding", "key: d must be base64url of 32 bytes");
  }
  return out;
}

}  // namespace

Key make_public_evp_key(BytesView point) { return make_evp_key(point, nullptr); }

// ---- public keys ---------------------------------------------------------------------------

Result<PublicKey> PublicKey::from_point(BytesView uncompressed) {
  if (uncompressed.size() != 65 || uncompressed[0] != 0x04 || !is_on_curve(x_of(uncompressed), y_of(uncompressed)))
    return fail(Errc::invalid, "jwk.point", "key: the point is not on the curve P-256");
  auto parsed = std::make_shared<Parsed>();
  std::copy(uncompressed.begin(), uncompressed.end(), parsed->point.begin());
  return PublicKey(std::move(parsed));
}

Result<PublicKey> PublicKey::from_jwk(const codec::Json& jwk) {
  const JwkMembers members = TRY(read_jwk(jwk, false));
  return from_point(members.point);
}

codec::Json PublicKey::jwk() const {
  return codec::Json::object({{"crv", "P-256"},
                              {"kty", "EC"},
                              {"x", codec::base64url(x_of(point()))},
                              {"y", codec::base64url(y_of(point()))}});
}
const KeyId& PublicKey::kid() const { return parsed_->kid(); }
bool PublicKey::operator==(const PublicKey& other) const { return parsed_->point == other.parsed_->point; }
BytesView PublicKey::point() const { return parsed_->point; }

bool verify(const PublicKey& key, BytesView message, BytesView signature) {
  return verify(key, sha256(message), signature);
}

bool verify(const PublicKey& key, const Digest& digest, BytesView signature) {
  if (signature.size() != 64) return false;
  const QuietErrors quiet;
  const DerSignature der = der_of(signature);
  const KeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, key.parsed().for_verifying(), nullptr));
  ENSURE(context != nullptr && EVP_PKEY_verify_init(context.get()) == 1);
  return EVP_PKEY_verify(context.get(), der.bytes.data(), der.size, digest.value.data(), digest.value.size()) == 1;
}

// ---- private keys --------------------------------------------------------------------------

struct PrivateKey::Secret {
  Secret(PublicKey key, BytesView bytes, BigNumber value)
      : public_key(std::move(key)), scalar(Bytes(bytes.begin(), bytes.end())), number(std::move(value)) {}

  const PublicKey public_key;
  const SecretBytes scalar;
  const BigNumber number;

  // As with public keys: an ephemeral key never signs.
  EVP_PKEY* for_signing() const {
    std::call_once(loaded_, [this] { loaded_key_ = make_evp_key(public_key.point(), number.get()); });
    return loaded_key_.get();
  }

 private:
  mutable std::once_flag loaded_;
  mutable Key loaded_key_;
};

Result<PrivateKey> PrivateKey::from_scalar(BytesView scalar) {
  BigNumber number = number_of(scalar);
  if (!is_scalar(number.get()))
    return fail(Errc::invalid, "jwk.secret", "key: the secret is zero or not below the order of the curve");
  PublicKey public_key = TRY(PublicKey::from_point(point_of_secret(number.get())));
  return PrivateKey(std::make_shared<const Secret>(std::move(public_key), scalar, std::move(number)));
}

PrivateKey PrivateKey::generate(Random& random) {
  for (;;) {  // a random number is at or over the order once in 2^32 times
    SecretBytes scalar(kScalarBytes);
    random.fill(scalar.span());
    if (auto key = from_scalar(scalar.view())) return std::move(*key);
  }
}

Result<PrivateKey> PrivateKey::from_jwk(const codec::Json& jwk) {
  const JwkMembers members = TRY(read_jwk(jwk, true));
  PrivateKey key = TRY(from_scalar(members.secret.view()));
  if (!equal_in_constant_time(key.public_key().point(), members.point))
    return fail(Errc::invalid, "jwk.secret", "key: d is not the secret of (x, y)");
  return key;
}

Result<PrivateKey> PrivateKey::from_secret_jwk(BytesView text) {
  codec::Json jwk = TRY(codec::parse_json(text, {.bytes = 4096, .depth = 2}));
  auto key = from_jwk(jwk);
  if (jwk.is_object())
    for (auto& [name, value] : jwk.members())
      if (value.is_string()) explicit_bzero(const_cast<char*>(value.string().data()), value.string().size());
  return key;
}

SecretBytes PrivateKey::secret_jwk() const {
  std::string d = codec::base64url(secret_->scalar.view());
  Bytes text;
  text.reserve(256);  // so that growing leaves no copy of the secret behind
  append(text, public_members(public_key().point()));
  append(text, R"(,"d":")");
  append(text, d);
  append(text, "\"}");
  explicit_bzero(d.data(), d.size());
  return SecretBytes(std::move(text));
}

const PublicKey& PrivateKey::public_key() const { return secret_->public_key; }

Result<Bytes> PrivateKey::sign(BytesView message) const {
  const Digest digest = sha256(message);
  const KeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, secret_->for_signing(), nullptr));
  std::array<std::uint8_t, 80> der{};
  std::size_t size = der.size();
  if (context == nullptr || EVP_PKEY_sign_init(context.get()) != 1 ||
      EVP_PKEY_sign(context.get(), der.data(), &size, digest.value.data(), digest.value.size()) != 1)
    return fail(Errc::internal, "crypto.sign", "key: OpenSSL could not sign");
  return signature_from_der(BytesView(der).first(size));
}

// The curve has no small subgroup (cofactor 1) and `other` is on it: the product is never infinity. This is the
// computation of OpenSSL's own ECDH, without loading the other key into an EVP_PKEY first.
Result<SecretBytes> PrivateKey::agree(const PublicKey& other) const {
  const CurvePoint shared(EC_POINT_new(p256()));
  const BigNumberContext context(BN_CTX_secure_new());
  const BigNumber x(BN_secure_new());
  SecretBytes out(kScalarBytes);
  ENSURE(shared != nullptr && context != nullptr && x != nullptr);
  if (EC_POINT_mul(p256(), shared.get(), nullptr, other.parsed().for_agreeing(), secret_->number.get(),
                   context.get()) != 1 ||
      EC_POINT_get_affine_coordinates(p256(), shared.get(), x.get(), nullptr, context.get()) != 1 ||
      BN_bn2binpad(x.get(), out.span().data(), kScalarBytes) != static_cast<int>(kScalarBytes))
    return fail(Errc::internal, "crypto.agree", "key: OpenSSL could not agree on a secret");
  return out;
}

}  // namespace entraide::crypto
