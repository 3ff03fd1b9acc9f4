// Sealing: JWE General JSON (RFC 7516) narrowed to ECDH-ES+A256KW on P-256 and A256GCM, for 1 to 64 recipients.
// Exactly the members that are written here: no `aad`, no `unprotected`, no `zip`, no `crit`.

import type { Bytes } from './bytes';
import { be32, concat, randomBytes, utf8 } from './bytes';
import { base64url, tryBase64url } from './base64';
import { Fault } from './fault';
import type { Json } from './json';
import { ObjectReader, parseJson, toJson } from './json';
import type { Jwk, KeyId, KeyPair } from './keys';
import { generateSealing, importAgree, kidOf, readJwk } from './keys';
import { sha256 } from './sha256';

export const JWE_BYTES_MAX = 3 << 19;
const RECIPIENTS_MAX = 64;
const ALGORITHM = 'ECDH-ES+A256KW';
const TAG_BYTES = 16;

export interface SealHeader {
  readonly typ: string;
  readonly cty: string;
  /** base64url of 16 random bytes. */
  readonly cid: string;
  readonly ctx: string;
}
interface Recipient {
  readonly kid: KeyId;
  readonly ephemeral: Jwk;
  readonly wrappedKey: Bytes;
}
/** Well-formed, still closed. */
export interface Sealed {
  readonly header: SealHeader;
  readonly recipients: readonly KeyId[];
  readonly protectedHeader: string;
  readonly entries: readonly Recipient[];
  readonly iv: Bytes;
  readonly ciphertext: Bytes;
  readonly tag: Bytes;
}

const refuse = (rule: string, words: string): Fault => new Fault('invalid', rule, `sealed object: ${words}`);
const closed = (words: string): Fault => new Fault('not_authentic', 'jwe.open', `sealed object: ${words}`);

const plain = (text: string, max: number): boolean => text.length >= 1 && text.length <= max && /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(text);
function checkHeader(header: SealHeader): SealHeader {
  if (!plain(header.typ, 64) || !plain(header.cty, 64) || !plain(header.ctx, 200)) throw refuse('jwe.header', 'typ, cty and ctx must be short texts of printable ASCII');
  if (tryBase64url(header.cid)?.length !== 16) throw refuse('jwe.header', 'cid must be base64url of 16 bytes');
  return header;
}

// RFC 7518 section 4.6.2: Concat KDF, one round of SHA-256.
async function keyEncryptionKey(secret: CryptoKey, other: CryptoKey, usage: 'wrapKey' | 'unwrapKey'): Promise<CryptoKey> {
  const shared = new Uint8Array(await crypto.subtle.deriveBits({ name: 'ECDH', public: other }, secret, 256));
  const input = concat(be32(1), shared, be32(ALGORITHM.length), utf8(ALGORITHM), be32(0), be32(0), be32(256));
  const kek = await crypto.subtle.digest('SHA-256', input);
  shared.fill(0);
  input.fill(0);
  return crypto.subtle.importKey('raw', kek, 'AES-KW', false, [usage]);
}

/** Seals to every recipient: different keys, each with a fresh ephemeral key. Rules: jwe.recipients, jwe.size, jwe.header. */
export async function seal(plaintext: Bytes, header: SealHeader, recipients: readonly Jwk[]): Promise<string> {
  checkHeader(header);
  const kids = recipients.map(kidOf);
  if (kids.length < 1 || kids.length > RECIPIENTS_MAX || new Set(kids).size !== kids.length) throw refuse('jwe.recipients', 'must have 1 to 64 different recipients');
  const tooLarge = (): Fault => new Fault('too_large', 'jwe.size', 'sealed object: too large; send the content as a file');
  if (plaintext.length > JWE_BYTES_MAX) throw tooLarge();
  const { typ, cty, cid, ctx } = header;
  const protectedHeader = base64url(utf8(toJson({ enc: 'A256GCM', typ, cty, cid, ctx })));
  const contentKey = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, true, ['encrypt']);
  const entries = await Promise.all(recipients.map(async (jwk, i) => {
    const ephemeral = await generateSealing(false);
    const kek = await keyEncryptionKey(ephemeral.secret, await importAgree(jwk), 'wrapKey');
    const wrapped = new Uint8Array(await crypto.subtle.wrapKey('raw', contentKey, kek, 'AES-KW'));
    const { x, y } = ephemeral.jwk;
    return { header: { alg: ALGORITHM, kid: kids[i], epk: { kty: 'EC', crv: 'P-256', x, y } }, encrypted_key: base64url(wrapped) };
  }));
  const iv = randomBytes(12);
  const sealed = new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: utf8(protectedHeader) }, contentKey, plaintext));
  const ciphertext = base64url(sealed.subarray(0, plaintext.length));
  const tag = base64url(sealed.subarray(plaintext.length));
  const out = toJson({ protected: protectedHeader, recipients: entries, iv: base64url(iv), ciphertext, tag });
  if (out.length > JWE_BYTES_MAX) throw tooLarge();
  return out;
}

