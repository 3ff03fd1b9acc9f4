// @vitest-environment node
import * as jose from 'jose';
import { describe, expect, it } from 'vitest';

import { refused, vector, vectorText } from '../../tests/kit/vectors';
import { base64url, fromBase64url } from './base64';
import { fromHex, toHex, utf8 } from './bytes';
import { contentCommitment, packContent, padme, unpackContent } from './content';
import type { SealHeader } from './jwe';
import { hashText, open, parseJwe, seal } from './jwe';
import type { Jwk, SecretJwk } from './keys';
import { exportSecret, generateSealing, importAgree, kidOf, readJwk, readSecretJwk, sealingPair } from './keys';

interface Golden {
  readonly recipients: readonly { readonly kid: string; readonly jwk: Jwk }[];
  readonly plaintext_hex: string;
  readonly doc: string;
  readonly cc: string;
  readonly jwe_bytes: string;
  readonly h: string;
}
const golden = vector<Golden>('seal.json');
const secrets = ['seal-a.jwk', 'seal-b.jwk'].map((name) => {
  const { kty, crv, x, y, d } = JSON.parse(vectorText(name)) as SecretJwk;
  return { kty, crv, x, y, d };
});
const header: SealHeader = { typ: 'entraide-seal+json', cty: 'jose+json', cid: 'XKZ1J79n4fiWfeAAy_WZYA', ctx: '5_TpNE7NAcNiEmwQ47wZ7Q' };
const secret = async (): Promise<{ jwk: Jwk; full: SecretJwk }> => {
  const made = await generateSealing(true);
  return { jwk: made.jwk, full: await exportSecret(made) };
};

describe('content', () => {
  const { cases } = vector<{ cases: readonly { doc_len: number; salt_hex: string; padded_len: number; cc: string }[] }>('content.json');
  it.each(cases)('packs $doc_len bytes into $padded_len with the golden commitment', ({ doc_len, salt_hex, padded_len, cc }) => {
    const document = Uint8Array.from({ length: doc_len }, (_, i) => i % 251);
    const packed = packContent(document, fromHex(salt_hex));
    expect(packed.plaintext.length).toBe(padded_len);
    expect(base64url(packed.commitment)).toBe(cc);
    expect(Buffer.compare(unpackContent(packed.plaintext, cc), document)).toBe(0);
  });
  it('pads so that the last bits of the size are zero', () => {
    expect([2, 9, 1025, 36 + 5000].map(padme)).toEqual([2, 10, 1088, 5120]);
  });
  it('refuses what the act does not commit to, a wrong length, padding that is not zero, another size', async () => {
    const { plaintext } = packContent(utf8('text'), new Uint8Array(32));
    const cc = (bytes: Uint8Array): string => base64url(contentCommitment(bytes));
    const bent = (at: number, value: number): Uint8Array => Uint8Array.from(plaintext, (byte, i) => (i === at ? value : byte));
    expect(await refused(() => unpackContent(bent(40, 1), cc(plaintext)))).toBe('content.commitment');
    expect(await refused(() => unpackContent(bent(1000, 1), cc(bent(1000, 1))))).toBe('content.form');
    expect(await refused(() => unpackContent(bent(33, 9), cc(bent(33, 9))))).toBe('content.form');
    const longer = Uint8Array.from({ length: 1088 }, (_, i) => plaintext[i] ?? 0);
    expect(await refused(() => unpackContent(longer, cc(longer)))).toBe('content.form');
    expect(await refused(() => unpackContent(plaintext.slice(0, 1000), cc(plaintext.slice(0, 1000))))).toBe('content.form');
    expect(await refused(() => packContent(new Uint8Array((1 << 20) + 1)))).toBe('content.size');
  });
});

