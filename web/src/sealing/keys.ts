// P-256 keys (RFC 7517), public and private, one use each. The kid is the RFC 7638 thumbprint. WebCrypto's import
// refuses points that are not on the curve.

import type { Bytes } from './bytes';
import { own } from './bytes';
import { base64url, tryBase64url } from './base64';
import { Fault } from './fault';
import type { Json } from './json';
import { ObjectReader } from './json';
import { sha256 } from './sha256';

export type KeyId = string;
export interface Jwk {
  readonly crv: 'P-256';
  readonly kty: 'EC';
  readonly x: string;
  readonly y: string;
}
export interface SecretJwk extends Jwk {
  readonly d: string;
}
/** A private key that may be where nobody can copy it. */
export interface KeyPair {
  readonly kid: KeyId;
  readonly jwk: Jwk;
  readonly secret: CryptoKey;
}

const ECDSA = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const ECDH = { name: 'ECDH', namedCurve: 'P-256' } as const;
export const ES256 = { name: 'ECDSA', hash: 'SHA-256' } as const;

export const kidOf = (jwk: Jwk): KeyId => base64url(sha256(`{"crv":"P-256","kty":"EC","x":"${jwk.x}","y":"${jwk.y}"}`));

function readMembers(value: Json | undefined, secret: boolean): SecretJwk {
  const in_ = new ObjectReader(value, 'key', 'jwk.member');
  const kty = in_.string('kty');
  const crv = in_.string('crv');
  const x = in_.string('x');
  const y = in_.string('y');
  const d = secret ? in_.string('d') : '';
  in_.finish();
  if (kty !== 'EC' || crv !== 'P-256') throw new Fault('invalid', 'jwk.curve', 'key: must be of kty EC and crv P-256');
  for (const [name, text] of [['x', x], ['y', y], ['d', d]] as const) {
    if (name === 'd' && !secret) continue;
    if (tryBase64url(text)?.length !== 32) throw new Fault('invalid', 'jwk.encoding', `key: ${name} must be base64url of 32 bytes`);
  }
  return { crv, kty, x, y, d };
}

/** A public key that somebody gave: members and spelling; the curve is looked at by `importVerify` and `importAgree`. */
export function readJwk(value: Json | undefined): Jwk {
  const { crv, kty, x, y } = readMembers(value, false);
  return { crv, kty, x, y };
}
export const readSecretJwk = (value: Json | undefined): SecretJwk => readMembers(value, true);

async function importing(jwk: Jwk | SecretJwk, algorithm: typeof ECDSA | typeof ECDH, usages: KeyUsage[], extractable: boolean): Promise<CryptoKey> {
  try {
    return await crypto.subtle.importKey('jwk', { ...jwk }, algorithm, extractable, usages);
  } catch {
    throw new Fault('invalid', 'jwk.point', 'key: the point is not on the curve P-256');
  }
}
export const importVerify = (jwk: Jwk): Promise<CryptoKey> => importing(jwk, ECDSA, ['verify'], true);
export const importAgree = (jwk: Jwk): Promise<CryptoKey> => importing(jwk, ECDH, [], true);

async function pairOf(value: Json, algorithm: typeof ECDSA | typeof ECDH, usages: KeyUsage[]): Promise<KeyPair> {
  const { crv, kty, x, y, d } = readSecretJwk(value);
  const secret = await importing({ crv, kty, x, y, d }, algorithm, usages, false);
  return { kid: kidOf({ crv, kty, x, y }), jwk: { crv, kty, x, y }, secret };
}
/** From a secret JWK; the CryptoKey cannot be extracted. Rules: jwk.*. */
export const signingPair = (value: Json): Promise<KeyPair> => pairOf(value, ECDSA, ['sign']);
export const sealingPair = (value: Json): Promise<KeyPair> => pairOf(value, ECDH, ['deriveBits']);

async function publicOf(key: CryptoKey): Promise<Jwk> {
  const { x, y } = await crypto.subtle.exportKey('jwk', key);
  return readJwk({ crv: 'P-256', kty: 'EC', x: x ?? '', y: y ?? '' });
}
export async function generateSigning(extractable: boolean): Promise<KeyPair> {
  const made = await crypto.subtle.generateKey(ECDSA, extractable, ['sign', 'verify']);
  const jwk = await publicOf(made.publicKey);
  return { kid: kidOf(jwk), jwk, secret: made.privateKey };
}
export async function generateSealing(extractable: boolean): Promise<KeyPair> {
  const made = await crypto.subtle.generateKey(ECDH, extractable, ['deriveBits']);
  const jwk = await publicOf(made.publicKey);
  return { kid: kidOf(jwk), jwk, secret: made.privateKey };
}
export async function exportSecret(pair: KeyPair): Promise<SecretJwk> {
  const { d } = await crypto.subtle.exportKey('jwk', pair.secret);
  return { ...pair.jwk, d: d ?? '' };
}

export const sign = async (key: CryptoKey, message: Bytes): Promise<Bytes> => new Uint8Array(await crypto.subtle.sign(ES256, key, message));

/** False for whatever is not a good signature of 64 bytes. */
export async function verify(key: CryptoKey, message: Bytes, signature: Uint8Array): Promise<boolean> {
  return signature.length === 64 && (await crypto.subtle.verify(ES256, key, own(signature), message));
}

const imported = new Map<KeyId, Promise<CryptoKey>>();
/** `importVerify`, remembered: the same few keys sign everything. */
export function verifyKeyOf(jwk: Jwk): Promise<CryptoKey> {
  const kid = kidOf(jwk);
  const known = imported.get(kid);
  if (known !== undefined) return known;
  const fresh = importVerify(jwk);
  imported.set(kid, fresh);
  fresh.catch(() => imported.delete(kid));
  return fresh;
}
