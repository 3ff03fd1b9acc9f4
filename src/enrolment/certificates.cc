#include "crypto/jwe.h"
#include "enrolment/enrolment.h"

namespace entraide::enrolment {
namespace {

using store::Sql;

constexpr Sql kForgetCertificate{"certificate.forget", "delete from device_certificate where device = $1"};
constexpr Sql kKeep{"certificate.keep",
                    "insert into device_certificate (device, authority, jwe, issued_ms) values ($1, $2, $3, $4)"};
constexpr Sql kOfDevice{"certificate.of_device",
                        "select authority, jwe, issued_ms from device_certificate where device = $1"};
constexpr Sql kCertificatesOf{"certificate.of_authority", R"sql(
  select device, issued_ms from device_certificate where authority = $1 order by issued_ms desc, device limit 1000)sql"};

}  // namespace

Result<> check_sealed(const SealedCertificate& certificate, const KeyId& seal) {
  if (certificate.jwe.size() > kCertificateBytesMax)
    return fail(Errc::too_large, "certificate.size", "certificate: sealed, it must not be over 32 KiB");
  const crypto::SealedView sealed = TRY(crypto::parse_jwe(certificate.jwe));
  const crypto::SealHeader& header = sealed.header();
  if (header.typ != "entraide-certificate+json" || header.cty != "application/json" ||
      header.ctx != "certificate:" + certificate.device.str() || sealed.recipients().size() != 1 ||
      sealed.recipients()[0] != seal)
    return fail(Errc::invalid, "certificate.seal",
                "certificate: must be sealed to the device that it is for, and to it alone");
  return {};
}

Result<> keep(store::Connection& connection, const SealedCertificate& certificate) {
  TRY(connection.execute(kForgetCertificate, {certificate.device}));
  TRY(connection.execute(kKeep, {certificate.device, certificate.authority, certificate.jwe, certificate.issued}));
  return {};
}

Result<std::optional<SealedCertificate>> certificate_of(store::Connection& connection, const KeyId& device) {
  const store::Rows rows = TRY(connection.query(kOfDevice, {device}));
  if (rows.empty()) return std::nullopt;
  const store::Row row = rows.front();
  return SealedCertificate{device, Subject(std::string(row.text(0))), std::string(row.text(1)), row.time(2)};
}

Result<std::vector<SealedCertificate>> certificates_of(store::Connection& connection, const Subject& authority) {
  const store::Rows rows = TRY(connection.query(kCertificatesOf, {authority}));
  std::vector<SealedCertificate> out;
  for (const store::Row row : rows) out.push_back({KeyId(std::string(row.text(0))), authority, {}, row.time(1)});
  return out;
}

}  // namespace entraide::enrolment