describe('sealed objects', () => {
  it('opens the golden object with either key', async () => {
    expect(hashText(golden.jwe_bytes)).toBe(golden.h);
    const sealed = parseJwe(golden.jwe_bytes);
    expect(sealed.recipients).toEqual(golden.recipients.map((one) => one.kid));
    for (const jwk of secrets) {
      const plaintext = await open(sealed, await sealingPair({ ...jwk }));
      expect(toHex(plaintext)).toBe(golden.plaintext_hex);
      expect(unpackContent(plaintext, golden.cc)).toEqual(utf8(golden.doc));
    }
  });
  it('seals what jose opens, and opens what jose seals', async () => {
    const [a, b] = [await secret(), await secret()];
    const jwe = JSON.parse(await seal(utf8('bonjour'), header, [a.jwk, b.jwk])) as jose.GeneralJWE;
    const opened = await jose.generalDecrypt(jwe, await jose.importJWK({ ...b.full }, 'ECDH-ES+A256KW'));
    expect(new TextDecoder().decode(opened.plaintext)).toBe('bonjour');
    const made = await new jose.GeneralEncrypt(utf8('salut')).setProtectedHeader({ enc: 'A256GCM', ...header })
      .addRecipient(await jose.importJWK({ ...a.jwk }, 'ECDH-ES+A256KW')).setUnprotectedHeader({ alg: 'ECDH-ES+A256KW', kid: kidOf(a.jwk) })
      .addRecipient(await jose.importJWK({ ...b.jwk }, 'ECDH-ES+A256KW')).setUnprotectedHeader({ alg: 'ECDH-ES+A256KW', kid: kidOf(b.jwk) }).encrypt();
    expect(await open(parseJwe(JSON.stringify(made)), await sealingPair({ ...a.full }))).toEqual(utf8('salut'));
  });
  it('gives nothing to a key that is not a recipient', async () => {
    const other = await generateSealing(false);
    expect(await refused(() => open(parseJwe(golden.jwe_bytes), other))).toBe('jwe.not_recipient');
  });

  interface Shape { [name: string]: unknown; protected: string; recipients: { header: { [name: string]: unknown; epk: { [name: string]: string } }; encrypted_key: string }[] }
  const bent = (bend: (jwe: Shape) => void): string => {
    const jwe = JSON.parse(golden.jwe_bytes) as Shape;
    bend(jwe);
    return JSON.stringify(jwe);
  };
  const bentHeader = (bend: (header: { [name: string]: unknown }) => void): string => bent((jwe) => {
    const value = JSON.parse(Buffer.from(jwe.protected, 'base64url').toString()) as { [name: string]: unknown };
    bend(value);
    jwe.protected = base64url(utf8(JSON.stringify(value)));
  });
  it.each<[string, string, string]>([
    ['aad', bent((jwe) => { jwe['aad'] = 'AA'; }), 'jwe.member'],
    ['an unprotected header', bent((jwe) => { jwe['unprotected'] = {}; }), 'jwe.member'],
    ['a member that is missing', bent((jwe) => { delete jwe['tag']; }), 'jwe.member'],
    ['zip', bentHeader((h) => { h['zip'] = 'DEF'; }), 'jwe.header'],
    ['crit', bentHeader((h) => { h['crit'] = ['x']; }), 'jwe.header'],
    ['another enc', bentHeader((h) => { h['enc'] = 'A128GCM'; }), 'jwe.enc'],
    ['a short cid', bentHeader((h) => { h['cid'] = 'AAAA'; }), 'jwe.header'],
    ['a context that is no plain text', bentHeader((h) => { h['ctx'] = 'a b'; }), 'jwe.header'],
    ['another alg', bent((jwe) => { jwe.recipients[0]!.header['alg'] = 'ECDH-ES'; }), 'jwe.alg'],
    ['a member in a recipient', bent((jwe) => { jwe.recipients[0]!.header['apu'] = 'AA'; }), 'jwe.member'],
    ['no recipient', bent((jwe) => { jwe.recipients = []; }), 'jwe.recipients'],
    ['65 recipients', bent((jwe) => { jwe.recipients = Array.from({ length: 65 }, () => jwe.recipients[0]!); }), 'jwe.recipients'],
    ['a recipient twice', bent((jwe) => { jwe.recipients[1] = jwe.recipients[0]!; }), 'jwe.recipients'],
    ['an ephemeral key used twice', bent((jwe) => { jwe.recipients[1]!.header.epk = jwe.recipients[0]!.header.epk; }), 'jwe.epk'],
    ['a private ephemeral key', bent((jwe) => { jwe.recipients[0]!.header.epk['d'] = 'AA'; }), 'jwe.epk'],
    ['a short wrapped key', bent((jwe) => { jwe.recipients[0]!.encrypted_key = 'AAAA'; }), 'jwe.encrypted_key'],
    ['a short iv', bent((jwe) => { jwe['iv'] = 'AAAA'; }), 'jwe.iv'],
    ['a short tag', bent((jwe) => { jwe['tag'] = 'AAAA'; }), 'jwe.tag'],
    ['padding in the ciphertext', bent((jwe) => { jwe['ciphertext'] = 'AA=='; }), 'jwe.encoding'],
    ['a key twice in the JSON', golden.jwe_bytes.replace('{', '{"iv":"AAAA",'), 'json.duplicate'],
  ])('refuses %s', async (_, text, rule) => {
    expect(await refused(() => parseJwe(text))).toBe(rule);
  });
  it('refuses more than 1.5 MiB, to read and to write', async () => {
    expect(await refused(() => parseJwe(' '.repeat((3 << 19) + 1)))).toBe('jwe.size');
    expect(await refused(async () => seal(new Uint8Array(3 << 19), header, [(await secret()).jwk]))).toBe('jwe.size');
  });
  it('opens nothing that was altered: ciphertext, tag, iv, header, wrapped key, ephemeral key', async () => {
    const key = await sealingPair({ ...secrets[0]! });
    const flip = (text: string): string => base64url(fromBase64url(text).map((byte, i) => (i === 3 ? byte ^ 1 : byte)));
    const cases: [string, string][] = [
      ...['ciphertext', 'tag', 'iv'].map((name): [string, string] => [bent((jwe) => { jwe[name] = flip(jwe[name] as string); }), 'jwe.open']),
      [bentHeader((h) => { h['ctx'] = 'another'; }), 'jwe.open'],
      [bent((jwe) => { jwe.recipients[0]!.encrypted_key = flip(jwe.recipients[0]!.encrypted_key); }), 'jwe.open'],
      [bent((jwe) => { jwe.recipients[0]!.header.epk['x'] = flip(jwe.recipients[0]!.header.epk['x']!); }), 'jwe.epk'],
      [bent((jwe) => { jwe.recipients[1]!.header.epk['y'] = flip(jwe.recipients[1]!.header.epk['y']!); }), 'jwe.epk'],
    ];
    for (const [text, rule] of cases) expect(await refused(() => open(parseJwe(text), key))).toBe(rule);
  });
  it('seals to 1 to 64 different keys, under a header of the profile', async () => {
    const { jwk } = await secret();
    expect(await refused(() => seal(utf8('x'), header, []))).toBe('jwe.recipients');
    expect(await refused(() => seal(utf8('x'), header, [jwk, jwk]))).toBe('jwe.recipients');
    expect(await refused(() => seal(utf8('x'), { ...header, cid: 'short' }, [jwk]))).toBe('jwe.header');
  });
});

