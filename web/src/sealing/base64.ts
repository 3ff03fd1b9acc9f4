// Base64url without padding and base64 with it (RFC 4648), strictly: one value has one spelling. Padding where none
// belongs, white space, letters outside the alphabet and spare bits that are not zero are refused.

import type { Bytes } from './bytes';
import { Fault } from './fault';

const URL_LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const PLAIN_LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

function table(letters: string): Int8Array {
  const out = new Int8Array(128).fill(-1);
  for (let i = 0; i < 64; ++i) out[letters.charCodeAt(i)] = i;
  return out;
}
const URL_VALUES = table(URL_LETTERS);
const PLAIN_VALUES = table(PLAIN_LETTERS);

function encode(bytes: Uint8Array, letters: string): string {
  const out: string[] = [];
  let i = 0;
  for (; i + 2 < bytes.length; i += 3) {
    const bits = ((bytes[i] as number) << 16) | ((bytes[i + 1] as number) << 8) | (bytes[i + 2] as number);
    out.push(letters.charAt(bits >> 18) + letters.charAt((bits >> 12) & 63) + letters.charAt((bits >> 6) & 63) + letters.charAt(bits & 63));
  }
  if (i + 1 === bytes.length) {
    const bits = (bytes[i] as number) << 4;
    out.push(letters.charAt(bits >> 6) + letters.charAt(bits & 63));
  } else if (i + 2 === bytes.length) {
    const bits = ((bytes[i] as number) << 10) | ((bytes[i + 1] as number) << 2);
    out.push(letters.charAt(bits >> 12) + letters.charAt((bits >> 6) & 63) + letters.charAt(bits & 63));
  }
  return out.join('');
}

function decode(text: string, values: Int8Array): Bytes | null {
  const rest = text.length % 4;
  if (rest === 1) return null;
  const size = Math.floor((text.length * 3) / 4);
  const out = new Uint8Array(size);
  let bits = 0;
  let held = 0;
  let at = 0;
  for (let i = 0; i < text.length; ++i) {
    const code = text.charCodeAt(i);
    const value = code < 128 ? (values[code] as number) : -1;
    if (value < 0) return null;
    bits = ((bits << 6) | value) & 0xffffff;
    held += 6;
    if (held >= 8) {
      held -= 8;
      out[at++] = (bits >> held) & 0xff;
    }
  }
  return (bits & ((1 << held) - 1)) === 0 ? out : null;
}

export const base64url = (bytes: Uint8Array): string => encode(bytes, URL_LETTERS);
export function base64(bytes: Uint8Array): string {
  const text = encode(bytes, PLAIN_LETTERS);
  return text + '='.repeat((4 - (text.length % 4)) % 4);
}

/** Null when it is not strict base64url. */
export const tryBase64url = (text: string): Bytes | null => decode(text, URL_VALUES);
/** Null when it is not strict base64. */
export function tryBase64(text: string): Bytes | null {
  if (text.length % 4 !== 0) return null;
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  return decode(text.slice(0, text.length - padding), PLAIN_VALUES);
}

/** Rule: codec.base64url. */
export function fromBase64url(text: string, what = 'value'): Bytes {
  const bytes = tryBase64url(text);
  if (bytes === null) throw new Fault('invalid', 'codec.base64url', `${what}: is not strict base64url`);
  return bytes;
}
/** Rule: codec.base64url. */
export function fromBase64urlSized(text: string, size: number, what: string): Bytes {
  const bytes = fromBase64url(text, what);
  if (bytes.length !== size) throw new Fault('invalid', 'codec.base64url', `${what}: must be base64url of ${size} bytes`);
  return bytes;
}
/** Rule: codec.base64. */
export function fromBase64(text: string, what = 'value'): Bytes {
  const bytes = tryBase64(text);
  if (bytes === null) throw new Fault('invalid', 'codec.base64', `${what}: is not strict base64`);
  return bytes;
}
