// @vitest-environment node
import * as jose from 'jose';
import { describe, expect, it } from 'vitest';

import { refused, vector } from '../../tests/kit/vectors';
import { emptyAct } from '../../tests/kit/world';
import { base64url } from '@/sealing/base64';
import { fromHex, toHex, utf8 } from '@/sealing/bytes';
import type { Jwk, KeyId } from '@/sealing/keys';
import { generateSigning } from '@/sealing/keys';
import { compactJws, jwsKeyId, verifyCompactJws } from '@/sealing/jws';

import type { KeyDirectory } from './act';
import { addSignature, parseAct, payloadOf, signAct, verifyAct } from './act';
import { commit, entryText } from './receipt';
import { countryOf, subjectKind } from './subject';
import { readTime, timeText, tryTime } from './time';
import { leafHash } from './tree';

interface Golden {
  readonly payload: string;
  readonly keys: readonly { readonly jwk: Jwk; readonly kid: KeyId }[];
  readonly acts: readonly { readonly body: string; readonly aid: string; readonly bd_hex: string; readonly blind_hex: string; readonly commit_hex: string; readonly unix_seconds: number; readonly entry: string; readonly leaf_hash_hex: string }[];
}
const golden = vector<Golden>('acts.json');
const keys: KeyDirectory = { signingKey: (kid) => golden.keys.find((key) => key.kid === kid)?.jwk ?? null };
const nobody: KeyDirectory = { signingKey: () => null };
const good = golden.acts[0]!.body;
const payloadLine = (payload: unknown): string => base64url(utf8(typeof payload === 'string' ? payload : JSON.stringify(payload)));
const [, ...goodLines] = good.trimEnd().split('\n');
const withPayload = (payload: unknown): string => [payloadLine(payload), ...goodLines, ''].join('\n');

describe('golden acts', () => {
  it.each(golden.acts)('$aid is read, verified and hashed the same', async (one) => {
    const parsed = parseAct(one.body);
    expect(parsed.id).toBe(one.aid);
    expect(toHex(parsed.bodyDigest)).toBe(one.bd_hex);
    expect(payloadOf(parsed.act)).toBe(golden.payload);
    const verified = await verifyAct(parsed, keys);
    expect(verified.signers).toContain(parsed.act.device);
    const commitment = commit(fromHex(one.blind_hex), parsed.bodyDigest);
    expect(toHex(commitment)).toBe(one.commit_hex);
    const entry = entryText({ kind: 'act', seconds: Number(one.unix_seconds), commitment });
    expect(entry).toBe(one.entry);
    expect(toHex(leafHash(entry))).toBe(one.leaf_hash_hex);
  });
});