describe('keys', () => {
  const { crv, kty, x, y } = golden.recipients[0]!.jwk;
  const jwk = { crv, kty, x, y };
  it('has the thumbprint of jose', async () => {
    expect(kidOf(jwk)).toBe(await jose.calculateJwkThumbprint({ ...jwk }));
    expect(kidOf(jwk)).toBe(golden.recipients[0]!.kid);
  });
  it('refuses other members, curves, spellings, and points that are not on the curve', async () => {
    expect(await refused(() => readJwk({ ...jwk, d: 'AA' }))).toBe('jwk.member');
    expect(await refused(() => readJwk({ ...jwk, alg: 'ES256' }))).toBe('jwk.member');
    expect(await refused(() => readJwk({ ...jwk, crv: 'P-384' } as never))).toBe('jwk.curve');
    expect(await refused(() => readJwk({ ...jwk, x: `${jwk.x}=` }))).toBe('jwk.encoding');
    expect(await refused(() => readJwk({ ...jwk, x: jwk.x.slice(0, 40) }))).toBe('jwk.encoding');
    expect(await refused(() => readSecretJwk({ ...jwk }))).toBe('jwk.member');
    expect(await refused(() => importAgree({ ...jwk, x: base64url(new Uint8Array(32).fill(7)) }))).toBe('jwk.point');
  });
});
