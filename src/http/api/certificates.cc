#include "enrolment/enrolment.h"

#include "http/api/api.h"

// Certificates for signing documents, on their way from an administrator to a device, sealed.

namespace entraide::http {
namespace {

using codec::Json;
using enrolment::SealedCertificate;

constexpr std::size_t kBodyBytesMax = enrolment::kCertificateBytesMax + 4096;

KeyId device_of(const net::Request& request) { return KeyId(std::string(request.captured.get("device"))); }

Result<net::Response> put(const ApiPtr& api, const Caller& caller, const net::Request& request) {
  const Json value = TRY(codec::parse_json(request.body, {.bytes = kBodyBytesMax}));
  codec::ObjectReader in(value, "body");
  SealedCertificate certificate{device_of(request), Subject(in.string("authority")), in.string("jwe"),
                                from_seconds(to_seconds(api->hub.clock().now()))};
  TRY(in.finish());
  TRY(require_administrator(*api, caller, certificate.authority));
  const auto people = api->hub.directory();
  const directory::Device* device = people->device(certificate.device);
  if (device == nullptr || !people->is_member(certificate.authority, certificate.device, certificate.issued))
    return fail(Errc::invalid, "certificate.device",
                "certificate: the device is no active device of " + certificate.authority.str());
  TRY(enrolment::check_sealed(certificate, device->seal));
  TRY(api->hub.write([&](store::Connection& connection) { return enrolment::keep(connection, certificate); }));
  return done();
}

Result<net::Response> list_certificates(const ApiPtr& api, const Caller& caller, const net::Request& request) {
  const Subject authority(std::string(request.query.get("authority")));
  TRY(require_administrator(*api, caller, authority));
  const auto all = TRY(api->hub.read()(
      [&](store::Connection& connection) { return enrolment::certificates_of(connection, authority); }));
  Json items = Json::array();
  for (const SealedCertificate& one : all)
    items.push_back(Json::object({{"device", one.device.str()}, {"issued_at", codec::rfc3339(one.issued)}}));
  return json(200, Json::object({{"items", std::move(items)}}));
}

// A device finds its own, and no other.
Result<net::Response> show(const ApiPtr& api, const Caller& caller, const net::Request& request) {
  const KeyId device = device_of(request);
  if (caller.device != device) return nothing_there("certificate");
  const auto found = TRY(
      api->hub.read()([&](store::Connection& connection) { return enrolment::certificate_of(connection, device); }));
  if (!found) return nothing_there("certificate");
  return json(200, Json::object({{"device", device.str()},
                                 {"authority", found->authority.str()},
                                 {"jwe", found->jwe},
                                 {"issued_at", codec::rfc3339(found->issued)}}));
}

}  // namespace

void add_certificate_routes(net::Router& router, ApiPtr api) {
  const auto with = [&](auto read) {
    return reading(
        api, [api, read](const Caller& caller, const net::Request& request) { return read(api, caller, request); });
  };
  router.add("GET", "/v1/certificates", with(list_certificates), kOnPool);
  router.add("GET", "/v1/certificates/{device}", with(show), kOnPool);
  router.add("PUT", "/v1/certificates/{device}", with(put), {.body_limit = kBodyBytesMax, .pool = true});
}

}  // namespace entraide::http