describe('the form of an act', () => {
  it.each<[string, string, string]>([
    ['no line feed at the end', good.trimEnd(), 'act.form'],
    ['no signature', `${good.split('\n')[0]}\n`, 'act.form'],
    ['an empty line', `${good}\n`, 'act.form'],
    ['lines that are not sorted', `${good.split('\n')[0]}\n${golden.acts[1]!.body.trimEnd().split('\n').slice(1).reverse().join('\n')}\n`, 'act.form'],
    ['a line twice', `${good}${goodLines[0]}\n`, 'act.form'],
    ['33 lines', `${good.split('\n')[0]}\n${'x.y\n'.repeat(33)}`, 'act.form'],
    ['a line without a dot', `${good.split('\n')[0]}\nabc\n`, 'act.form'],
    ['64 KiB and more', `${'A'.repeat(65_537)}\n`, 'act.size'],
    ['a payload that is no base64url', `=${good}`, 'codec.base64url'],
    ['a short signature', good.replace(/\.[^.\n]+\n$/, '.AAAA\n'), 'codec.base64url'],
  ])('is refused with %s', async (_, body, rule) => {
    expect(await refused(() => parseAct(body))).toBe(rule);
  });
  const base = JSON.parse(golden.payload) as { [name: string]: unknown };
  const seal = { k: 'seal', h: base['rb'], n: 9, cc: base['rb'], to: [{ au: 'au:de:sta-berlin', g: 1, kid: base['rb'] }] };
  it.each<[string, { readonly [name: string]: unknown }]>([
    ['another version', { v: 2 }], ['a member more', { x: 1 }], ['a type without a dot', { t: 'request' }], ['a type in capitals', { t: 'Mla.request' }],
    ['a short nonce', { n: 'AAAA' }], ['a name that is none', { by: 'of:fr:x' }], ['a device that is no kid', { dv: 'x' }], ['a receiver that is an officer', { to: ['of:fr:3_McG-VIqezCgKr3'], st: {} }],
    ['a receiver twice', { to: ['au:de:sta-berlin', 'au:de:sta-berlin'] }], ['a time with a fraction', { at: '2026-01-02T03:04:05.0Z' }], ['a day that is not', { at: '2026-02-30T03:04:05Z' }],
    ['a short case', { case: 'AAAA' }], ['a short prev', { prev: 'AAAA' }], ['no counter for a receiver', { st: {} }], ['a counter from 0', { st: { 'au:de:sta-berlin': 0 } }],
    ['a counter for somebody else', { st: { 'au:de:sta-berlin': 1, 'au:fr:x': 1 } }], ['a short rulebook', { rb: 'AAAA' }], ['a checkpoint below 0', { cp: { n: -1, h: '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=' } }],
    ['a root that is none', { cp: { n: 0, h: 'AAAA' } }], ['a checkpoint with more', { cp: { n: 0, h: '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=', x: 1 } }], ['d that is no object', { d: [] }],
    ['an object of another kind', { obj: [{ ...seal, k: 'box' }] }], ['an object with another role', { obj: [{ ...seal, r: 'pdf' }] }], ['an object to nobody', { obj: [{ ...seal, to: [] }] }],
    ['an object of no bytes', { obj: [{ ...seal, n: 0 }] }], ['33 objects', { obj: Array.from({ length: 33 }, () => seal) }], ['an object with more', { obj: [{ ...seal, x: 1 }] }],
  ])('is refused with %s', async (_, change) => {
    expect(await refused(() => parseAct(withPayload({ ...base, ...change })))).toBe('act.member');
  });
  it('is refused with a key twice, or without a member', async () => {
    expect(await refused(() => parseAct(withPayload(golden.payload.replace('{', '{"v":1,'))))).toBe('json.duplicate');
    expect(await refused(() => parseAct(withPayload({ ...base, rb: undefined })))).toBe('act.member');
  });
  it('takes objects of every role, and files', () => {
    const objects = [seal, { ...seal, r: 'sum' }, { ...seal, r: 'tr' }, { k: 'file', fid: base['n'], h: base['rb'], n: 5 }];
    expect(parseAct(withPayload({ ...base, obj: objects })).act.objects.map((one) => (one.k === 'seal' ? one.r : one.k))).toEqual(['doc', 'sum', 'tr', 'file']);
  });
});

