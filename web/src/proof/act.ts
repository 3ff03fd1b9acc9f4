// The act: the only way in which anything changes. Read strictly, signed, and verified against whoever knows the keys.
//
//     b64u(payload)
//     b64u(protected) "." b64u(signature)      one line a signature, sorted bytewise, 1 to 32 of them

import type { Bytes } from '@/sealing/bytes';
import { utf8 } from '@/sealing/bytes';
import { base64url, fromBase64url, tryBase64, tryBase64url } from '@/sealing/base64';
import { ensure, Fault } from '@/sealing/fault';
import type { Json, JsonObject } from '@/sealing/json';
import { ObjectReader, parseJson, toJson } from '@/sealing/json';
import { jwsKeyId, signingInput, signJws } from '@/sealing/jws';
import type { Jwk, KeyId, KeyPair } from '@/sealing/keys';
import { kidOf, readJwk, verify, verifyKeyOf } from '@/sealing/keys';
import { sha256 } from '@/sealing/sha256';

import { subjectKind } from './subject';
import { timeText, tryTime } from './time';

export const ACT_BYTES_MAX = 64 * 1024;
const SIGNATURES_MAX = 32;
const TYPE = 'entraide-act+json';

export interface SealedTo {
  readonly au: string;
  readonly g: number;
  readonly kid: KeyId;
}
export interface SealRef {
  readonly k: 'seal';
  readonly r: 'doc' | 'sum' | 'tr';
  readonly h: string;
  readonly n: number;
  readonly cc: string;
  readonly to: readonly SealedTo[];
}
export interface FileRef {
  readonly k: 'file';
  readonly fid: string;
  readonly h: string;
  readonly n: number;
}
export type ObjectRef = SealRef | FileRef;

export interface Act {
  readonly type: string;
  readonly nonce: string;
  readonly by: string;
  readonly device: KeyId;
  readonly for: string;
  readonly to: readonly string[];
  /** Seconds, the signer's clock. */
  readonly at: number;
  readonly case: string | null;
  readonly previous: string | null;
  readonly sent: { readonly [authority: string]: number };
  readonly rulebook: string;
  /** A tree head that the signer has verified; the root in base64. */
  readonly checkpoint: { readonly size: number; readonly root: string };
  readonly objects: readonly ObjectRef[];
  readonly d: JsonObject;
}
export interface Signature {
  readonly kid: KeyId;
  readonly protectedHeader: string;
  readonly value: Bytes;
}
/** Well-formed; nobody has looked at the signatures yet. */
export interface SignedAct {
  readonly act: Act;
  readonly id: string;
  readonly bodyDigest: Bytes;
  readonly body: string;
  readonly payload: string;
  readonly signatures: readonly Signature[];
}
/** All of its signature lines verify. Only `verifyAct` makes one. */
export interface VerifiedAct extends SignedAct {
  readonly signers: readonly KeyId[];
}

const form = (words: string, rule = 'act.form'): Fault => new Fault('invalid', rule, `act: ${words}`);

class ActReader extends ObjectReader {
  constructor(value: Json | undefined, what = 'act') {
    super(value, what, 'act.member');
  }
  sized(key: string, size: number): string {
    const text = this.string(key);
    if (tryBase64url(text)?.length !== size) this.fault(key, `must be base64url of ${size} bytes`);
    return text;
  }
  nullableSized(key: string, size: number): string | null {
    return this.nullableString(key) === null ? null : this.sized(key, size);
  }
  subject(key: string): string {
    const name = this.string(key);
    if (subjectKind(name) === null) this.fault(key, 'is not the name of a subject');
    return name;
  }
}

function readObject(value: Json, what: string): ObjectRef {
  const in_: ActReader = new ActReader(value, what);
  const k = in_.string('k');
  const h = in_.sized('h', 32);
  const n = in_.integer('n');
  if (n < 1 || n > 2 ** 40) in_.fault('n', 'must be 1 to 2^40 bytes');
  let out: ObjectRef;
  if (k === 'seal') {
    const r = in_.optionalString('r') ?? 'doc';
    if (r !== 'doc' && r !== 'sum' && r !== 'tr') in_.fault('r', 'must be doc, sum or tr');
    const cc = in_.sized('cc', 32);
    const to = in_.array('to').map((item, i) => {
      const one = new ActReader(item, `${what}.to.${i}`);
      const read = { au: one.subject('au'), g: one.integer('g'), kid: one.sized('kid', 32) };
      one.finish();
      return read;
    });
    if (to.length < 1 || to.length > 64) in_.fault('to', 'must name 1 to 64 receivers');
    out = { k, r, h, n, cc, to };
  } else if (k === 'file') {
    out = { k, fid: in_.sized('fid', 16), h, n };
  } else {
    in_.fault('k', 'must be seal or file');
  }
  in_.finish();
  return out;
}

