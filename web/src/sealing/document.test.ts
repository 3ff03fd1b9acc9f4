// @vitest-environment node
import * as jose from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';

import type { Made, Recipe } from '../../tests/kit/certificates';
import { certify } from '../../tests/kit/certificates';
import { der } from './der_write';
import { refused, vector } from '../../tests/kit/vectors';
import { base64, base64url } from './base64';
import { fromHex, fromUtf8, utf8 } from './bytes';
import { parseCertificate } from './certificate';
import { verifyChain } from './chain';
import { DerReader, ecdsaRaw, oidText, timeOf } from './der';
import { makeDocument, verifyDocument } from './document';

interface Golden {
  readonly root_der_hex: string;
  readonly payload: string;
  readonly signed_at: number;
  readonly good: readonly { readonly alg: string; readonly document: string }[];
  readonly bad: readonly { readonly why: string; readonly rule: string; readonly document: string }[];
}
const golden = vector<Golden>('documents.json');
const goldenRoot = parseCertificate(fromHex(golden.root_der_hex));
const at = golden.signed_at * 1000;

describe('documents of another implementation', () => {
  it.each(golden.good)('verifies $alg', async ({ alg, document }) => {
    const verified = await verifyDocument(utf8(document), [goldenRoot], at);
    expect(fromUtf8(verified.payload)).toBe(golden.payload);
    expect(verified.algorithm).toBe(alg);
    expect(verified.signedAt).toBe(golden.signed_at);
    expect(verified.signer).toContain('C=FR');
  });
  it.each(golden.bad)('refuses it when $why', async ({ rule, document }) => {
    expect(await refused(() => verifyDocument(utf8(document), [goldenRoot], at))).toBe(rule);
  });
  it('refuses it under another root, after its certificates\' end, before their beginning', async () => {
    const { document } = golden.good[0]!;
    const stranger = parseCertificate((await certify({ subject: 'x', issuer: 'x', authority: true })).der);
    expect(await refused(() => verifyDocument(utf8(document), [stranger], at))).toBe('certificate.chain');
    expect(await refused(() => verifyDocument(utf8(document), [goldenRoot], Date.UTC(2037, 0, 1)))).toBe('certificate.chain');
    expect(await refused(() => verifyDocument(utf8(document), [goldenRoot], Date.UTC(2025, 0, 1)))).toBe('certificate.chain');
  });
  it('refuses a document from the future, beyond the clocks\' difference', async () => {
    const { document } = golden.good[0]!;
    await verifyDocument(utf8(document), [goldenRoot], at - 300_000);
    expect(await refused(() => verifyDocument(utf8(document), [goldenRoot], at - 301_000))).toBe('document.iat');
  });

  interface Envelope { [name: string]: unknown; payload: string; protected: string; signature: string }
  const bent = (bend: (document: Envelope) => void): string => {
    const value = JSON.parse(golden.good[0]!.document) as Envelope;
    bend(value);
    return JSON.stringify(value);
  };
  const bentHeader = (bend: (header: { [name: string]: unknown; x5c: string[] }) => void): string => bent((document) => {
    const header = JSON.parse(Buffer.from(document.protected, 'base64url').toString()) as { x5c: string[] };
    bend(header);
    document.protected = base64url(utf8(JSON.stringify(header)));
  });
  it.each<[string, string, string]>([
    ['a kid', bentHeader((h) => { h['kid'] = 'AAAA'; }), 'document.header'],
    ['sigT', bentHeader((h) => { h['sigT'] = '2026-01-01T00:00:00Z'; }), 'document.header'],
    ['crit', bentHeader((h) => { h['crit'] = ['sigD']; }), 'document.crit'],
    ['another alg', bentHeader((h) => { h['alg'] = 'ES384'; }), 'document.alg'],
    ['alg none', bentHeader((h) => { h['alg'] = 'none'; }), 'document.alg'],
    ['another cty', bentHeader((h) => { h['cty'] = 'text/plain'; }), 'document.header'],
    ['no x5c', bentHeader((h) => { h.x5c = []; }), 'document.certificate'],
    ['nine certificates', bentHeader((h) => { h.x5c = Array.from({ length: 9 }, () => h.x5c[0]!); }), 'document.certificate'],
    ['a thumbprint of something else', bentHeader((h) => { h['x5t#S256'] = base64url(new Uint8Array(32)); }), 'document.certificate'],
    ['a time before 1970', bentHeader((h) => { h['iat'] = -1; }), 'document.iat'],
    ['another payload', bent((d) => { d.payload = base64url(utf8('{}')); }), 'document.signature'],
    ['padding', bent((d) => { d.payload += '='; }), 'document.form'],
    ['one more member', bent((d) => { d['signatures'] = []; }), 'document.form'],
    ['an unprotected header with more than time stamps', bent((d) => { d['header'] = { etsiU: [], x: 1 }; }), 'document.header'],
  ])('refuses %s', async (_, text, rule) => {
    expect(await refused(() => verifyDocument(utf8(text), [goldenRoot], at))).toBe(rule);
  });
  it('reads over time stamps in the unprotected header', async () => {
    await verifyDocument(utf8(bent((d) => { d['header'] = { etsiU: ['AAAA'] }; })), [goldenRoot], at);
  });
});

