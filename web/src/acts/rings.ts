// Rings: the generations of an authority's sealing key. A member opens any generation that was wrapped to its device, and
// from its history the older ones; each key is held to the one that the authority announced in the directory.

import { base64url } from '@/sealing/base64';
import type { Bytes } from '@/sealing/bytes';
import { randomBytes, utf8 } from '@/sealing/bytes';
import { Fault } from '@/sealing/fault';
import type { Json, JsonObject } from '@/sealing/json';
import { isObject, ObjectReader, parseJson, toJson } from '@/sealing/json';
import type { SealHeader, Sealed } from '@/sealing/jwe';
import { hashText, JWE_BYTES_MAX, open, parseJwe, seal } from '@/sealing/jwe';
import type { Jwk, KeyId, KeyPair, SecretJwk } from '@/sealing/keys';
import { exportSecret, generateSealing, kidOf, readSecretJwk, sealingPair } from '@/sealing/keys';
import type { Directory } from '@/proof/directory';
import { currentRing } from '@/proof/directory';

import type { Door } from './door';
import type { Mirror } from './mirror';

const TYPE = 'entraide-ring+json';
const GENERATIONS_MAX = 1024;
const contextOf = (authority: string, generation: number): string => `ring:${authority}:${generation}`;
const headerOf = (authority: string, generation: number): SealHeader => ({ typ: TYPE, cty: 'jwk-set+json', cid: base64url(randomBytes(16)), ctx: contextOf(authority, generation) });

/** The keys in a wrap: of generation g, g-1, …, as far back as its history goes. Rule: ring.plaintext. */
export function readRing(plaintext: Bytes): readonly SecretJwk[] {
  const in_ = new ObjectReader(parseJson(plaintext, { bytes: JWE_BYTES_MAX }), 'ring', 'ring.plaintext');
  const keys = in_.array('keys').map(readSecretJwk);
  in_.finish();
  if (keys.length < 1 || keys.length > GENERATIONS_MAX) throw new Fault('not_authentic', 'ring.plaintext', 'a ring must hold `keys`, 1 to 1024 of them, and nothing else');
  return keys;
}
export const ringText = (keys: readonly SecretJwk[]): Bytes => utf8(toJson({ keys: keys.map(({ crv, kty, x, y, d }) => ({ crv, kty, x, y, d })) }));

/** Rules: ring.unknown, ring.substituted. */
export function requireAnnounced(directory: Directory, authority: string, generation: number, jwk: Jwk): void {
  const ring = directory.authorities.get(authority)?.rings.find((one) => one.generation === generation);
  if (ring === undefined) throw new Fault('not_authentic', 'ring.unknown', `${authority} has announced no ring of generation ${generation}`);
  if (ring.kid !== kidOf(jwk)) throw new Fault('not_authentic', 'ring.substituted', `the key in the wrap is not the one that ${authority} announced for generation ${generation}`);
}

/** Opens a wrap: its keys, newest first, each as announced. Rules: ring.context, jwe.*, ring.*. */
export async function openWrap(directory: Directory, authority: string, generation: number, jwe: Sealed, device: KeyPair): Promise<readonly SecretJwk[]> {
  const { typ, ctx } = jwe.header;
  if (typ !== TYPE || ctx !== contextOf(authority, generation)) throw new Fault('not_authentic', 'ring.context', `the wrap is for ${ctx}, not for ${contextOf(authority, generation)}`);
  const keys = readRing(await open(jwe, device));
  for (const [back, key] of keys.entries()) requireAnnounced(directory, authority, generation - back, key);
  return keys;
}

