// What lies inside a seal: salt || BE32(length) || content || zeros, and the commitment that the signed act holds to it.

import type { Bytes } from './bytes';
import { be32, concat, equal, own, randomBytes, readBe32 } from './bytes';
import { tryBase64url } from './base64';
import { Fault } from './fault';
import { sha256 } from './sha256';

export const CONTENT_BYTES_MAX = 1 << 20;
const SALT_BYTES = 32;
const BEFORE = SALT_BYTES + 4;
const PLAINTEXT_BYTES_MIN = 1024;

/** E = floor(log2 L), S = floor(log2 E) + 1, z = E - S: the last z bits of the size become zero, rounding up. */
export function padme(size: number): number {
  const e = 31 - Math.clz32(size);
  const s = 32 - Math.clz32(e);
  const step = 2 ** (e - s);
  return Math.ceil(size / step) * step;
}
const plaintextSize = (contentSize: number): number => Math.max(PLAINTEXT_BYTES_MIN, padme(BEFORE + contentSize));

export const contentCommitment = (plaintext: Uint8Array): Bytes => sha256('entraide/content/v1\n', plaintext);

/** Rule: content.size. */
export function packContent(content: Uint8Array, salt: Uint8Array = randomBytes(SALT_BYTES)): { plaintext: Bytes; commitment: Bytes } {
  if (content.length > CONTENT_BYTES_MAX) throw new Fault('too_large', 'content.size', 'document: larger than 1 MiB; send it as a file');
  const filled = concat(salt, be32(content.length), content);
  const plaintext = new Uint8Array(plaintextSize(content.length));
  plaintext.set(filled);
  return { plaintext, commitment: contentCommitment(plaintext) };
}

/** Rules: content.commitment, content.form. */
export function unpackContent(plaintext: Uint8Array, commitment: string): Bytes {
  const expected = tryBase64url(commitment);
  if (expected === null || !equal(contentCommitment(plaintext), expected))
    throw new Fault('not_authentic', 'content.commitment', 'sealed content: not the content that the signed act commits to');
  const wrong = (what: string): Fault => new Fault('invalid', 'content.form', `sealed content: ${what}`);
  if (plaintext.length < PLAINTEXT_BYTES_MIN) throw wrong('too short');
  const size = readBe32(plaintext, SALT_BYTES);
  if (size > CONTENT_BYTES_MAX || plaintextSize(size) !== plaintext.length) throw wrong('its length does not fit its padded size');
  if (plaintext.subarray(BEFORE + size).some((byte) => byte !== 0)) throw wrong('its padding is not zero');
  return own(plaintext.subarray(BEFORE, BEFORE + size));
}