describe('a document of ours', () => {
  let root: Made;
  let leaf: Made;
  beforeAll(async () => {
    root = await certify({ subject: 'root', issuer: 'root', authority: true });
    leaf = await certify({ subject: 'leaf', issuer: 'root' }, root.pair);
  });
  const chainOf = (...made: readonly Made[]) => made.map((one) => parseCertificate(one.der));

  it('verifies here and with jose', async () => {
    const document = await makeDocument(utf8('{"a":1}'), { key: leaf.pair.privateKey, chain: chainOf(leaf) }, golden.signed_at);
    expect(fromUtf8((await verifyDocument(utf8(document), chainOf(root), at)).payload)).toBe('{"a":1}');
    const verified = await jose.flattenedVerify(JSON.parse(document) as jose.FlattenedJWS, leaf.pair.publicKey, { algorithms: ['ES256'] });
    expect(verified.protectedHeader?.['x5c']).toEqual([base64(leaf.der)]);
  });
  it('is not made with a key that the certificate does not hold, nor without a certificate', async () => {
    expect(await refused(() => makeDocument(utf8('{}'), { key: root.pair.privateKey, chain: chainOf(leaf) }, golden.signed_at))).toBe('document.chain');
    expect(await refused(() => makeDocument(utf8('{}'), { key: leaf.pair.privateKey, chain: [] }, golden.signed_at))).toBe('document.chain');
  });
  it('is not made larger than 1 MiB', async () => {
    expect(await refused(() => makeDocument(new Uint8Array(1 << 20), { key: leaf.pair.privateKey, chain: chainOf(leaf) }, golden.signed_at))).toBe('content.size');
  });

  it('stands on a chain through an intermediate, and on an intermediate that was announced itself', async () => {
    const middle = await certify({ subject: 'middle', issuer: 'root', authority: true, pathLength: 0 }, root.pair);
    const end = await certify({ subject: 'end', issuer: 'middle' }, middle.pair);
    await verifyChain(chainOf(end, middle), chainOf(root), at);
    await verifyChain(chainOf(end), chainOf(middle), at);
    expect(await refused(() => verifyChain(chainOf(end), chainOf(root), at))).toBe('certificate.chain');
  });
  it('refuses a chain longer than an authority allows', async () => {
    const one = await certify({ subject: 'one', issuer: 'root', authority: true, pathLength: 0 }, root.pair);
    const two = await certify({ subject: 'two', issuer: 'one', authority: true }, one.pair);
    const end = await certify({ subject: 'end', issuer: 'two' }, two.pair);
    expect(await refused(() => verifyChain(chainOf(end, two, one), chainOf(root), at))).toBe('certificate.chain');
  });
  it.each<[string, Partial<Recipe>, string]>([
    ['has expired', { until: '260101000001Z' }, 'certificate.chain'],
    ['does not hold yet', { from: '350101000000Z' }, 'certificate.chain'],
    ['names another issuer', { issuer: 'somebody' }, 'certificate.chain'],
    ['does not name its issuer\'s key', { authorityKeyId: false }, 'certificate.chain'],
    ['may sign certificates', { usage: 0x44 }, 'certificate.chain'],
    ['has a path length', { pathLength: 1 }, 'certificate.chain'],
    ['is an authority', { authority: true }, 'certificate.use'],
    ['has no key usage', { usage: null }, 'certificate.use'],
    ['is for key agreement', { usage: 0x08 }, 'certificate.use'],
  ])('refuses a leaf that %s', async (_, flaw, rule) => {
    const bad = await certify({ subject: 'leaf', issuer: 'root', ...flaw }, root.pair);
    expect(await refused(() => verifyChain(chainOf(bad), chainOf(root), at))).toBe(rule);
  });
  it.each<[string, Partial<Recipe>]>([
    ['is no authority', { authority: false }],
    ['may not sign certificates', { usage: 0x80 }],
    ['has no key usage', { usage: null }],
    ['has no critical basic constraints', { constraintsCritical: false }],
    ['has no key identifier', { subjectKeyId: false }],
    ['has expired', { until: '260101000001Z' }],
  ])('refuses an issuer that %s', async (_, flaw) => {
    const bad = await certify({ subject: 'middle', issuer: 'root', authority: true, ...flaw }, root.pair);
    const end = await certify({ subject: 'end', issuer: 'middle' }, bad.pair);
    expect(await refused(() => verifyChain(chainOf(end, bad), chainOf(root), at))).toBe('certificate.chain');
  });
  it('refuses a leaf that somebody of the same name signed', async () => {
    const double = await certify({ subject: 'root', issuer: 'root', authority: true });
    const forged = await certify({ subject: 'leaf', issuer: 'root' }, double.pair);
    expect(await refused(() => verifyChain(chainOf(forged, double), chainOf(root), at))).toBe('certificate.chain');
  });
});

