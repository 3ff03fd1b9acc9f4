// The writing side of der.ts: as much DER as a certificate takes.

import type { Bytes } from './bytes';
import { concat } from './bytes';

export function der(tag: number, ...content: readonly Uint8Array[]): Bytes {
  const body = concat(...content);
  const size = body.length < 0x80 ? [body.length] : body.length < 0x100 ? [0x81, body.length] : [0x82, body.length >> 8, body.length & 0xff];
  return concat(new Uint8Array([tag, ...size]), body);
}
export const bytesOf = (...values: number[]): Bytes => new Uint8Array(values);

export function oid(text: string): Bytes {
  const [first = 0, second = 0, ...rest] = text.split('.').map(Number);
  const out: number[] = [];
  for (const number of [40 * first + second, ...rest]) {
    const digits = [number & 0x7f];
    for (let more = number >> 7; more > 0; more >>= 7) digits.unshift((more & 0x7f) | 0x80);
    out.push(...digits);
  }
  return der(0x06, bytesOf(...out));
}
/** A number that is not negative, big-endian. */
export function derInteger(number: Uint8Array): Bytes {
  let at = 0;
  while (at < number.length - 1 && number[at] === 0) ++at;
  const digits = number.subarray(at);
  return der(0x02, ((digits[0] as number) & 0x80) === 0 ? digits : concat(bytesOf(0), digits));
}
export const derExtension = (id: string, critical: boolean, value: Bytes): Bytes => der(0x30, oid(id), ...(critical ? [der(0x01, bytesOf(0xff))] : []), der(0x04, value));
/** The DER of an ECDSA signature from r || s. */
export const ecdsaDer = (rs: Uint8Array): Bytes => der(0x30, derInteger(rs.subarray(0, rs.length / 2)), derInteger(rs.subarray(rs.length / 2)));
