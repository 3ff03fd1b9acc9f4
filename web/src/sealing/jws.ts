// JWS (RFC 7515) narrowed to what Entraide signs: ES256, protected header only, exact members, no extension.

import type { Bytes } from './bytes';
import { utf8 } from './bytes';
import { base64url, tryBase64url } from './base64';
import { Fault } from './fault';
import type { JsonObject } from './json';
import { isObject, ObjectReader, parseJson, toJson } from './json';
import type { Jwk, KeyId, KeyPair } from './keys';
import { readJwk, sign, verify, verifyKeyOf } from './keys';

const HEADER_BYTES_MAX = 1024;

const refuse = (rule: string, words: string): Fault => new Fault('invalid', rule, `jws: ${words}`);

function decode(text: string, what: string): Bytes {
  const bytes = tryBase64url(text);
  if (bytes === null) throw refuse('jose.encoding', `the ${what} is not strict base64url`);
  return bytes;
}

function readHeader(protectedHeader: string, typ: string): JsonObject {
  const header = parseJson(decode(protectedHeader, 'protected header'), { bytes: HEADER_BYTES_MAX, depth: 2 });
  if (!isObject(header)) throw refuse('jose.header', 'the protected header is not an object');
  if (Object.hasOwn(header, 'crit')) throw refuse('jose.crit', 'extensions (crit) are not accepted');
  if (header['alg'] !== 'ES256') throw refuse('jose.alg', 'alg must be ES256');
  if (header['typ'] !== typ) throw refuse('jose.typ', `typ must be ${typ}`);
  return header;
}

/** The kid of a protected header that has exactly alg, kid, typ. Rules: jose.*, json.*. */
export function jwsKeyId(protectedHeader: string, typ: string): KeyId {
  const in_ = new ObjectReader(readHeader(protectedHeader, typ), 'jws', 'jose.header');
  const kid = in_.string('kid');
  in_.string('alg');
  in_.string('typ');
  in_.finish();
  if (tryBase64url(kid)?.length !== 32) throw refuse('jose.kid', 'kid must be a thumbprint, base64url of 32 bytes');
  return kid;
}

export const signingInput = (protectedHeader: string, payload: string): Bytes => utf8(`${protectedHeader}.${payload}`);

export interface JwsLine {
  readonly protectedHeader: string;
  readonly signature: string;
}
export async function signJws(pair: KeyPair, typ: string, payload: string): Promise<JwsLine> {
  const protectedHeader = base64url(utf8(toJson({ alg: 'ES256', kid: pair.kid, typ })));
  const signature = await sign(pair.secret, signingInput(protectedHeader, payload));
  return { protectedHeader, signature: base64url(signature) };
}

export async function compactJws(pair: KeyPair, typ: string, payload: Uint8Array): Promise<string> {
  const body = base64url(payload);
  const line = await signJws(pair, typ, body);
  return `${line.protectedHeader}.${body}.${line.signature}`;
}

/** The payload of a compact JWS by `key`. Rules: jose.*. */
export async function verifyCompactJws(compact: string, typ: string, key: Jwk, kid: KeyId): Promise<Bytes> {
  const parts = compact.split('.');
  if (parts.length !== 3) throw refuse('jose.form', 'must be three parts with dots between them');
  const [protectedHeader, payload, signature] = parts as [string, string, string];
  if (jwsKeyId(protectedHeader, typ) !== kid) throw refuse('jose.kid', 'signed with another key than the one expected');
  const bytes = decode(payload, 'payload');
  if (!(await verify(await verifyKeyOf(key), signingInput(protectedHeader, payload), decode(signature, 'signature'))))
    throw new Fault('not_authentic', 'jose.signature', 'jws: the signature is not good');
  return bytes;
}

/** A DPoP proof (RFC 9449): the one JWS that carries its key. */
export async function dpopProof(pair: KeyPair, claims: { readonly [name: string]: string | number }): Promise<string> {
  const header = base64url(utf8(toJson({ typ: 'dpop+jwt', alg: 'ES256', jwk: readJwk({ ...pair.jwk }) })));
  const payload = base64url(utf8(toJson(claims)));
  return `${header}.${payload}.${base64url(await sign(pair.secret, signingInput(header, payload)))}`;
}