function decode(text: string, what: string): Bytes {
  const bytes = tryBase64url(text);
  if (bytes === null) throw refuse('jwe.encoding', `${what} is not strict base64url`);
  return bytes;
}
function decodeSized(text: string, size: number, rule: string, what: string): Bytes {
  const bytes = decode(text, what);
  if (bytes.length !== size) throw refuse(rule, `${what} must be ${size} bytes`);
  return bytes;
}

function readProtected(text: string): SealHeader {
  const in_ = new ObjectReader(parseJson(decode(text, 'protected'), { bytes: 1024, depth: 2 }), 'protected', 'jwe.header');
  const enc = in_.string('enc');
  const header = { typ: in_.string('typ'), cty: in_.string('cty'), cid: in_.string('cid'), ctx: in_.string('ctx') };
  in_.finish();
  if (enc !== 'A256GCM') throw refuse('jwe.enc', 'enc must be A256GCM');
  return checkHeader(header);
}

function readRecipient(value: Json): Recipient {
  const in_ = new ObjectReader(value, 'recipient', 'jwe.member');
  const header = new ObjectReader(in_.value('header'), 'recipient.header', 'jwe.member');
  const encryptedKey = in_.string('encrypted_key');
  in_.finish();
  const alg = header.string('alg');
  const kid = header.string('kid');
  const epk = header.value('epk');
  header.finish();
  if (alg !== ALGORITHM) throw refuse('jwe.alg', `alg must be ${ALGORITHM}`);
  if (tryBase64url(kid)?.length !== 32) throw refuse('jwe.recipients', 'kid must be a thumbprint, base64url of 32 bytes');
  let ephemeral: Jwk;
  try {
    ephemeral = readJwk(epk);
  } catch (error) {
    throw refuse('jwe.epk', `the ephemeral ${error instanceof Error ? error.message : 'key'}`);
  }
  return { kid, ephemeral, wrappedKey: decodeSized(encryptedKey, 40, 'jwe.encrypted_key', 'encrypted_key') };
}

/** Reads without a key. That an ephemeral key is on the curve is looked at when it is used, before anything is derived. */
export function parseJwe(jwe: Uint8Array | string): Sealed {
  if (jwe.length > JWE_BYTES_MAX) throw new Fault('too_large', 'jwe.size', 'sealed object: larger than 1.5 MiB');
  const in_ = new ObjectReader(parseJson(jwe, { bytes: JWE_BYTES_MAX, depth: 5, values: 1024 }), 'jwe', 'jwe.member');
  const protectedHeader = in_.string('protected');
  const [iv, ciphertext, tag] = [in_.string('iv'), in_.string('ciphertext'), in_.string('tag')];
  const recipients = in_.array('recipients');
  in_.finish();
  if (recipients.length < 1 || recipients.length > RECIPIENTS_MAX) throw refuse('jwe.recipients', 'must have 1 to 64 recipients');
  const header = readProtected(protectedHeader);
  const out = { header, protectedHeader, iv: decodeSized(iv, 12, 'jwe.iv', 'iv'), tag: decodeSized(tag, TAG_BYTES, 'jwe.tag', 'tag'), ciphertext: decode(ciphertext, 'ciphertext') };
  const entries = recipients.map(readRecipient);
  const kids = entries.map((entry) => entry.kid);
  if (new Set(kids).size !== kids.length) throw refuse('jwe.recipients', 'a recipient is there twice');
  if (new Set(entries.map((entry) => kidOf(entry.ephemeral))).size !== entries.length) throw refuse('jwe.epk', 'an ephemeral key is used twice');
  return { ...out, recipients: kids, entries };
}

/** The plaintext, once the tag has verified. Rules: jwe.epk, jwe.not_recipient, jwe.open. */
export async function open(sealed: Sealed, key: KeyPair): Promise<Bytes> {
  const entry = sealed.entries.find((one) => one.kid === key.kid);
  if (entry === undefined) throw new Fault('not_found', 'jwe.not_recipient', 'sealed object: this key is not among the recipients');
  const others = sealed.entries.filter((one) => one !== entry);
  const [ephemeral] = await Promise.all([entry, ...others].map((one) => importAgree(one.ephemeral).catch(() => {
    throw refuse('jwe.epk', 'an ephemeral key is not on the curve P-256');
  })));
  const kek = await keyEncryptionKey(key.secret, ephemeral as CryptoKey, 'unwrapKey');
  let contentKey: CryptoKey;
  try {
    contentKey = await crypto.subtle.unwrapKey('raw', entry.wrappedKey, kek, 'AES-KW', 'AES-GCM', false, ['decrypt']);
  } catch {
    throw closed('does not open with this key');
  }
  try {
    const algorithm = { name: 'AES-GCM', iv: sealed.iv, additionalData: utf8(sealed.protectedHeader) };
    return new Uint8Array(await crypto.subtle.decrypt(algorithm, contentKey, concat(sealed.ciphertext, sealed.tag)));
  } catch {
    throw closed('altered since it was sealed');
  }
}

/** Name of an object: base64url of SHA-256 of its bytes. */
export const hashText = (bytes: Uint8Array | string): string => base64url(sha256(bytes));