function readPayload(bytes: Bytes): Act {
  const in_: ActReader = new ActReader(parseJson(bytes, { bytes: ACT_BYTES_MAX }));
  if (in_.integer('v') !== 1) in_.fault('v', 'must be 1');
  const type = in_.string('t');
  if (!/^[a-z0-9._-]{1,64}$/.test(type) || !type.includes('.')) in_.fault('t', 'is not a type of act');
  const nonce = in_.sized('n', 16);
  const by = in_.subject('by');
  const device = in_.sized('dv', 32);
  const for_ = in_.subject('for');
  const to = in_.strings('to');
  for (const name of to) if (!['authority', 'country'].includes(subjectKind(name) ?? '')) in_.fault('to', 'must name authorities');
  if (new Set(to).size !== to.length) in_.fault('to', 'names an authority twice');
  if (to.length > 64) in_.fault('to', 'names more than 64 authorities');
  const at = tryTime(in_.string('at')) ?? in_.fault('at', 'must be a time like 2026-01-02T03:04:05Z');
  const caseId = in_.nullableSized('case', 16);
  const previous = in_.nullableSized('prev', 32);
  const st = in_.object('st');
  const sent: { [authority: string]: number } = {};
  for (const [name, count] of Object.entries(st)) {
    if (!to.includes(name)) in_.fault('st', 'counts an authority that is not in `to`');
    if (typeof count !== 'number' || count < 1) return in_.fault('st', 'counts from 1');
    sent[name] = count;
  }
  if (Object.keys(sent).length !== to.length) in_.fault('st', 'must count every authority in `to`');
  const rulebook = in_.sized('rb', 32);
  const cp = new ActReader(in_.value('cp'), 'act.cp');
  const checkpoint = { size: cp.integer('n'), root: cp.string('h') };
  if (checkpoint.size < 0) cp.fault('n', 'must not be negative');
  if (tryBase64(checkpoint.root)?.length !== 32) cp.fault('h', 'must be base64 of 32 bytes');
  cp.finish();
  const list = in_.array('obj');
  if (list.length > 32) in_.fault('obj', 'lists more than 32 objects');
  const objects = list.map((item, i) => readObject(item, `act.obj.${i}`));
  const d = in_.object('d');
  in_.finish();
  return { type, nonce, by, device, for: for_, to, at, case: caseId, previous, sent, rulebook, checkpoint, objects, d };
}

function readSignature(line: string): Signature {
  const dot = line.indexOf('.');
  if (dot < 0) throw form('a signature line must be protected, a dot, and the signature');
  const protectedHeader = line.slice(0, dot);
  const kid = jwsKeyId(protectedHeader, TYPE);
  const value = tryBase64url(line.slice(dot + 1));
  if (value?.length !== 64) throw new Fault('invalid', 'codec.base64url', 'act: signature: must be base64url of 64 bytes');
  return { kid, protectedHeader, value };
}

/** Rules: act.size, act.form, act.member, act.signature.twice, json.*, codec.*, jose.*. */
export function parseAct(body: string): SignedAct {
  if (body.length > ACT_BYTES_MAX) throw new Fault('too_large', 'act.size', 'act: larger than 64 KiB; long texts and files go into sealed objects');
  if (!body.endsWith('\n')) throw form('must end with a line feed');
  const [payload = '', ...lines] = body.slice(0, -1).split('\n');
  if (lines.length < 1) throw form('has no signature line');
  if (lines.length > SIGNATURES_MAX) throw form('has more than 32 signature lines');
  const bytes = fromBase64url(payload, 'act');
  const act = readPayload(bytes);
  const signatures = lines.map((line, i) => {
    if (i > 0 && !((lines[i - 1] as string) < line)) throw form('signature lines must be sorted, each once');
    return readSignature(line);
  });
  if (new Set(signatures.map((one) => one.kid)).size !== signatures.length) throw form('two signatures by one key', 'act.signature.twice');
  return { act, id: base64url(sha256(bytes)), bodyDigest: sha256(body), body, payload, signatures };
}

