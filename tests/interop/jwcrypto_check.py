#!/usr/bin/python3
"""Python jwcrypto against our own JOSE: what one makes the other takes. Debian: python3-jwcrypto.

    tests/interop/jwcrypto_check.py build/dev/tests/interop/jose_helper
"""
import json
import pathlib
import subprocess
import sys
import unittest

from jwcrypto import jwe, jwk, jws

VECTORS = pathlib.Path(__file__).resolve().parent.parent / "vectors"
TYPE = "entraide-act+json"
HEADER = {"typ": "entraide-seal+json", "cty": "jose+json", "cid": "XKZ1J79n4fiWfeAAy_WZYA",
          "ctx": "5_TpNE7NAcNiEmwQ47wZ7Q"}
PLAINTEXT = '{"request":"donn\u00e9es de connexion","\u0637\u0644\u0628":1}'


class Helper:
    """Our side: one JSON command a line in, one answer a line out."""

    def __init__(self, path):
        self.process = subprocess.Popen([path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def __call__(self, **command):
        self.process.stdin.write(json.dumps(command) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def close(self):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


def key_of(members):
    return jwk.JWK(**members)


def public_of(members):
    return {name: members[name] for name in ("kty", "crv", "x", "y")}


class Interop(unittest.TestCase):
    def setUp(self):
        self.ours = Helper(HELPER)
        self.addCleanup(self.ours.close)

    def accepted(self, **command):
        answer = self.ours(**command)
        self.assertNotIn("refused", answer, answer)
        return answer

    def new_key(self):
        return self.accepted(do="key")

    def test_jwcrypto_verifies_the_golden_acts(self):
        golden = json.loads((VECTORS / "acts.json").read_text())
        keys = {key["kid"]: key_of(key["jwk"]) for key in golden["keys"]}
        for kid, key in keys.items():
            self.assertEqual(key.thumbprint(), kid)
        for act in golden["acts"]:
            payload, *lines = act["body"].rstrip("\n").split("\n")
            for line in lines:
                header, signature = line.split(".")
                token = jws.JWS()
                token.allowed_algs = ["ES256"]
                token.deserialize(f"{header}.{payload}.{signature}")
                token.verify(keys[token.jose_header["kid"]])
                self.assertEqual(token.payload.decode(), golden["payload"])

    def test_jwcrypto_opens_the_golden_seal(self):
        golden = json.loads((VECTORS / "seal.json").read_text())
        for recipient in golden["recipients"]:
            sealed = jwe.JWE()
            sealed.deserialize((VECTORS / "seal.jwe").read_text())
            sealed.decrypt(key_of(recipient["jwk"]))
            self.assertEqual(sealed.payload.hex(), golden["plaintext_hex"])

    def test_what_we_sign_jwcrypto_verifies_and_the_other_way_round(self):
        made = self.new_key()
        token = jws.JWS()
        token.deserialize(self.accepted(do="sign", key=made["jwk"], typ=TYPE, payload=PLAINTEXT)["jws"])
        token.verify(key_of(public_of(made["jwk"])))
        self.assertEqual(token.payload.decode(), PLAINTEXT)

        theirs = jws.JWS(PLAINTEXT.encode())
        header = {"alg": "ES256", "kid": made["kid"], "typ": TYPE}
        theirs.add_signature(key_of(made["jwk"]), None, json.dumps(header))
        answer = self.accepted(do="verify", key=public_of(made["jwk"]), typ=TYPE, jws=theirs.serialize(compact=True))
        self.assertEqual(answer["payload"], PLAINTEXT)

    def test_what_we_seal_jwcrypto_opens(self):
        keys = [self.new_key() for _ in range(3)]
        to = [public_of(key["jwk"]) for key in keys]
        text = self.accepted(do="seal", to=to, header=HEADER, plaintext=PLAINTEXT)["jwe"]
        for key in keys:
            sealed = jwe.JWE()
            sealed.deserialize(text)
            sealed.decrypt(key_of(key["jwk"]))
            self.assertEqual(sealed.payload.decode(), PLAINTEXT)

    def test_what_jwcrypto_seals_we_open_and_outside_the_profile_refuse(self):
        keys = [self.new_key() for _ in range(2)]

        def seal(protected, aad=None):
            sealed = jwe.JWE(PLAINTEXT.encode(), json.dumps(protected), aad=aad)
            for key in keys:
                sealed.add_recipient(key_of(public_of(key["jwk"])),
                                     json.dumps({"alg": "ECDH-ES+A256KW", "kid": key["kid"]}))
            return sealed.serialize()

        protected = dict(HEADER, enc="A256GCM")
        for key in keys:
            answer = self.accepted(do="open", key=key["jwk"], jwe=seal(protected))
            self.assertEqual(answer["plaintext"], PLAINTEXT)
            self.assertEqual(answer["header"], HEADER)
        for text, rule in ((seal(dict(protected, zip="DEF")), "jwe.header"),
                           (seal(dict(protected, enc="A256CBC-HS512")), "jwe.enc"),
                           (seal(protected, aad=b"more"), "jwe.member")):
            self.assertEqual(self.ours(do="open", key=keys[0]["jwk"], jwe=text).get("refused"), rule)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit("usage: jwcrypto_check.py PATH_OF_JOSE_HELPER")
    HELPER = sys.argv.pop(1)
    unittest.main()
