// npm `jose` against our own JOSE: what one makes the other takes, and what our profile leaves out we refuse even
// when `jose` makes it.
//
//     npm ci && node jose.mjs ../../build/dev/tests/interop/jose_helper

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createHash, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { after, test } from "node:test";
import * as jose from "jose";

const helperPath = process.argv[2];
if (!helperPath) throw new Error("usage: node jose.mjs PATH_OF_JOSE_HELPER");

// ---- our side: one JSON command a line -------------------------------------------------------

const helper = spawn(helperPath, { stdio: ["pipe", "pipe", "inherit"] });
const answers = createInterface({ input: helper.stdout })[Symbol.asyncIterator]();
after(() => helper.stdin.end());

async function ours(command) {
  helper.stdin.write(JSON.stringify(command) + "\n");
  const { value } = await answers.next();
  return JSON.parse(value);
}
async function oursAccepts(command) {
  const answer = await ours(command);
  assert.equal(answer.refused, undefined, `${answer.refused}: ${answer.message}`);
  return answer;
}
async function oursRefuses(command, rule) {
  assert.equal((await ours(command)).refused, rule);
}

// ---- helpers ---------------------------------------------------------------------------------

const vector = (name) => readFileSync(new URL(`../vectors/${name}`, import.meta.url), "utf8");
const bytes = (text) => new TextEncoder().encode(text);
const text = (data) => new TextDecoder().decode(data);
const publicOf = ({ kty, crv, x, y }) => ({ kty, crv, x, y });
const signing = (jwk) => jose.importJWK(jwk, "ES256");
const sealing = (jwk) => jose.importJWK(jwk, "ECDH-ES+A256KW");

const TYPE = "entraide-act+json";
const HEADER = {
  typ: "entraide-seal+json",
  cty: "jose+json",
  cid: "XKZ1J79n4fiWfeAAy_WZYA",
  ctx: "5_TpNE7NAcNiEmwQ47wZ7Q",
};
const NOW = 1767323045;

async function joseSeal(plaintext, keys, { enc = "A256GCM", extra = {}, aad } = {}) {
  const make = new jose.GeneralEncrypt(bytes(plaintext)).setProtectedHeader({ enc, ...HEADER, ...extra });
  if (aad) make.setAdditionalAuthenticatedData(bytes(aad));
  for (const { jwk, kid } of keys)
    make.addRecipient(await sealing(publicOf(jwk))).setUnprotectedHeader({ alg: "ECDH-ES+A256KW", kid });
  return make.encrypt();
}

// ---- acts ------------------------------------------------------------------------------------

test("jose verifies the golden acts", async () => {
  const golden = JSON.parse(vector("acts.json"));
  for (const act of golden.acts) {
    const [payload, ...lines] = act.body.trimEnd().split("\n");
    for (const line of lines) {
      const [header, signature] = line.split(".");
      const { kid } = JSON.parse(text(jose.base64url.decode(header)));
      const { jwk } = golden.keys.find((key) => key.kid === kid);
      assert.equal(await jose.calculateJwkThumbprint(jwk), kid);
      const compact = `${header}.${payload}.${signature}`;
      const verified = await jose.compactVerify(compact, await signing(jwk), { algorithms: ["ES256"] });
      assert.equal(text(verified.payload), golden.payload);
    }
  }
});

test("what we sign jose verifies, and what jose signs we verify", async () => {
  const { jwk, kid } = await oursAccepts({ do: "key" });
  assert.equal(await jose.calculateJwkThumbprint(jwk), kid);
  for (const payload of ["{}", "", '{"name":"قاضٍ · juge"}', "x".repeat(100_000)]) {
    const { jws } = await oursAccepts({ do: "sign", key: jwk, typ: TYPE, payload });
    const verified = await jose.compactVerify(jws, await signing(publicOf(jwk)), { algorithms: ["ES256"] });
    assert.equal(text(verified.payload), payload);
    assert.deepEqual(verified.protectedHeader, { alg: "ES256", kid, typ: TYPE });

    const header = { alg: "ES256", kid, typ: TYPE };
    const theirs = await new jose.CompactSign(bytes(payload)).setProtectedHeader(header).sign(await signing(jwk));
    assert.equal((await oursAccepts({ do: "verify", key: publicOf(jwk), typ: TYPE, jws: theirs })).payload, payload);
  }
});

test("what jose signs outside the profile we refuse", async () => {
  const { jwk, kid } = await oursAccepts({ do: "key" });
  const refuses = async (header, rule, options) => {
    const jws = await new jose.CompactSign(bytes("{}")).setProtectedHeader(header).sign(await signing(jwk), options);
    await oursRefuses({ do: "verify", key: publicOf(jwk), typ: TYPE, jws }, rule);
  };
  await refuses({ alg: "ES256", kid, typ: "JWT" }, "jose.typ");
  await refuses({ alg: "ES256", typ: TYPE }, "jose.header");
  await refuses({ alg: "ES256", kid, typ: TYPE, jwk: publicOf(jwk) }, "jose.header");
  await refuses({ alg: "ES256", kid, typ: TYPE, crit: ["x"], x: 1 }, "jose.crit", { crit: { x: true } });
  const secret = bytes("a shared secret of thirty-two by");
  const symmetric = { alg: "HS256", kid, typ: TYPE };
  const hmac = await new jose.CompactSign(bytes("{}")).setProtectedHeader(symmetric).sign(secret);
  await oursRefuses({ do: "verify", key: publicOf(jwk), typ: TYPE, jws: hmac }, "jose.alg");
});