export interface Wrapped {
  readonly wrap: string;
  readonly d: JsonObject;
}
/** The next generation, wrapped to all members now; `before` is the history that goes along. Rule: ring.members. */
export async function makeRing(directory: Directory, authority: string, before: readonly SecretJwk[], now: number): Promise<Wrapped> {
  const members = directory.members(authority, now).flatMap((device) => directory.keys.get(device.seal)?.jwk ?? []);
  if (members.length === 0) throw new Fault('refused', 'ring.members', `${authority} has no officer with an active device; enrol one before making its ring`);
  const current = currentRing(directory.authorities.get(authority));
  const generation = (current?.generation ?? 0) + 1;
  const [newest] = before;
  if (newest !== undefined && current?.kid !== kidOf(newest)) throw new Fault('conflict', 'ring.generation', `the history at hand is not that of the current ring of ${authority}`);
  if (before.length >= GENERATIONS_MAX) throw new Fault('too_large', 'ring.history', 'the ring carries 1024 generations already; begin the next one without history');
  const fresh = await exportSecret(await generateSealing(true));
  const wrap = await seal(ringText([fresh, ...before]), headerOf(authority, generation), members);
  const { crv, kty, x, y } = fresh;
  return { wrap, d: { au: authority, g: generation, pub: { crv, kty, x, y }, wrap: hashText(wrap), esc: null, prev: generation - 1 } };
}
/** One more wrap of a generation, to one device. Rule: ring.member. */
export async function grantRing(directory: Directory, authority: string, generation: number, keys: readonly SecretJwk[], to: KeyId): Promise<Wrapped> {
  const device = directory.devices.get(to);
  const jwk = device === undefined || !directory.isActiveKey(device.seal) ? undefined : directory.keys.get(device.seal)?.jwk;
  if (jwk === undefined) throw new Fault('refused', 'ring.member', `device ${to} is not enrolled, or has been revoked`);
  const wrap = await seal(ringText(keys), headerOf(authority, generation), [jwk]);
  return { wrap, d: { au: authority, g: generation, dv: to, wrap: hashText(wrap) } };
}

/** Opens rings for one device and remembers them. */
export class RingReader {
  private readonly opened = new Map<string, Promise<KeyPair>>();
  constructor(
    private readonly door: Door,
    private readonly mirror: Mirror,
    private readonly device: KeyPair,
  ) {}

  /** Rules: ring.no-wrap (refused: nobody has wrapped the ring to this device yet), ring.history, and those of openWrap. */
  key(authority: string, generation: number): Promise<KeyPair> {
    const place = `${authority}#${generation}`;
    const known = this.opened.get(place);
    if (known !== undefined) return known;
    const fresh = this.secrets(authority, generation).then(([jwk]) => sealingPair({ ...jwk } as JsonObject));
    this.opened.set(place, fresh);
    fresh.catch(() => this.opened.delete(place));
    return fresh;
  }

  /** The secrets of `generation` and before, newest first. */
  async secrets(authority: string, generation: number): Promise<readonly SecretJwk[]> {
    const answer = (await this.door.json(`/v1/rings/${encodeURIComponent(authority)}/wraps`)) as Json;
    const wraps = new ObjectReader(answer, 'wraps').array('wraps');
    let last = new Fault('refused', 'ring.no-wrap', `nobody has wrapped the ring of ${authority} to this device; ask a colleague with the role ring-admin`);
    // Newest first: any generation from the wanted one on may lead there.
    for (const item of wraps.filter(isObject)) {
      const wrap = new ObjectReader(item, 'wrap');
      const [of, hash, act] = [wrap.integer('g'), wrap.string('h'), wrap.string('act')];
      if (of < generation) continue;
      try {
        const text = await this.door.text(`/v1/acts/${act}/objects/${hash}`);
        if (hashText(text) !== hash) throw new Fault('not_authentic', 'object.hash', 'the hub gave another object than the one that was asked for');
        const keys = await openWrap(this.mirror.directory, authority, of, parseJwe(text), this.device);
        if (keys.length > of - generation) return keys.slice(of - generation);
        last = new Fault('not_found', 'ring.history', 'the ring keeps no such history: what was sealed before it can only be opened by a member of that time');
      } catch (error) {
        if (!(error instanceof Fault) || error.kind === 'unavailable' || error.rule === 'object.hash') throw error;
        if (error.rule !== 'jwe.not_recipient') last = error;
      }
    }
    throw last;
  }
}
