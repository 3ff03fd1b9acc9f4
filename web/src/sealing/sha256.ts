// SHA-256 (FIPS 180-4), in pieces and at once. WebCrypto has no pieces, and its promise costs more than the hash of a
// tree node. Only public values and ciphertext go through here in bulk; secrets are hashed by WebCrypto where it can.

import type { Bytes } from './bytes';
import { utf8 } from './bytes';

const K = new Uint32Array(64);
const START = new Uint32Array(8);
{
  // Fractional parts of the cube and square roots of the first primes.
  const primes: number[] = [];
  for (let n = 2; primes.length < 64; ++n) if (primes.every((p) => n % p !== 0)) primes.push(n);
  const fraction = (root: number): number => Math.floor((root - Math.floor(root)) * 0x100000000);
  for (let i = 0; i < 64; ++i) K[i] = fraction(Math.cbrt(primes[i] as number));
  for (let i = 0; i < 8; ++i) START[i] = fraction(Math.sqrt(primes[i] as number));
}

export class Sha256 {
  private readonly state = new Uint32Array(START);
  private readonly block = new Uint8Array(64);
  private readonly words = new Uint32Array(64);
  private held = 0;
  private size = 0;

  update(bytes: Uint8Array): this {
    this.size += bytes.length;
    let at = 0;
    if (this.held > 0) {
      const take = Math.min(64 - this.held, bytes.length);
      this.block.set(bytes.subarray(0, take), this.held);
      this.held += take;
      at = take;
      if (this.held < 64) return this;
      this.compress(this.block, 0);
      this.held = 0;
    }
    for (; at + 64 <= bytes.length; at += 64) this.compress(bytes, at);
    this.block.set(bytes.subarray(at));
    this.held = bytes.length - at;
    return this;
  }

  finish(): Bytes {
    const bits = this.size * 8;
    this.block[this.held++] = 0x80;
    if (this.held > 56) {
      this.block.fill(0, this.held);
      this.compress(this.block, 0);
      this.held = 0;
    }
    this.block.fill(0, this.held);
    const view = new DataView(this.block.buffer);
    view.setUint32(56, Math.floor(bits / 0x100000000));
    view.setUint32(60, bits >>> 0);
    this.compress(this.block, 0);
    const out = new Uint8Array(32);
    const to = new DataView(out.buffer);
    for (let i = 0; i < 8; ++i) to.setUint32(4 * i, this.state[i] as number);
    return out;
  }

  private compress(bytes: Uint8Array, at: number): void {
    const w = this.words;
    for (let i = 0; i < 16; ++i, at += 4)
      w[i] = ((bytes[at] as number) << 24) | ((bytes[at + 1] as number) << 16) | ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number);
    for (let i = 16; i < 64; ++i) {
      const a = w[i - 15] as number;
      const b = w[i - 2] as number;
      const s0 = ((a >>> 7) | (a << 25)) ^ ((a >>> 18) | (a << 14)) ^ (a >>> 3);
      const s1 = ((b >>> 17) | (b << 15)) ^ ((b >>> 19) | (b << 13)) ^ (b >>> 10);
      w[i] = ((w[i - 16] as number) + s0 + (w[i - 7] as number) + s1) | 0;
    }
    const s = this.state;
    let [a, b, c, d, e, f, g, h] = s as unknown as [number, number, number, number, number, number, number, number];
    for (let i = 0; i < 64; ++i) {
      const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
      const t1 = (h + s1 + ((e & f) ^ (~e & g)) + (K[i] as number) + (w[i] as number)) | 0;
      const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
      const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g;
      g = f;
      f = e;
      e = (d + t1) | 0;
      d = c;
      c = b;
      b = a;
      a = (t1 + t2) | 0;
    }
    s[0] = (s[0] as number) + a;
    s[1] = (s[1] as number) + b;
    s[2] = (s[2] as number) + c;
    s[3] = (s[3] as number) + d;
    s[4] = (s[4] as number) + e;
    s[5] = (s[5] as number) + f;
    s[6] = (s[6] as number) + g;
    s[7] = (s[7] as number) + h;
  }
}

/** Of all parts together; texts count as UTF-8. */
export function sha256(...parts: readonly (Uint8Array | string)[]): Bytes {
  const hash = new Sha256();
  for (const part of parts) hash.update(typeof part === 'string' ? utf8(part) : part);
  return hash.finish();
}