/** Public keys that a dir. act announces in `d`: `roots`, `ops`, `sig`. Rules: act.member, jwk.*. */
export function announcedKeys(act: Act): readonly Jwk[] {
  if (!act.type.startsWith('dir.')) return [];
  const keys: Jwk[] = [];
  for (const list of ['roots', 'ops']) {
    if (!Object.hasOwn(act.d, list)) continue;
    const values = act.d[list];
    if (!Array.isArray(values) || values.length > SIGNATURES_MAX) throw form(`d.${list}: must be a list of at most 32 keys`, 'act.member');
    for (const value of values) keys.push(readJwk(value));
  }
  if (Object.hasOwn(act.d, 'sig')) keys.push(readJwk(act.d['sig']));
  return keys;
}

export interface KeyDirectory {
  /** The signing key of that id, active or revoked; null when there is none. */
  signingKey(kid: KeyId): Jwk | null;
}

/** Checks every line, and that `dv` is among the signers. Rules: act.device.unknown, act.signature, act.dv. */
export async function verifyAct(act: SignedAct, keys: KeyDirectory): Promise<VerifiedAct> {
  const announced = announcedKeys(act.act);
  for (const signature of act.signatures) {
    const key = keys.signingKey(signature.kid) ?? announced.find((one) => kidOf(one) === signature.kid);
    if (key === undefined) throw new Fault('refused', 'act.device.unknown', `act: signing key ${signature.kid} is not in the directory; enrol the device first`);
    if (!(await verify(await verifyKeyOf(key), signingInput(signature.protectedHeader, act.payload), signature.value)))
      throw new Fault('not_authentic', 'act.signature', `act: the signature by key ${signature.kid} does not verify`);
  }
  const signers = act.signatures.map((one) => one.kid);
  if (!signers.includes(act.act.device)) throw form('the device named in `dv` has not signed', 'act.dv');
  return { ...act, signers };
}

function refJson(ref: ObjectRef): JsonObject {
  if (ref.k === 'file') return { k: 'file', fid: ref.fid, h: ref.h, n: ref.n };
  const to = ref.to.map(({ au, g, kid }) => ({ au, g, kid }));
  return { k: 'seal', ...(ref.r === 'doc' ? {} : { r: ref.r }), h: ref.h, n: ref.n, cc: ref.cc, to };
}

/** The payload, compact, members in the order of the format. */
export function payloadOf(act: Act): string {
  const st: { [authority: string]: number } = {};
  for (const name of act.to) if (act.sent[name] !== undefined) st[name] = act.sent[name];
  return toJson({
    v: 1, t: act.type, n: act.nonce, by: act.by, dv: act.device, for: act.for, to: act.to, at: timeText(act.at), case: act.case, prev: act.previous,
    st, rb: act.rulebook, cp: { n: act.checkpoint.size, h: act.checkpoint.root }, obj: act.objects.map(refJson), d: act.d,
  });
}

async function lineOf(payload: string, pair: KeyPair): Promise<string> {
  const made = await signJws(pair, TYPE, payload);
  return `${made.protectedHeader}.${made.signature}`;
}
function bodyOf(payload: string, lines: readonly string[]): string {
  const body = `${payload}\n${[...lines].sort().map((line) => `${line}\n`).join('')}`;
  parseAct(body); // what leaves here is what the other side will read
  return body;
}

export async function signAct(act: Act, signers: readonly KeyPair[]): Promise<string> {
  ensure(signers.length > 0 && signers.length <= SIGNATURES_MAX, 'an act needs 1 to 32 signers');
  const payload = base64url(utf8(payloadOf(act)));
  return bodyOf(payload, await Promise.all(signers.map((pair) => lineOf(payload, pair))));
}

/** Adds a line to what others have signed. Rule: act.signature.twice. */
export async function addSignature(body: string, signer: KeyPair): Promise<string> {
  const parsed = parseAct(body);
  if (parsed.signatures.some((one) => one.kid === signer.kid)) throw form('this key has signed already', 'act.signature.twice');
  const lines = parsed.signatures.map((one) => `${one.protectedHeader}.${base64url(one.value)}`);
  return bodyOf(parsed.payload, [...lines, await lineOf(parsed.payload, signer)]);
}

/** Judged by the directory, and logged as ledger kind `dir`. */
export const isDirectoryAct = (type: string): boolean => type.startsWith('dir.') || type.startsWith('ring.');
export const isSeal = (ref: ObjectRef): ref is SealRef => ref.k === 'seal';
