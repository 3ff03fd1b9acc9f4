#!/usr/bin/python3
"""Makes tests/vectors/documents.json: legal documents signed with python3-cryptography, an implementation that shares
no code with ours. The signatures are random, so a new run gives other, equally good vectors.

    tests/interop/make_documents.py > tests/vectors/documents.json
"""
import base64
import datetime
import hashlib
import json

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils
from cryptography.x509.oid import NameOID

START = datetime.datetime(2026, 1, 1)
END = datetime.datetime(2036, 1, 1)
SIGNED_AT = 1767323045
PAYLOAD = '{"request":"donn\u00e9es de connexion","\u0637\u0644\u0628":1}'.encode()


def b64u(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def der(certificate):
    return certificate.public_bytes(serialization.Encoding.DER)


def name(common_name):
    return x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, "FR"),
                      x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def certify(subject, key, issuer, issuer_key, path_length=None, until=END):
    is_ca = path_length is not None
    usage = dict.fromkeys(["digital_signature", "content_commitment", "key_encipherment", "data_encipherment",
                           "key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"], False)
    for wanted in ["key_cert_sign", "crl_sign"] if is_ca else ["content_commitment"]:
        usage[wanted] = True
    build = (x509.CertificateBuilder().subject_name(name(subject)).issuer_name(name(issuer))
             .public_key(key.public_key())
             .serial_number(x509.random_serial_number()).not_valid_before(START).not_valid_after(until)
             .add_extension(x509.BasicConstraints(is_ca, path_length), critical=True)
             .add_extension(x509.KeyUsage(**usage), critical=True)
             .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
             .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()),
                            critical=False))
    return build.sign(issuer_key, hashes.SHA256())


def sign(key, algorithm, data):
    if algorithm == "ES256":
        r, s = utils.decode_dss_signature(key.sign(data, ec.ECDSA(hashes.SHA256())))
        size = (key.key_size + 7) // 8
        return r.to_bytes(size, "big") + s.to_bytes(size, "big")
    if algorithm == "RS256":
        return key.sign(data, padding.PKCS1v15(), hashes.SHA256())
    return key.sign(data, padding.PSS(padding.MGF1(hashes.SHA256()), 32), hashes.SHA256())


def document(key, algorithm, chain):
    header = {"alg": algorithm, "cty": "application/json", "iat": SIGNED_AT,
              "x5t#S256": b64u(hashlib.sha256(chain[0]).digest()),
              "x5c": [base64.b64encode(c).decode() for c in chain]}
    protected = b64u(json.dumps(header).encode())
    payload = b64u(PAYLOAD)
    return json.dumps({"payload": payload, "protected": protected,
                       "signature": b64u(sign(key, algorithm, f"{protected}.{payload}".encode()))})


def main():
    root_key, ca_key, ec_key, p384_key = (ec.generate_private_key(curve) for curve in
                                          (ec.SECP256R1(), ec.SECP256R1(), ec.SECP256R1(), ec.SECP384R1()))
    rsa_key, short_key = rsa.generate_private_key(65537, 3072), rsa.generate_private_key(65537, 1024)
    root = certify("Test Root", root_key, "Test Root", root_key, 1)
    ca = certify("Test Issuing", ca_key, "Test Root", root_key, 0)

    def leaf(subject, key):
        return [der(certify(subject, key, "Test Issuing", ca_key)), der(ca)]

    ec_chain, rsa_chain = leaf("Test Signer One", ec_key), leaf("Test Signer Two", rsa_key)
    good = [{"alg": alg, "document": document(key, alg, chain)}
            for alg, key, chain in (("ES256", ec_key, ec_chain), ("RS256", rsa_key, rsa_chain),
                                    ("PS256", rsa_key, rsa_chain))]
    bad = [
        {"why": "ES256 under a P-384 key", "rule": "document.signature",
         "document": document(p384_key, "ES256", leaf("Test Signer Three", p384_key))},
        {"why": "RSA of 1024 bits", "rule": "document.signature",
         "document": document(short_key, "RS256", leaf("Test Signer Four", short_key))},
        {"why": "the signing certificate is a CA", "rule": "certificate.use",
         "document": document(ca_key, "ES256", [der(ca)])},
        {"why": "the intermediate is missing", "rule": "certificate.chain",
         "document": document(ec_key, "ES256", ec_chain[:1])},
    ]
    print(json.dumps({"made_by": "tests/interop/make_documents.py", "root_der_hex": der(root).hex(),
                      "payload": PAYLOAD.decode(), "signed_at": SIGNED_AT, "good": good, "bad": bad},
                     indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