test("DPoP proofs pass both ways", async () => {
  const { jwk, kid } = await oursAccepts({ do: "key" });
  const claims = { htm: "GET", htu: "https://hub.example/v1/inbox", iat: NOW, jti: "a" };
  const { proof } = await oursAccepts({ do: "dpop", key: jwk, claims });
  const options = { typ: "dpop+jwt", currentDate: new Date(NOW * 1000) };
  const verified = await jose.jwtVerify(proof, jose.EmbeddedJWK, options);
  assert.deepEqual(verified.payload, claims);
  const header = { alg: "ES256", typ: "dpop+jwt", jwk: publicOf(jwk) };
  const theirs = await new jose.SignJWT(claims).setProtectedHeader(header).sign(await signing(jwk));
  const answer = await oursAccepts({ do: "verify_dpop", proof: theirs });
  assert.equal(answer.kid, kid);
  assert.deepEqual(answer.claims, claims);
});

// ---- seals -----------------------------------------------------------------------------------

test("jose opens the golden seal for both recipients", async () => {
  const golden = JSON.parse(vector("seal.json"));
  for (const { jwk } of golden.recipients) {
    const opened = await jose.generalDecrypt(JSON.parse(vector("seal.jwe")), await sealing(jwk));
    assert.equal(Buffer.from(opened.plaintext).toString("hex"), golden.plaintext_hex);
  }
});

test("what we seal jose opens, for one, two and 64 recipients", async () => {
  const keys = [];
  while (keys.length < 64) keys.push(await oursAccepts({ do: "key" }));
  for (const count of [1, 2, 64]) {
    const to = keys.slice(0, count).map(({ jwk }) => publicOf(jwk));
    const plaintext = `{"to":${count},"é":"ق"}`;
    const { jwe } = await oursAccepts({ do: "seal", to, header: HEADER, plaintext });
    const opened = await jose.generalDecrypt(JSON.parse(jwe), await sealing(keys[count - 1].jwk));
    assert.equal(text(opened.plaintext), plaintext);
    assert.deepEqual(opened.protectedHeader, { enc: "A256GCM", ...HEADER });
  }
});

test("what jose seals for two we open, and what it seals outside the profile we refuse", async () => {
  const keys = [await oursAccepts({ do: "key" }), await oursAccepts({ do: "key" })];
  const [first, second] = keys;
  const open = (jwe, key = first) => ({ do: "open", key: key.jwk, jwe: JSON.stringify(jwe) });
  const good = await joseSeal("evidence", keys);
  for (const key of keys) {
    const answer = await oursAccepts(open(good, key));
    assert.equal(answer.plaintext, "evidence");
    assert.deepEqual(answer.header, HEADER);
  }
  const stranger = await oursAccepts({ do: "key" });
  await oursRefuses(open(await joseSeal("evidence", [second, stranger])), "jwe.not_recipient");
  await oursRefuses(open(await joseSeal("evidence", keys, { aad: "more" })), "jwe.member");
  await oursRefuses(open(await joseSeal("evidence", keys, { enc: "A128GCM" })), "jwe.enc");
  await oursRefuses(open(await joseSeal("evidence", keys, { extra: { url: "https://x.example" } })), "jwe.header");
  await oursRefuses(open(await joseSeal("evidence", keys, { extra: { ctx: "" } })), "jwe.header");
});

// ---- documents -------------------------------------------------------------------------------

test("documents pass both ways, with the certificate they carry", async () => {
  const { jwk } = await oursAccepts({ do: "key" });
  const { root, certificate } = await oursAccepts({ do: "pki", key: jwk });
  const payload = '{"request":"données","to":"au:ke:dpp"}';

  const { document } = await oursAccepts({ do: "document", key: jwk, certificate, payload, at: NOW });
  const made = JSON.parse(document);
  const { x5c } = jose.decodeProtectedHeader(made);
  const leaf = new X509Certificate(Buffer.from(x5c[0], "base64"));
  const anchor = new X509Certificate(Buffer.from(root, "base64"));
  assert.ok(leaf.verify(anchor.publicKey) && leaf.checkIssued(anchor) && anchor.verify(anchor.publicKey));
  const verified = await jose.flattenedVerify(made, leaf.publicKey, { algorithms: ["ES256"] });
  assert.equal(text(verified.payload), payload);
  assert.equal(verified.protectedHeader.iat, NOW);

  const thumbprint = createHash("sha256").update(Buffer.from(certificate, "base64")).digest("base64url");
  const header = { alg: "ES256", cty: "application/json", iat: NOW, "x5t#S256": thumbprint, x5c: [certificate] };
  const sign = async (protectedHeader) => {
    const make = new jose.FlattenedSign(bytes(payload)).setProtectedHeader(protectedHeader);
    return JSON.stringify(await make.sign(await signing(jwk)));
  };
  const check = (theirs) => ({ do: "verify_document", document: theirs, root, at: NOW });
  assert.equal((await oursAccepts(check(await sign(header)))).payload, payload);
  await oursRefuses(check(await sign({ ...header, kid: "x" })), "document.header");
  await oursRefuses(check(await sign({ ...header, sigT: "2026-01-02T03:04:05Z" })), "document.header");
  await oursRefuses(check(await sign({ ...header, cty: "text/plain" })), "document.header");
  await oursRefuses(check(await sign({ ...header, x5c: [root] })), "document.certificate");
});