describe('certificates', () => {
  it.each<[string, Partial<Recipe>]>([
    ['of version 1', { version: 0 }],
    ['with an unknown critical extension', { extension: { oid: '1.2.3.4', critical: true } }],
    ['with name constraints', { extension: { oid: '2.5.29.30', critical: false } }],
    ['with an extension twice', { extension: { oid: '2.5.29.19', critical: false } }],
    ['that names two algorithms', { algorithm: '1.2.840.10045.4.3.3' }],
    ['whose validity is no time', { until: '361301000000Z' }],
  ])('are not read %s', async (_, flaw) => {
    const made = await certify({ subject: 'x', issuer: 'x', ...flaw });
    expect(await refused(() => parseCertificate(made.der))).toBe('certificate.form');
  });
  it('are not read with a byte more or less, nor larger than 16 KiB', async () => {
    const made = await certify({ subject: 'x', issuer: 'x' });
    expect(await refused(() => parseCertificate(Uint8Array.of(...made.der, 0)))).toBe('certificate.form');
    expect(await refused(() => parseCertificate(made.der.slice(0, -1)))).toBe('certificate.form');
    expect(await refused(() => parseCertificate(new Uint8Array((16 << 10) + 1)))).toBe('certificate.form');
    expect(parseCertificate(made.der).subjectText).toBe('CN=x');
  });
  it('are DER: lengths in their shortest form, numbers and times as they must be', async () => {
    const bad = (bytes: readonly number[]) => new DerReader(Uint8Array.from(bytes)).next();
    expect(await refused(() => bad([0x30, 0x80, 0, 0]))).toBe('certificate.form');
    expect(await refused(() => bad([0x04, 0x81, 0x05, 1, 2, 3, 4, 5]))).toBe('certificate.form');
    expect(await refused(() => bad([0x04, 0x82, 0x00, 0x81, ...Array.from({ length: 0x81 }, () => 0)]))).toBe('certificate.form');
    expect(await refused(() => bad([0x1f, 0x81, 0x01, 0]))).toBe('certificate.form');
    expect(await refused(() => bad([0x04, 0x05, 1]))).toBe('certificate.form');
    expect(await refused(() => oidText(Uint8Array.of(0x2a, 0x80, 0x01)))).toBe('certificate.form');
    expect(await refused(() => oidText(Uint8Array.of(0x2a, 0x81)))).toBe('certificate.form');
    expect(await refused(() => timeOf(bad([...der(0x17, utf8('2601010000Z'))])))).toBe('certificate.form');
    expect(timeOf(bad([...der(0x18, utf8('20500102030405Z'))]))).toBe(Date.UTC(2050, 0, 2, 3, 4, 5));
    expect(ecdsaRaw(der(0x30, der(0x02, Uint8Array.of(0, 1)), der(0x02, Uint8Array.of(1))), 32)).toBeNull();
    expect(ecdsaRaw(der(0x30, der(0x02, Uint8Array.of(0x80)), der(0x02, Uint8Array.of(1))), 32)).toBeNull();
    expect(ecdsaRaw(der(0x30, der(0x02, Uint8Array.of(5)), der(0x02, Uint8Array.of(6))), 32)?.[31]).toBe(5);
  });
});