describe('signatures', () => {
  it('do not hold over another payload, by an unknown key, or without the device that acts', async () => {
    const altered = golden.payload.replace('true', 'false');
    expect(await refused(() => verifyAct(parseAct(withPayload(altered)), keys))).toBe('act.signature');
    expect(await refused(() => verifyAct(parseAct(good), nobody))).toBe('act.device.unknown');
    const other = await generateSigning(false);
    const act = { ...parseAct(good).act, device: golden.keys[0]!.kid };
    const body = await signAct(act, [other]);
    expect(await refused(() => verifyAct(parseAct(body), { signingKey: () => other.jwk }))).toBe('act.dv');
  });
  it('are made as jose verifies them, and a second one can be added once', async () => {
    const [a, b] = [await generateSigning(false), await generateSigning(false)];
    const body = await signAct(emptyAct('org', 'org', 'dir.rulebook', a, {}), [a]);
    const two = await addSignature(body, b);
    expect(parseAct(two).id).toBe(parseAct(body).id);
    expect(await refused(() => addSignature(two, b))).toBe('act.signature.twice');
    const [payload, ...lines] = two.trimEnd().split('\n');
    for (const line of lines) {
      const [header, signature] = line.split('.');
      const { kid } = jose.decodeProtectedHeader(`${header}.${payload}.${signature}`);
      const jwk = [a, b].find((pair) => pair.kid === kid)!.jwk;
      await jose.compactVerify(`${header}.${payload}.${signature}`, await jose.importJWK({ ...jwk }, 'ES256'), { algorithms: ['ES256'] });
    }
    const keysOf: KeyDirectory = { signingKey: (kid) => [a, b].find((pair) => pair.kid === kid)?.jwk ?? null };
    expect((await verifyAct(parseAct(two), keysOf)).signers).toHaveLength(2);
  });
  const header = (members: unknown): string => base64url(utf8(JSON.stringify(members)));
  const kid = golden.keys[0]!.kid;
  it.each<[string, unknown, string]>([
    ['another alg', { alg: 'ES384', kid, typ: 't' }, 'jose.alg'], ['alg none', { alg: 'none', kid, typ: 't' }, 'jose.alg'], ['another typ', { alg: 'ES256', kid, typ: 'JWT' }, 'jose.typ'],
    ['crit', { alg: 'ES256', kid, typ: 't', crit: ['b64'] }, 'jose.crit'], ['jwk', { alg: 'ES256', kid, typ: 't', jwk: {} }, 'jose.header'], ['x5u', { alg: 'ES256', kid, typ: 't', x5u: 'x' }, 'jose.header'],
    ['b64', { alg: 'ES256', kid, typ: 't', b64: false }, 'jose.header'], ['zip', { alg: 'ES256', kid, typ: 't', zip: 'DEF' }, 'jose.header'], ['no kid', { alg: 'ES256', typ: 't' }, 'jose.header'],
    ['a kid that is none', { alg: 'ES256', kid: 'x', typ: 't' }, 'jose.kid'], ['a list', [], 'jose.header'],
  ])('refuse a protected header with %s', async (_, members, rule) => {
    expect(await refused(() => jwsKeyId(header(members), 't'))).toBe(rule);
  });
  it('refuse a protected header that is not base64url, or has a key twice', async () => {
    expect(await refused(() => jwsKeyId('e30=', 't'))).toBe('jose.encoding');
    expect(await refused(() => jwsKeyId(base64url(utf8(`{"alg":"ES256","alg":"ES256","kid":"${kid}","typ":"t"}`)), 't'))).toBe('json.duplicate');
  });
  it('of a compact JWS hold for its key alone', async () => {
    const [a, b] = [await generateSigning(false), await generateSigning(false)];
    const compact = await compactJws(a, 't', utf8('x'));
    expect(await verifyCompactJws(compact, 't', a.jwk, a.kid)).toEqual(utf8('x'));
    expect(await refused(() => verifyCompactJws(compact, 't', b.jwk, b.kid))).toBe('jose.kid');
    expect(await refused(() => verifyCompactJws(compact, 't', b.jwk, a.kid))).toBe('jose.signature');
    expect(await refused(() => verifyCompactJws(`${compact}.x`, 't', a.jwk, a.kid))).toBe('jose.form');
  });
});

describe('names and times', () => {
  it('knows subjects by their spelling', () => {
    expect(['org', 'cc:fr', 'au:fr:central', 'of:fr:3_McG-VIqezCgKr3', 'sy:fr:gateway', 'wi:one'].map(subjectKind)).toEqual(['org', 'country', 'authority', 'officer', 'system', 'witness']);
    expect(['', 'org:x', 'cc:FR', 'cc:fra', 'au:fr', 'au:fr:Central', 'of:fr:short', 'dv:x', 'zz:fr', 'au:fr:a b'].map(subjectKind)).toEqual(Array.from({ length: 10 }, () => null));
    expect(['au:fr:x', 'cc:fr', 'of:fr:y', 'org', 'wi:ab'].map(countryOf)).toEqual(['cc:fr', 'cc:fr', 'cc:fr', '', '']);
  });
  it('has one spelling of a time', async () => {
    expect(timeText(readTime('2026-01-02T03:04:05Z'))).toBe('2026-01-02T03:04:05Z');
    for (const text of ['2026-01-02T03:04:05+00:00', '2026-01-02 03:04:05Z', '2026-13-02T03:04:05Z', '2026-02-29T00:00:00Z', '1969-12-31T23:59:59Z', '2026-01-02T24:00:00Z']) expect(tryTime(text)).toBeNull();
    expect(await refused(() => readTime('now'))).toBe('codec.time');
  });
});
