#!/usr/bin/env python3
"""Makes tests/vectors/passkeys.json with python-fido2, an implementation of Web Authentication that is not ours.

    python3 tests/interop/make_passkeys.py > tests/vectors/passkeys.json

python-fido2 also verifies what it made, as a server would, before it is written.
"""
import base64
import hashlib
import json
import struct

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.ctap2 import AttestedCredentialData, AuthenticatorData
from fido2.server import Fido2Server
from fido2.webauthn import PublicKeyCredentialRpEntity
from fido2.client import ClientData
from fido2.ctap2 import AttestationObject

RP_ID, ORIGIN = "hub.example", "https://hub.example"
CHALLENGE = "eyJrIjoiYSBjaGFsbGVuZ2Ugb2YgdGhlIGh1YiJ9.c2lnbmVk"


def b64u(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def client_data(kind, **more):
    challenge = b64u(CHALLENGE.encode())
    return ClientData(json.dumps({"type": kind, "challenge": challenge, "origin": ORIGIN, **more}).encode())


def case(name, credential_id, flags, counters, created_with, used_with, **more):
    key = ec.generate_private_key(ec.SECP256R1())
    cose = ES256.from_cryptography_key(key.public_key())
    rp = hashlib.sha256(RP_ID.encode()).digest()
    ext = 0x80 if created_with else 0
    credential = AttestedCredentialData.create(b"\0" * 16, credential_id, cose)
    made = AuthenticatorData.create(rp, flags | 0x40 | ext, counters[0], credential,
                                    created_with or None)
    ext = 0x80 if used_with else 0
    used = AuthenticatorData.create(rp, flags | ext, counters[1], b"", used_with or None)
    create, get = client_data("webauthn.create", **more), client_data("webauthn.get", **more)
    signature = key.sign(bytes(used) + hashlib.sha256(get).digest(), ec.ECDSA(hashes.SHA256()))

    server = Fido2Server(PublicKeyCredentialRpEntity(RP_ID, "hub"))
    state = {"challenge": b64u(CHALLENGE.encode()), "user_verification": "required"}
    server.register_complete(state, create, AttestationObject.create("none", made, {}))
    server.authenticate_complete(state, [credential], credential_id, get, used, signature)
    return {
        "name": name,
        "counter": struct.unpack(">I", bytes(used)[33:37])[0],
        "registration": {"id": b64u(credential_id), "authenticator_data": b64u(bytes(made)), "client_data": b64u(create)},
        "assertion": {"authenticator_data": b64u(bytes(used)), "client_data": b64u(get), "signature": b64u(signature)},
    }


cases = [
    case("a security key that counts", bytes(range(64)), 0x05, (1, 2), {}, {}),
    case("a platform authenticator with hmac-secret", bytes(range(16)), 0x05, (0, 0),
         {"hmac-secret": True}, {"hmac-secret": b"\x5a" * 48}),
    case("a synced passkey", bytes(range(20)), 0x1D, (0, 0), {}, {}, crossOrigin=False),
    case("an id of 1023 bytes", b"\xa5" * 1023, 0x05, (9, 4_000_000_000), {"credProtect": 2}, {}),
]
print(json.dumps({"made_by": "python-fido2", "rp_id": RP_ID, "origin": ORIGIN, "challenge": CHALLENGE, "cases": cases}, indent=1))
