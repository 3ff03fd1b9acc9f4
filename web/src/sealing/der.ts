// DER (X.690), as much of it as an X.509 certificate needs, strictly: definite lengths in their shortest form, no
// trailing bytes. Our own and small instead of a library: what is not read here cannot be attacked, and the whole of it
// is one page against 100 kB and more.

import type { Bytes } from './bytes';
import { own } from './bytes';
import { Fault } from './fault';

export const TAG = {
  boolean: 0x01, integer: 0x02, bitString: 0x03, octetString: 0x04, null: 0x05, oid: 0x06, utf8: 0x0c, sequence: 0x30,
  set: 0x31, printable: 0x13, teletex: 0x14, ia5: 0x16, utcTime: 0x17, generalizedTime: 0x18, bmp: 0x1e,
} as const;

const wrong = (what: string): Fault => new Fault('invalid', 'certificate.form', `certificate: ${what}`);

/** One value: its tag, its content, and the bytes of all of it. */
export interface Element {
  readonly tag: number;
  readonly content: Bytes;
  readonly whole: Bytes;
}

export class DerReader {
  private at = 0;
  constructor(private readonly bytes: Bytes) {}

  get atEnd(): boolean {
    return this.at === this.bytes.length;
  }
  peek(): number {
    return this.bytes[this.at] ?? -1;
  }
  next(): Element {
    const start = this.at;
    const tag = this.byte();
    if ((tag & 0x1f) === 0x1f) throw wrong('a tag of several bytes');
    let size = this.byte();
    if (size >= 0x80) {
      const count = size & 0x7f;
      if (count === 0 || count > 3) throw wrong('a length that DER does not allow');
      size = 0;
      for (let i = 0; i < count; ++i) size = size * 256 + this.byte();
      if (size < 0x80 || (count > 1 && size < 2 ** (8 * (count - 1)))) throw wrong('a length not in its shortest form');
    }
    if (this.at + size > this.bytes.length) throw wrong('ends within a value');
    const content = this.bytes.subarray(this.at, this.at + size);
    this.at += size;
    return { tag, content, whole: this.bytes.subarray(start, this.at) };
  }
  expect(tag: number): Element {
    if (this.peek() !== tag) throw wrong(`another value than expected (tag ${tag})`);
    return this.next();
  }
  /** The reader of a constructed value. */
  enter(tag: number = TAG.sequence): DerReader {
    return new DerReader(this.expect(tag).content);
  }
  /** The value under an explicit context tag, if it is there. */
  optional(tag: number): DerReader | null {
    return this.peek() === tag ? new DerReader(this.next().content) : null;
  }
  finish(): void {
    if (!this.atEnd) throw wrong('something follows a value');
  }
  private byte(): number {
    const byte = this.bytes[this.at++];
    if (byte === undefined) throw wrong('ends within a value');
    return byte;
  }
}

export function oidText(content: Uint8Array): string {
  const numbers: number[] = [];
  let value = 0;
  for (const [i, byte] of content.entries()) {
    if (value === 0 && byte === 0x80) throw wrong('an object identifier with leading zeros');
    value = value * 128 + (byte & 0x7f);
    if (value > 2 ** 40) throw wrong('an object identifier that is too large');
    if ((byte & 0x80) !== 0) {
      if (i === content.length - 1) throw wrong('an object identifier that does not end');
      continue;
    }
    if (numbers.length === 0) numbers.push(Math.min(2, Math.floor(value / 40)), value - 40 * Math.min(2, Math.floor(value / 40)));
    else numbers.push(value);
    value = 0;
  }
  return numbers.join('.');
}

export function booleanOf(element: Element): boolean {
  const byte = element.content[0];
  if (element.content.length !== 1 || (byte !== 0 && byte !== 0xff)) throw wrong('a truth value that DER does not allow');
  return byte === 0xff;
}

/** A small number that is not negative. */
export function smallInteger(element: Element): number {
  const bytes = element.content;
  if (bytes.length < 1 || bytes.length > 4 || ((bytes[0] as number) & 0x80) !== 0) throw wrong('a number out of its range');
  if (bytes.length > 1 && bytes[0] === 0 && ((bytes[1] as number) & 0x80) === 0) throw wrong('a number not in its shortest form');
  return bytes.reduce((sum, byte) => sum * 256 + byte, 0);
}

/** A bit string of whole bytes. */
export function bitBytes(element: Element): Bytes {
  if (element.content[0] !== 0) throw wrong('a bit string that is not of whole bytes');
  return element.content.subarray(1);
}

/** UTCTime or GeneralizedTime, UTC, with seconds. Milliseconds since 1970. */
export function timeOf(element: Element): number {
  const text = String.fromCharCode(...element.content);
  const short = /^([0-9]{2})([0-9]{10})Z$/.exec(text);
  const long = /^([0-9]{4})([0-9]{10})Z$/.exec(text);
  const match = element.tag === TAG.utcTime ? short : element.tag === TAG.generalizedTime ? long : null;
  if (match === null) throw wrong('its validity is not a time');
  const [, years, rest] = match as unknown as [string, string, string];
  const year = short !== null && element.tag === TAG.utcTime ? Number(years) + (Number(years) < 50 ? 2000 : 1900) : Number(years);
  const [month, day, hour, minute, second] = [0, 2, 4, 6, 8].map((at) => Number(rest.slice(at, at + 2))) as [number, number, number, number, number];
  const time = Date.UTC(year, month - 1, day, hour, minute, second);
  const back = new Date(time);
  if (back.getUTCMonth() !== month - 1 || back.getUTCDate() !== day || back.getUTCHours() !== hour || back.getUTCMinutes() !== minute) throw wrong('its validity is not a time');
  return time;
}

/** r || s of `size` bytes each from the DER of an ECDSA signature; null when it is none. */
export function ecdsaRaw(der: Bytes, size: number): Bytes | null {
  try {
    const outer = new DerReader(der);
    const pair = outer.enter();
    outer.finish();
    const numbers = [pair.expect(TAG.integer).content, pair.expect(TAG.integer).content];
    pair.finish();
    const out = new Uint8Array(2 * size);
    for (const [i, number] of numbers.entries()) {
      if (number.length === 0 || ((number[0] as number) & 0x80) !== 0) return null;
      if (number.length > 1 && number[0] === 0 && ((number[1] as number) & 0x80) === 0) return null;
      const digits = number[0] === 0 ? number.subarray(1) : number;
      if (digits.length > size) return null;
      out.set(digits, (i + 1) * size - digits.length);
    }
    return out;
  } catch {
    return null;
  }
}

/** All of `bytes` is one value with this tag; its content. */
export function onlyElement(bytes: Bytes, tag: number): Element {
  const reader = new DerReader(own(bytes));
  const element = reader.expect(tag);
  reader.finish();
  return element;
}
